"""What a clerk of these tests sends, and how an answer is read. Names, numbers and phones are invented."""

from typing import Any

import httpx

from registry.identity.domain import check_digit
from support.front import Client

LISTS: dict[str, list[dict[str, Any]]] = {
    "rank": [{"code": "section", "name": "正科级"}, {"code": "old", "name": "旧级", "until": "2000-01-01"}],
    "township": [{"code": "999101001", "name": "示例街道"}],
    "class": [{"code": "A", "name": "甲类"}, {"code": "D", "name": "丁类"}],
    "capacity": [{"code": "at-home", "name": "送学上门"}],
}
PHONE, HOME = "10900010009", "虚构路99号"


def identity(order: int = 1, day: str = "19400101") -> str:
    first17 = f"999101{day}{order:03d}"
    return first17 + check_digit(first17)


def body(**fields: Any) -> dict[str, Any]:
    usual = {
        "name": "桃溪望春",
        "identity_number": identity(),
        "phone": PHONE,
        "address": HOME,
        "kind": "tuixiu",
        "party_member": True,
        "rank": "section",
        "township": "999101001",
        "residence": "urban",
    }
    return usual | fields


async def search(client: Client, field: str, text: str, **query: Any) -> list[str]:
    """The names of who is found."""
    found = await client.http.post("/people/searches", json={"field": field, "text": text}, params=query)
    assert found.status_code == 200, found.text
    return [person["name"] for person in found.json()["items"]]


def problem(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["type"].removeprefix("/problems/")
