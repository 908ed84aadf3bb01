"""What is gathered from the topics, what it comes to, and how two pictures differ."""

from collections import Counter
from dataclasses import replace
from datetime import date

import pytest

from scoring.ids import BookId, CountyId, OrganisationId, PersonId, Quarter
from scoring.ledger.domain.accounts import Frozen
from scoring.ledger.domain.facts import Fact
from scoring.ledger.domain.standing import Belonging, Exemption, Held, Life, Membership
from scoring.periods.domain import Rules, State, open_period
from scoring.recount.domain.arriving import Arrivals
from scoring.recount.domain.counting import count, rules_of
from scoring.recount.domain.gathering import Gathered, Gathering, Lives
from scoring.recount.domain.pictures import Difference, Picture, differences
from scoring.recount.domain.report import SHOWN, Report
from scoring.rulebooks.domain import Shape
from services.scoring.sheets import FULL, SMALL, book_of

COUNTY = CountyId("county")
ANNA, BERT, CARL = (PersonId(name) for name in ("anna", "bert", "carl"))
LESSON = Shape("activity.attended", "lesson", None, "assembled")
DAY = date(2022, 2, 1)
BOOK = BookId("book")
HOME = Belonging(1, (Membership(OrganisationId("branch"), home=True, since=date(2020, 1, 1), until=None),))
LIFE = Life(1, (Held("A", date(2020, 1, 1)),))


def lesson(person: PersonId = ANNA, version: int = 1, activity: str = "a1", day: date = DAY) -> Fact:
    return Fact(person, f"{activity}/{person}", version, LESSON, day, occurrence=activity)


def rules(*codes: str) -> Rules:
    return rules_of([open_period(code, BOOK, date(2021, 1, 1)) for code in codes], {BOOK: book_of(SMALL)})


def gathered(*facts: Fact) -> Gathered:
    return Gathered(HOME, {}, {fact.subject: fact for fact in facts})


def picture(*facts: Fact, frozen: tuple[Frozen, ...] = ()) -> Picture:
    return count((COUNTY, ANNA), LIFE, gathered(*facts), rules("2022Q1"), frozen=frozen)


def test_of_a_subject_the_highest_version_is_kept_in_whatever_order() -> None:
    gathering = Gathering()
    for version in (2, 3, 1):
        gathering.add(ANNA, lesson(version=version))
    assert gathering.people[ANNA].facts["a1/anna"].version == 3


def test_facts_share_what_they_have_in_common() -> None:
    gathering = Gathering()
    gathering.add(ANNA, lesson())
    gathering.add(BERT, replace(lesson(BERT), shape=Shape("activity.attended", "lesson", None, "assembled")))
    (first,), (second,) = (gathering.people[each].facts.values() for each in (ANNA, BERT))
    assert first.shape is second.shape


def test_memberships_and_exemptions_keep_their_highest_version_too() -> None:
    gathering = Gathering()
    gathering.add(ANNA, replace(HOME, version=2))
    gathering.add(ANNA, HOME)
    gathering.add(ANNA, Exemption("e", 2, DAY, DAY))
    gathering.add(ANNA, Exemption("e", 1, DAY, None))
    kept = gathering.people[ANNA]
    assert (kept.belonging.version, kept.exemptions["e"].version) == (2, 2)


def test_nothing_undoes_a_merge() -> None:
    lives = Lives(COUNTY)
    lives.add(BERT, replace(LIFE, version=2, merged_into=ANNA))
    lives.add(BERT, replace(LIFE, version=3))
    assert lives.of(BERT) == replace(LIFE, version=3, merged_into=ANNA)


def test_a_chain_of_merges_goes_on_as_its_last() -> None:
    lives = Lives(COUNTY)
    lives.add(CARL, replace(LIFE, merged_into=BERT))
    lives.add(BERT, replace(LIFE, merged_into=ANNA))
    assert [lives.goes_on_as(each) for each in (ANNA, BERT, CARL)] == [ANNA] * 3
    assert lives.merged() == {ANNA, BERT, CARL}


def test_one_occurrence_under_two_entries_counts_once() -> None:
    both = gathered(lesson())
    both.absorb(Gathered(facts={"a1/bert": lesson(BERT)}), ANNA)
    counted = count((COUNTY, ANNA), LIFE, both, rules("2022Q1"), absorbing=True)
    assert {fact.person for fact in counted.facts.values()} == {ANNA}
    assert sum(earned.item == "lesson" for _, _, earned in counted.lines) == 1


