"""What is sent to a stack whose every free text is a canary: a county's whole story, then everything wrong with it."""

import asyncio
import io
import socket
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlsplit

import httpx

from services.scoring.histories import DOCUMENT
from support import other_county_registry as county
from support.books import new_id
from support.canaries import CANARY
from support.canaries_outside import Outside, Remote
from support.canaries_requests import Broken, broken
from support.front import Client

NAME, WORD = CANARY.name(2), CANARY.login(2)
AT_ONCE = 4
WITHIN_S = 60.0
PERIOD = "2022Q1"
ITEMS = [
    *DOCUMENT["items"],
    {"code": "absence", "name": "无故缺席", "aspect": "learning", "kind": "deduction", "value_tenths": -20},
]
TOO_LARGE = 5 * 1024 * 1024
BAD_BOOK: dict[str, Any] = {
    "word": WORD, "version": NAME, "title": NAME, "starts_on": NAME, "base_tenths": {NAME: NAME, "A": NAME},
    "aspects": [{"code": NAME, "name": NAME, NAME: NAME}], NAME: NAME,
    "items": [{"code": NAME, "name": NAME, "aspect": NAME, "event": NAME, "kinds": [NAME], "value_tenths": NAME},
              {"code": "a", "name": NAME, "aspect": "b", "event": "activity.attended", "value_tenths": 0, NAME: 1}],
}  # fmt: skip


@dataclass(frozen=True)
class Stack:
    """A running stack as a House."""

    outside: Outside
    operator: Client

    def signed_in(self, token: str | None) -> Client:
        return self.outside.client("registry", token)


async def tell(outside: Outside, operator: Client, roster: bytes) -> dict[str, str]:
    """The county's story, the way it is meant, and more people; the town that came of it."""
    town = await county.settle(Stack(outside, operator), CANARY)
    registry, scoring = await _admins(outside, town)
    changed = {"name": NAME, "phone": CANARY.phone(6), "address": CANARY.address(6)}
    person = f"/people/{town['person']}"
    etag = (await registry.get(person)).headers["ETag"]
    assert (await registry.patch(person, changed, etag)).status_code == 200
    for name in (NAME, quote(NAME)):
        assert (await registry.get("/people", name=name)).status_code == 200
    # a key made of the step and of whom it is about
    move = {"code": county.code(CANARY), "since": "2022-01-01"}
    assert (await registry.post(f"{person}/classes", move, quote(f"class/{NAME}/{CANARY.phone(6)}"))).is_success
    await registry.made("/rosters", roster)
    return town | await _judged(scoring, await _second_admin(outside, registry), town["person"])


async def spoil(outside: Outside, town: Mapping[str, str]) -> None:
    """Everything wrong that a clerk or a stranger may send."""
    registry, scoring = await _admins(outside, town)
    await _conflicts(registry, town)
    await _rosters(registry)
    await _sign_ins(outside.client("registry", None), town)
    await scoring.post("/books", BAD_BOOK)
    await scoring.post("/books", DOCUMENT | {"title": f"{NAME}\x00"})
    await scoring.post("/books", DOCUMENT | {"items": [*DOCUMENT["items"], DOCUMENT["items"][0] | {"name": NAME}]})
    for client in (registry, scoring):
        await _generated(client, town)
        await _nowhere(client)


async def _admins(outside: Outside, town: Mapping[str, str]) -> list[Remote]:
    login = {"county": town["word"], "login": town["login"], "password": town["password"]}
    token = (await outside.client("registry", None).http.post("/tokens", json=login)).json()["access_token"]
    return [outside.client(service, token) for service in ("registry", "scoring")]


async def _second_admin(outside: Outside, first: Remote) -> Remote:
    """Whoever drafts a book does not adopt it."""
    user = county.user(CANARY, 5, "county_admin")
    await first.made("/users", user)
    login = {"county": CANARY.public, "login": user["login"], "password": user["password"]}
    changed = login | {"new_password": county.password(CANARY)}
    answer = await outside.client("registry", None).http.post("/tokens", json=changed)
    return outside.client("scoring", answer.json()["access_token"])


