"""A total explains itself in figures that add up on paper."""

from datetime import date
from itertools import count

from scoring.ids import BookId, LineId, PersonId, Quarter
from scoring.ledger.domain import cells
from scoring.ledger.domain.cells import Cell, Earned, Line
from scoring.ledger.domain.explaining import Explanation, explain, figure, line_arithmetic
from scoring.rulebooks.domain import BASE, Aspect, Book, Item

ME, QUARTER = PersonId("me"), Quarter("2022Q1")
NUMBERS = map(str, count())


def item(code: str, value: int, month_cap: int | None, quarter_cap: int | None) -> Item:
    none = frozenset[str]()
    return Item(code, "学习", "learning", "bonus", "activity.attended", none, none, none, value, month_cap, quarter_cap)


def book(*items: Item, aspect_cap: int | None = None) -> Book:
    aspects = (Aspect("learning", "学习活动", aspect_cap), Aspect("family", "家风美德", None))
    return Book("example", 1, "示例", date(2022, 1, 1), {"A": 600}, aspects, items)


def line(code: str, month: str, value: int) -> Line:
    earned = Earned(code, None if code == BASE else "learning", month, value, None)
    return Line(LineId(next(NUMBERS)), ME, QUARTER, BookId("book"), earned)


def explained(rules: Book, *lines: Line) -> Explanation:
    return explain(cells.move(Cell(ME, QUARTER, BookId("book"), in_scope=True), lines), rules, lines)


def test_fifteen_sessions_of_two_points_are_capped_at_twelve() -> None:
    sessions = [line("study", f"2022-0{1 + n % 3}", 20) for n in range(15)]
    explanation = explained(book(item("study", 20, None, 120)), *sessions)
    assert explanation.aspects[0].items[0].arithmetic == "15 × 2 = 30, 封顶 12"


def test_a_monthly_cap_is_shown_in_its_month_and_the_quarter_adds_the_months() -> None:
    sessions = [line("study", "2022-01", 15), *[line("study", "2022-02", 15)] * 3]
    study = explained(book(item("study", 15, 30, 40)), *sessions).aspects[0].items[0]
    assert [month.arithmetic for month in study.months] == ["1 × 1.5 = 1.5", "3 × 1.5 = 4.5, 封顶 3"]
    assert study.arithmetic == "1.5 + 3 = 4.5, 封顶 4"


def test_an_aspect_is_the_capped_sum_of_its_items() -> None:
    rules = book(item("study", 20, None, None), item("lesson", 25, None, None), aspect_cap=40)
    learning = explained(rules, line("study", "2022-01", 20), line("lesson", "2022-01", 25)).aspects[0]
    assert (learning.arithmetic, learning.points) == ("2 + 2.5 = 4.5, 封顶 4", 40)


def test_the_steps_add_up_to_the_total() -> None:
    explanation = explained(book(item("study", 20, None, None)), line(BASE, "", 600), line("study", "2022-01", 20))
    assert explanation.arithmetic == "60 + 2 + 0 = 62"
    assert explanation.total.total == 620


def test_a_line_says_how_it_came_about_and_a_reversal_what_it_takes_back() -> None:
    rules, written = book(item("study", 20, None, None)), line("study", "2022-01", 20)
    assert line_arithmetic(written, rules) == "学习 1 × 2 = 2"
    assert line_arithmetic(cells.reversal(written, lambda: "r"), rules) == "冲销：学习 1 × 2 = 2"


def test_tenths_are_written_as_points() -> None:
    assert [figure(tenths) for tenths in (0, 5, 20, 125, -15)] == ["0", "0.5", "2", "12.5", "-1.5"]
