import csv
import io
import zipfile
from datetime import date

import pytest
from openpyxl import Workbook  # type: ignore[import-untyped]

from registry.sheets import LOST, TEMPORAL, UnreadableSheet, as_text, read_sheet

ROWS = [["姓名", "身份证号"], ["虚构甲", "11010519491231002X"]]


def workbook(rows: list[list[str | float | None]]) -> bytes:
    book = Workbook()
    for row in rows:
        book.active.append(row)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def text(rows: list[list[str]], encoding: str) -> bytes:
    target = io.StringIO()
    csv.writer(target).writerows(rows)
    return target.getvalue().encode(encoding)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_csv_is_read_in_the_encodings_that_offices_use(encoding: str) -> None:
    assert read_sheet(text(ROWS, encoding)) == ROWS


def test_a_workbook_keeps_text_and_numbers_that_kept_their_digits() -> None:
    rows = read_sheet(workbook([["虚构甲", "0736-6622345"], ["虚构乙", 110105491231002], ["虚构丙", None]]))
    assert rows == [["虚构甲", "0736-6622345"], ["虚构乙", "110105491231002"], ["虚构丙", ""]]


def test_a_number_cell_of_eighteen_digits_has_lost_some() -> None:
    assert read_sheet(workbook([["虚构甲", 999001194001010010]]))[0][1] == LOST


def test_what_a_csv_export_rounded_has_lost_digits_too() -> None:
    assert as_text("9.99001E+17") == LOST


@pytest.mark.parametrize("cell", ['="11010519491231002X"', "'11010519491231002X", "\t11010519491231002X"])
def test_numbers_protected_for_export_are_read(cell: str) -> None:
    assert as_text(cell) == "11010519491231002X"


def test_a_date_is_no_text() -> None:
    assert as_text(date(2022, 1, 1)) == TEMPORAL


def test_rows_keep_their_numbers_when_the_first_are_empty() -> None:
    book = Workbook()
    book.active["B3"] = "姓名"
    target = io.BytesIO()
    book.save(target)
    assert read_sheet(target.getvalue())[2][1] == "姓名"


def test_neither_encoding_is_guessed_for_bytes_that_are_no_text() -> None:
    with pytest.raises(UnreadableSheet, match="GB18030"):
        read_sheet(b"\xff\xff\xff")


def test_an_old_workbook_is_refused_with_what_to_do() -> None:
    with pytest.raises(UnreadableSheet, match="另存为"):
        read_sheet(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")


def test_a_broken_workbook_is_refused() -> None:
    with pytest.raises(UnreadableSheet, match="打不开"):
        read_sheet(workbook([["姓名"]])[:-200])


def test_a_small_file_that_unpacks_to_a_very_large_one_is_refused() -> None:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as parts:
        parts.writestr("xl/worksheets/sheet1.xml", bytes(65 * 1024 * 1024))
    with pytest.raises(UnreadableSheet, match="过大"):
        read_sheet(target.getvalue())


def test_a_csv_with_an_open_quote_is_refused() -> None:
    with pytest.raises(UnreadableSheet, match="引号"):
        read_sheet('姓名,身份证号\n"虚构甲,1'.encode())
