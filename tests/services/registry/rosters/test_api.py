"""Rosters over HTTP: look first, then all of it or nothing, and the same file again changes nothing."""

import csv
import io
from typing import Any

import pytest
import pytest_asyncio
from openpyxl import Workbook  # type: ignore[import-untyped]

from registry.identity.domain import check_digit
from registry.users.domain import Role
from support.books import new_id
from support.front import Front

HEAD = ["姓名", "身份证号", "联系电话", "人员类别", "是否党员", "职级", "乡镇/街道", "城乡", "住址"]


def identity(order: int = 1) -> str:
    first17 = f"99910119400101{order:03d}"
    return first17 + check_digit(first17)


def row(order: int = 1, **cells: Any) -> list[Any]:
    usual = dict(
        zip(
            HEAD,
            ["桃溪望春", identity(order), f"109{order:08d}", "退休", "是", "正科级", "示例街道", "城区", "虚构路1号"],
            strict=True,
        )
    )
    return list((usual | cells).values())


def sheet(*rows: list[Any]) -> bytes:
    text = io.StringIO()
    csv.writer(text).writerows([HEAD, *rows])
    return text.getvalue().encode("utf-8-sig")


def workbook(*rows: list[Any]) -> bytes:
    book, target = Workbook(), io.BytesIO()
    for cells in (["桃源县离退休干部花名册"], HEAD, *rows):
        book.active.append(cells)
    book.save(target)
    return target.getvalue()


@pytest_asyncio.fixture
async def books(front: Front) -> Front:
    """The county with the lists that a roster names."""
    admin = front.client(Role.ADMIN)
    await admin.made("/taxonomies", {"name": "rank", "codes": [{"code": "section", "name": "正科级"}]})
    await admin.made("/taxonomies", {"name": "township", "codes": [{"code": "999101001", "name": "示例街道"}]})
    return front


async def report(books: Front, content: bytes, **query: Any) -> dict[str, Any]:
    desk = books.client()
    found: dict[str, Any] = (await desk.get(f"/rosters/{await desk.made('/rosters', content, **query)}")).json()
    return found


def counts(found: dict[str, Any]) -> tuple[int, int, int]:
    return found["registered"], found["changed"], found["unchanged"]


@pytest.mark.parametrize("make", [sheet, workbook])
async def test_everybody_of_a_roster_is_registered_by_import(books: Front, make: Any) -> None:
    assert counts(await report(books, make(row(1), row(2)))) == (2, 0, 0)
    events = await books.events("registry.person")
    assert [(event["type"], event["origin"]) for event in events] == [("person.registered.v1", "import")] * 2
    assert (events[0]["data"]["rank"], events[0]["data"]["township"]) == ("section", "999101001")
    people = (await books.client().get("/people")).json()["items"]
    assert [person["name"] for person in people] == ["桃溪望春"] * 2


async def test_text_numbers_survive_to_the_last_digit(books: Front) -> None:
    await report(books, workbook(row(1, 身份证号="11010519491231002x", 联系电话="0736-6622345")))
    ((person,), desk) = ((await books.client().get("/people")).json()["items"], books.client())
    assert (await desk.get(f"/people/{person['id']}/sealed/identity", reason="verify")).json()[
        "text"
    ] == "11010519491231002X"
    assert (await desk.get(f"/people/{person['id']}/sealed/phone", reason="verify")).json()["text"] == "07366622345"


async def test_the_same_file_twice_changes_nothing(books: Front) -> None:
    content = sheet(row(1), row(2))
    await report(books, content)
    before = await books.events("registry.person")
    assert counts(await report(books, content)) == (0, 0, 2)
    assert await books.events("registry.person") == before


async def test_people_are_known_again_by_their_number_in_either_form(books: Front) -> None:
    await report(books, sheet(row(1)))
    old_form = identity(1)[:6] + identity(1)[8:17]
    assert counts(await report(books, sheet(row(1, 身份证号=old_form, 人员类别="离休")))) == (0, 1, 0)
    assert [event["type"] for event in await books.events("registry.person")][1:] == ["person.amended.v1"]


async def test_a_new_phone_or_home_is_taken_over_and_not_told(books: Front) -> None:
    await report(books, sheet(row(1)))
    assert counts(await report(books, sheet(row(1, 联系电话="10999999999", 住址="虚构路2号")))) == (0, 1, 0)
    assert len(await books.events("registry.person")) == 1
    (person,) = (await books.client().get("/people")).json()["items"]
    sealed = await books.client().get(f"/people/{person['id']}/sealed/address", reason="visit")
    assert sealed.json() == {"text": "虚构路2号"}


