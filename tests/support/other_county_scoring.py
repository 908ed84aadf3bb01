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
from services.scoring.histories import DOCUMENT
from support.canaries import Invented

LONG_AGO = date(2020, 1, 1)


async def settle(county: County, like: Invented) -> dict[str, str]:
    """Fill a county; the ids that the cases name."""
    person, bureau, branch = PersonId(new_id()), new_id(), OrganisationId(new_id())
    organisations = [
        envelopes.organisation_event(county.id, bureau),
        envelopes.organisation_event(county.id, branch, bureau),
    ]
    await county.apply([envelopes.read(topics.COUNTY, envelopes.county_event(county.id, word=like.public))])
    await county.apply([envelopes.read(topics.ORGANISATION, event) for event in organisations])
    await county.apply([news(county.id, person, told) for told in _told(person, branch)])
    book = await county.adopt({**DOCUMENT, "word": like.word, "title": like.name(0)})
    admin = Principal(new_id(), county.id, "county_admin")
    theirs, own = [
        await county.draft({**DOCUMENT, "word": like.word, "version": version, "title": like.name(version)}, by)
        for version, by in ((2, None), (3, admin))
    ]
    await county.client("county_admin").made("/periods", {"period": "2022Q1", "book": book})
    await county.sweep()
    objection = await _objected(county, person)
    named = {"county": county.id, "admin": admin.user, "organisation": branch, "person": person}
    return named | {"book": book, "draft": theirs, "own_draft": own, "objection": objection}


async def _objected(county: County, person: PersonId) -> str:
    """A quarter that was closed and noticed before this story begins, and an objection that waits for an answer."""
    await county.rows(
        "INSERT INTO periods (county, period, book, starts_on, ends_on, state, epoch, opened_at, closed_at,"
        " published_on, objections_until)"
        " SELECT county, '2021Q4', book, '2021-10-01', '2021-12-31', 'closed', epoch, opened_at, opened_at,"
        " '2022-01-10', '2022-01-17' FROM periods WHERE county = :county RETURNING period"
    )
    return await county.client().made("/objections", objection(person))


def objection(person: str) -> dict[str, str]:
    return {"period": "2021Q4", "person": person, "filed_on": "2022-01-12", "statement": "少记了一次。"}


def _told(person: PersonId, branch: OrganisationId) -> tuple[Life | Belonging | Fact, ...]:
    attended = Shape("activity.attended", "lesson", None, "assembled")
    return (
        Life(1, (Held("A", LONG_AGO),)),
        Belonging(1, (Membership(branch, home=True, since=LONG_AGO, until=None),)),
        Fact(person, f"{new_id()}/{person}", 1, attended, date(2022, 2, 3)),
    )
