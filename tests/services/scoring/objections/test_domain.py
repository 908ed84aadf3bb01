"""When an objection is heard, who may file and who may answer it."""

from dataclasses import replace
from datetime import date

import pytest

from scoring.ids import PersonId, Quarter
from scoring.objections import domain
from scoring.objections.domain import Answer, Filing, Hearing, Party, State

Q1 = Quarter("2022Q1")
ME, OTHER = PersonId("person-1"), PersonId("person-2")
DESK, SECOND = Party("desk"), Party("second")
HEARING = Hearing(Q1, "closed", date(2022, 4, 11), date(2022, 4, 18))
FILING = Filing(ME, Q1, date(2022, 4, 15), "paper", "少记了一次党课。")
TODAY = date(2022, 4, 20)
DECLINED, UPHELD = Answer(State.DECLINED, "已核对。"), Answer(State.UPHELD, "已补记。", "fact-1")


def file(filing: Filing = FILING, by: Party = DESK, hearing: Hearing = HEARING) -> domain.Objection:
    return domain.file("objection-1", filing, by, hearing, TODAY)


@pytest.mark.parametrize("day", [date(2022, 4, 11), date(2022, 4, 18)])
def test_the_windows_first_and_last_day_belong_to_it(day: date) -> None:
    assert file(replace(FILING, filed_on=day)).state is State.FILED


@pytest.mark.parametrize("day", [date(2022, 4, 10), date(2022, 4, 19)])
def test_a_day_outside_the_window_is_refused_with_the_dates(day: date) -> None:
    with pytest.raises(domain.OutsideWindow, match=f"2022-04-11至2022-04-18，{day}"):
        file(replace(FILING, filed_on=day))


def test_before_the_notice_there_is_nothing_to_object_to() -> None:
    with pytest.raises(domain.NotNoticed):
        file(hearing=Hearing(Q1, "closed", None, None))


def test_what_is_final_is_not_objected_to() -> None:
    with pytest.raises(domain.AlreadyFinal):
        file(hearing=replace(HEARING, state="final"))


def test_a_day_that_is_still_to_come_is_refused() -> None:
    with pytest.raises(domain.NotTheDay, match="不能晚于当天"):
        file(replace(FILING, filed_on=date(2022, 4, 21)), hearing=replace(HEARING, until=date(2022, 4, 30)))


def test_nobody_dates_their_own_filing_back() -> None:
    with pytest.raises(domain.NotTheDay, match="只能是当天"):
        file(replace(FILING, origin="self"), Party("user", ME))


@pytest.mark.parametrize("origin", ["desk", "phone", "paper", "proxy"])
def test_every_way_of_filing_counts_the_same(origin: str) -> None:
    filed = file(replace(FILING, origin=origin))
    assert (filed.state, filed.filing.on_behalf_of) == (State.FILED, ME if origin == "proxy" else None)


@pytest.mark.parametrize(
    ("filing", "by"),
    [
        (replace(FILING, origin="self"), DESK),
        (replace(FILING, filed_on=TODAY), Party("user", ME)),
        (replace(FILING, on_behalf_of=ME), DESK),
        (replace(FILING, origin="proxy", on_behalf_of=OTHER), DESK),
    ],
)
def test_an_origin_that_cannot_be_is_refused(filing: Filing, by: Party) -> None:
    with pytest.raises(domain.WrongOrigin):
        file(filing, by)


def test_somebody_else_declines_or_upholds() -> None:
    assert domain.answer(file(), DECLINED, SECOND, ME).state is State.DECLINED
    assert domain.answer(file(), UPHELD, SECOND, ME).answer == UPHELD


@pytest.mark.parametrize("by", [DESK, Party("second", ME)])
def test_neither_who_filed_it_nor_whose_it_is_answers(by: Party) -> None:
    with pytest.raises(domain.OwnObjection):
        domain.answer(file(), DECLINED, by, ME)


def test_an_answer_is_given_once() -> None:
    with pytest.raises(domain.AlreadyAnswered):
        domain.answer(domain.answer(file(), DECLINED, SECOND, ME), UPHELD, SECOND, ME)


@pytest.mark.parametrize("given", [replace(UPHELD, correction=None), replace(DECLINED, correction="fact-1")])
def test_a_correction_goes_with_what_is_upheld_and_with_nothing_else(given: Answer) -> None:
    with pytest.raises(domain.CorrectionMissing):
        domain.answer(file(), given, SECOND, ME)


def test_each_event_has_the_next_version() -> None:
    assert [file().version, domain.answer(file(), DECLINED, SECOND, ME).version] == [1, 2]
