"""Many absences in one batch: of several counties, and at the price of a few statements."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import event

from scoring.ids import PersonId
from scoring.ledger.domain.facts import Fact
from services.scoring.counties import County
from services.scoring.envelopes import news
from services.scoring.judgements.benches import Bench, missed


async def test_a_batch_may_mix_counties(bench: Bench) -> None:
    other = Bench(County(bench.county.api, bench.county.worker))
    await other.county.hear_of()
    await other.settle()
    here, there = missed(await bench.member()), missed(await other.member())
    await bench.county.apply(
        [news(each.county.id, fact.person, fact) for each, fact in ((bench, here), (other, there))]
    )
    proposed = [(row["person"], row["source"]) for each in (bench, other) for row in await each.judgements()]
    assert proposed == [(here.person, here.subject), (there.person, there.subject)]


async def statements(bench: Bench, facts: Sequence[Fact]) -> int:
    """How many statements a batch takes."""
    seen: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        seen.append(statement)

    event.listen(bench.county.worker.sync_engine, "before_cursor_execute", note)
    await bench.county.apply([news(bench.county.id, fact.person, fact) for fact in facts])
    event.remove(bench.county.worker.sync_engine, "before_cursor_execute", note)
    return len(seen)


async def test_a_hundred_absences_cost_no_more_statements_than_one(bench: Bench) -> None:
    people = [PersonId(await bench.member()) for _ in range(20)]
    absences = [missed(person) for person in people for _ in range(5)]
    one, hundred = await statements(bench, absences[:1]), await statements(bench, absences[1:])
    assert one == hundred <= 17
    assert len(await bench.judgements(state="proposed")) == 100
