"""Signing in, and who may. A sign-in is two transactions; the slow comparison between them holds no connection."""

from dataclasses import dataclass, replace

from kit.commands import require_version
from kit.tokens import Principal
from registry.access import Resource, require
from registry.audit.repository import Trace
from registry.ids import CountyId, OrganisationId, PersonId, UserId
from registry.organisations import handlers as organisations
from registry.passwords import hash_password, is_password
from registry.users import domain
from registry.users.domain import Role, User, WrongPassword
from registry.users.repository import Account
from registry.work import Work


@dataclass(frozen=True, slots=True)
class Attempt:
    """Somebody at the door: `word` names the county, None is an operator's."""

    word: str | None
    login: str
    address: str


@dataclass(frozen=True, slots=True)
class CreateUser:
    login: str
    name: str
    role: Role
    organisations: tuple[OrganisationId, ...]
    person: PersonId | None
    password: str


@dataclass(frozen=True, slots=True)
class AmendUser:
    user: UserId
    seen: int
    name: str | None
    organisations: tuple[OrganisationId, ...] | None
    active: bool | None


async def knock(work: Work, attempt: Attempt) -> Account | None:
    """Count the attempt before anything is compared, and say whose password would be right. Raises TooManyAttempts."""
    failures = await work.users.count_attempt(_keys(work, attempt), work.now, domain.window_start(work.now))
    domain.require_patience(failures)
    county = await work.counties.by_word(attempt.word) if attempt.word else None
    if attempt.word and county is None:
        county = CountyId(attempt.word)  # an unknown county's user is looked for too: it takes as long
    async with work.inside(county):
        found = await work.users.by_login(attempt.login)
    return found if found and found.user.active else None


async def enter(work: Work, attempt: Attempt, user: User, new_hash: str | None) -> User:
    """The password was right. `new_hash` is the password the user wants from now on."""
    await work.users.forgive_attempt(_keys(work, attempt), domain.window_start(work.now))
    async with work.inside(user.county):
        if new_hash:
            account = await work.users.lock(user.id)
            user = await work.users.save(replace(account.user, must_change=False), new_hash)
        await work.audit.add([Trace(user.id, "user.sign-in", user.id)])
    return user


async def create_user(work: Work, command: CreateUser, by: Principal) -> User:
    """Raises Forbidden, WrongRole, WeakPassword, LoginTaken, UnknownOrganisation, UnknownPerson, Merged."""
    require(by, "user.create", Resource(work.county))
    await _require_known(work, command.organisations, command.person)
    return await _add(work, work.county, command, by.user)


async def appoint_admin(work: Work, county: CountyId, command: CreateUser, by: Principal) -> User:
    """Give a county its first admin. Raises Forbidden, UnknownCounty, AdminPresent, WeakPassword, LoginTaken."""
    require(by, "county.appoint", Resource(county))
    await work.counties.lock(county)  # two operators at once appoint one
    async with work.inside(county):
        if await work.users.has_admin():
            raise domain.AdminPresent
        return await _add(work, county, command, by.user)


async def create_operator(work: Work, login: str, password: str, *, must_change: bool) -> User:
    """The first one has nobody who could appoint them. Raises WeakPassword, LoginTaken."""
    command = CreateUser(login, login, Role.OPERATOR, (), None, password)
    return await _add(work, None, command, None, must_change=must_change)


async def amend_user(work: Work, command: AmendUser, by: Principal) -> User:
    """Raises Forbidden, UnknownUser, StaleVersion, OwnLogin, WrongRole, UnknownOrganisation."""
    require(by, "user.amend", Resource(work.county))
    before = (await work.users.lock(command.user)).user
    require_version(command.seen, before.etag)
    places = before.organisations if command.organisations is None else command.organisations
    active = before.active if command.active is None else command.active
    await _require_known(work, places, None)
    if before.id == by.user and not active:
        raise domain.OwnLogin
    after = domain.amend(before, command.name or before.name, places, active=active)
    if after == before:
        return before
    await work.audit.add([Trace(by.user, "user.amend", after.id)])
    return await work.users.save(after)


async def follow_merge(work: Work, ended: PersonId, into: PersonId) -> None:
    """Whoever signs in as the one is the other from the next sign-in on; the caller holds both people's locks."""
    await work.users.become(ended, into)


async def reset_password(work: Work, user: UserId, password: str, by: Principal) -> User:
    """Give a user who forgot it a first password again. Raises Forbidden, UnknownUser, WeakPassword."""
    require(by, "user.amend", Resource(work.county))
    account = await work.users.lock(user)
    domain.require_strong(password, account.user.login)
    await work.audit.add([Trace(by.user, "user.reset-password", user)])
    return await work.users.save(replace(account.user, must_change=True), await hash_password(password))


async def change_password(work: Work, current: str, new: str, by: Principal) -> User:
    """Raises UnknownUser, WrongPassword, WeakPassword."""
    account = await work.users.lock(UserId(by.user))
    if not await is_password(account.password_hash, current):
        raise WrongPassword
    domain.require_strong(new, account.user.login)
    await work.audit.add([Trace(by.user, "user.change-password", by.user)])
    return await work.users.save(replace(account.user, must_change=False), await hash_password(new))


async def _add(
    work: Work, county: CountyId | None, command: CreateUser, by: str | None, *, must_change: bool = True
) -> User:
    domain.require_strong(command.password, command.login)
    id_ = UserId(work.new_id())
    user = domain.appoint(
        User(
            id=id_,
            county=county,
            login=command.login,
            name=command.name,
            role=command.role,
            organisations=command.organisations,
            person=command.person,
            must_change=must_change,
        )
    )
    await work.users.add(user, await hash_password(command.password), work.now)
    await work.audit.add([Trace(by or id_, "user.create", id_, reason=command.role.value)])
    return user


async def _require_known(work: Work, places: tuple[OrganisationId, ...], person: PersonId | None) -> None:
    tree = await work.organisations.tree()
    for place in places:
        organisations.one(tree, place)
    if person:
        await work.people.lock(person)


def _keys(work: Work, attempt: Attempt) -> dict[str, bytes]:
    account = f"{attempt.word or ''}/{attempt.login}"
    return {
        "account": work.seals.index("", "account", account),
        "address": work.seals.index("", "address", attempt.address),
    }
