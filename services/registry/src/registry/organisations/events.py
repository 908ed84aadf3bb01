from contracts.envelope import Envelope
from contracts.registry import DatedParent, OrganisationV1
from contracts.topic import Topic
from contracts.topics import ORGANISATION
from kit.tokens import Principal
from registry.events import Occasion, envelope
from registry.organisations.domain import Organisation


def founded(work: Occasion, organisation: Organisation, by: Principal) -> tuple[Topic, Envelope]:
    return _event("organisation.founded", work, organisation, by)


def amended(work: Occasion, organisation: Organisation, by: Principal) -> tuple[Topic, Envelope]:
    return _event("organisation.amended", work, organisation, by)


def _event(kind: str, work: Occasion, organisation: Organisation, by: Principal) -> tuple[Topic, Envelope]:
    """Its name stays here: it often tells a place of work."""
    state = OrganisationV1(
        kind=organisation.kind.value,
        founded_on=organisation.founded_on,
        host=organisation.host,
        parents=tuple(DatedParent(parent=link.parent, since=link.since) for link in organisation.links),
    )
    return ORGANISATION, envelope(work, by, kind, subject=organisation.id, version=organisation.version, data=state)
