from collections.abc import Callable, Iterator
from datetime import date

import pytest

from registry.ids import OrganisationId, PersonId
from registry.memberships import domain
from registry.memberships.domain import History, Kind, Spell, Standing
from registry.organisations.domain import Kind as OrganisationKind
from registry.organisations.domain import Link, Organisation

FOUNDED, MARCH, MAY = date(2020, 1, 1), date(2022, 3, 1), date(2022, 5, 1)
ALIVE = Standing(today=date(2022, 9, 30), died_on=None)
NEWCOMER = History(PersonId("person"))


def organisation(word: str, kind: OrganisationKind = OrganisationKind.BRANCH) -> Organisation:
    return Organisation(OrganisationId(word), kind, word, FOUNDED, None, (Link(None, FOUNDED),))


EAST, WEST = organisation("east"), organisation("west")
TEMPORARY = organisation("temporary", OrganisationKind.TEMPORARY)
GROUP = organisation("group", OrganisationKind.GROUP)


def home(word: str, since: date, until: date | None = None) -> Spell:
    return Spell(OrganisationId(word), Kind.HOME, since, until)


def at_east() -> History:
    return domain.join(NEWCOMER, EAST, Kind.HOME, MARCH, ALIVE)


def test_a_first_home_is_version_one() -> None:
    assert at_east() == History(NEWCOMER.person, (home("east", MARCH),), version=1)


def test_a_transfer_ends_the_old_home_and_begins_the_new_one_on_the_day_as_one_version() -> None:
    moved = domain.transfer(at_east(), WEST, MAY, ALIVE, [])
    assert moved == History(NEWCOMER.person, (home("east", MARCH, MAY), home("west", MAY)), version=2)


def test_on_every_day_there_is_one_home() -> None:
    moved = domain.transfer(at_east(), WEST, MAY, ALIVE, [])
    assert [moved.home_on(day) for day in (date(2022, 2, 28), MARCH, date(2022, 4, 30), MAY)] == [
        None,
        "east",
        "east",
        "west",
    ]


def test_a_second_home_is_refused() -> None:
    with pytest.raises(domain.AlreadyMember, match="转接"):
        domain.join(at_east(), WEST, Kind.HOME, MAY, ALIVE)


def test_a_home_recorded_late_may_not_reach_into_the_one_that_stands() -> None:
    with pytest.raises(domain.AlreadyMember):
        domain.join(at_east(), WEST, Kind.HOME, date(2022, 1, 1), ALIVE)


def test_a_transfer_dated_before_a_later_home_is_refused() -> None:
    moved = domain.transfer(at_east(), WEST, MAY, ALIVE, [])
    with pytest.raises(domain.AlreadyMember):
        domain.transfer(moved, organisation("south"), date(2022, 4, 1), ALIVE, [])


def test_a_transfer_to_the_same_branch_is_refused() -> None:
    with pytest.raises(domain.AlreadyMember, match="已在"):
        domain.transfer(at_east(), EAST, MAY, ALIVE, [])


def test_a_transfer_needs_a_home_on_that_day() -> None:
    with pytest.raises(domain.NotMember, match="没有组织关系"):
        domain.transfer(at_east(), WEST, date(2022, 2, 1), ALIVE, [])


def test_a_transfer_on_the_day_of_joining_leaves_no_empty_membership() -> None:
    assert domain.transfer(at_east(), WEST, MARCH, ALIVE, []).spells == (home("west", MARCH),)


def test_a_transfer_leaves_the_old_branchs_groups_and_keeps_the_temporary_branch() -> None:
    member = domain.join(at_east(), GROUP, Kind.FURTHER, MARCH, ALIVE)
    member = domain.join(member, TEMPORARY, Kind.FURTHER, MARCH, ALIVE)
    moved = domain.transfer(member, WEST, MAY, ALIVE, [GROUP.id])
    assert {spell.organisation for spell in moved.spells if spell.covers(MAY)} == {"west", "temporary"}


def test_a_further_membership_stands_beside_the_home() -> None:
    both = domain.join(at_east(), TEMPORARY, Kind.FURTHER, MAY, ALIVE)
    assert (both.home_on(MAY), len(both.spells), both.version) == ("east", 2, 2)


@pytest.mark.parametrize("kind", [OrganisationKind.TEMPORARY, OrganisationKind.GROUP, OrganisationKind.BUREAU])
def test_only_a_branch_is_a_home(kind: OrganisationKind) -> None:
    with pytest.raises(domain.WrongOrganisation, match="支部"):
        domain.join(NEWCOMER, organisation("x", kind), Kind.HOME, MARCH, ALIVE)


def test_nobody_joins_the_same_organisation_twice() -> None:
    both = domain.join(at_east(), TEMPORARY, Kind.FURTHER, MAY, ALIVE)
    with pytest.raises(domain.AlreadyMember, match="已属于"):
        domain.join(both, TEMPORARY, Kind.FURTHER, date(2022, 6, 1), ALIVE)


def test_nobody_joins_in_the_future() -> None:
    with pytest.raises(domain.WrongDay, match="晚于今天"):
        domain.join(NEWCOMER, EAST, Kind.HOME, date(2022, 10, 1), ALIVE)


