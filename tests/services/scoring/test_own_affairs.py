"""Whoever works for a branch is also somebody of another one, and sees the own affairs like everybody."""

from typing import Any

import pytest

from services.scoring.counties import County
from services.scoring.quarters import APRIL, Quarters


@pytest.fixture
def quarters(county: County) -> Quarters:
    return Quarters(county)


@pytest.mark.parametrize("role", ["recorder", "mediator"])
async def test_who_works_elsewhere_sees_the_own_affairs_and_nobody_elses(quarters: Quarters, role: str) -> None:
    await quarters.settle("2022Q1")
    (here, elsewhere), (person, neighbour, _) = quarters.branches, quarters.people
    desk = quarters.county.client()
    for each in (person, neighbour):
        await desk.made("/deductions", {"person": each, "item": "rude", "day": "2022-02-02"})
        await desk.made(
            "/exemptions", {"person": each, "since": "2022-03-01", "until": "2022-03-05", "decision": "会议"}
        )
    await _confirm_all(quarters)
    await quarters.close("2022Q1", APRIL)
    await quarters.notice("2022Q1")
    me = quarters.county.client(role, organisations=[elsewhere] if role == "recorder" else [], person=person)

    async def listed(path: str, key: str = "person") -> list[Any]:
        answer = await me.get(path)
        assert answer.status_code == 200, answer.text
        return [each[key] for each in answer.json()["items"]]

    assert await listed("/judgements") == await listed("/exemptions") == [person]
    expected = [here, elsewhere] if role == "recorder" else [here]
    assert await listed("/notices", "branch") == expected
    asked = [await me.get(f"/people/{each}/total", period="2022Q1") for each in (person, neighbour)]
    assert [answer.status_code for answer in asked] == [200, 403]


async def _confirm_all(quarters: Quarters) -> None:
    """What is confirmed the person may see, and nothing stays proposed, so that the quarter may be closed."""
    admin = quarters.county.client("county_admin")
    for each in (await admin.get("/judgements", state="proposed")).json()["items"]:
        await admin.made(f"/judgements/{each['id']}/confirmation", {})