async def _judged(scoring: Remote, second: Remote, person: str) -> dict[str, str]:
    """A quarter from its opening to its answered objection, with a canary wherever somebody writes a word."""
    book = await scoring.made("/books", {**DOCUMENT, "base_tenths": {county.code(CANARY): 600}, "items": ITEMS})
    await second.made(f"/books/{book}/adoption", {"revision": 1})
    await scoring.made("/periods", {"period": PERIOD, "book": book})
    exempt = {"person": person, "since": "2022-03-01", "until": "2022-03-08", "decision": NAME}
    exemption = await _once_known(scoring, "/exemptions", exempt)
    deduction = {"person": person, "item": "absence", "day": "2022-02-03", "grounds": NAME}
    judgement = await _once_known(scoring, "/deductions", deduction)
    await second.made(f"/judgements/{judgement}/confirmation", {})
    await _once_known(scoring, f"/periods/{PERIOD}/closing", {})
    await scoring.made(f"/periods/{PERIOD}/notice", {"published_on": "2022-04-06"})
    notice = (await scoring.get("/notices")).json()["items"][0]["id"]
    objected = {"period": PERIOD, "person": person, "filed_on": "2022-04-07", "statement": NAME}
    objection = await scoring.made("/objections", objected)
    upheld = {"outcome": "upheld", "reason": NAME, "correction": f"{person}/{judgement}"}
    await second.made(f"/objections/{objection}/answer", upheld)
    named = {"book": book, "period": PERIOD, "year": "2022", "notice": notice}
    return named | {"exemption": exemption, "judgement": judgement, "objection": objection}


async def _once_known(client: Remote, path: str, body: dict[str, Any]) -> str:
    """What scoring has first to hear of, or to work out."""
    async with asyncio.timeout(WITHIN_S):
        while not (answer := await client.post(path, body)).is_success:
            assert answer.status_code in (404, 409), answer.text
            await asyncio.sleep(0.5)
    return str(answer.json()["id"])


async def _conflicts(admin: Client, town: Mapping[str, str]) -> None:
    """Right in itself, and refused because of what is there already, or is not."""
    person, key = f"/people/{town['person']}", new_id()
    private = {"name": NAME, "phone": CANARY.phone(7), "address": CANARY.address(7)}
    await admin.post("/people", county.person(CANARY, 1))
    await admin.post("/people", county.person(CANARY, 7, rank=NAME))
    await admin.post("/people", county.person(CANARY, 7, rank=WORD, township=WORD))
    await admin.post("/people", county.person(CANARY, 7, identity_number=CANARY.identity(7)[:-1] + "Y"))
    await admin.post("/people", county.person(CANARY, 7, phone=CANARY.phone(7)[:-1]))
    await admin.post("/people", county.person(CANARY, 7, kind="member", party_member=False))
    await admin.post("/users", county.user(CANARY, 1, "desk"))
    await admin.post("/users", county.user(CANARY, 7, "member", person=new_id()))
    await admin.post("/users", county.user(CANARY, 7, "desk") | {"password": WORD[:8]})
    await admin.post("/people/searches", {"field": "phone", "text": CANARY.identity(7)}, key)
    await admin.post("/organisations", {"kind": "branch", "name": NAME, "founded_on": "2010-01-01"}, key)
    await admin.post("/organisations", {"kind": "branch", "name": CANARY.name(9), "founded_on": "2010-01-01"}, key)
    await admin.post("/organisations", {"kind": "branch", "name": NAME, "founded_on": "2010-01-01", "host": WORD})
    await admin.patch(person, private, '"99"')
    await admin.patch(person, private, None)
    await admin.patch(f"/people/{new_id()}", private, '"1"')
    await admin.patch(person, {"identity_number": CANARY.identity(1)}, (await admin.get(person)).headers["ETag"])
    await admin.post(f"{person}/death", {"died_on": "2020-01-01"})
    await admin.post("/taxonomies", {"name": "host", "codes": [{"code": WORD, "name": NAME}] * 2})
    await admin.get(f"{person}/sealed/phone", reason=NAME)
    await admin.get(f"{person}/sealed/{quote(NAME)}", reason="visit")


