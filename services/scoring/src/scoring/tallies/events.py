"""What the live tallies hear: `scoring.points`, each event with the person's state after it."""

from typing import Final

from contracts import topics
from contracts.envelope import Envelope, decode, read
from contracts.scoring import PointsV1
from scoring.ids import CountyId, OrganisationId, PersonId, Quarter
from scoring.tallies.domain.rows import Booked, Row, Worth

SOURCE: Final = topics.POINTS.name
CHANGELOG: Final = topics.TALLIES.name
CHANGELOG_CONFIG: Final = topics.TALLIES.config

_TYPE: Final = topics.POINTS.types[-1]


def row(raw: bytes) -> tuple[PersonId, Row] | None:
    """Read one record; None: of a type that this release does not know. Raises ValueError for what is no event."""
    told = decode(raw)
    if told.type != _TYPE:
        return None
    topics.POINTS.key_of(told)
    return PersonId(told.subject), _row(told, read(PointsV1, told))


def _row(told: Envelope, state: PointsV1) -> Row:
    worth = {
        Quarter(each.period): Worth(
            each.base_tenths, each.aspects, each.total_tenths, sum(each.adjustments.values())
        )
        for each in state.totals
    }  # fmt: skip
    booked = {state.booked_on: Booked(told.aggregateversion, state.booked_tenths)}
    branch = OrganisationId(state.branch) if state.branch else None
    return Row(CountyId(told.county), told.aggregateversion, branch, worth, booked)
