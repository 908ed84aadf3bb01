"""Whoever decided on a judgement does not decline the objection to what it did."""

from services.scoring.objections.towns import FEBRUARY, Town


async def test_who_confirmed_upholds_and_does_not_decline(town: Town) -> None:
    me = town.county.client("county_admin")
    body = {"person": town.person, "item": "absence", "day": str(FEBRUARY)}
    judgement = await town.county.client().made("/deductions", body)
    await me.made(f"/judgements/{judgement}/confirmation", {})
    objection = await town.filed()
    answer = await town.answer(objection, me)
    assert (answer.status_code, answer.json()["type"]) == (409, "/problems/own-decision")
    assert (await town.shown(objection))["state"] == "filed"
    subject = f"{town.person}/{judgement}"
    assert (await town.answer(objection, me, outcome="upheld", correction=subject)).status_code == 201


async def test_who_confirmed_something_in_the_persons_favour_may_decline(town: Town) -> None:
    """A bureau may have two officials, and one of them has written the objection down."""
    me = town.county.client("county_admin")
    appraisal = {"person": town.person, "item": "family", "period": "2022Q1", "grade": "good"}
    judgement = await town.county.client().made("/appraisals", appraisal)
    await me.made(f"/judgements/{judgement}/confirmation", {})
    assert (await town.answer(await town.filed(), me)).status_code == 201
