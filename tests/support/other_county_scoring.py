"""A county in scoring's books, filled through events and its API: a branch, a member who earned points, a book."""

from datetime import date

from contracts import topics
from kit.tokens import Principal
from scoring.ids import OrganisationId, PersonId
from scoring.ledger.domain.facts import Fact
from scoring.ledger.domain.standing import Belonging, Held, Life, Membership
from scoring.rulebooks.domain import Shape
from services.scoring import envelopes
from services.scoring.counties import County
from services.scoring.envelopes import new_id, news
from services.scoring.judgements.benches import BOOK as JUDGED
from services.scoring.quarters import BANDS
from support.canaries import Invented

LONG_AGO = date(2015, 1, 1)
BOOK = {**JUDGED, "starts_on": "2018-10-01", "late": "reopen", "year": {"take": "sum", "bands": BANDS}}


async def settle(county: County, like: Invented, year: int) -> dict[str, str]:
    """Fill a county; the ids that the cases name. The year, 2019 or 2020, is one that the county alone has."""
    person, bureau, branch = PersonId(new_id()), new_id(), OrganisationId(new_id())
    organisations = [
        envelopes.organisation_event(county.id, bureau),
        envelopes.organisation_event(county.id, branch, bureau),
    ]
    await county.apply([envelopes.read(topics.COUNTY, envelopes.county_event(county.id, word=like.public))])
    await county.apply([envelopes.read(topics.ORGANISATION, event) for event in organisations])
    await county.apply([news(county.id, person, told) for told in _told(person, branch)])
    book = await county.adopt({**BOOK, "word": like.word, "title": like.name(0)})
    admin = Principal(new_id(), county.id, "county_admin")
    theirs, own = [
        await county.draft({**BOOK, "word": like.word, "version": version, "title": like.name(version)}, by)
        for version, by in ((2, None), (3, admin))
    ]
    quarters = {"last": f"{year}Q4", "turn": f"{year + 1}Q1", "now": "2022Q1"}
    for quarter in quarters.values():
        await county.client("county_admin").made("/periods", {"period": quarter, "book": book})
    await county.sweep()
    notice = await _finished(county, quarters["last"], f"{year + 1}-01-06")
    objection = await _objected(county, person)
    named = {"county": county.id, "admin": admin.user, "organisation": branch, "person": person}
    named |= {"year": str(year), "turn": quarters["turn"], "notice": notice}
    named |= await _judged(county, person, like.name(1))
    return named | {"book": book, "draft": theirs, "own_draft": own, "objection": objection}


async def _finished(county: County, quarter: str, published_on: str) -> str:
    """A quarter that is final; the one notice of it."""
    admin = county.client("county_admin")
    for step, body in (("closing", {}), ("notice", {"published_on": published_on}), ("finalisation", {})):
        await admin.made(f"/periods/{quarter}/{step}", body)
    ((notice,),) = await county.rows("SELECT id FROM notices WHERE county = :county")
    return str(notice)


async def _judged(county: County, person: PersonId, words: str) -> dict[str, str]:
    """A deduction for each that may be decided, an exemption, and the words that were said of them."""
    desk, days = county.client("desk"), {"since": "2016-01-01", "decision": words}
    made = [
        await desk.made("/deductions", {"person": person, "item": "absence", "day": day, "grounds": words})
        for day in ("2022-02-01", "2022-02-02", "2022-02-03")
    ]
    exemption = await desk.made("/exemptions", {"person": person, "until": "2016-02-01", **days})
    return dict(zip(("judgement", "refusable", "withdrawable"), made, strict=True)) | {"exemption": exemption}


async def _objected(county: County, person: PersonId) -> str:
    """A quarter that was closed and noticed before this story begins, and an objection that waits for an answer."""
    await county.rows(
        "INSERT INTO periods (county, period, book, starts_on, ends_on, state, epoch, opened_at, closed_at,"
        " published_on, objections_until)"
        " SELECT county, '2018Q4', book, '2018-10-01', '2018-12-31', 'closed', epoch, opened_at, opened_at,"
        " '2019-01-10', '2019-01-17' FROM periods WHERE county = :county AND period = '2022Q1' RETURNING period"
    )
    return await county.client().made("/objections", objection(person))


def objection(person: str) -> dict[str, str]:
    return {"period": "2018Q4", "person": person, "filed_on": "2019-01-12", "statement": "少记了一次。"}


def _told(person: PersonId, branch: OrganisationId) -> tuple[Life | Belonging | Fact, ...]:
    attended = Shape("activity.attended", "lesson", None, "assembled")
    return (
        Life(1, (Held("A", LONG_AGO),)),
        Belonging(1, (Membership(branch, home=True, since=LONG_AGO, until=None),)),
        Fact(person, f"{new_id()}/{person}", 1, attended, date(2022, 2, 3)),
    )
