"""An opening and a decision meet: whoever learns of the opening first asks what the facts propose."""

from datetime import date

from services.scoring.judgements.benches import Bench, missed


async def test_a_confirmation_that_learns_of_an_opening_loses_no_proposal_of_the_new_quarter(bench: Bench) -> None:
    person = await bench.member()
    await bench.county.sweep()
    proposed = await bench.appraise(person)
    await bench.tell(person, missed(person, date(2022, 5, 9)))
    (quarter,) = await bench.county.rows("SELECT book FROM periods WHERE county = :county")
    await bench.county.open("2022Q2", quarter.book)
    await bench.confirmed(proposed)
    while await bench.county.sweep():
        pass
    found = [(each["item"], each["state"], each["period"]) for each in await bench.judgements()]
    assert ("absence", "proposed", "2022Q2") in found
