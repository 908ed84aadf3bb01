"""Signing in and users, over HTTP. Passwords here are invented, and never in an answer."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
import pytest_asyncio
import time_machine
from argon2 import PasswordHasher
from joserfc import jwt
from joserfc.jwk import KeySet
from sqlalchemy import text

from kit.tokens import NotSignedIn, Verifier, fixed_keys
from registry import passwords
from registry.users.domain import MOST_FAILURES, WINDOW, Role
from support.books import new_id
from support.front import Client, Front

FIRST, OWN = "first-password-1", "own-password-22"


@dataclass(frozen=True)
class Admin:
    front: Front
    word: str
    id: str

    async def sign_in(self, login: str = "admin", password: str = OWN, **more: Any) -> httpx.Response:
        body = {"county": self.word, "login": login, "password": password} | more
        return await self.front.nobody().http.post("/tokens", json=body)

    async def client(self) -> Client:
        return Client(self.front.app, (await self.sign_in()).json()["access_token"])


@pytest.fixture(autouse=True)
def _quick_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    """Argon2id as it is, but cheap: what it costs is proved in test_passwords.py."""
    quick = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)
    monkeypatch.setattr(passwords, "_HASHER", quick)
    monkeypatch.setattr(passwords, "NOBODY", quick.hash("nobody's"))


@pytest_asyncio.fixture
async def admin(front: Front) -> AsyncIterator[Admin]:
    """The county's first admin, who has chosen a password. The address starts without failures."""
    async with front.app.state.shell.sessions.begin(None) as session:
        await session.execute(text("DELETE FROM sign_in_attempts"))
    word = (await front.operator.get(f"/counties/{front.county}")).json()["word"]
    body = {"login": "admin", "name": "示例管理员", "password": FIRST}
    made = Admin(front, word, await front.operator.made(f"/counties/{front.county}/admins", body))
    assert (await made.sign_in(password=FIRST, new_password=OWN)).status_code == 200
    yield made


async def test_a_token_is_believed_by_every_service_it_is_for(admin: Admin) -> None:
    token = (await admin.sign_in()).json()["access_token"]
    keys = KeySet.import_key_set((await admin.front.nobody().http.get("http://registry/.well-known/jwks.json")).json())
    for audience in ("registry", "scoring"):
        who = await Verifier("https://jinqiu.test", audience, fixed_keys(keys)).principal(token)
        assert (who.user, who.county, who.role) == (admin.id, admin.front.county, "county_admin")
    with pytest.raises(NotSignedIn):
        await Verifier("https://jinqiu.test", "another", fixed_keys(keys)).principal(token)


async def test_a_token_ends(admin: Admin) -> None:
    client = await admin.client()
    assert (await client.get("/users")).status_code == 200
    with time_machine.travel(datetime.now(UTC) + timedelta(hours=8, minutes=2)):
        assert (await client.get("/users")).status_code == 401


async def test_the_published_keys_are_public_only(admin: Admin) -> None:
    (key,) = (await admin.front.nobody().http.get("http://registry/.well-known/jwks.json")).json()["keys"]
    assert (key["kty"], key["crv"], "d" in key) == ("EC", "P-256", False)
    header = jwt.decode((await admin.sign_in()).json()["access_token"], KeySet.import_key_set({"keys": [key]})).header
    assert header["kid"] == key["kid"]


async def test_the_first_password_must_be_changed_before_there_is_a_token(admin: Admin) -> None:
    client = await admin.client()
    await client.made("/users", {"login": "desk-1", "name": "示例", "role": "desk", "password": FIRST})
    due = await admin.sign_in("desk-1", FIRST)
    assert (due.status_code, due.json()["type"]) == (403, "/problems/password-change-due")
    assert (await admin.sign_in("desk-1", FIRST, new_password=OWN)).status_code == 200
    assert (await admin.sign_in("desk-1", FIRST)).status_code == 401
    assert (await admin.sign_in("desk-1", OWN)).status_code == 200


async def test_a_weak_new_password_is_refused_and_the_first_one_stays(admin: Admin) -> None:
    client = await admin.client()
    await client.made("/users", {"login": "desk-1", "name": "示例", "role": "desk", "password": FIRST})
    weak = await admin.sign_in("desk-1", FIRST, new_password="19491001")
    assert (weak.status_code, weak.json()["type"]) == (422, "/problems/weak-password")
    assert (await admin.sign_in("desk-1", FIRST)).status_code == 403


