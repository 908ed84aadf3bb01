"""What scoring listens to: everything of registry that points depend on, a batch at a time."""

from collections.abc import Sequence

from bus.subscriptions import Read, Source, source, together
from contracts import topics
from scoring.branches import events as branch_events
from scoring.branches import handlers as branches
from scoring.branches.events import OrganisationSeen
from scoring.ledger import events as ledger_events
from scoring.ledger import handlers as ledger
from scoring.ledger.events import Told
from scoring.periods import events as period_events
from scoring.periods import handlers as periods
from scoring.periods.events import CountySeen
from scoring.work import Work

GROUP = "scoring"
"""The name under which Kafka and the inbox remember what was applied. Changing it reads everything again."""

Seen = CountySeen | OrganisationSeen | Told


async def apply(work: Work, reads: Sequence[Read[Seen]]) -> None:
    """Counties first, then organisations, then people: the order in which rows are locked."""
    values = [read.value for read in reads]
    counties = [value for value in values if isinstance(value, CountySeen)]
    organisations = [value for value in values if isinstance(value, OrganisationSeen)]
    told = [value for value in values if isinstance(value, Told)]
    if counties:
        await periods.note_counties(work, counties)
    if organisations:
        await periods.hold(work, {each.county for each in organisations})
        await branches.note_organisations(work, organisations)
    if told:
        await ledger.fold(work, told)


SOURCES: tuple[Source[Seen], ...] = (
    source(topics.COUNTY, period_events.county),
    source(topics.ORGANISATION, branch_events.organisation),
    source(topics.PERSON, ledger_events.person),
    source(topics.MEMBERSHIP, ledger_events.membership),
    source(topics.PARTICIPATION, ledger_events.participation),
)
SUBSCRIPTIONS = (together(apply, *SOURCES),)
