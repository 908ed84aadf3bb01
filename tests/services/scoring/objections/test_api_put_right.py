"""What may be named as having put right what an objection is about."""

from datetime import UTC, date, datetime, timedelta

import pytest

from scoring.ledger.domain.standing import Held, Life
from services.scoring.envelopes import new_id, news
from services.scoring.objections.towns import FEBRUARY, LONG_AGO, Town

MAY = date(2022, 5, 5)
OK = (201, "")


async def uphold(town: Town, objection: str, correction: str) -> tuple[int, str]:
    answer = await town.answer(objection, outcome="upheld", correction=correction)
    return answer.status_code, answer.json().get("type", "").removeprefix("/problems/")


async def test_an_attendance_puts_right_once_it_was_put_right_itself(town: Town) -> None:
    objection = await town.filed()
    assert await uphold(town, objection, town.attendance) == (409, "not-corrected")
    await town.record(town.attendance)
    assert await uphold(town, objection, town.attendance) == OK


async def test_an_attendance_that_was_missing_is_entered(town: Town) -> None:
    objection, subject = await town.filed(), f"{new_id()}/{town.person}"
    assert await uphold(town, objection, subject) == (409, "not-known-yet")
    await town.record(subject, 1)
    assert await uphold(town, objection, subject) == OK


async def test_what_was_put_right_before_the_paper_was_recorded_counts(town: Town) -> None:
    town.county.now = datetime.now(UTC) + timedelta(minutes=1)  # after the close, by the worker's clock
    await town.record(town.attendance, 2, MAY)
    assert await uphold(town, await town.filed(origin="paper"), town.attendance) == OK


async def test_an_attendance_of_another_quarter_puts_nothing_right(town: Town) -> None:
    objection, subject = await town.filed(), f"{new_id()}/{town.person}"
    await town.record(subject, 1, MAY)
    assert await uphold(town, objection, subject) == (422, "correction-elsewhere")


async def test_an_attendance_that_was_moved_out_of_the_quarter_belonged_to_it(town: Town) -> None:
    objection = await town.filed()
    await town.record(town.attendance, 2, MAY)
    assert await uphold(town, objection, town.attendance) == OK


async def test_what_can_never_be_the_persons_is_refused_at_once(town: Town) -> None:
    objection = await town.filed()
    others = (await town.subject_of(town.other), new_id(), town.other, f"{new_id()}/{new_id()}")
    for subject in (*others, f"{town.person}/{new_id()}", f"{town.other}/{new_id()}"):
        assert await uphold(town, objection, subject) == (422, "never-a-correction"), subject
    assert (await town.shown(objection))["state"] == "filed"


async def test_a_judgement_of_another_quarter_is_not_withdrawn(town: Town) -> None:
    book = (await town.county.rows("SELECT id FROM books WHERE county = :county"))[0].id
    await town.county.open("2022Q2", book)
    await town.county.sweep()
    judgement, subject = await town.deducted(MAY)
    objection = await town.filed()
    assert await uphold(town, objection, subject) == (422, "correction-elsewhere")
    assert (await town.county.client().get(f"/judgements/{judgement}")).json()["state"] == "confirmed"


async def test_a_proposal_that_nobody_confirmed_put_nothing_right(town: Town) -> None:
    body = {"person": town.person, "item": "absence", "day": str(FEBRUARY)}
    judgement = await town.county.client().made("/deductions", body)
    assert await uphold(town, await town.filed(), f"{town.person}/{judgement}") == (409, "not-corrected")


async def test_an_appraisal_that_was_missing_stays(town: Town) -> None:
    objection = await town.filed()
    body = {"person": town.person, "item": "family", "period": "2022Q1", "grade": "good"}
    judgement = await town.county.client().made("/appraisals", body)
    await town.county.client().made(f"/judgements/{judgement}/confirmation", {})
    assert await uphold(town, objection, f"{town.person}/{judgement}") == OK
    assert (await town.county.client().get(f"/judgements/{judgement}")).json()["state"] == "confirmed"


@pytest.mark.parametrize(
    ("since", "expected"), [("2022-03-01", OK), ("2021-12-01", OK), ("2022-05-01", (409, "not-corrected"))]
)
async def test_an_exemption_of_the_quarter_puts_right(town: Town, since: str, expected: tuple[int, str]) -> None:
    objection = await town.filed()
    body = {"person": town.person, "since": since, "until": "2022-06-01", "decision": "会议决定"}
    exemption = await town.county.client().made("/exemptions", body)
    assert await uphold(town, objection, f"{town.other}/{exemption}") == (422, "never-a-correction")
    assert await uphold(town, objection, f"{town.person}/{exemption}") == expected


async def test_a_class_that_was_put_right_is_named_by_the_person(town: Town) -> None:
    objection = await town.filed()
    assert await uphold(town, objection, town.person) == (409, "not-corrected")
    life = Life(2, (Held("B", LONG_AGO),))
    await town.county.apply([news(town.county.id, town.person, life)])
    assert await uphold(town, objection, town.person) == OK
