from datetime import UTC, date

from contracts.envelope import Envelope
from contracts.registry import DatedParent, OrganisationV1
from contracts.topic import Topic
from contracts.topics import ORGANISATION
from kit.tokens import Principal
from registry.days import start_of
from registry.events import Occasion, envelope
from registry.organisations.domain import Organisation


def founded(work: Occasion, organisation: Organisation, by: Principal) -> tuple[Topic, Envelope]:
    return _event("organisation.founded", work, organisation, organisation.founded_on, by)


def amended(work: Occasion, organisation: Organisation, since: date | None, by: Principal) -> tuple[Topic, Envelope]:
    """Another parent holds since a day; whatever else is amended has none, and happens now."""
    return _event("organisation.amended", work, organisation, since, by)


def _event(
    kind: str, work: Occasion, organisation: Organisation, since: date | None, by: Principal
) -> tuple[Topic, Envelope]:
    """Its name stays here: it often tells a place of work."""
    state = OrganisationV1(
        kind=organisation.kind.value,
        founded_on=organisation.founded_on,
        host=organisation.host,
        parents=tuple(DatedParent(parent=link.parent, since=link.since) for link in organisation.links),
    )
    time = start_of(since).astimezone(UTC) if since else work.now
    made = envelope(work, by, kind, subject=organisation.id, version=organisation.version, data=state, time=time)
    return ORGANISATION, made
