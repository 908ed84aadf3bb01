"""A rule book version: immutable, bound to quarters, and blind to everything but coded attributes.

Points are whole numbers of tenths everywhere.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from scoring.rulebooks.domain.items import Item


@dataclass(frozen=True, slots=True)
class Aspect:
    code: str
    name: str
    quarter_cap: int | None = None
    month_cap: int | None = None
    year_cap: int | None = None


@dataclass(frozen=True, slots=True)
class Band:
    """A grade or a star: both bounds are inside, and the last band of a scale is open."""

    code: str
    name: str
    lowest: int
    highest: int | None


@dataclass(frozen=True, slots=True)
class Notice:
    window_days: int = 5  # working days in which objections may be filed
    shows: str = "points"  # or "grades"
    board: str | None = None


@dataclass(frozen=True, slots=True)
class Year:
    """How the quarters make a year."""

    take: str  # "sum" | "mean"
    bands: tuple[Band, ...] = ()


@dataclass(frozen=True, slots=True)
class LeftOut:
    """What the county's own sheet says and this language refuses: for people to read, never rated."""

    text: str
    why: str


@dataclass(frozen=True, slots=True)
class Book:
    word: str
    version: int
    title: str
    starts_on: date
    base: Mapping[str, int]  # class code → the whole quarter's base; a class not named here is not scored
    aspects: tuple[Aspect, ...]
    items: tuple[Item, ...]
    mean_of_months: bool = False
    carry_over: int | None = None  # per cent of the quarter before, which from the second quarter on is the base
    bands: tuple[Band, ...] = ()
    year: Year | None = None
    notice: Notice = field(default_factory=Notice)
    late: str = "next"  # or "reopen": what becomes of a fact that is recorded after its quarter was closed
    left_out: tuple[LeftOut, ...] = ()
    proposing: tuple[Item, ...] = field(init=False, repr=False, compare=False)
    """The items that a recorded event may propose."""
    year_capped: bool = field(init=False, repr=False, compare=False)
    claimed: dict[tuple[str | None, ...], Item | None] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )
    """What rating has found out about this book, so that it looks through the items once for each kind of fact."""

    def __post_init__(self) -> None:
        caps = (*(item.year_cap for item in self.items), *(aspect.year_cap for aspect in self.aspects))
        object.__setattr__(self, "proposing", tuple(item for item in self.items if item.takes_away and item.event))
        object.__setattr__(self, "year_capped", any(cap is not None for cap in caps))

    def item(self, code: str) -> Item:
        return next(item for item in self.items if item.code == code)

    def find(self, code: str) -> Item | None:
        return next((item for item in self.items if item.code == code), None)

    def aspect_of(self, code: str) -> Aspect:
        return next(aspect for aspect in self.aspects if aspect.code == code)


def band_of(bands: tuple[Band, ...], total: int) -> Band | None:
    """Find the grade of a total; below the first band there is none."""
    fitting = (band for band in bands if band.lowest <= total and (band.highest is None or total <= band.highest))
    return next(fitting, None)


def grade_of(bands: tuple[Band, ...], total: int) -> str | None:
    """The code of the band, as it is published and kept."""
    band = band_of(bands, total)
    return band.code if band else None
