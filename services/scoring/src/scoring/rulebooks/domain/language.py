"""The language of a book: which fields it has, and what is understood of each. What they may say is the linter's."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from scoring.rulebooks.domain.book import Aspect, Band, Book, LeftOut, Notice, Year
from scoring.rulebooks.domain.items import Item
from scoring.rulebooks.domain.reading import Fields
from scoring.rulebooks.domain.refusals import Refusal

BOOK_FIELDS = (
    "word", "version", "title", "starts_on", "base_tenths", "aspects", "items",
    "mean_of_months", "carry_over_percent", "bands", "year", "notice", "late", "left_out",
)  # fmt: skip
CAPS = ("month_cap_tenths", "quarter_cap_tenths", "year_cap_tenths")
ASPECT_FIELDS = ("code", "name", *CAPS)
BAND_FIELDS = ("code", "name", "from_tenths", "to_tenths")
YEAR_FIELDS = ("take", "bands")
NOTICE_FIELDS = ("window_days", "shows", "board")
LEFT_OUT_FIELDS = ("text", "why")

SELECTORS = ("kinds", "themes", "modes")
COMMON = ("code", "name", "kind", "classes")
FIELDS_OF = {
    "bonus": (*COMMON, "aspect", "event", *SELECTORS, "value_tenths", "per", "fact_cap_tenths", *CAPS, "once_per"),
    "appraisal": (*COMMON, "aspect", "grades", "every", *CAPS),
    "deduction": (*COMMON, "aspect", "event", *SELECTORS, "value_tenths", *CAPS),
    "veto": (*COMMON, "event", *SELECTORS),
}
ITEM_FIELDS = tuple(dict.fromkeys(field for fields in FIELDS_OF.values() for field in fields))


@dataclass(frozen=True, slots=True)
class Written:
    """A document taken apart: each entry as it was written, beside what was understood of it."""

    top: Fields
    aspects: list[tuple[Fields, Aspect]]
    items: list[tuple[Fields, Item]]
    bands: list[tuple[Fields, Band]]
    year: Fields | None
    year_bands: list[tuple[Fields, Band]]
    notice: Fields | None
    left_out: list[tuple[Fields, LeftOut]]
    starts_on: date | None
    book: Book


def take_apart(document: Mapping[str, object], refusals: list[Refusal]) -> Written:
    """Read all of it, noting what has the wrong form. The book is sound only if nothing was noted."""
    top = Fields(document, "", refusals)
    aspects = [(fields, _aspect(fields)) for fields in top.objects("aspects")]
    items = [(fields, _item(fields)) for fields in top.objects("items")]
    bands = [(fields, _band(fields)) for fields in top.objects("bands", [])]
    year, notice = top.part("year"), top.part("notice")
    year_bands = [(fields, _band(fields)) for fields in year.objects("bands", [])] if year else []
    left_out = [(fields, _left_out(fields)) for fields in top.objects("left_out", [])]
    starts_on = top.day("starts_on")
    book = Book(
        word=top.text("word"),
        version=top.whole("version"),
        title=top.text("title"),
        starts_on=starts_on or date.max,
        base=top.wholes("base_tenths", "人员类别"),
        aspects=tuple(aspect for _, aspect in aspects),
        items=tuple(item for _, item in items),
        mean_of_months=top.flag("mean_of_months"),
        carry_over=top.whole_or_none("carry_over_percent"),
        bands=tuple(band for _, band in bands),
        year=Year(year.text("take"), tuple(band for _, band in year_bands)) if year else None,
        notice=_notice(notice) if notice else Notice(),
        late=top.text("late", "next"),
        left_out=tuple(each for _, each in left_out),
    )
    return Written(top, aspects, items, bands, year, year_bands, notice, left_out, starts_on, book)


def _aspect(fields: Fields) -> Aspect:
    month, quarter, year = (fields.whole_or_none(key) for key in CAPS)
    return Aspect(fields.code("code"), fields.text("name"), quarter, month, year)


def _item(fields: Fields) -> Item:
    """Ask an item for the fields of its kind only; one of no known kind is read no further."""
    kind = fields.text("kind", "bonus")
    has = FIELDS_OF.get(kind, COMMON)
    month, quarter, year = (fields.whole_or_none(key) for key in CAPS) if kind != "veto" else (None, None, None)
    needs_event = kind == "bonus" or (kind in FIELDS_OF and fields.raw.get("event") is not None)
    return Item(
        code=fields.code("code"),
        name=fields.text("name"),
        aspect=fields.code("aspect") if "aspect" in has else None,
        kind=kind,
        event=fields.text("event") if needs_event and "event" in has else "",
        kinds=fields.texts("kinds"),
        themes=fields.texts("themes"),
        modes=fields.texts("modes"),
        value=fields.whole("value_tenths") if "value_tenths" in has else 0,
        month_cap=month,
        quarter_cap=quarter,
        classes=fields.texts("classes"),
        per=fields.text("per", "occurrence"),
        fact_cap=fields.whole_or_none("fact_cap_tenths"),
        year_cap=year,
        once_per=fields.text_or_none("once_per"),
        grades=fields.wholes("grades", "评议等次") if "grades" in has and fields.raw.get("grades") is not None else {},
        every=fields.text("every", "quarter"),
    )


def _band(fields: Fields) -> Band:
    lowest, highest = fields.whole("from_tenths"), fields.whole_or_none("to_tenths")
    return Band(fields.code("code"), fields.text("name"), lowest, highest)


def _notice(fields: Fields) -> Notice:
    days = fields.whole("window_days") if fields.raw.get("window_days") is not None else Notice().window_days
    return Notice(days, fields.text("shows", "points"), fields.code_or_none("board"))


def _left_out(fields: Fields) -> LeftOut:
    text, why = fields.raw.get("text"), fields.raw.get("why")
    return LeftOut(text if isinstance(text, str) else "", why if isinstance(why, str) else "")