async def test_a_wrong_county_login_or_password_is_answered_the_same(admin: Admin) -> None:
    answers = [
        await admin.sign_in(password="wrong-password-1"),
        await admin.sign_in("nobody"),
        await admin.sign_in(county="nowhere"),
        await admin.sign_in(county=None),
    ]
    told = {(answer.status_code, answer.json()["type"], answer.json()["detail"]) for answer in answers}
    assert told == {(401, "/problems/wrong-login", "县名、登录名或密码不对，请核对后再试。")}


async def test_a_county_does_not_know_anothers_users(admin: Admin) -> None:
    other = await admin.front.establish()
    word = (await admin.front.operator.get(f"/counties/{other}")).json()["word"]
    assert (await admin.sign_in(county=word)).status_code == 401


async def test_an_account_rests_after_too_many_failures_even_with_the_right_password(admin: Admin) -> None:
    for _ in range(MOST_FAILURES["account"]):
        assert (await admin.sign_in(password="wrong-password-1")).status_code == 401
    refused = await admin.sign_in()
    assert (refused.status_code, refused.json()["type"]) == (429, "/problems/too-many-attempts")
    assert refused.headers["Retry-After"] == "900"
    with time_machine.travel(datetime.now(UTC) + WINDOW + timedelta(seconds=1)):
        assert (await admin.sign_in()).status_code == 200


async def test_a_sign_in_forgives_the_failures_before_it(admin: Admin) -> None:
    for _ in range(2):
        for _ in range(MOST_FAILURES["account"] - 1):
            assert (await admin.sign_in(password="wrong-password-1")).status_code == 401
        assert (await admin.sign_in()).status_code == 200


async def test_an_address_rests_whatever_accounts_it_tries(admin: Admin) -> None:
    for number in range(MOST_FAILURES["address"]):
        assert (await admin.sign_in(f"nobody-{number}")).status_code == 401
    assert (await admin.sign_in()).status_code == 429


async def test_neither_a_login_nor_an_address_is_kept_of_an_attempt(admin: Admin) -> None:
    await admin.sign_in("nobody-2")
    async with admin.front.app.state.shell.sessions.begin(None) as session:
        kept = (await session.execute(text("SELECT key FROM sign_in_attempts"))).scalars().all()
    assert kept
    assert not [key for key in kept if b"nobody" in key or b"192.0" in key]


async def test_a_closed_user_cannot_sign_in_until_reopened(admin: Admin) -> None:
    client = await admin.client()
    user = await client.made("/users", {"login": "desk-1", "name": "示例", "role": "desk", "password": FIRST})
    closed = await client.patch(f"/users/{user}", {"active": False}, '"1"')
    assert (closed.status_code, closed.json()["active"]) == (200, False)
    assert (await admin.sign_in("desk-1", FIRST, new_password=OWN)).status_code == 401
    await client.patch(f"/users/{user}", {"active": True}, closed.headers["ETag"])
    assert (await admin.sign_in("desk-1", FIRST, new_password=OWN)).status_code == 200


async def test_nobody_closes_their_own_login(admin: Admin) -> None:
    client = await admin.client()
    etag = (await client.get(f"/users/{admin.id}")).headers["ETag"]
    answer = await client.patch(f"/users/{admin.id}", {"active": False}, etag)
    assert (answer.status_code, answer.json()["type"]) == (409, "/problems/own-login")
    assert (await admin.sign_in()).status_code == 200


async def test_a_forgotten_password_is_reset_to_another_first_one(admin: Admin) -> None:
    client = await admin.client()
    user = await client.made("/users", {"login": "desk-1", "name": "示例", "role": "desk", "password": FIRST})
    await admin.sign_in("desk-1", FIRST, new_password=OWN)
    await client.made(f"/users/{user}/password-resets", {"password": "another-first-1"})
    assert (await admin.sign_in("desk-1", OWN)).status_code == 401
    assert (await admin.sign_in("desk-1", "another-first-1")).status_code == 403


