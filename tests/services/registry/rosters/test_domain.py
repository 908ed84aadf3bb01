from collections.abc import Sequence
from datetime import date
from typing import Any

import pytest

from registry.identity.domain import IdentityNumber, Phone, check_digit
from registry.ids import PersonId
from registry.people import domain as people
from registry.people.domain import Kind, Residence
from registry.rosters.domain import plan as planning
from registry.rosters.domain import reading
from registry.rosters.domain.plan import Known
from registry.rosters.domain.reading import BrokenRoster, Cell, Entry, Reading, Unreadable, UnreadableRoster
from registry.rosters.domain.words import Column
from registry.taxonomies.domain import Code, ListName, Taxonomy

TODAY = date(2022, 9, 30)
HEAD: tuple[Cell, ...] = ("姓名", "身份证号", "电话", "人员类别", "是否党员", "职级", "乡镇街道", "城乡", "住址")
TAXONOMIES = {
    ListName.RANK: Taxonomy(ListName.RANK, 1, (Code("zhengke", "正科级"), Code("old", "旧级", until=date(2020, 1, 1)))),
    ListName.TOWNSHIP: Taxonomy(ListName.TOWNSHIP, 1, (Code("430725001", "漳江街道"),)),
}


def number(order: int = 1) -> str:
    first17 = f"99900119400101{order:03d}"
    return first17 + check_digit(first17)


def row(**cells: Cell) -> list[Cell]:
    usual: dict[str, Cell] = {
        "姓名": "虚构甲",
        "身份证号": number(),
        "电话": "10012345678",
        "人员类别": "退休",
        "是否党员": "是",
        "职级": "正科级",
        "乡镇街道": "漳江街道",
        "城乡": "城区",
        "住址": "虚构路1号",
    }
    return list((usual | cells).values())


def read(*rows: Sequence[Cell], head: Sequence[Cell] = HEAD) -> Reading:
    return reading.read([head, *rows], TAXONOMIES, TODAY)


def faults(*rows: Sequence[Cell]) -> list[tuple[int, str]]:
    return [(fault.row, fault.column) for fault in read(*rows).faults]


def test_a_row_becomes_a_person_of_codes() -> None:
    (entry,) = read(row()).entries
    assert entry == Entry(
        row=2,
        name="虚构甲",
        identity=IdentityNumber(number()),
        phone=Phone("10012345678"),
        kind=Kind.TUIXIU,
        party_member=True,
        rank="zhengke",
        township="430725001",
        residence=Residence.URBAN,
        address="虚构路1号",
    )


def test_headings_are_known_by_many_names_below_a_title_in_any_order() -> None:
    sheet: list[list[Cell]] = [
        ["桃源县离退休干部花名册", "", ""],
        [""],
        ["序号", "手机号", "公民身份号码", "姓 名"],
        ["1", "10012345678", number(), "虚构甲"],
    ]
    found = reading.read(sheet, TAXONOMIES, TODAY)
    assert [(entry.row, entry.name) for entry in found.entries] == [(4, "虚构甲")]
    assert found.ignored == ("A",)


def test_a_sheet_without_the_two_headings_is_no_roster() -> None:
    with pytest.raises(UnreadableRoster, match="检查表头"):
        read(row(), head=["姓名", "电话"])


def test_a_column_given_twice_is_refused() -> None:
    with pytest.raises(UnreadableRoster, match="电话"):
        read(head=["姓名", "身份证号", "电话", "手机"])


def test_a_text_number_survives_with_its_first_zero_and_last_x() -> None:
    (entry,) = read(row(身份证号="11010519491231002x", 电话="0736-6622345")).entries
    assert (entry.identity.text, entry.phone) == ("11010519491231002X", Phone("07366622345"))


def test_a_cell_that_lost_digits_is_a_fault_of_its_row() -> None:
    assert faults(row(), row(身份证号=Unreadable("请改"))) == [(3, Column.IDENTITY)]


def test_every_fault_of_every_row_is_told_at_once() -> None:
    bad = row(
        姓名="",
        身份证号="123",
        电话="无",
        人员类别="老干部",
        是否党员="?",
        职级="旧级",
        乡镇街道="无名乡",
        城乡="郊",
        住址="长" * 201,
    )
    assert faults(row(), bad) == [(3, column) for column in (*Column,)[1:]] + [(3, Column.NAME)]