def test_whoever_took_over_an_entry_is_marked_so() -> None:
    counted = count((COUNTY, ANNA), LIFE, gathered(lesson()), rules("2022Q1"), absorbing=True)
    (history,) = counted.history.values()
    assert history.absorbed


def test_a_picture_has_the_cells_lines_and_totals_of_every_opened_quarter() -> None:
    counted = picture(lesson())
    cell = counted.cells[Quarter("2022Q1")]
    assert cell.total is not None
    assert (cell.total.total, counted.totals[Quarter("2022Q1")]) == (625, cell.total)
    assert Counter(earned.item for _, _, earned in counted.lines) == {"base": 1, "lesson": 1}


def test_what_a_close_published_stands_beside_what_is_true() -> None:
    frozen = (Frozen(Quarter("2022Q1"), 600),)
    closed = Rules(1, {c: (replace(p, state=p.state.CLOSED), b) for c, (p, b) in rules("2022Q1").periods.items()})
    counted = count((COUNTY, ANNA), LIFE, gathered(lesson()), closed, frozen=frozen)
    assert (counted.totals, counted.cells[Quarter("2022Q1")].published) == ({"2022Q1": 625}, 600)


@pytest.mark.parametrize(("own", "grade"), [(519, None), (520, "fair"), (640, "good")])
def test_the_grade_of_what_was_published_is_worked_out_again(own: int, grade: str | None) -> None:
    """By the quarter's own sum with what was settled in it."""
    opened = replace(open_period("2022Q1", BOOK, date(2021, 1, 1)), state=State.CLOSED)
    frozen = Frozen(opened.code, own - 30, {Quarter("2021Q4"): 30}, "wrong")
    counted = count((COUNTY, ANNA), LIFE, gathered(), rules_of([opened], {BOOK: book_of(FULL)}), frozen=(frozen,))
    assert counted.frozen == {opened.code: replace(frozen, grade=grade)}


def test_equal_pictures_have_no_difference() -> None:
    assert list(differences(ANNA, picture(lesson()), picture(lesson()))) == []


def test_a_difference_names_its_field_and_the_topics_first() -> None:
    tables = picture(lesson())
    tables.facts["a1/anna"] = lesson(version=2)
    (found,) = differences(ANNA, picture(lesson()), tables)
    assert found == Difference("fact", ANNA, "a1/anna", "version 1 by the topics, 2 in the tables")


@pytest.mark.parametrize("swapped", [False, True])
def test_what_is_on_one_side_only_is_a_difference(swapped: bool) -> None:
    sides = (picture(lesson()), Picture())
    found = {each.what for each in differences(ANNA, *(reversed(sides) if swapped else sides))}
    assert found == {"history", "fact", "cell", "line", "total"}


def test_a_line_that_stands_twice_is_a_difference() -> None:
    tables = picture(lesson())
    tables.lines = tables.lines + tables.lines
    assert {each.what for each in differences(ANNA, picture(lesson()), tables)} == {"line"}


def test_a_report_names_the_first_differences_and_counts_all() -> None:
    report = Report()
    for _ in range(SHOWN + 5):
        report.note(Difference("fact", ANNA, "", ""))
    assert (len(report.first), report.different["fact"], report.equal) == (SHOWN, SHOWN + 5, False)


def test_an_event_that_came_after_the_snapshot_is_not_known() -> None:
    arrivals = Arrivals({("topic", "anna/1"): 2}, ())
    assert [arrivals.knows("topic", "anna/1", version) for version in (1, 2, 3)] == [True, True, False]
    assert not arrivals.knows("topic", "anna/2", 1)


def test_what_is_missing_is_lost_or_still_to_be_sent() -> None:
    arrivals = Arrivals(
        {("topic", "anna/1"): 2, ("topic", "anna/2"): 1, ("topic", "bert/3"): 1}, {("topic", "anna/1", 2)}
    )
    arrivals.knows("topic", "anna/1", 1)
    assert dict(arrivals.missing(["topic"], ANNA)) == {("topic", "anna/1"): True, ("topic", "anna/2"): False}
    arrivals.knows("topic", "anna/1", 2)
    arrivals.knows("topic", "anna/2", 1)
    assert list(arrivals.missing(["topic"], ANNA)) == []
