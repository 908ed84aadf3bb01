"""What may be proposed by the book, and what proposals become of the facts that ask for them."""

import re
from dataclasses import replace
from datetime import date

import pytest

from scoring.forms import UUID7
from scoring.ids import BookId, OrganisationId, PersonId, Quarter
from scoring.judgements import domain
from scoring.judgements.domain import Appraisal, ExemptDay, Judgement, NotForClass, OutOfScope, State, Wanted
from scoring.ledger.domain.standing import Belonging, Exemption, Held, Life, Membership, Standing
from scoring.periods.domain import open_period
from scoring.rulebooks.domain import Vocabulary, read
from services.scoring.judgements.benches import BOOK, LONG_AGO
from services.scoring.judgements.test_course import DEDUCTION, PERSON, SOURCE

WORDS = Vocabulary(
    scorable={"activity.attended": True, "activity.missed": False}, proposing=frozenset({"activity.missed"})
)
RULES = read(BOOK, WORDS)
PERIOD = open_period("2022Q1", BookId("book"), date(2022, 1, 1))
TODAY = date(2022, 5, 1)
HOME = Belonging(1, (Membership(OrganisationId("branch"), home=True, since=LONG_AGO, until=None),))
COUNTY, OTHER = "0190b5a0-0000-7000-8000-0000000000c1", "0190b5a0-0000-7000-8000-0000000000c2"
ID = domain.derived_id(COUNTY, SOURCE, "absence")


def standing(code: str = "A", *exemptions: Exemption) -> Standing:
    return Standing(Life(1, (Held(code, LONG_AGO),)), exemptions)


@pytest.mark.parametrize(
    ("item", "month", "day"),
    [("family", None, date(2022, 3, 31)), ("opinion", "2022-02", date(2022, 2, 28)),
     ("opinion", "2022-03", date(2022, 3, 31))],
)  # fmt: skip
def test_an_appraisal_counts_on_the_last_day_of_what_it_is_about(item: str, month: str | None, day: date) -> None:
    wanted = Appraisal(PERSON, item, Quarter("2022Q1"), "good", month)
    assert domain.appraise(wanted, PERIOD, RULES, TODAY).day == day


def test_a_quarter_may_be_appraised_from_its_first_day_on() -> None:
    wanted = Appraisal(PERSON, "family", Quarter("2022Q1"), "good")
    assert domain.appraise(wanted, PERIOD, RULES, PERIOD.starts_on).grade == "good"
    with pytest.raises(domain.JudgementInFuture):
        domain.appraise(wanted, PERIOD, RULES, date(2021, 12, 31))


def test_somebody_in_scope_is_admitted() -> None:
    domain.admit(DEDUCTION, standing(), HOME, PERIOD, RULES)


def test_who_is_not_judged_is_not_admitted() -> None:
    with pytest.raises(OutOfScope):
        domain.admit(DEDUCTION, standing(), Belonging(), PERIOD, RULES)
    with pytest.raises(NotForClass):
        domain.admit(replace(DEDUCTION, item="absence-b"), standing(), HOME, PERIOD, RULES)
    domain.admit(replace(DEDUCTION, item="absence-b"), standing("B"), HOME, PERIOD, RULES)


def test_an_exempt_day_is_free_of_deductions_to_the_day() -> None:
    spring = Exemption("x", 1, date(2022, 3, 9), date(2022, 3, 10))
    for day in (date(2022, 3, 8), date(2022, 3, 10)):
        domain.admit(replace(DEDUCTION, day=day), standing("A", spring), HOME, PERIOD, RULES)
    with pytest.raises(ExemptDay):
        domain.admit(DEDUCTION, standing("A", spring), HOME, PERIOD, RULES)


def test_a_derived_id_is_a_uuid_and_always_the_same() -> None:
    assert re.match(UUID7, ID)
    assert domain.derived_id(COUNTY, SOURCE, "absence") == ID
    assert ID[:13] == SOURCE[:13]


def test_another_county_fact_or_item_has_another_id() -> None:
    other = SOURCE.replace("0009/", "0008/")
    others = [(OTHER, SOURCE, "absence"), (COUNTY, other, "absence"), (COUNTY, SOURCE, "discipline")]
    assert len({ID, *(domain.derived_id(*each) for each in others)}) == 4


def asked(by: str = "recorder", day: date = DEDUCTION.day) -> Wanted:
    return Wanted(ID, replace(DEDUCTION, day=day), by)


def followed(before: Judgement | None, *wanted: Wanted) -> Judgement | None:
    kept = {} if before is None else {before.id: before}
    changes = list(domain.follow(kept, wanted))
    assert [was for was, _ in changes] in ([], [before])
    return changes[0][1] if changes else before


def test_what_is_asked_for_is_proposed_by_who_recorded_it() -> None:
    assert followed(None, asked()) == Judgement(ID, DEDUCTION, "recorder")


def test_what_is_still_asked_for_stays() -> None:
    proposed = Judgement(ID, DEDUCTION, "recorder")
    for before in (proposed, domain.confirm(proposed, "second"), domain.refuse(proposed, "second", None)):
        assert list(domain.follow({ID: before}, [asked()])) == []


def test_a_proposal_moves_with_its_fact_and_with_who_recorded_it_last() -> None:
    proposed = Judgement(ID, DEDUCTION, "recorder")
    moved = followed(proposed, asked("another", date(2022, 2, 1)))
    assert moved is not None
    assert (moved.state, moved.proposed_by, moved.about.day) == (State.PROPOSED, "another", date(2022, 2, 1))


def test_who_saves_the_same_again_does_not_take_the_proposal_over() -> None:
    again = followed(Judgement(ID, DEDUCTION, "recorder"), asked("another"))
    assert again is not None
    assert again.proposed_by == "recorder"
    assert again.makers == {"recorder", "another"}
    assert list(domain.follow({ID: again}, [asked("recorder")])) == []


def test_nobody_who_ever_recorded_it_confirms_it() -> None:
    first = Judgement(ID, DEDUCTION, "recorder")
    moved = followed(first, asked("another", date(2022, 2, 1)))
    returned = followed(domain.lapse(first), asked("another"))
    for proposal in (moved, returned, followed(first, asked("another"))):
        assert proposal is not None
        for by in ("recorder", "another"):
            with pytest.raises(domain.OwnProposal):
                domain.confirm(proposal, by)
        assert domain.confirm(proposal, "third").state is State.CONFIRMED


def test_what_is_not_asked_for_lapses_unless_somebody_has_said_no() -> None:
    proposed = Judgement(ID, DEDUCTION, "recorder")
    refused = domain.refuse(proposed, "second", "不属实")
    for before, state in ((proposed, State.WITHDRAWN), (refused, State.REFUSED)):
        after = followed(before)
        assert after is not None
        assert after.state is state


def test_a_judgement_stays_that_of_whom_it_was_made_for() -> None:
    proposed = Judgement(ID, DEDUCTION, "recorder")
    after = followed(proposed, Wanted(ID, replace(DEDUCTION, person=PersonId("another")), "recorder"))
    assert after == proposed