def test_nobody_joins_before_the_founding() -> None:
    with pytest.raises(domain.WrongDay, match="才成立"):
        domain.join(NEWCOMER, EAST, Kind.HOME, date(2019, 12, 31), ALIVE)


def test_nobody_joins_after_death() -> None:
    with pytest.raises(domain.AfterDeath, match="去世"):
        domain.join(NEWCOMER, EAST, Kind.HOME, MAY, Standing(ALIVE.today, died_on=MARCH))


def test_a_membership_recorded_after_the_death_ends_with_it() -> None:
    late = domain.join(NEWCOMER, EAST, Kind.HOME, MARCH, Standing(ALIVE.today, died_on=MAY))
    assert late.spells == (home("east", MARCH, date(2022, 5, 2)),)


def test_a_membership_ends_on_the_first_day_without_it() -> None:
    ended = domain.end(at_east(), EAST.id, MAY, ALIVE)
    assert (ended.home_on(date(2022, 4, 30)), ended.home_on(MAY), ended.version) == ("east", None, 2)


def test_after_leaving_one_may_come_back() -> None:
    ended = domain.end(at_east(), EAST.id, MAY, ALIVE)
    assert domain.join(ended, EAST, Kind.HOME, MAY, ALIVE).home_on(MAY) == "east"


def test_what_does_not_stand_cannot_be_ended() -> None:
    with pytest.raises(domain.NotMember):
        domain.end(at_east(), WEST.id, MAY, ALIVE)


def test_nothing_is_ended_in_the_future() -> None:
    with pytest.raises(domain.WrongDay, match="晚于今天"):
        domain.end(at_east(), EAST.id, date(2022, 10, 1), ALIVE)


def test_a_membership_that_ends_on_its_first_day_was_a_mistake_and_leaves_nothing() -> None:
    assert domain.end(at_east(), EAST.id, MARCH, ALIVE) == History(NEWCOMER.person, (), version=2)


def test_a_mistake_taken_back_leaves_what_stands_beside_and_before_it() -> None:
    moved = domain.transfer(domain.join(at_east(), TEMPORARY, Kind.FURTHER, MARCH, ALIVE), WEST, MAY, ALIVE, [])
    undone = domain.end(moved, WEST.id, MAY, ALIVE)
    assert {(spell.organisation, spell.until) for spell in undone.spells} == {("east", MAY), ("temporary", None)}


def test_the_right_branch_can_be_entered_after_a_wrong_transfer_was_taken_back() -> None:
    undone = domain.end(domain.transfer(at_east(), WEST, MAY, ALIVE, []), WEST.id, MAY, ALIVE)
    assert domain.join(undone, EAST, Kind.HOME, MAY, ALIVE).home_on(MAY) == "east"


def refusals() -> Iterator[Callable[[], object]]:
    south, dead = organisation("south"), Standing(ALIVE.today, died_on=date(2022, 4, 1))
    yield lambda: domain.join(NEWCOMER, EAST, Kind.HOME, date(2022, 10, 1), ALIVE)
    yield lambda: domain.join(NEWCOMER, EAST, Kind.HOME, date(2019, 12, 31), ALIVE)
    yield lambda: domain.join(NEWCOMER, EAST, Kind.HOME, MAY, dead)
    yield lambda: domain.join(at_east(), WEST, Kind.HOME, MAY, ALIVE)
    yield lambda: domain.transfer(NEWCOMER, south, MAY, ALIVE, [])
    yield lambda: domain.end(at_east(), WEST.id, MAY, ALIVE)
    yield lambda: domain.end(at_east(), EAST.id, date(2022, 10, 1), ALIVE)
    yield lambda: domain.take_seat(None, at_east(), EAST, date(2022, 10, 1), ALIVE.today)
    yield lambda: domain.take_seat(None, NEWCOMER, EAST, MAY, ALIVE.today)


@pytest.mark.parametrize("refused", list(refusals()))
def test_a_refusal_does_not_repeat_the_day_that_was_typed(refused: Callable[[], object]) -> None:
    kinds = (domain.WrongDay, domain.AfterDeath, domain.AlreadyMember, domain.NotMember)
    with pytest.raises(kinds) as caught:
        refused()
    assert not any(day in str(caught.value) for day in ("2022-10-01", "2019-12-31", "2022-05-01"))


def test_a_death_ends_every_membership_after_its_day() -> None:
    both = domain.join(at_east(), TEMPORARY, Kind.FURTHER, MARCH, ALIVE)
    closed = domain.close(both, MAY)
    assert {spell.until for spell in closed.spells} == {date(2022, 5, 2)}
    assert closed.version == both.version + 1


def test_a_death_undoes_what_was_recorded_for_later_days() -> None:
    moved = domain.transfer(at_east(), WEST, MAY, ALIVE, [])
    assert domain.close(moved, date(2022, 4, 10)).spells == (home("east", MARCH, date(2022, 4, 11)),)


def test_a_death_after_the_last_membership_changes_nothing() -> None:
    ended = domain.end(at_east(), EAST.id, MAY, ALIVE)
    assert domain.close(ended, date(2022, 8, 1)) == ended
