"""What PostgreSQL itself refuses, whoever asks: nonsense, one person's confirmation, a judgement that vanishes."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from kit.database import Sessions
from services.scoring.judgements.benches import Bench


@pytest.mark.parametrize(
    ("change", "constraint"),
    [
        ("state = 'confirmed', told = 1, decided_by = proposed_by, decided_at = now()", "two_people"),
        (
            "state = 'confirmed', told = 1, decided_by = 'x', decided_at = now(), recorders = '{x}'",
            "two_people",
        ),
        ("state = 'confirmed', told = 1", "by_somebody"),
        ("state = 'refused'", "by_somebody"),
        ("state = 'confirmed', decided_by = 'x', decided_at = now()", "told"),
        ("told = 1", "told"),
        ("decided_by = 'x', decided_at = now()", "undecided"),
        ("decided_at = now()", "decided"),
        ("state = 'withdrawn'", "withdrawn"),
        ("withdrawn_by = 'x'", "withdrawn_by"),
        ("state = 'lost'", "state"),
        ("kind = 'gift'", "kind"),
        ("grade = 'good'", "grade"),
        ("month = '2022-01'", "month"),
        ("kind = 'appraisal', grade = 'good', source = 'x'", "source"),
    ],
)
async def test_a_judgement_that_makes_no_sense_is_refused(bench: Bench, change: str, constraint: str) -> None:
    await bench.deduct(await bench.member())
    with pytest.raises(DBAPIError, match=f"ck_judgements_{constraint}"):
        await bench.county.rows(f"UPDATE judgements SET {change} WHERE county = :county RETURNING id")  # noqa: S608


async def test_two_live_appraisals_of_the_same_are_refused(bench: Bench) -> None:
    person = await bench.member()
    await bench.act((await bench.appraise(person)).json()["id"], "refusal")
    await bench.appraise(person)
    with pytest.raises(DBAPIError, match="uq_judgements_appraised"):
        await bench.county.rows(
            "UPDATE judgements SET state = 'proposed', decided_by = NULL, decided_at = NULL"
            " WHERE county = :county RETURNING id"
        )


@pytest.mark.parametrize("table", ["judgements", "exemptions"])
async def test_nobody_removes_a_row(bench: Bench, table: str) -> None:
    for engine in (bench.county.api, bench.county.worker):
        with pytest.raises(DBAPIError, match="permission denied"):
            async with Sessions(engine).begin(bench.county.id) as session:
                await session.execute(text(f"DELETE FROM {table}"))  # noqa: S608


async def test_what_is_exempt_is_not_the_workers_to_write(bench: Bench) -> None:
    with pytest.raises(DBAPIError, match="permission denied"):
        await bench.county.rows("UPDATE exemptions SET since = since RETURNING id")


@pytest.mark.parametrize(
    ("change", "constraint"),
    [
        ("until = since", "days"),
        ("state = 'withdrawn'", "once_granted"),
        ("version = 0, changed_by = 'x', changed_at = now()", "counted"),
        ("version = 2", "changed"),
        ("decision = ''", "decision"),
        ("state = 'lost', version = 2, changed_by = 'x', changed_at = now()", "state"),
    ],
)
async def test_an_exemption_that_makes_no_sense_is_refused(bench: Bench, change: str, constraint: str) -> None:
    body = {"person": await bench.member(), "since": "2022-03-01", "until": "2022-04-01", "decision": "第1号"}
    await bench.desk.made("/exemptions", body)
    with pytest.raises(DBAPIError, match=f"ck_exemptions_{constraint}"):
        async with Sessions(bench.county.api).begin(bench.county.id) as session:
            await session.execute(text(f"UPDATE exemptions SET {change}"))  # noqa: S608
