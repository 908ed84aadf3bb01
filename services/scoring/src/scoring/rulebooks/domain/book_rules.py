"""What the linter asks of a book as a whole: its head, its classes, how a quarter and a year come about, its notice."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from itertools import pairwise

from scoring.rulebooks.domain.book import Aspect, Band
from scoring.rulebooks.domain.items import Item
from scoring.rulebooks.domain.language import CAPS, LEFT_OUT_FIELDS, Written
from scoring.rulebooks.domain.reading import WORD, Fields, shown
from scoring.rulebooks.domain.refusals import Refusal, Rule

MOST_CODES = 100
LONGEST_REASON = 300
LONGEST_WINDOW = 30
WHOLE = 100  # per cent

Entries = Sequence[tuple[Fields, Aspect]] | Sequence[tuple[Fields, Item]] | Sequence[tuple[Fields, Band]]


def refusals(written: Written) -> Iterator[Refusal]:
    yield from _head(written.top, written.starts_on)
    yield from _bases(written.book.base, written.top)
    yield from twice("aspects", written.aspects)
    yield from _quarter(written)
    yield from _bands("bands", written.bands)
    yield from _year(written)
    yield from _notice(written)
    yield from _left_out(written)


def twice(where: str, entries: Entries) -> Iterator[Refusal]:
    codes = [entry.code for fields, entry in entries if "code" not in fields.refused]
    for code in sorted({code for code in codes if codes.count(code) > 1}):
        yield Refusal(Rule.TWICE, where, f"代码“{code}”用了不止一次。")


def _head(top: Fields, starts_on: date | None) -> Iterator[Refusal]:
    if starts_on and (starts_on.day, starts_on.month % 3) != (1, 1):
        yield Refusal(Rule.STARTS_ON, "starts_on", "施行日期必须是一个季度的第一天。")
    version, word = top.raw.get("version"), top.raw.get("word")
    if isinstance(version, int) and "version" not in top.refused and version < 1:
        yield Refusal(Rule.FORM, "version", "版本号从1开始。")
    if isinstance(word, str) and "word" not in top.refused and not WORD.fullmatch(word):
        yield Refusal(Rule.FORM, "word", "简称应为小写字母、数字和横线，字母开头，如“taoyuan”。")


def _bases(base: Mapping[str, int], top: Fields) -> Iterator[Refusal]:
    if len(base) > MOST_CODES:
        yield Refusal(Rule.TOO_LONG, "base_tenths", f"最多列出{MOST_CODES}类人员。")
    if not base and "base_tenths" not in top.refused:
        yield Refusal(Rule.NO_CLASS, "base_tenths", "至少要写明一类人员的基础分。")
    for code, value in base.items():
        if value < 0:
            yield Refusal(Rule.NEGATIVE_BASE, f"base_tenths.{shown(code)}", "一类人员的基础分不能小于零。")


def _quarter(written: Written) -> Iterator[Refusal]:
    book, top = written.book, written.top
    if book.carry_over is not None and "carry_over_percent" not in top.refused and not 1 <= book.carry_over <= WHOLE:
        yield Refusal(Rule.CARRY_OVER, "carry_over_percent", "上季度积分结转的比例应在1%到100%之间。")
    if book.late not in {"next", "reopen"} and "late" not in top.refused:
        sentence = "季度结算后补录的处理办法只有“计入下一季度（next）”和“重新结算（reopen）”两种。"
        yield Refusal(Rule.UNKNOWN_LATE, "late", sentence)
    if book.mean_of_months:
        yield from _mean(written)


def _mean(written: Written) -> Iterator[Refusal]:
    """A quarter's cap on a mean, or a quarter's appraisal divided by three months, means what nobody expects."""
    for fields, _ in (*written.aspects, *written.items):
        for key in CAPS[1:]:
            if fields.raw.get(key) is not None:
                yield Refusal(
                    Rule.MEAN_CAP, fields.path + key, "季度积分取各月平均时，只能按月封顶，不设季度、全年封顶。"
                )
    for fields, item in written.items:
        if item.kind == "appraisal" and item.every == "quarter" and "every" not in fields.refused:
            sentence = f"季度积分取各月平均时，评议项目{shown(item.code)}应按月进行（every填month）。"
            yield Refusal(Rule.MEAN_QUARTERLY, fields.path + "every", sentence)
        if item.once_per == "quarter":
            sentence = f"季度积分取各月平均时，项目{shown(item.code)}不能按季度只计一次。"
            yield Refusal(Rule.MEAN_QUARTERLY, fields.path + "once_per", sentence)


def _bands(where: str, written: Sequence[tuple[Fields, Band]]) -> Iterator[Refusal]:
    yield from twice(where, written)
    sound = [(fields.path, band) for fields, band in written if not fields.refused]
    if len(sound) < len(written):
        return  # whether they touch is told once all of them can be read
    for (path, band), (upper_path, upper) in pairwise(sound):
        yield from _bounds(path, band, upper_path, upper)
    if sound and sound[-1][1].highest is not None:
        yield Refusal(Rule.BAND_OPEN, sound[-1][0] + "to_tenths", "最高一档上不封顶，不填上限。")


def _bounds(path: str, band: Band, upper_path: str, upper: Band) -> Iterator[Refusal]:
    if band.highest is None:
        yield Refusal(Rule.BAND_OPEN, path + "to_tenths", "除最高一档外，每一档都要填写上限。")
    elif band.highest < band.lowest or upper.lowest <= band.lowest:
        yield Refusal(Rule.BAND_ORDER, upper_path + "from_tenths", "等次应由低到高排列，每一档下限不高于上限。")
    elif upper.lowest <= band.highest:
        yield Refusal(Rule.BAND_OVERLAP, upper_path + "from_tenths", "这一档与下面一档的分数有重叠。")
    elif upper.lowest > band.highest + 1:
        sentence = "这一档与下面一档之间有空档，下限应比下面一档的上限高0.1分。"
        yield Refusal(Rule.BAND_GAP, upper_path + "from_tenths", sentence)


def _year(written: Written) -> Iterator[Refusal]:
    year, fields = written.book.year, written.year
    if year is None or fields is None:
        return
    if year.take not in {"sum", "mean"} and "take" not in fields.refused:
        yield Refusal(Rule.UNKNOWN_TAKE, "year.take", "年度积分只有各季度相加（sum）和各季度平均（mean）两种算法。")
    yield from _bands("year.bands", written.year_bands)


def _notice(written: Written) -> Iterator[Refusal]:
    notice, fields = written.book.notice, written.notice
    if fields is None:
        return
    if not 1 <= notice.window_days <= LONGEST_WINDOW and "window_days" not in fields.refused:
        yield Refusal(Rule.NOTICE_WINDOW, "notice.window_days", f"公示期应为1到{LONGEST_WINDOW}个工作日。")
    if notice.shows not in {"points", "grades"} and "shows" not in fields.refused:
        yield Refusal(Rule.UNKNOWN_SHOWS, "notice.shows", "公示内容只有分数（points）和等次（grades）两种。")
    if notice.shows == "grades" and not written.bands:
        yield Refusal(Rule.NO_BANDS, "notice.shows", "公示等次的办法，要先写明各等次的分数范围。")


def _left_out(written: Written) -> Iterator[Refusal]:
    for fields, entry in written.left_out:
        told = (entry.text, entry.why)
        sound = all(text.strip() and text.isprintable() and len(text) <= LONGEST_REASON for text in told)
        if not sound or set(fields.raw) - set(LEFT_OUT_FIELDS):
            sentence = f"未采用的条文，原文（text）和不采用的理由（why）都要写明，各不超过{LONGEST_REASON}字。"
            yield Refusal(Rule.LEFT_OUT, fields.path.removesuffix("."), sentence)
