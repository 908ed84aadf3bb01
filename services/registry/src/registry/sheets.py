"""Spreadsheets as people upload them: the bytes of an .xlsx or a .csv become rows of cells, and nothing is guessed."""

import csv
import io
import re
import zipfile
from datetime import date, datetime, time, timedelta

from python_calamine import CalamineError, CalamineWorkbook

from registry.rosters.domain.reading import Cell, Sheet, Unreadable

XLSX = b"PK\x03\x04"
OLD_XLS = b"\xd0\xcf\x11\xe0"
MOST_UNPACKED = 64 * 1024 * 1024  # bytes: a small file may unpack to a very large one
EXACT_DIGITS = 15  # a spreadsheet keeps no more digits of a number
ROUNDED = re.compile(r"[0-9](?:\.[0-9]+)?[Ee]\+?[0-9]+")  # what a .csv shows of a long number
LOST = Unreadable("这一格是数字格式，超过 15 位的部分已经丢失；请把该列设为文本格式后重新填写。")
TEMPORAL = Unreadable("这一格是日期或时间，请按列名填写内容。")
ENCODINGS = ("utf-8-sig", "gb18030")  # strict, in this order: GB text is hardly ever valid UTF-8


class UnreadableSheet(ValueError):
    """The bytes are no spreadsheet that we read."""


def read_sheet(content: bytes) -> Sheet:
    """The rows of the first sheet that has any. Blocks: call it in a thread. Raises UnreadableSheet."""
    if content.startswith(OLD_XLS):
        raise UnreadableSheet("这是旧式 .xls 文件，请用 Excel 或 WPS 另存为 .xlsx 后上传。")
    return _workbook(content) if content.startswith(XLSX) else _csv(content)


def as_text(cell: str | float | bool | date | datetime | time | timedelta) -> Cell:
    """A cell as the clerk meant it; a number that has lost digits is no text any more."""
    if isinstance(cell, str):
        text = cell.strip()
        return LOST if ROUNDED.fullmatch(text) else _unquoted(text)
    if isinstance(cell, bool):
        return "是" if cell else "否"
    if not isinstance(cell, int | float):
        return TEMPORAL
    if abs(cell) >= 10**EXACT_DIGITS:
        return LOST
    return str(int(cell)) if cell == int(cell) else str(cell)


def _unquoted(text: str) -> str:
    """Exports protect long numbers as `="…"` or `'…`."""
    if text.startswith('="') and text.endswith('"'):
        return text[2:-1].strip()
    return text.removeprefix("'").strip()


def _workbook(content: bytes) -> Sheet:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            if sum(part.file_size for part in parts.infolist()) > MOST_UNPACKED:
                raise UnreadableSheet("表格过大，请分成几份，或删去图片后上传。")
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        sheets = map(book.get_sheet_by_index, range(len(book.sheet_names)))
        rows = next((rows for sheet in sheets if (rows := sheet.to_python(skip_empty_area=False))), [])
        return [[as_text(cell) for cell in row] for row in rows]
    except (CalamineError, zipfile.BadZipFile, OSError) as error:
        raise UnreadableSheet("这个 .xlsx 文件打不开，可能已损坏或加了密码；请另存后再上传。") from error


def _csv(content: bytes) -> Sheet:
    for encoding in ENCODINGS:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" in text:
            break
        try:
            rows = csv.reader(io.StringIO(text, newline=""), strict=True)
            return [[as_text(cell) for cell in row] for row in rows]
        except csv.Error as error:
            raise UnreadableSheet("这个 .csv 文件的引号不成对，请用 Excel 或 WPS 重新导出。") from error
    raise UnreadableSheet("只能读取 .xlsx，或编码为 UTF-8、GB18030 的 .csv 文件。")
