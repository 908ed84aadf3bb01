"""Rows and sums: the higher version wins, and the sums are always those of the rows."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import timedelta
from functools import reduce

from hypothesis import given
from hypothesis import strategies as st

from scoring.ids import CountyId, PersonId, Quarter
from scoring.tallies.domain.index import ADJUSTED, BASE, PEOPLE, TOTAL, Index, Sums, week_of
from scoring.tallies.domain.rows import KEPT_DAYS, Booked, Row, Worth, later
from services.scoring.tallies.given import COUNTY, EAST, MONDAY, SPRING, SUMMER, WEST, row

ANN, BO = PersonId("ann"), PersonId("bo")


def told(version: int) -> Row:
    """What a version says, whenever it comes: the same one always says the same."""
    day = MONDAY + timedelta(days=version * 3 - version % 2)
    branch = (EAST, WEST, None)[version % 3]
    return row(version, 600 + 10 * version, branch=branch, day=day, booked=version)


versions = st.lists(st.builds(told, st.integers(1, 12)), min_size=1, max_size=20)


@given(versions)
def test_a_row_depends_on_what_came_and_not_on_its_order_or_number(rows: list[Row]) -> None:
    in_order = sorted({each.version: each for each in rows}.values(), key=lambda each: each.version)
    assert reduce(later, rows) == reduce(later, in_order)


def test_a_lower_version_changes_nothing_but_a_day_of_its_own() -> None:
    high, low = row(5, 650, day=MONDAY, booked=50), row(4, 600, day=MONDAY - timedelta(days=1), booked=30)
    both = later(high, low)
    assert (both.version, both.worth) == (5, high.worth)
    assert {day: each.tenths for day, each in both.booked.items()} == {MONDAY - timedelta(days=1): 30, MONDAY: 50}


def test_of_two_amounts_of_one_day_the_later_one_holds() -> None:
    assert later(row(2, 640, booked=40), row(1, 610, booked=10)).booked == {MONDAY: Booked(2, 40)}


def test_days_long_past_are_forgotten() -> None:
    old = row(1, 610, day=MONDAY - timedelta(days=KEPT_DAYS), booked=10)
    assert later(old, row(2, 620)).booked.keys() == {MONDAY}


worths = st.dictionaries(
    st.sampled_from([SPRING, SUMMER]),
    st.builds(
        Worth,
        st.integers(0, 5),
        st.dictionaries(st.sampled_from(["study", "deeds"]), st.integers(-3, 3)),
        st.integers(-5, 5),
        st.integers(-2, 2),
    ),
)
booked = st.dictionaries(
    st.sampled_from([MONDAY, MONDAY + timedelta(days=1)]), st.builds(Booked, st.just(1), st.integers(-3, 3))
)
steps = st.lists(
    st.tuples(
        st.sampled_from([ANN, BO, PersonId("cy")]),
        st.builds(
            Row,
            st.sampled_from([COUNTY, CountyId("another")]),
            st.just(1),
            st.sampled_from([EAST, WEST, None]),
            worths,
            booked,
        ),
    ),
    max_size=20,
)


@given(steps)
def test_the_index_is_the_sum_over_the_rows_after_every_change(changes: Sequence[tuple[PersonId, Row]]) -> None:
    index = Index()
    for person, changed in changes:
        index.put(person, changed)
        assert flat(index) == added_up(index.rows.values())


def flat(index: Index) -> dict[tuple[object, ...], int]:
    """Everything that the index holds, one figure a line."""
    figures: dict[tuple[object, ...], int] = {}
    for county, branches in index.branches.items():
        for branch, sums in branches.items():
            figures[county, branch] = sums.people
            figures |= {
                (county, branch, quarter, *part): v for quarter, q in sums.quarters.items() for part, v in q.items()
            }
            figures |= {(county, branch, day): value for day, value in sums.days.items()}
    return figures


def added_up(rows: Iterable[Row]) -> dict[tuple[object, ...], int]:
    """The same from the rows, in the plainest way; a branch has its line as long as somebody is in it."""
    figures = Counter[tuple[object, ...]]()
    for each in rows:
        place = (each.county, each.branch)
        figures[place] += 1
        for quarter, worth in each.worth.items():
            for part, value in {PEOPLE: 1, BASE: worth.base, TOTAL: worth.total, ADJUSTED: worth.adjusted}.items():
                figures[*place, quarter, *part] += value
            for aspect, value in worth.aspects.items():
                figures[*place, quarter, "aspect", aspect] += value
        for day, amount in each.booked.items():
            figures[*place, day] += amount.tenths
    return {figure: value for figure, value in figures.items() if value}


def test_a_move_takes_a_persons_points_and_days_to_the_new_branch() -> None:
    index = Index.over([(ANN, row(1, 650, booked=50)), (BO, row(1, 600))])
    index.put(ANN, row(2, 650, branch=WEST, booked=50))
    east, west = index.tally(COUNTY)[EAST], index.tally(COUNTY)[WEST]
    assert (east.quarters[SPRING][TOTAL], east.days) == (600, {})
    assert (west.quarters[SPRING][TOTAL], west.days) == (650, {MONDAY: 50})


def test_a_county_is_all_its_branches_and_nobody_elses() -> None:
    rows = [(ANN, row(1, 650)), (BO, row(1, 600, branch=WEST)), (PersonId("far"), row(1, 999, county=CountyId("x")))]
    sums = Index.over(rows).county(COUNTY)
    assert (sums.quarters[SPRING][PEOPLE], sums.quarters[SPRING][TOTAL]) == (2, 1250)


def test_of_a_branch_that_everybody_left_nothing_remains() -> None:
    index = Index.over([(ANN, row(1, 650))])
    index.put(ANN, row(2, 650, branch=WEST))
    assert index.tally(COUNTY).keys() == {WEST}


def test_this_week_begins_on_monday() -> None:
    week = [MONDAY + timedelta(days=day) for day in range(7)]
    assert {week_of(day) for day in week} == {MONDAY}
    sums = Sums()
    for version, day in enumerate([MONDAY - timedelta(days=1), *week], 1):
        sums.move(row(version, 0, day=day, booked=1), +1)
    assert sums.booked_between(week_of(week[-1]), week[-1]) == 7
    assert sums.booked_between(week[2], week[2]) == 1


def test_a_quarter_that_closes_leaves_the_sums() -> None:
    index = Index.over([(ANN, row(1, 650))])
    index.put(ANN, row(2, 620, quarter=Quarter("2022Q2")))
    assert index.county(COUNTY).quarters.keys() == {SUMMER}
