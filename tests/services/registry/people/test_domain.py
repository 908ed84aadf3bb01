from dataclasses import replace
from datetime import date

import pytest

from registry.ids import PersonId, UserId
from registry.people import domain
from registry.people.domain import DatedCode, DatedStatus, Kind, Person, Residence, Standing, Status

TODAY = date(2022, 9, 30)
CLERK = UserId("0190a000-0000-7000-8000-000000000001")


def standing(kind: Kind = Kind.TUIXIU, *, party_member: bool = True) -> Standing:
    return Standing(kind, party_member, rank=None, township="430725100", residence=Residence.URBAN)


def person() -> Person:
    return domain.register(PersonId("0190a000-0000-7000-8000-0000000000aa"), standing())


def code(word: str, since: date) -> DatedCode:
    return DatedCode(word, since, CLERK)


def test_a_registered_person_is_active_at_version_one() -> None:
    assert (person().status, person().version) == (Status.ACTIVE, 1)


def test_a_member_who_is_no_cadre_must_be_in_the_party() -> None:
    with pytest.raises(domain.MemberWithoutParty, match="必须是党员"):
        domain.register(person().id, standing(Kind.MEMBER, party_member=False))


def test_amending_makes_the_next_version() -> None:
    assert domain.amend(person(), standing(Kind.LIXIU)).version == 2


def test_amending_to_what_already_stands_says_nothing() -> None:
    assert domain.amend(person(), standing()) == person()


def test_classes_stand_in_the_order_of_their_days_however_they_came() -> None:
    late = domain.classify(person(), code("A", date(2022, 7, 1)), TODAY)
    both = domain.classify(late, code("D", date(2022, 1, 1)), TODAY)
    assert [entry.code for entry in both.classes] == ["D", "A"]


def test_a_second_word_on_the_same_day_replaces_the_first() -> None:
    first = domain.classify(person(), code("A", TODAY), TODAY)
    assert [entry.code for entry in domain.classify(first, code("B", TODAY), TODAY).classes] == ["B"]


def test_the_same_word_on_the_same_day_by_another_clerk_says_nothing() -> None:
    first = domain.assess(person(), code("frail", TODAY), TODAY)
    again = replace(code("frail", TODAY), confirmed_by=UserId("another"))
    assert domain.assess(first, again, TODAY) == first


def test_no_class_holds_from_tomorrow() -> None:
    with pytest.raises(domain.DateInFuture):
        domain.classify(person(), code("A", date(2022, 10, 1)), TODAY)


def test_who_moved_can_come_back() -> None:
    away = domain.moved(person(), date(2022, 3, 1), TODAY)
    back = domain.returned(away, date(2022, 6, 1), TODAY)
    assert (away.status, back.status, back.status_since) == (Status.MOVED, Status.ACTIVE, date(2022, 6, 1))


def test_nobody_comes_back_before_leaving() -> None:
    away = domain.moved(person(), date(2022, 3, 1), TODAY)
    with pytest.raises(domain.BeforeLastChange):
        domain.returned(away, date(2022, 2, 28), TODAY)


def test_nobody_moves_twice_or_comes_back_unmoved() -> None:
    away = domain.moved(person(), date(2022, 3, 1), TODAY)
    with pytest.raises(domain.AlreadyAway):
        domain.moved(away, date(2022, 4, 1), TODAY)
    with pytest.raises(domain.NotAway):
        domain.returned(person(), date(2022, 4, 1), TODAY)


def test_a_death_is_a_dated_status() -> None:
    dead = domain.died(person(), date(2022, 5, 2), TODAY)
    assert (dead.status, dead.status_since, dead.version) == (Status.DIED, date(2022, 5, 2), 2)


def test_a_death_may_lie_before_a_recorded_move() -> None:
    away = domain.moved(person(), date(2022, 6, 1), TODAY)
    assert domain.died(away, date(2022, 5, 2), TODAY).status is Status.DIED