async def _rosters(admin: Client) -> None:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as written:
        written.writestr("xl/workbook.xml", f"<{WORD}>{NAME}")
    good = county.roster(CANARY, 8).decode()
    contents = [
        f"{county.HEAD},{NAME}\n{good.splitlines()[1]},{NAME}\n",
        good.replace(CANARY.identity(8), CANARY.identity(8)[:-1]),
        good.replace(CANARY.phone(8), NAME).replace("退休", NAME),
        good.replace(CANARY.name(8), f"{NAME}\x00"),
        good.replace(CANARY.address(8), NAME * 100),
        good.replace(county.HEAD, f"{NAME},{WORD}"),
        f"{good}{good.splitlines()[1]}\n",
    ]
    for content in [*(text.encode() for text in contents), contents[0].encode("gb18030"), archive.getvalue()]:
        for dry_run in (True, False):
            await admin.post("/rosters", content, dry_run=dry_run)


async def _sign_ins(nobody: Client, town: Mapping[str, str]) -> None:
    for login in (CANARY.login(9), CANARY.login(1), "nobody"):
        body = {"county": town["word"], "login": login, "password": f"{WORD}-wrong"}
        for _ in range(6):
            await nobody.http.post("/tokens", json=body)
    await nobody.http.post("/tokens", json={"county": WORD, "login": WORD, "password": NAME, "new_password": NAME})


async def _generated(client: Remote, town: Mapping[str, str]) -> None:
    """Every route, wrongly; as the admin, so that it is the request that is refused."""
    openapi = (await client.get("/openapi.json")).json()
    few = asyncio.Semaphore(AT_ONCE)

    async def send(each: Broken) -> None:
        async with few:
            await _send(client, each)

    async with asyncio.TaskGroup() as sending:
        for each in broken(openapi, town):
            sending.create_task(send(each))


async def _send(client: Remote, each: Broken) -> httpx.Response:
    """Send it, and once more if the line was let go meanwhile: a busy machine meets the server's farewell half-way."""
    try:
        return await _sent(client, each)
    except (httpx.ReadError, httpx.RemoteProtocolError):
        return await _sent(client, each)


async def _sent(client: Remote, each: Broken) -> httpx.Response:
    origin = str(client.http.base_url.copy_with(path="/"))[:-1]
    headers = {"Content-Type": "application/json"} | dict(each.headers)
    return await client.http.request(
        each.method, origin + each.path, content=each.content, params=each.query or None, headers=headers
    )


async def _nowhere(client: Remote) -> None:
    """No route, no method, no end, no HTTP."""
    large = f'{{"name": "{NAME}", "address": "'.encode() + NAME.encode() * (TOO_LARGE // 9)
    for each in (
        Broken("GET", f"/api/v1/{quote(NAME)}"),
        Broken("GET", f"/{WORD}?{WORD}={quote(NAME)}"),
        Broken(WORD.partition("-")[0].upper(), f"/api/v1/people/{WORD}"),
        Broken("POST", "/api/v1/people", large, headers={"Idempotency-Key": new_id()}),
        Broken("POST", "/api/v1/books", large, headers={"Idempotency-Key": new_id()}),
    ):
        await _send(client, each)
    url = urlsplit(str(client.http.base_url))
    for raw in (f"{NAME}\r\n\r\n".encode(), f"GET /{WORD} HTTP/1.1\r\n{WORD}\r\n\r\n".encode()):
        with socket.create_connection((url.hostname, url.port), timeout=10) as connection:
            connection.sendall(raw)
            connection.recv(4096)
