"""The look before a close: what it would publish, what forbids it, whether everything has arrived."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from scoring.app import ears
from scoring.closing.domain import Heard, NotHeard
from scoring.ledger.domain.standing import Belonging, Held, Life, Membership
from services.scoring.counties import County
from services.scoring.quarters import APRIL, LONG_AGO, Quarters, refused
from services.scoring.stations import Station
from support.front import Client

SPOKEN = datetime(2022, 4, 6, 3, 30, tzinfo=UTC)


@pytest.fixture
def quarters(county: County) -> Quarters:
    return Quarters(county)


def listening(client: Client, *heard: Heard) -> Client:
    """The same, over an app that hears this, or nothing at all."""

    async def listen() -> list[Heard]:
        if not heard:
            raise NotHeard
        return list(heard)

    client.app.state.listen = listen
    return client


async def preview(client: Client, quarter: str = "2022Q1") -> dict[str, Any]:
    answer = await client.get(f"/periods/{quarter}/preview")
    assert answer.status_code == 200, answer.text
    told: dict[str, Any] = answer.json()
    return told


async def test_the_preview_shows_what_the_close_then_publishes(quarters: Quarters) -> None:
    await quarters.settle("2022Q1", "2022Q2")
    await quarters.lesson(quarters.people[2], date(2022, 2, 3))
    desk = listening(quarters.county.at(APRIL, "desk"))
    before = await preview(desk)
    await quarters.close("2022Q1")
    after = await preview(desk)
    assert before["branches"] == [
        {"branch": quarters.branches[0], "people": 2, "total_tenths": 1200},
        {"branch": quarters.branches[1], "people": 1, "total_tenths": 625},
    ]
    figures = ("people", "total_tenths", "branches")
    assert [before[name] for name in figures] == [after[name] for name in figures]
    assert (before["state"], before["people"], before["total_tenths"], after["state"]) == ("open", 3, 1825, "closed")
    assert (before["hindrances"], after["hindrances"]) == ([], ["2022Q1已经结账，不能再次结账。"])


async def test_who_left_by_the_last_day_stands_under_no_branch(quarters: Quarters) -> None:
    await quarters.settle("2022Q1")
    left = Membership(quarters.branches[1], home=True, since=LONG_AGO, until=date(2022, 3, 31))
    await quarters.tell(quarters.people[2], Belonging(2, (left,)))
    desk = listening(quarters.county.at(APRIL, "desk"))
    before = await preview(desk)
    await quarters.close("2022Q1")
    told = (before, await preview(desk))
    nobodys = {"branch": None, "people": 1, "total_tenths": 600}
    assert [each["branches"][-1] for each in told] == [nobodys, nobodys]


async def test_a_closed_quarter_shows_what_its_close_published_also_after_a_merge(quarters: Quarters) -> None:
    await quarters.settle("2022Q1", "2022Q2")
    await quarters.close("2022Q1")
    desk = listening(quarters.county.at(APRIL, "desk"))
    before = await preview(desk)
    merged = Life(2, (Held("A", LONG_AGO),), merged_into=quarters.people[2])
    await quarters.tell(quarters.people[0], merged)
    after = await preview(desk)
    assert {**after, "pending": 0} == {**before, "pending": 0}
    period = (await desk.get("/periods")).json()["items"][0]
    assert (after["people"], after["total_tenths"]) == (period["people"], period["total_tenths"]) == (3, 1800)


async def test_what_a_later_quarter_settles_is_in_its_preview(quarters: Quarters) -> None:
    await quarters.settle("2022Q1", "2022Q2")
    await quarters.close("2022Q1")
    await quarters.lesson(quarters.people[0], date(2022, 2, 3))
    desk = listening(quarters.county.at(date(2022, 7, 4), "desk"))
    before = await preview(desk, "2022Q2")
    await quarters.close("2022Q2", date(2022, 7, 4))
    after = await preview(desk, "2022Q2")
    assert [told["total_tenths"] for told in (before, after)] == [1825, 1825]
    assert [told["branches"][0]["total_tenths"] for told in (before, after)] == [1225, 1225]
    assert (await preview(desk, "2022Q1"))["total_tenths"] == 1800


async def test_the_preview_names_everything_that_forbids_the_close(quarters: Quarters) -> None:
    book = await quarters.settle("2022Q1")
    await quarters.county.open("2022Q2", book)
    told = await preview(listening(quarters.on(APRIL)), "2022Q2")
    assert (told["pending"], told["open_proposals"]) == (3, 0)
    assert told["hindrances"] == [
        "各季度须依次结账：2022Q1还没有结账，请先办理，再办理2022Q2。",
        "2022Q2到2022-06-30才结束，次日起方可结账。",
        "还有3人的积分正在计算，2022Q2暂不能结账，请稍候再试。",
    ]


async def test_a_branch_that_no_notice_could_hold_is_named_before_the_close_and_by_it(
    quarters: Quarters, monkeypatch: pytest.MonkeyPatch
) -> None:
    await quarters.settle("2022Q1")
    monkeypatch.setattr("scoring.notices.domain.MOST_PEOPLE", 1)
    (hindrance,) = (await preview(listening(quarters.on(APRIL))))["hindrances"]
    assert hindrance == (
        f"一个支部的公示最多列1人，编号为{quarters.branches[0]}的支部有2人，无法公示。"
        "请先在组织关系中把人员登记到各自所在的支部。"
    )
    told = (409, "too-many-people", hindrance)
    assert await refused(quarters, quarters.on(APRIL), "/periods/2022Q1/closing", {}) == told
    monkeypatch.undo()
    await quarters.close("2022Q1")
    monkeypatch.setattr("scoring.notices.domain.MOST_PEOPLE", 1)
    body = {"published_on": "2022-04-06"}
    assert await refused(quarters, quarters.on(APRIL), "/periods/2022Q1/notice", body) == told


async def test_the_preview_says_how_far_each_source_is(quarters: Quarters) -> None:
    await quarters.settle("2022Q1")
    heard = (Heard("registry.participation", 3, SPOKEN), Heard("registry.county", 0, None))
    told = await preview(listening(quarters.on(APRIL), *heard))
    assert told["sources"] == [
        {"topic": "registry.participation", "behind": 3, "last_spoke": "2022-04-06T03:30:00Z"},
        {"topic": "registry.county", "behind": 0, "last_spoke": None},
    ]
    assert told["sources_unknown"] is None


async def test_the_preview_says_so_when_kafka_does_not_answer(quarters: Quarters) -> None:
    await quarters.settle("2022Q1")
    told = await preview(quarters.on(APRIL))  # SETTINGS name a Kafka that is nowhere
    assert told["sources"] is None
    assert told["sources_unknown"].startswith("消息系统暂时没有应答")
    assert told["people"] == 3


async def test_a_real_kafka_tells_of_every_topic_that_we_listen_to(station: Station) -> None:
    heard = await ears(station.kafka)()
    assert {"registry.person", "registry.participation"} <= {each.topic for each in heard}
    assert {(each.behind, each.last_spoke) for each in heard} == {(0, None)}


@pytest.mark.parametrize(
    ("role", "status"), [("county_admin", 404), ("auditor", 404), ("recorder", 403), ("member", 403)]
)
async def test_staff_may_look(quarters: Quarters, role: str, status: int) -> None:
    client, asked = quarters.county.client(role), list[str]()

    async def listen() -> list[Heard]:
        asked.append(role)
        return []

    client.app.state.listen = listen
    assert (await client.get("/periods/2022Q1/preview")).status_code == status
    assert asked == ([] if status == 403 else [role])  # nobody else makes us ask Kafka
