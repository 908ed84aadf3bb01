"""Objecting to a year's notice."""

from services.scoring.objections.towns import Town


async def test_a_years_notice_is_objected_to_in_its_window(town: Town) -> None:
    await town.notice(-40, -30, state="final")
    await town.evaluated(-3, 3)
    objection = await town.filed(period="2022")
    assert (await town.shown(objection))["period"] == "2022"
    (event,) = await town.events()
    assert (event["type"], event["data"]["period"]) == ("objection.filed.v1", "2022")
    listed = (await town.county.client().get("/objections", period="2022")).json()["items"]
    assert [each["id"] for each in listed] == [objection]


async def test_after_the_years_window_it_is_too_late(town: Town) -> None:
    await town.evaluated(-9, -1)
    answer = await town.county.client().post("/objections", town.body(period="2022"))
    assert (answer.status_code, answer.json()["type"]) == (409, "/problems/outside-window")
    assert f"2022年度的异议期为{town.day(-9)}至{town.day(-1)}" in answer.json()["detail"]


async def test_a_year_that_was_not_evaluated_is_not_objected_to_yet(town: Town) -> None:
    answer = await town.county.client().post("/objections", town.body(period="2022"))
    assert (answer.status_code, answer.json()["type"]) == (409, "/problems/not-noticed")
    assert answer.json()["detail"].startswith("2022年度")


async def test_a_quarter_and_its_year_are_objected_to_beside_each_other(town: Town) -> None:
    await town.evaluated()
    await town.filed()
    await town.filed(period="2022")
    again = await town.county.client().post("/objections", town.body(period="2022"))
    assert again.json()["type"] == "/problems/already-objected"


async def test_what_was_wrong_in_one_of_the_years_quarters_is_withdrawn(town: Town) -> None:
    judgement, subject = await town.deducted()
    await town.evaluated()
    objection = await town.filed(period="2022")
    answer = await town.answer(objection, outcome="upheld", correction=subject)
    assert answer.status_code == 201, answer.text
    assert (await town.county.client().get(f"/judgements/{judgement}")).json()["state"] == "withdrawn"
