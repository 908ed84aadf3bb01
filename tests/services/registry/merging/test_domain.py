from dataclasses import replace
from datetime import date

import pytest

from registry.ids import PersonId
from registry.merging import domain
from registry.people import domain as people
from registry.people.domain import Kind, Merged, Person, Standing

TODAY = date(2022, 9, 30)
STANDING = Standing(Kind.TUIXIU, party_member=True, rank=None, township=None, residence=None)
A, B, C = (people.register(PersonId(f"0190a000-0000-7000-8000-0000000000a{order}"), STANDING) for order in (1, 2, 3))
A_IN_B = replace(A, merged_into=B.id, version=2)


def dead(person: Person) -> Person:
    return people.died(person, date(2022, 3, 10), TODAY)


def test_the_entry_that_ends_says_which_one_goes_on_as_its_next_version() -> None:
    assert domain.merge(A, B, {}) == A_IN_B


def test_what_the_entry_says_of_itself_stays() -> None:
    left = people.moved(A, date(2022, 3, 1), TODAY)
    assert domain.merge(left, B, {}).statuses == left.statuses


def test_an_entry_is_not_merged_into_itself() -> None:
    with pytest.raises(domain.SameEntry, match="同一条"):
        domain.merge(A, A, {})


def test_an_entry_ends_once() -> None:
    with pytest.raises(Merged, match=C.id):
        domain.merge(A_IN_B, C, {A.id: C.id})


def test_an_entry_does_not_go_on_in_one_that_ended_and_the_right_one_is_named() -> None:
    with pytest.raises(domain.IntoMerged, match=B.id) as caught:
        domain.merge(C, A_IN_B, {A.id: B.id})
    assert caught.value.errors == [{"field": "into", "merged_into": B.id, "sentence": f"请改填 {B.id}"}]


def test_what_was_merged_the_other_way_round_is_one_already() -> None:
    with pytest.raises(domain.AlreadyOne, match="已经合并过"):
        domain.merge(B, A_IN_B, {A.id: B.id})


@pytest.mark.parametrize(("ended", "into"), [(dead(A), B), (A, dead(B))])
def test_of_one_person_nobody_can_be_dead_and_alive(ended: Person, into: Person) -> None:
    with pytest.raises(domain.DeathsDisagree, match="去世"):
        domain.merge(ended, into, {})


def test_who_is_dead_in_both_entries_can_be_merged() -> None:
    assert domain.merge(dead(A), dead(B), {}).merged_into == B.id
