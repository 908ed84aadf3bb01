"""Users: who signs in, what they are, and how often somebody may guess.

Operators belong to no county and see no people; a county's users are appointed by its own admins (architecture §7).
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from registry.ids import CountyId, OrganisationId, PersonId, UserId


class Role(StrEnum):
    OPERATOR = "operator"
    ADMIN = "county_admin"
    DESK = "desk"
    RECORDER = "recorder"
    MEDIATOR = "mediator"
    MEMBER = "member"
    AUDITOR = "auditor"


WITH_ORGANISATIONS = frozenset({Role.RECORDER})
WITH_PERSON = frozenset({Role.MEMBER})
LOGIN = r"[a-z][a-z0-9._-]{1,31}"
SHORTEST_PASSWORD = 10

WINDOW = timedelta(minutes=15)
# An office shares one address, so an address may fail more often than an account.
MOST_FAILURES = {"account": 5, "address": 100}


@dataclass(frozen=True, slots=True)
class User:
    id: UserId
    county: CountyId | None  # None: an operator
    login: str
    name: str
    role: Role
    organisations: tuple[OrganisationId, ...] = ()
    person: PersonId | None = None
    active: bool = True
    must_change: bool = True  # the password, at the first sign-in
    etag: int = 1


class UnknownUser(LookupError):
    def __init__(self) -> None:
        super().__init__("没有找到这个用户。")


class LoginTaken(ValueError):
    def __init__(self) -> None:
        super().__init__("这个登录名已有人使用，请换一个。")


class WrongRole(ValueError):
    """What a role needs or may not have."""


class OwnLogin(ValueError):
    """Whoever closes the last admin's login locks the county out; so nobody closes their own."""

    def __init__(self) -> None:
        super().__init__("不能停用自己的登录。")


class AdminPresent(ValueError):
    """Whoever could appoint admins at any time could read every county."""

    def __init__(self) -> None:
        super().__init__("这个县已有在用的管理员，运维人员不能再设；如需增加，请由该县管理员在县内设立用户。")


class WeakPassword(ValueError):
    def __init__(self) -> None:
        super().__init__(f"密码至少 {SHORTEST_PASSWORD} 个字符，不能全是数字，也不能含登录名。")


class WrongLogin(Exception):
    """County, login or password is wrong, or the user is closed: which one is not told."""

    def __init__(self) -> None:
        super().__init__("县名、登录名或密码不对，请核对后再试。")


class WrongPassword(ValueError):
    def __init__(self) -> None:
        super().__init__("现在的密码不对。")


class PasswordChangeDue(Exception):
    def __init__(self) -> None:
        super().__init__("首次登录须修改密码：请同时填写新密码。")


class TooManyAttempts(Exception):
    def __init__(self) -> None:
        super().__init__("登录失败次数过多，请 15 分钟后再试。")


def appoint(user: User) -> User:
    """The same, if its parts agree. Raises WrongRole."""
    if (user.role is Role.OPERATOR) != (user.county is None):
        raise WrongRole("不能在县内设立运维人员。")
    if (user.role in WITH_ORGANISATIONS) != bool(user.organisations):
        raise WrongRole("支部记录员须指定所属组织，其他角色不指定组织。")
    if (user.role in WITH_PERSON) != (user.person is not None):
        raise WrongRole("“本人”用户须对应名册中的一个人，其他角色不对应。")
    return user


def amend(user: User, name: str, organisations: Sequence[OrganisationId], *, active: bool) -> User:
    """Raises WrongRole."""
    return appoint(replace(user, name=name, organisations=tuple(organisations), active=active))


def require_strong(password: str, login: str) -> None:
    """Raises WeakPassword. A birthday or a telephone number is all digits."""
    if len(password) < SHORTEST_PASSWORD or password.isdigit() or login.lower() in password.lower():
        raise WeakPassword


def window_start(now: datetime) -> datetime:
    """Failures that began before it are forgotten."""
    return now - WINDOW


def require_patience(failures: dict[str, int]) -> None:
    """Raises TooManyAttempts when this attempt is one too many, for the account or for the address."""
    if any(count > MOST_FAILURES[kind] for kind, count in failures.items()):
        raise TooManyAttempts