async def test_who_is_signed_in_changes_the_password_knowing_the_current_one(admin: Admin) -> None:
    client = await admin.client()
    wrong = await client.post("/users/me/password", {"current": "wrong-password-1", "new": "newer-password-3"})
    assert (wrong.status_code, wrong.json()["type"]) == (422, "/problems/wrong-password")
    await client.made("/users/me/password", {"current": OWN, "new": "newer-password-3"})
    assert (await admin.sign_in(password="newer-password-3")).status_code == 200


async def test_an_operator_signs_in_without_a_county(admin: Admin) -> None:
    from registry.users.handlers import create_operator

    shell, login = admin.front.app.state.shell, f"op-{new_id()[-12:]}"
    async with shell.sessions.begin(None) as session:
        await create_operator(shell.make_work(session, None, shell.clock()), login, OWN, must_change=False)
    token = (await admin.sign_in(login, county=None)).json()["access_token"]
    assert (await Client(admin.front.app, token).get("/counties")).status_code == 200


async def test_the_list_of_users_shows_neither_password_nor_hash(admin: Admin) -> None:
    listed = await (await admin.client()).get("/users")
    assert [user["login"] for user in listed.json()["items"]] == ["admin"]
    assert "argon2" not in listed.text
    assert set(listed.json()["items"][0]) == {
        "id", "login", "name", "role", "organisations", "person", "active", "must_change"
    }  # fmt: skip


async def test_a_login_is_one_users_in_its_county_and_free_in_another(admin: Admin) -> None:
    body = {"login": "admin", "name": "示例", "password": FIRST}
    taken = await (await admin.client()).post("/users", body | {"role": "county_admin"})
    assert (taken.status_code, taken.json()["type"]) == (409, "/problems/login-taken")
    await admin.front.operator.made(f"/counties/{await admin.front.establish()}/admins", body)


async def test_an_operator_appoints_no_second_admin_while_one_is_active(admin: Admin) -> None:
    body = {"login": "second", "name": "示例", "password": FIRST}
    path = f"/counties/{admin.front.county}/admins"
    refused = await admin.front.operator.post(path, body)
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/admin-present")
    async with admin.front.app.state.shell.sessions.begin(admin.front.county) as session:
        await session.execute(text("UPDATE users SET active = false WHERE county = :c"), {"c": admin.front.county})
    await admin.front.operator.made(path, body)


async def test_two_operators_at_once_appoint_one_admin(front: Front) -> None:
    bodies = [{"login": f"admin-{number}", "name": "示例", "password": FIRST} for number in range(4)]
    path = f"/counties/{front.county}/admins"
    answers = await asyncio.gather(*(front.operator.post(path, body) for body in bodies))
    assert sorted(answer.status_code for answer in answers) == [201, 409, 409, 409]


async def test_a_recorder_is_of_known_organisations_only(admin: Admin) -> None:
    body = {"login": "rec-1", "name": "示例", "role": "recorder", "password": FIRST}
    client = await admin.client()
    nowhere = await client.post("/users", body)
    assert (nowhere.status_code, nowhere.json()["type"]) == (422, "/problems/wrong-role")
    unknown = await client.post("/users", body | {"organisations": [new_id()]})
    assert (unknown.status_code, unknown.json()["type"]) == (422, "/problems/unknown-organisation")


async def test_a_member_is_somebody_of_the_books(admin: Admin) -> None:
    body = {"login": "mem-1", "name": "示例", "role": "member", "password": FIRST, "person": new_id()}
    answer = await (await admin.client()).post("/users", body)
    assert (answer.status_code, answer.json()["type"]) == (404, "/problems/unknown-person")


@pytest.mark.parametrize("role", [role for role in Role if role not in (Role.ADMIN, Role.OPERATOR)])
async def test_only_admins_make_users(front: Front, role: Role) -> None:
    body = {"login": "x-1", "name": "示例", "role": "desk", "password": FIRST}
    assert (await front.client(role).post("/users", body)).status_code == 403


async def test_nobody_makes_an_operator_of_a_county(front: Front) -> None:
    body = {"login": "x-1", "name": "示例", "role": "operator", "password": FIRST}
    assert (await front.client(Role.ADMIN).post("/users", body)).status_code == 422


async def test_sign_ins_and_appointments_are_in_the_trail(admin: Admin) -> None:
    await admin.sign_in()
    assert [line["action"] for line in await admin.front.trail()] == ["user.create", "user.sign-in", "user.sign-in"]
