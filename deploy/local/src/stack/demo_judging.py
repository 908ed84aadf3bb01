"""The steps in which people judge: one proposes, another confirms; quarters close, are published, answered, final."""

from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

from stack.demo_county import County
from stack.pack import Row


async def appraise(county: County, step: Row) -> None:
    for person in step["people"]:
        body = {"person": county.people[person], **{name: step[name] for name in ("item", "period", "grade")}}
        await _judge(county, "/appraisals", f"{step['key']}/{person}", body)
    county.pace.step()


async def deduct(county: County, step: Row) -> None:
    body = {"person": county.people[step["person"]], "item": step["item"], "day": str(step["day"])}
    await _judge(county, "/deductions", step["key"], body)
    county.pace.step()


async def _judge(county: County, path: str, key: str, body: Row) -> None:
    """What the admin proposes the deputy confirms."""
    judgement = await county.scoring.post(path, key, body)
    await county.deputy.post(f"/judgements/{judgement}/confirmation", f"{key}/confirmation")


async def confirm(county: County, step: Row) -> None:
    """Confirm what an absence proposed by itself, however it stands by now: a second run asks the same again."""
    await county.settled()
    source = f"{county.activities[step['activity']]}/{county.people[step['person']]}"
    async for judgement in county.deputy.pages("/judgements"):
        if judgement["source"] == source and judgement["item"] == step["item"]:
            await county.deputy.post(f"/judgements/{judgement['id']}/confirmation", f"{step['key']}/confirmation")
    county.pace.step()


async def refuse_absences(county: County, step: Row) -> None:
    await county.settled()
    open_ = [one["id"] async for one in county.deputy.pages("/judgements", state="proposed", period=step["period"])]
    await county.pace.together(partial(_refuse, county, step["key"]), open_)
    county.pace.step()


async def _refuse(county: County, key: str, judgement: str) -> None:
    await county.deputy.post(f"/judgements/{judgement}/refusal", f"{key}/{judgement}")


async def exempt(county: County, step: Row) -> None:
    days = {name: str(step[name]) for name in ("since", "until") if name in step}
    body = {"person": county.people[step["person"]], **days, "decision": step["decision"]}
    await county.scoring.post("/exemptions", step["key"], body)
    county.pace.step()


async def close(county: County, step: Row) -> None:
    """The step before it waited until nothing was on its way, as a clerk does until the preview says so."""
    await _of_period(county, step, "closing")


async def publish(county: County, step: Row) -> None:
    await _of_period(county, step, "notice", {"published_on": str(step["on"])})


async def finalise(county: County, step: Row) -> None:
    await _of_period(county, step, "finalisation")


async def _of_period(county: County, step: Row, what: str, body: Row | None = None) -> None:
    await county.scoring.post(f"/periods/{step['period']}/{what}", step["key"], body)
    county.pace.step()


async def object_(county: County, step: Row) -> None:
    body = {
        "person": county.people[step["person"]],
        "period": step["period"],
        "filed_on": str(step["on"]),
        "origin": step["origin"],
        "statement": step["statement"],
    }
    county.objections[step["key"]] = await county.scoring.post("/objections", step["key"], body)
    county.pace.step()


async def answer(county: County, step: Row) -> None:
    """Somebody else answers than who wrote it down. The correction has to be known before it can be named."""
    await county.settled()
    body: dict[str, Any] = {"outcome": step["outcome"], "reason": step["reason"]}
    if "activity" in step:
        objection = county.pack.step(step["objection"])
        body["correction"] = f"{county.activities[step['activity']]}/{county.people[objection['person']]}"
    await county.deputy.post(f"/objections/{county.objections[step['objection']]}/answer", step["key"], body)
    county.pace.step()


STEPS: dict[str, Callable[[County, Row], Awaitable[None]]] = {
    "appraise": appraise,
    "deduct": deduct,
    "confirm": confirm,
    "absences": refuse_absences,
    "exempt": exempt,
    "close": close,
    "publish": publish,
    "finalise": finalise,
    "object": object_,
    "answer": answer,
}
