"""`scoring recount`: from the topics alone the same as the tables, or what differs is named."""

from collections.abc import Mapping

import pytest

from services.scoring.recount.towns import Town, live, live_quietly
from services.scoring.sheets import CARRIED, FULL, MEAN, Row

EQUAL = "equal: the tables hold what the topics come to"
DOCTORED: Mapping[str, tuple[str, str]] = {
    "cell": ("UPDATE cells SET total_tenths = total_tenths + :by WHERE period = '2022Q2'", "total.total"),
    "total": (
        "UPDATE accounts SET totals = jsonb_set(totals, '{0,total}', to_jsonb((totals #> '{0,total}')::integer + :by))",
        "total ",
    ),
    "frozen": (
        "UPDATE accounts SET frozen = jsonb_set(frozen, '{0,own}', to_jsonb((frozen #> '{0,own}')::integer + :by))",
        "own ",
    ),
    "fact": ("UPDATE facts SET day = day + CAST(:by AS integer) WHERE event = 'activity.attended'", "day "),
    "line": ("UPDATE lines SET value_tenths = value_tenths + :by WHERE item = 'virtue'", "nothing"),
    "history": ("UPDATE accounts SET membership_version = membership_version + :by", "belonging.version "),
}
"""What is doctored → how, by so much or back again, and the word by which the recount says where."""


@pytest.mark.parametrize(("seed", "document"), [(0, FULL), (1, CARRIED), (2, MEAN)], ids=("full", "carried", "mean"))
async def test_after_half_a_year_in_any_order_the_tables_are_what_the_topics_come_to(
    town: Town, seed: int, document: Row
) -> None:
    async with town.at_work():
        await live(town, seed, document)
        result = await town.recount()
    assert (result.exit_code, result.output.splitlines()[-1:]) == (0, [EQUAL]), result.output


async def test_whatever_is_doctored_in_the_tables_is_named(town: Town) -> None:
    async with town.at_work():
        person = await live_quietly(town)
    found = {}
    for what, (statement, _) in DOCTORED.items():
        await town.execute(statement, by=1)
        result = await town.recount()
        found[what] = (result.exit_code, [line for line in result.output.splitlines() if person in line])
        await town.execute(statement, by=-1)
    assert {what: status for what, (status, _) in found.items()} == dict.fromkeys(DOCTORED, 1)
    for what, (_, lines) in found.items():
        assert all(line.startswith(f"{what} of {person}") for line in lines)
        assert DOCTORED[what][1] in lines[0]
    assert (await town.recount()).exit_code == 0
