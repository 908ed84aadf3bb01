"""What cannot be judged is refused with a sentence, and nothing has changed."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import httpx
import pytest

from scoring.ids import PersonId
from services.scoring.envelopes import new_id
from services.scoring.judgements.benches import LONG_AGO, MARCH, Bench, missed, slug

LATER = datetime(2098, 12, 1, 4, tzinfo=UTC)


async def unchanged(bench: Bench, path: str, body: Any, *, by: str = "desk") -> httpx.Response:
    before = await bench.everything()
    answer = await (bench.desk if by == "desk" else bench.second).post(path, body)
    assert await bench.everything() == before
    return answer


@pytest.mark.parametrize(
    ("changed", "refusal", "sentence"),
    [
        ({"item": "nothing"}, "unknown-item", "没有这个评议项目"),
        ({"item": "absence"}, "unknown-item", "没有这个评议项目"),
        ({"grade": "superb"}, "unknown-grade", "可选的等次是：fair、good"),
        ({"period": "2022Q2"}, "period-not-opened", "2022Q2尚未开启"),
        ({"month": "2022-01"}, "month-not-asked", "每季度评议一次"),
        ({"item": "opinion"}, "month-not-asked", "每月评议一次"),
        ({"item": "opinion", "month": "2022-04"}, "month-not-in-period", "不在2022Q1之内"),
    ],
)
async def test_an_appraisal_that_the_book_does_not_know(
    bench: Bench, changed: dict[str, Any], refusal: str, sentence: str
) -> None:
    body = {"person": await bench.member(), "item": "family", "period": "2022Q1", "grade": "good", **changed}
    answer = await unchanged(bench, "/appraisals", body)
    assert slug(answer) == (422, refusal)
    assert sentence in answer.json()["detail"]


async def test_an_appraisal_of_somebody_out_of_scope(bench: Bench) -> None:
    person = await bench.member(code="X")
    body = {"person": person, "item": "family", "period": "2022Q1", "grade": "good"}
    answer = await unchanged(bench, "/appraisals", body)
    assert slug(answer) == (422, "out-of-scope")
    assert answer.json()["detail"] == "这位同志2022Q1不参加积分，不能评议或扣分。"


async def test_a_quarter_that_has_not_begun(bench: Bench) -> None:
    person, book = await bench.member(), (await bench.desk.get("/books")).json()["items"][0]["id"]
    bench.county.now = LATER  # whoever opened it had a clock that was ahead
    await bench.county.open("2098Q4", book)
    body = {"person": person, "item": "family", "period": "2098Q4", "grade": "good"}
    assert slug(await unchanged(bench, "/appraisals", body)) == (422, "judgement-in-future")


@pytest.mark.parametrize(
    ("changed", "refusal", "sentence"),
    [
        ({"item": "family"}, "unknown-item", "没有这个扣分或一票否决项目"),
        ({"item": "absence-b"}, "not-for-class", "不适用于这位同志的人员类别"),
        ({"day": "2022-04-01"}, "period-not-opened", "2022Q2尚未开启"),
    ],
)
async def test_a_deduction_that_the_book_does_not_know(
    bench: Bench, changed: dict[str, Any], refusal: str, sentence: str
) -> None:
    body = {"person": await bench.member(), "item": "absence", "day": "2022-03-01", **changed}
    answer = await unchanged(bench, "/deductions", body)
    assert slug(answer) == (422, refusal)
    assert sentence in answer.json()["detail"]


async def test_a_day_that_is_still_to_come(bench: Bench) -> None:
    book = (await bench.desk.get("/books")).json()["items"][0]["id"]
    day = date.today() + timedelta(days=2)  # noqa: DTZ011 — further off than any time zone
    bench.county.now = LATER
    await bench.county.open(f"{day.year}Q{(day.month + 2) // 3}", book)
    person = await bench.member()
    answer = await unchanged(bench, "/deductions", {"person": person, "item": "absence", "day": day.isoformat()})
    assert slug(answer) == (422, "judgement-in-future")


async def test_somebody_whom_scoring_has_not_heard_of(bench: Bench) -> None:
    body = {"person": new_id(), "item": "family", "period": "2022Q1", "grade": "good"}
    assert slug(await unchanged(bench, "/appraisals", body)) == (409, "not-known-yet")


async def test_a_second_appraisal_of_the_same(bench: Bench) -> None:
    person = await bench.member()
    first = await bench.appraise(person)
    body = {"person": person, "item": "family", "period": "2022Q1", "grade": "fair"}
    assert slug(await unchanged(bench, "/appraisals", body)) == (409, "already-appraised")
    await bench.confirmed(first)
    assert slug(await unchanged(bench, "/appraisals", body)) == (409, "already-appraised")


async def test_a_second_deduction_of_the_same_day_and_item(bench: Bench) -> None:
    person = await bench.member()
    first = (await bench.deduct(person)).json()["id"]
    body = {"person": person, "item": "absence", "day": MARCH.isoformat()}
    answer = await unchanged(bench, "/deductions", body)
    assert slug(answer) == (409, "already-proposed")
    assert "2022-03-09的这个项目已有一项扣分" in answer.json()["detail"]
    await bench.act(first)
    assert slug(await unchanged(bench, "/deductions", body)) == (409, "already-proposed")
    for other in ({"item": "discipline"}, {"day": "2022-03-10"}):
        assert (await bench.desk.post("/deductions", {**body, **other})).status_code == 201
    await bench.act(first, "withdrawal")
    assert (await bench.deduct(person)).status_code == 201


async def test_a_deduction_that_an_absence_or_the_other_entry_has_already(bench: Bench) -> None:
    ended, goes_on, absent = [await bench.member() for _ in range(3)]
    await bench.tell(absent, missed(absent))
    await bench.deduct(ended)
    await bench.merge(ended, goes_on)
    for person in (absent, goes_on):
        assert slug(await bench.deduct(person)) == (409, "already-proposed")


async def test_once_it_is_withdrawn_it_may_be_appraised_again(bench: Bench) -> None:
    person = await bench.member()
    await bench.act(await bench.confirmed(await bench.appraise(person)), "withdrawal")
    await bench.confirmed(await bench.appraise(person, "fair"))
    assert await bench.total(person) == 630


async def test_ones_own_proposal(bench: Bench) -> None:
    judgement = (await bench.deduct(await bench.member())).json()["id"]
    answer = await unchanged(bench, f"/judgements/{judgement}/confirmation", None)
    assert slug(answer) == (409, "own-proposal")
    assert answer.json()["detail"] == "这项扣分是您本人提出的，须由另一位同志确认。"


async def test_what_counted_is_withdrawn_by_another_and_with_a_reason(bench: Bench) -> None:
    judgement = await bench.confirmed(await bench.deduct(await bench.member()))
    path = f"/judgements/{judgement}/withdrawal"
    own = await unchanged(bench, path, {"reason": "有误"})
    assert (slug(own), own.json()["detail"]) == (
        (409, "own-proposal"), "这项扣分是您本人提出的，须由另一位同志撤回。"
    )  # fmt: skip
    silent = await unchanged(bench, path, {}, by="second")
    assert (slug(silent), silent.json()["detail"]) == (
        (422, "reason-missing"), "这项扣分已经确认，撤回时请写明理由。"
    )  # fmt: skip
    assert (await bench.second.post(path, {"reason": "有误"})).status_code == 201


@pytest.mark.parametrize(
    ("done", "then", "sentence"),
    [
        ("confirmation", "confirmation", "这项扣分已经确认，不能再确认。"),
        ("confirmation", "refusal", "这项扣分已经确认，不能再退回。"),
        ("refusal", "confirmation", "这项扣分已经退回，不能再确认。"),
        ("refusal", "withdrawal", "这项扣分已经退回，不能再撤回。"),
        ("withdrawal", "withdrawal", "这项扣分已经撤回，不能再撤回。"),
        ("withdrawal", "confirmation", "这项扣分已经撤回，不能再确认。"),
    ],
)
async def test_what_is_decided_already(bench: Bench, done: str, then: str, sentence: str) -> None:
    judgement = (await bench.deduct(await bench.member())).json()["id"]
    await bench.act(judgement, done)
    answer = await unchanged(bench, f"/judgements/{judgement}/{then}", None, by="second")
    assert slug(answer) == (409, "judgement-decided")
    assert answer.json()["detail"] == sentence


async def test_who_left_scope_meanwhile_is_not_confirmed(bench: Bench) -> None:
    person = PersonId(await bench.member())
    judgement = (await bench.appraise(person)).json()["id"]
    await bench.leaves(person, LONG_AGO)
    answer = await unchanged(bench, f"/judgements/{judgement}/confirmation", None, by="second")
    assert slug(answer) == (422, "out-of-scope")


@pytest.mark.parametrize("words", ["", "   ", "字" * 501])
async def test_grounds_are_words_or_not_there(bench: Bench, words: str) -> None:
    assert slug(await bench.deduct(await bench.member(), grounds=words)) == (422, "invalid-input")