def test_every_change_of_status_is_remembered_with_its_day() -> None:
    away = domain.moved(person(), date(2022, 3, 1), TODAY)
    dead = domain.died(domain.returned(away, date(2022, 6, 1), TODAY), date(2022, 7, 1), TODAY)
    assert dead.statuses == (
        DatedStatus(Status.MOVED, date(2022, 3, 1)),
        DatedStatus(Status.ACTIVE, date(2022, 6, 1)),
        DatedStatus(Status.DIED, date(2022, 7, 1)),
    )


def test_a_death_before_a_recorded_move_drops_the_move() -> None:
    away = domain.moved(person(), date(2022, 6, 1), TODAY)
    assert domain.died(away, date(2022, 5, 31), TODAY).statuses == (DatedStatus(Status.DIED, date(2022, 5, 31)),)


def test_who_moved_is_away_from_the_day_of_leaving_to_the_day_before_the_return() -> None:
    back = domain.returned(domain.moved(person(), date(2022, 3, 2), TODAY), date(2022, 3, 4), TODAY)
    assert [back.away_on(date(2022, 3, day)) for day in (1, 2, 3, 4)] == [False, True, True, False]


def test_the_dead_neither_die_again_nor_move() -> None:
    dead = domain.died(person(), date(2022, 5, 2), TODAY)
    with pytest.raises(domain.AlreadyDied):
        domain.died(dead, date(2022, 5, 3), TODAY)
    with pytest.raises(domain.AlreadyDied):
        domain.moved(dead, date(2022, 6, 1), TODAY)


MOVED, BACK = DatedStatus(Status.MOVED, date(2022, 3, 1)), DatedStatus(Status.ACTIVE, date(2022, 6, 1))
DEAD = DatedStatus(Status.DIED, date(2022, 7, 1))


def correct(held: tuple[DatedStatus, ...], wrong: DatedStatus, right: date | None) -> Person:
    return domain.correct_status(replace(person(), statuses=held), wrong, right, TODAY)


def test_a_corrected_day_is_the_next_version_and_leaves_the_others() -> None:
    after = correct((MOVED, BACK), MOVED, date(2022, 4, 1))
    assert (after.statuses, after.version) == ((DatedStatus(Status.MOVED, date(2022, 4, 1)), BACK), 2)


def test_a_death_that_never_was_is_taken_back() -> None:
    assert correct((MOVED, BACK, DEAD), DEAD, None).status is Status.ACTIVE
    assert correct((MOVED, DEAD), DEAD, None).status is Status.MOVED


def test_a_death_corrected_to_before_a_move_drops_the_move() -> None:
    assert correct((MOVED, DEAD), DEAD, date(2022, 2, 1)).statuses == (DatedStatus(Status.DIED, date(2022, 2, 1)),)


def test_a_correction_to_what_stands_says_nothing() -> None:
    assert correct((MOVED,), MOVED, MOVED.since).version == 1


@pytest.mark.parametrize(
    ("held", "wrong", "right", "refused"),
    [
        ((MOVED, BACK), MOVED, None, domain.StatusesDisagree),
        ((MOVED, BACK), MOVED, date(2022, 6, 2), domain.StatusesDisagree),
        ((MOVED, BACK), BACK, date(2022, 2, 28), domain.StatusesDisagree),
        ((MOVED, DEAD), MOVED, date(2022, 7, 2), domain.StatusesDisagree),
        ((DEAD,), DEAD, date(2022, 10, 1), domain.DateInFuture),
        ((MOVED,), DEAD, None, domain.NoSuchStatus),
        ((MOVED,), DatedStatus(Status.MOVED, date(2022, 3, 2)), None, domain.NoSuchStatus),
    ],
)
def test_a_correction_that_cannot_be_is_refused(
    held: tuple[DatedStatus, ...], wrong: DatedStatus, right: date | None, refused: type[Exception]
) -> None:
    with pytest.raises(refused):
        correct(held, wrong, right)


def test_no_death_is_dated_tomorrow() -> None:
    with pytest.raises(domain.DateInFuture, match="去世日期不能晚于今天"):
        domain.died(person(), date(2022, 10, 1), TODAY)


def test_the_day_of_death_was_lived() -> None:
    dead = domain.died(person(), date(2022, 5, 2), TODAY)
    assert [domain.dead_on(dead, date(2022, 5, day)) for day in (1, 2, 3)] == [False, False, True]
