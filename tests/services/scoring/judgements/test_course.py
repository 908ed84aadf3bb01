"""A judgement's life as a table: what may follow what, who may decide, and what is told of it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest

from scoring.ids import PersonId, Quarter
from scoring.judgements import domain
from scoring.judgements.domain import About, Judgement, JudgementId, Kind, NotThatWay, OwnProposal, State
from scoring.judgements.domain.course import propose_again
from scoring.judgements.domain.judgement import COURSE, Act
from scoring.rulebooks.domain import Shape

PERSON = PersonId("0190b5a0-0000-7000-8000-000000000001")
SOURCE = f"0190b5a0-0000-7000-8000-000000000009/{PERSON}"
ID = JudgementId("0190b5a0-0000-7000-8000-00000000000a")
DEDUCTION = About(PERSON, Kind.DEDUCTION, "absence", Quarter("2022Q1"), date(2022, 3, 9), source=SOURCE)
APPRAISAL = About(PERSON, Kind.APPRAISAL, "family", Quarter("2022Q1"), date(2022, 3, 31), grade="good")


def judgement(state: State = State.PROPOSED, told: int = 0) -> Judgement:
    return Judgement(ID, DEDUCTION, "first", state, told)


ACTS: dict[Act, Callable[[Judgement], Judgement]] = {
    Act.CONFIRM: lambda it: domain.confirm(it, "second"),
    Act.REFUSE: lambda it: domain.refuse(it, "second", None),
    Act.WITHDRAW: lambda it: domain.withdraw(it, "second", "有误"),
    Act.LAPSE: domain.lapse,
    Act.RETURN: lambda it: propose_again(it, "first"),
}


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("act", Act)
def test_what_may_follow_what(state: State, act: Act) -> None:
    expected = {
        ("proposed", "confirm"): "confirmed", ("proposed", "refuse"): "refused", ("proposed", "withdraw"): "withdrawn",
        ("proposed", "lapse"): "withdrawn", ("confirmed", "withdraw"): "withdrawn", ("confirmed", "lapse"): "withdrawn",
        ("withdrawn", "return"): "proposed",
    }.get((state.value, act.value))  # fmt: skip
    if expected is None:
        with pytest.raises(NotThatWay):
            ACTS[act](judgement(state))
    else:
        assert ACTS[act](judgement(state)).state == expected
    assert ((state, act) in COURSE) is (expected is not None)


def test_the_proposer_does_not_confirm() -> None:
    with pytest.raises(OwnProposal):
        domain.confirm(judgement(), "first")


def test_the_proposer_may_withdraw_what_nobody_has_confirmed() -> None:
    assert domain.withdraw(judgement(), "first", None).state is State.WITHDRAWN


def test_what_counted_is_withdrawn_by_another_and_with_a_reason() -> None:
    confirmed = domain.confirm(replace(judgement(), recorders=frozenset({"third"})), "second")
    for maker in ("first", "third"):
        with pytest.raises(OwnProposal, match="须由另一位同志撤回"):
            domain.withdraw(confirmed, maker, "有误")
    with pytest.raises(domain.ReasonMissing):
        domain.withdraw(confirmed, "second", None)
    assert domain.withdraw(confirmed, "second", "有误").reason == "有误"


def test_only_what_counted_is_told_of() -> None:
    confirmed = domain.confirm(judgement(), "second")
    assert confirmed.told == 1
    assert [domain.lapse(each).told for each in (judgement(), confirmed)] == [0, 2]
    assert [domain.withdraw(each, "x", "有误").told for each in (judgement(), confirmed)] == [0, 2]
    assert domain.refuse(judgement(), "second", None).told == 0


def test_what_lapsed_names_nobody_and_what_was_withdrawn_does() -> None:
    assert domain.lapse(judgement()).lapsed
    assert not domain.withdraw(judgement(), "second", None).lapsed


def test_a_confirmed_judgement_is_a_fact_of_its_item() -> None:
    fact = domain.fact_of(domain.confirm(Judgement(ID, APPRAISAL, "first"), "second"))
    assert fact.shape == Shape("appraisal.confirmed", "family", None, "", "good")
    assert (fact.person, fact.subject, fact.version, fact.withdrawn) == (PERSON, f"{PERSON}/{ID}", 1, False)
    assert (fact.day, fact.occurrence) == (APPRAISAL.day, "")


def test_what_was_withdrawn_is_a_withdrawn_fact_of_the_next_version() -> None:
    fact = domain.fact_of(domain.lapse(domain.confirm(judgement(), "second")))
    assert (fact.version, fact.withdrawn, fact.shape.event) == (2, True, "deduction.confirmed")
    assert fact.occurrence == SOURCE.split("/", maxsplit=1)[0]


@pytest.mark.parametrize(
    ("period_state", "state", "said"),
    [("open", State.PROPOSED, False), ("closed", State.PROPOSED, True), ("final", State.CONFIRMED, True),
     ("closed", State.REFUSED, False), ("closed", State.WITHDRAWN, False)],
)  # fmt: skip
def test_it_is_said_what_becomes_of_it_in_a_closed_quarter(period_state: str, state: State, said: bool) -> None:
    sentence = domain.late("2022Q1", period_state, state)
    assert ("补2022Q1" in (sentence or "")) is said
