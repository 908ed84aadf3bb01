from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Select, delete, insert, select, text, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from kit.database import NO_COUNTY
from registry.ids import CountyId, OrganisationId, PersonId, UserId
from registry.users.domain import LoginTaken, Role, UnknownUser, User
from registry.users.tables import UserOrganisationRow, UserRow


@dataclass(frozen=True, slots=True)
class Account:
    """A user with what proves them to be it."""

    user: User
    password_hash: str

    def __repr__(self) -> str:
        return f"Account({self.user.id})"


class UserRepository:
    def __init__(self, session: AsyncSession, county: CountyId | None) -> None:
        self._session, self._county = session, county or NO_COUNTY

    async def by_login(self, login: str) -> Account | None:
        return await self._read(self._mine().where(col(UserRow.login) == login))

    async def lock(self, user: UserId) -> Account:
        """Read for a change. Raises UnknownUser."""
        found = await self._read(self._mine().where(col(UserRow.id) == user).with_for_update(of=UserRow))
        if found is None:
            raise UnknownUser
        return found

    async def has_admin(self) -> bool:
        """Whether somebody of the county may appoint its users."""
        admin = self._mine().where(col(UserRow.role) == Role.ADMIN.value, col(UserRow.active)).exists()
        return bool(await self._session.scalar(select(admin)))

    async def add(self, user: User, password_hash: str, at: datetime) -> None:
        """Raises LoginTaken."""
        try:
            await self._session.execute(
                insert(UserRow), [{**self._row(user), "password_hash": password_hash, "created_at": at}]
            )
        except IntegrityError as error:
            if "uq_users_county_login" in str(error.orig):
                raise LoginTaken from None
            raise
        await self._write_organisations(user)

    async def save(self, user: User, password_hash: str | None = None) -> User:
        """Write a user that was locked, and return it with the row's next etag."""
        saved = replace(user, etag=user.etag + 1)
        values = self._row(saved) | ({"password_hash": password_hash} if password_hash else {})
        mine = col(UserRow.county) == self._county, col(UserRow.id) == user.id
        await self._session.execute(update(UserRow).where(*mine).values(values))
        theirs = col(UserOrganisationRow.county) == self._county, col(UserOrganisationRow.user) == user.id
        await self._session.execute(delete(UserOrganisationRow).where(*theirs))
        await self._write_organisations(user)
        return saved

    async def become(self, person: PersonId, other: PersonId) -> None:
        """Let every user who is the one person be the other."""
        theirs = col(UserRow.county) == self._county, col(UserRow.person) == person
        changed = {"person": other, "etag": col(UserRow.etag) + 1}
        await self._session.execute(update(UserRow).where(*theirs).values(changed))

    async def count_attempt(self, keys: Mapping[str, bytes], now: datetime, forget: datetime) -> dict[str, int]:
        """Count one more attempt for each kind of key, in the order of kinds, and say how many there are now."""
        counted = {}
        for kind, key in sorted(keys.items()):
            row = {"kind": kind, "key": key, "now": now, "forget": forget}
            counted[kind] = (await self._session.execute(_COUNT, row)).scalar_one()
        return counted

    async def forgive_attempt(self, keys: Mapping[str, bytes], forget: datetime) -> None:
        """It was no failure: forget the account's, take this one off the address's, and sweep what is old."""
        await self._session.execute(_FORGET_ACCOUNT, {"key": keys["account"]})
        await self._session.execute(_TAKE_OFF, {"key": keys["address"]})
        await self._session.execute(_SWEEP, {"forget": forget})

    def _mine(self) -> Select[Any]:
        return select(*UserRow.__table__.columns).where(col(UserRow.county) == self._county)  # type: ignore[attr-defined]

    def _row(self, user: User) -> dict[str, Any]:
        return {
            "county": self._county,
            "id": user.id,
            "login": user.login,
            "name": user.name,
            "role": user.role.value,
            "person": user.person,
            "must_change": user.must_change,
            "active": user.active,
            "etag": user.etag,
        }

    async def _read(self, users: Select[Any]) -> Account | None:
        row = (await self._session.execute(users)).mappings().one_or_none()
        if row is None:
            return None
        organisation = col(UserOrganisationRow.organisation)
        mine = col(UserOrganisationRow.county) == self._county, col(UserOrganisationRow.user) == row["id"]
        organisations = await self._session.scalars(select(organisation).where(*mine).order_by(organisation))
        user = User(
            id=UserId(row["id"]),
            county=CountyId(row["county"]) if row["county"] else None,
            login=row["login"],
            name=row["name"],
            role=Role(row["role"]),
            organisations=tuple(OrganisationId(one) for one in organisations),
            person=PersonId(row["person"]) if row["person"] else None,
            active=row["active"],
            must_change=row["must_change"],
            etag=row["etag"],
        )
        return Account(user, row["password_hash"])

    async def _write_organisations(self, user: User) -> None:
        key = {"county": self._county, "user": user.id}
        rows = [{**key, "organisation": organisation} for organisation in user.organisations]
        if rows:
            await self._session.execute(insert(UserOrganisationRow), rows)


_COUNT = text("""
    INSERT INTO sign_in_attempts AS known (county, kind, key, since, failures) VALUES ('', :kind, :key, :now, 1)
    ON CONFLICT (county, kind, key) DO UPDATE SET
        failures = CASE WHEN known.since < :forget THEN 1 ELSE known.failures + 1 END,
        since = CASE WHEN known.since < :forget THEN :now ELSE known.since END
    RETURNING failures
""")
_FORGET_ACCOUNT = text("DELETE FROM sign_in_attempts WHERE county = '' AND kind = 'account' AND key = :key")
_TAKE_OFF = text("""
    UPDATE sign_in_attempts SET failures = greatest(failures - 1, 0)
    WHERE county = '' AND kind = 'address' AND key = :key
""")
_SWEEP = text("""
    DELETE FROM sign_in_attempts WHERE (county, kind, key) IN (
        SELECT county, kind, key FROM sign_in_attempts WHERE county = '' AND since < :forget
        LIMIT 100 FOR UPDATE SKIP LOCKED)
""")
