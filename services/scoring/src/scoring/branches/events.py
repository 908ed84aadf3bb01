"""What scoring hears of organisations."""

from dataclasses import dataclass

from contracts.envelope import Envelope, read
from contracts.registry import OrganisationV1
from scoring.branches.domain import Organisation
from scoring.ids import CountyId, OrganisationId


@dataclass(frozen=True, slots=True)
class OrganisationSeen:
    county: CountyId
    version: int
    organisation: Organisation


def organisation(told: Envelope) -> OrganisationSeen:
    state = read(OrganisationV1, told)
    parents = tuple((OrganisationId(p.parent) if p.parent else None, p.since) for p in state.parents)
    seen = Organisation(OrganisationId(told.subject), state.kind, tuple(sorted(parents, key=lambda p: p[1])))
    return OrganisationSeen(CountyId(told.county), told.aggregateversion, seen)
