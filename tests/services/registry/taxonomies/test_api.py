from typing import Any

import pytest

from support.books import Books
from support.desk import Desk, slug

RANKS = {"name": "rank", "codes": [{"code": "section", "name": "正科级"}, {"code": "division", "name": "正处级"}]}


@pytest.fixture
def admin(desk: Desk, books: Books) -> Desk:
    return desk.asked_by(books.admin)


async def test_a_posted_list_can_be_read_by_everybody_inside(admin: Desk, books: Books) -> None:
    posted = await admin.post("/taxonomies", RANKS)
    answer = await admin.asked_by(books.principal("member")).get("/taxonomies")
    (ranks,) = [found for found in answer.json() if found["name"] == "rank"]
    assert (posted.status_code, ranks["id"], ranks["version"]) == (201, posted.json()["id"], 1)
    assert [code["code"] for code in ranks["codes"]] == ["section", "division"]


@pytest.mark.parametrize(
    ("body", "status", "problem"),
    [
        (RANKS | {"name": "colour"}, 422, "invalid-input"),
        (RANKS | {"codes": []}, 422, "invalid-input"),
        ({"name": "activity-kind", "codes": [{"code": "party-day", "name": "主题党日"}]}, 422, "bad-list"),
        ({"name": "theme", "codes": [{"code": "loyalty", "name": "对党忠诚"}]}, 422, "bad-list"),
    ],
)
async def test_bad_input_has_its_own_answer(admin: Desk, body: dict[str, Any], status: int, problem: str) -> None:
    assert slug(await admin.post("/taxonomies", body)) == (status, problem)


async def test_a_fault_is_named_by_its_place(admin: Desk) -> None:
    twice = {"name": "rank", "codes": [RANKS["codes"][0], RANKS["codes"][0]]}
    assert (await admin.post("/taxonomies", twice)).json()["errors"] == [
        {"field": "codes.1.code", "sentence": "与前面的代码重复"}
    ]


async def test_the_desk_posts_no_list(desk: Desk) -> None:
    assert slug(await desk.post("/taxonomies", RANKS))[0] == 403