async def test_a_dry_run_reports_every_fault_and_takes_nobody_over(books: Front) -> None:
    bad = row(2, 姓名="", 联系电话="无", 职级="无名级")
    found = await report(books, sheet(row(1), bad, row(1)), dry_run=True)
    assert [(fault["row"], fault["column"]) for fault in found["faults"]] == [
        (3, "电话"),
        (3, "职级"),
        (3, "姓名"),
        (4, "身份证号"),
    ]
    assert (counts(found), found["dry_run"]) == ((1, 0, 0), True)
    assert (await books.client().get("/people")).json()["items"] == []
    assert await books.events("registry.person") == []


async def test_one_broken_row_keeps_everybody_out(books: Front) -> None:
    answer = await books.client().post("/rosters", sheet(row(1), row(2, 身份证号="123")))
    assert (answer.status_code, answer.json()["type"]) == (422, "/problems/broken-roster")
    assert answer.json()["errors"] == [
        {"row": 3, "column": "身份证号", "reason": "身份证号应为 18 位（末位可为 X）或旧式 15 位数字。"}
    ]
    assert (await books.client().get("/people")).json()["items"] == []
    assert (await books.client().get("/rosters")).json()["items"] == []


async def test_a_number_cell_of_eighteen_digits_is_refused_with_its_row(books: Front) -> None:
    answer = await books.client().post("/rosters", workbook(row(1), row(2, 身份证号=999101194001010027)))
    ((fault),) = answer.json()["errors"]
    assert (fault["row"], fault["column"]) == (4, "身份证号")
    assert "文本格式" in fault["reason"]


async def test_no_report_repeats_a_cell(books: Front) -> None:
    found = await books.client().post("/rosters", sheet(row(1, 姓名="=虚构", 联系电话="虚构电话", 身份证号="虚构证")))
    assert found.status_code == 422
    assert "虚构" not in found.text


async def test_a_name_with_a_hidden_character_is_refused_with_its_row(books: Front) -> None:
    content = workbook(row(1), row(2, 姓名="桃溪_x0000_望春"))
    answer = await books.client().post("/rosters", content)
    assert (answer.status_code, answer.json()["type"]) == (422, "/problems/broken-roster")
    assert [(fault["row"], fault["column"]) for fault in answer.json()["errors"]] == [(4, "姓名")]


async def test_columns_that_nobody_reads_are_told_by_letter(books: Front) -> None:
    text = "序号,姓名,身份证号,类别,备注\n1,桃溪望春," + identity() + ",退休,无\n"
    assert (await report(books, text.encode("gb18030")))["ignored"] == ["A", "E"]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("姓名,电话\n桃溪望春,1\n".encode(), "unreadable-roster"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "unreadable-sheet"),
        (b"PK\x03\x04broken", "unreadable-sheet"),
        (b"\xff\xff\xff", "unreadable-sheet"),
    ],
)
async def test_what_is_no_roster_is_refused(books: Front, content: bytes, told: str) -> None:
    answer = await books.client().post("/rosters", content)
    assert (answer.status_code, answer.json()["type"]) == (422, f"/problems/{told}")


async def test_a_file_without_end_is_refused(books: Front) -> None:
    assert (await books.client().post("/rosters", b"a" * (4 * 1024 * 1024 + 1))).status_code == 413


async def test_another_countys_people_never_match(books: Front) -> None:
    content = sheet(row(1, 职级="", **{"乡镇/街道": ""}))
    await report(books, content)
    other = books.client(county=await books.establish())
    roster = await other.made("/rosters", content)
    assert counts((await other.get(f"/rosters/{roster}")).json()) == (1, 0, 0)


async def test_a_code_of_another_county_is_unknown_here(books: Front) -> None:
    other = books.client(county=await books.establish())
    answer = await other.post("/rosters", sheet(row(1)))
    assert [fault["column"] for fault in answer.json()["errors"]] == ["职级", "乡镇街道"]


async def test_another_county_sees_no_report(books: Front) -> None:
    roster = await books.client().made("/rosters", sheet(row(1)))
    other = books.client(county=await books.establish())
    assert (await other.get(f"/rosters/{roster}")).status_code == 404
    assert (await other.get("/rosters")).json()["items"] == []


async def test_the_same_key_and_file_answer_the_same(books: Front) -> None:
    desk, key = books.client(), new_id()
    answers = [await desk.post("/rosters", sheet(row(1)), key) for _ in range(2)]
    assert answers[0].json() == answers[1].json()
    assert len((await desk.get("/rosters")).json()["items"]) == 1


@pytest.mark.parametrize("role", [Role.RECORDER, Role.MEDIATOR, Role.MEMBER, Role.AUDITOR, Role.OPERATOR])
async def test_only_the_desk_and_admins_take_rosters_over(front: Front, role: Role) -> None:
    assert (await front.client(role).post("/rosters", sheet(row(1)))).status_code == 403


async def test_two_hundred_people_are_taken_over_at_once(books: Front) -> None:
    assert counts(await report(books, sheet(*(row(order) for order in range(200))))) == (200, 0, 0)
    assert len({event["subject"] for event in await books.events("registry.person")}) == 200
