"""Users over HTTP: signing in, the keys that check a token, and a county's own users."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Annotated, Any, Literal, cast

from fastapi import APIRouter, Depends, Request
from pydantic import BaseModel, Field, SecretStr, StrictBool

from kit.commands import Created, IfMatch, Page, Paging, Shell, page, set_etag
from kit.problems import Answer, ErrorTable
from registry.access import Forbidden, Resource, require
from registry.forms import Form, Id, Name, PathId, Read, Write, after_id
from registry.ids import OrganisationId, PersonId, UserId
from registry.passwords import hash_password, is_password
from registry.signing import Issuer
from registry.users import domain, handlers, queries
from registry.users.domain import PasswordChangeDue, Role, WrongLogin
from registry.users.handlers import AmendUser, Attempt, CreateUser
from registry.work import NoCounty, Work

router = APIRouter(tags=["users"])
keys = APIRouter(tags=["users"])  # stands outside /api/v1: its address is a convention

Login = Annotated[str, Field(pattern=f"^{domain.LOGIN}$", description="lower-case letters, digits, . _ -")]
Password = Annotated[SecretStr, Field(min_length=1, max_length=200)]
Word = Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{1,31}$")]
CountyRole = Literal["county_admin", "desk", "recorder", "mediator", "member", "auditor"]


class SignIn(Form):
    """`county` is the county's word, null for an operator. `new_password` changes it; the first sign-in demands one."""

    county: Word | None = None
    login: Login
    password: Password
    new_password: Password | None = None


class Token(BaseModel):
    access_token: str
    token_type: Literal["Bearer"] = "Bearer"  # noqa: S105 — the scheme
    expires_in: int = Field(description="seconds")


class UserIn(Form):
    """`password` is the first one: whoever signs in with it must choose another."""

    login: Login
    name: Name
    role: CountyRole
    organisations: Annotated[tuple[Id, ...], Field(max_length=100)] = ()
    person: Id | None = None
    password: Password

    def command(self) -> CreateUser:
        return CreateUser(
            login=self.login,
            name=self.name,
            role=Role(self.role),
            organisations=_places(self.organisations),
            person=PersonId(self.person) if self.person else None,
            password=self.password.get_secret_value(),
        )


class UserChange(Form):
    """What is absent or null stays."""

    name: Name | None = None
    organisations: Annotated[tuple[Id, ...], Field(max_length=100)] | None = None
    active: StrictBool | None = None


class PasswordReset(Form):
    password: Password


class PasswordChange(Form):
    current: Password
    new: Password


class UserOut(BaseModel):
    id: str
    login: str
    name: str
    role: Role
    organisations: list[str]
    person: str | None
    active: bool
    must_change: bool = Field(description="the password, at the next sign-in")


Begin = Callable[[], AbstractAsyncContextManager[Work]]


def door(request: Request) -> Begin:
    """Transactions for somebody who has no token yet."""
    shell: Shell = request.app.state.shell

    @asynccontextmanager
    async def begin() -> AsyncIterator[Work]:
        async with shell.sessions.begin(None) as session:
            yield cast("Work", shell.make_work(session, None, shell.clock()))

    return begin


def issuer(request: Request) -> Issuer:
    return cast("Issuer", request.app.state.issuer)


@router.post("/tokens", status_code=200)
async def sign_in(
    body: SignIn, request: Request, begin: Annotated[Begin, Depends(door)], by: Annotated[Issuer, Depends(issuer)]
) -> Token:
    """Exchange a password for a token. It takes no Idempotency-Key: each call is an attempt of its own."""
    attempt = Attempt(body.county, body.login, request.client.host if request.client else "")
    new = body.new_password.get_secret_value() if body.new_password else None
    if new is not None:
        domain.require_strong(new, body.login)
    async with begin() as work:
        account = await handlers.knock(work, attempt)
    right = await is_password(account.password_hash if account else None, body.password.get_secret_value())
    if account is None or not right:
        raise WrongLogin
    new_hash = await hash_password(new) if new else None
    async with begin() as work:
        user = await handlers.enter(work, attempt, account.user, new_hash)
    if user.must_change:
        raise PasswordChangeDue
    return Token(access_token=by.token(user, work.now), expires_in=int(by.lifetime.total_seconds()))


@keys.get("/.well-known/jwks.json")
async def public_keys(by: Annotated[Issuer, Depends(issuer)]) -> dict[str, Any]:
    """The keys that registry's tokens are checked with."""
    return cast("dict[str, Any]", by.public_keys().as_dict(private=False))


@router.post("/users", status_code=201)
async def create(body: UserIn, edge: Write) -> Created:
    user = await handlers.create_user(edge.work, body.command(), edge.by)
    return await edge.created(user.id, etag=user.etag)


@router.get("/users")
async def list_users(edge: Read, paging: Paging) -> Page[UserOut]:
    require(edge.by, "user.list", Resource(edge.work.county))
    rows = await queries.list_users(edge.work, paging.limit, after_id(paging))
    return page([UserOut(**row) for row in rows], paging, lambda user: (user.id,))


@router.get("/users/{user}")
async def one(user: PathId, edge: Read) -> UserOut:
    require(edge.by, "user.list", Resource(edge.work.county))
    found = await queries.one_user(edge.work, UserId(user))
    set_etag(edge.response, found["etag"])
    return UserOut(**found)


@router.patch("/users/{user}")
async def amend(user: PathId, body: UserChange, seen: IfMatch, edge: Write) -> UserOut:
    """Close or reopen a user (`active`), or say where a recorder records. Tokens given out run until they end."""
    places = None if body.organisations is None else _places(body.organisations)
    await handlers.amend_user(edge.work, AmendUser(UserId(user), seen, body.name, places, body.active), edge.by)
    return await one(user, edge)


@router.post("/users/{user}/password-resets", status_code=201)
async def reset_password(user: PathId, body: PasswordReset, edge: Write) -> Created:
    done = await handlers.reset_password(edge.work, UserId(user), body.password.get_secret_value(), edge.by)
    return await edge.created(done.id)


@router.post("/users/me/password", status_code=201)
async def change_password(body: PasswordChange, edge: Write) -> Created:
    current, new = body.current.get_secret_value(), body.new.get_secret_value()
    done = await handlers.change_password(edge.work, current, new, edge.by)
    return await edge.created(done.id)


def _places(organisations: tuple[str, ...]) -> tuple[OrganisationId, ...]:
    return tuple(OrganisationId(one) for one in organisations)


ERRORS: ErrorTable = {
    Forbidden: Answer(403, "forbidden", "没有权限"),
    NoCounty: Answer(403, "forbidden", "没有权限"),
    domain.UnknownUser: Answer(404, "unknown-user", "没有这个用户"),
    domain.LoginTaken: Answer(409, "login-taken", "登录名重复"),
    domain.AdminPresent: Answer(409, "admin-present", "已有管理员"),
    domain.WrongRole: Answer(422, "wrong-role", "角色有误"),
    domain.OwnLogin: Answer(409, "own-login", "不能停用自己"),
    domain.WeakPassword: Answer(422, "weak-password", "密码太简单"),
    domain.WrongPassword: Answer(422, "wrong-password", "密码不对"),
    domain.WrongLogin: Answer(401, "wrong-login", "登录失败"),
    domain.PasswordChangeDue: Answer(403, "password-change-due", "须修改密码"),
    domain.TooManyAttempts: Answer(429, "too-many-attempts", "登录次数过多", {"Retry-After": "900"}),
}
