"""What the stream's server answers: to a county's staff, of that county, and how the process is."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from joserfc.jwk import KeySet
from sqlalchemy.ext.asyncio import create_async_engine

from kit.tokens import fixed_keys
from scoring.app import build_tallies
from scoring.ids import CountyId, PersonId
from scoring.tallies.domain.checking import Findings
from scoring.tallies.handlers import Tallies
from services.scoring.counties import KEY, SETTINGS
from services.scoring.envelopes import new_id
from services.scoring.streams import token
from services.scoring.tallies.given import COUNTY, EAST, WEST, event, row

ELSEWHERE = CountyId(new_id())
NOWHERE = create_async_engine("postgresql+asyncpg://nowhere/jinqiu")


class Sick(Exception):
    pass


async def well() -> None:
    return


async def sick() -> None:
    raise Sick


def app_of(tallies: Tallies, alive: Any = well) -> FastAPI:
    app = build_tallies(SETTINGS, NOWHERE, tallies, alive=alive, keys=fixed_keys(KeySet([KEY])))
    wednesday = datetime(2022, 7, 5, 17, tzinfo=UTC)  # it is already that day in Shanghai
    app.state.shell = replace(app.state.shell, clock=lambda: wednesday)
    return app


async def get(app: FastAPI, path: str = "/api/v1/tallies", role: str = "desk", county: str = COUNTY) -> httpx.Response:
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://stream") as client:
        return await client.get(path, headers={"Authorization": f"Bearer {token(county, role)}"})


@pytest.fixture
def tallies() -> Tallies:
    made = Tallies(recovered=True)
    made.hear(
        event(PersonId(new_id()), told)
        for told in (
            row(1, 650, booked=650),
            row(1, 600, branch=WEST, booked=600, day=date(2022, 7, 6)),
            row(1, 700, branch=WEST, booked=700, day=date(2022, 7, 3)),
            row(1, 999, county=ELSEWHERE, booked=999),
        )
    )
    return made


async def test_a_countys_sums_and_each_branchs_today_and_this_week(tallies: Tallies) -> None:
    tallies.findings = Findings(datetime(2022, 7, 5, tzinfo=UTC), 4, {COUNTY: 1, ELSEWHERE: 7}, {ELSEWHERE: 3})
    answer = (await get(app_of(tallies))).json()
    assert (answer["today"], answer["week_from"]) == ("2022-07-06", "2022-07-04")
    east, west = answer["branches"]
    assert (east["organisation"], west["organisation"]) == (EAST, WEST)
    assert [each["booked_today_tenths"] for each in (answer["county"], east, west)] == [600, 0, 600]
    assert [each["booked_this_week_tenths"] for each in (answer["county"], east, west)] == [1250, 650, 600]
    quarter = {
        "period": "2022Q1", "people": 2, "base_tenths": 1200, "aspects": {"study": 100}, "adjusted_tenths": 0,
        "total_tenths": 1300,
    }  # fmt: skip
    assert west["periods"] == [quarter]
    assert [each["total_tenths"] for each in answer["county"]["periods"]] == [1950]
    assert answer["checked"] == {"at": "2022-07-05T00:00:00Z", "different": 1, "late": 0}


async def test_before_the_first_look_nothing_is_said_to_be_checked(tallies: Tallies) -> None:
    assert (await get(app_of(tallies))).json()["checked"] is None


async def test_a_county_without_rows_has_nothing_yet(tallies: Tallies) -> None:
    answer = (await get(app_of(tallies), county=new_id())).json()
    assert (answer["branches"], answer["county"]["periods"]) == ([], [])


@pytest.mark.parametrize("role", ["recorder", "mediator", "member", "operator"])
async def test_it_is_for_the_countys_staff(tallies: Tallies, role: str) -> None:
    assert (await get(app_of(tallies), role=role)).status_code == 403


async def test_while_the_rows_are_read_back_it_says_so_and_is_not_ready() -> None:
    app = app_of(Tallies())
    answer = await get(app)
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
    assert "正在恢复" in answer.json()["detail"]
    assert (await get(app, "/readyz")).json()["rows"] == "missing (NotRecovered)"


async def test_it_is_alive_until_faust_has_given_up(tallies: Tallies) -> None:
    assert (await get(app_of(tallies), "/livez")).status_code == 200
    dead = await get(app_of(tallies, sick), "/livez")
    assert (dead.status_code, dead.json()) == (503, {"status": "missing (Sick)"})
