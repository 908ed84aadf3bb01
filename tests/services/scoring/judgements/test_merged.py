"""Two entries of one person: what was judged of either counts for the one that goes on, and nothing twice."""

from dataclasses import replace

from scoring.ids import PersonId
from services.scoring.judgements.benches import Bench, missed, slug


async def merged(bench: Bench) -> tuple[PersonId, PersonId]:
    """An entry that ended, and the one that goes on."""
    ended, goes_on = await bench.member(), await bench.member()
    await bench.merge(ended, goes_on)
    return ended, goes_on


async def test_what_was_confirmed_of_the_ended_entry_counts_for_the_other(bench: Bench) -> None:
    ended, goes_on = await bench.member(), await bench.member()
    await bench.confirmed(await bench.deduct(ended))
    await bench.merge(ended, goes_on)
    assert (await bench.total(ended), await bench.total(goes_on)) == (None, 580)


async def test_what_was_proposed_of_it_counts_there_once_confirmed_and_is_told_of_whom_it_was_made_for(
    bench: Bench,
) -> None:
    ended, goes_on = await bench.member(), await bench.member()
    proposed = await bench.deduct(ended)
    await bench.merge(ended, goes_on)
    judgement = await bench.confirmed(proposed)
    assert await bench.total(goes_on) == 580
    assert (await bench.told())[0]["subject"] == f"{ended}/{judgement}"
    await bench.act(judgement, "withdrawal")
    assert await bench.total(goes_on) == 600


async def test_a_judgement_of_the_ended_entry_is_one_of_the_other(bench: Bench) -> None:
    ended, goes_on = await merged(bench)
    await bench.confirmed(await bench.appraise(ended))
    assert await bench.total(goes_on) == 650
    assert slug(await bench.appraise(goes_on)) == (409, "already-appraised")


async def test_two_appraisals_that_meet_count_once(bench: Bench) -> None:
    ended, goes_on = await bench.member(), await bench.member()
    await bench.confirmed(await bench.appraise(ended, "fair"))
    await bench.confirmed(await bench.appraise(goes_on, "good"))
    await bench.merge(ended, goes_on)
    assert await bench.total(goes_on) == 650


async def test_one_activity_missed_under_both_entries_is_taken_for_it_once(bench: Bench) -> None:
    ended, goes_on = await bench.member(), await bench.member()
    first = missed(ended)
    second = replace(missed(goes_on), subject=f"{first.subject.split('/')[0]}/{goes_on}")
    await bench.tell(ended, first)
    await bench.tell(goes_on, second)
    for row in await bench.judgements():
        await bench.act(row["id"])
    await bench.merge(ended, goes_on)
    assert await bench.total(goes_on) == 580
    assert sorted(row["state"] for row in await bench.judgements()) == ["confirmed", "withdrawn"]


async def test_who_was_there_under_the_other_entry_missed_nothing(bench: Bench) -> None:
    ended, goes_on = await bench.member(), await bench.member()
    absent = missed(ended)
    present = missed(goes_on, subject=f"{absent.subject.split('/')[0]}/{goes_on}", event="activity.attended")
    await bench.tell(ended, absent)
    await bench.tell(goes_on, present)
    await bench.act((await bench.judgements())[0]["id"])
    await bench.merge(ended, goes_on)
    assert [row["state"] for row in await bench.judgements()] == ["withdrawn"]
    assert await bench.total(goes_on) == 625


async def test_an_absence_that_comes_under_the_ended_entry_proposes_for_the_other(bench: Bench) -> None:
    ended, goes_on = await merged(bench)
    await bench.tell(ended, missed(ended))
    (proposal,) = await bench.judgements()
    await bench.act(proposal["id"])
    assert (proposal["person"], await bench.total(goes_on)) == (goes_on, 580)