def test_no_reason_repeats_a_cell() -> None:
    found = read(row(姓名="=虚构乙", 身份证号="999001194001010", 电话="虚构电话", 人员类别="虚构类", 职级="虚构级"))
    assert not [fault for fault in found.faults if "虚构" in fault.reason or "999001" in fault.reason]


@pytest.mark.parametrize("hidden", ["\x00", "\x01", "\x1b", "\x7f", "\x9f"])
def test_a_control_character_is_a_fault_of_its_row(hidden: str) -> None:
    found = read(row(姓名=f"虚构{hidden}甲", 住址=f"虚构路{hidden}1号"))
    assert [(fault.row, fault.column) for fault in found.faults] == [(2, Column.NAME), (2, Column.ADDRESS)]
    assert not [fault for fault in found.faults if hidden in fault.reason]


def test_a_cell_of_several_lines_becomes_one() -> None:
    (entry,) = read(row(姓名="虚构\n甲", 住址="虚构路\r\n1号")).entries
    assert (entry.name, entry.address) == ("虚构甲", "虚构路 1号")


def test_a_person_twice_in_one_roster_is_told_with_both_rows() -> None:
    (fault,) = read(row(身份证号="11010519491231002X"), row(身份证号="110105491231002")).faults
    assert (fault.row, "第 2 行" in fault.reason) == (3, True)


def test_empty_rows_are_nobody() -> None:
    assert read([""] * 8, [], row()).entries[0].row == 4


def test_empty_cells_are_not_told() -> None:
    (entry,) = read(row(电话="", 人员类别="", 是否党员="", 职级="", 乡镇街道="", 城乡="", 住址="")).entries
    assert (entry.phone, entry.kind, entry.party_member, entry.rank) == (None, None, None, None)


def entry(**told: Any) -> Entry:
    usual: dict[str, Any] = {"row": 2, "name": "虚构甲", "identity": IdentityNumber(number()), "kind": Kind.TUIXIU}
    return Entry(**(usual | told))


def known(of: Entry, *, name: str = "虚构甲", contact_differs: bool = False) -> dict[IdentityNumber, Known]:
    person = people.register(PersonId("0190a000-0000-7000-8000-0000000000aa"), of.standing(None))
    return {of.identity: Known(person, name, contact_differs)}


def test_who_is_not_in_the_books_is_new() -> None:
    plan = planning.plan([entry()], {})
    assert (len(plan.fresh), len(plan.changed), plan.unchanged) == (1, 0, 0)


def test_somebody_new_without_a_kind_is_a_fault() -> None:
    (fault,) = planning.plan([entry(kind=None)], {}).faults
    assert (fault.row, fault.column) == (2, Column.KIND)


def test_a_member_who_is_no_cadre_is_taken_for_a_party_member_unless_told_otherwise() -> None:
    (_, standing), *_ = planning.plan([entry(kind=Kind.MEMBER)], {}).fresh
    assert standing.party_member
    assert planning.plan([entry(kind=Kind.MEMBER, party_member=False)], {}).faults


def test_the_same_row_again_changes_nothing() -> None:
    assert planning.plan([entry()], known(entry())).unchanged == 1


def test_what_is_not_told_stays_as_it_stood() -> None:
    before = known(entry(rank="zhengke", party_member=True))
    assert planning.plan([entry(kind=None)], before).unchanged == 1


@pytest.mark.parametrize("differs", [{"name": "虚构乙"}, {"contact_differs": True}])
def test_another_name_or_phone_is_a_change_that_nobody_hears_of(differs: dict[str, Any]) -> None:
    before = known(entry(), **differs)
    (change,) = planning.plan([entry()], before).changed
    assert not change.heard


def test_another_rank_is_a_change_with_the_next_version() -> None:
    (change,) = planning.plan([entry(rank="zhengke")], known(entry())).changed
    assert (change.after.standing.rank, change.after.version, change.heard) == ("zhengke", 2, True)


def test_a_broken_roster_lists_row_column_and_reason() -> None:
    refused = BrokenRoster(read(row(电话="无")).faults)
    assert refused.errors == [{"row": 2, "column": "电话", "reason": "电话应为 11 位手机号，或带区号的固定电话。"}]
