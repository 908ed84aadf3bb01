"""What the world hears of exemptions: the days. The decision, and with it the reason, stays here."""

from contracts import topics
from contracts.catalogue import Topic
from contracts.envelope import Envelope
from scoring.events import Cause, Occasion, envelope
from scoring.exemptions.domain import Exemption
from scoring.ids import OrganisationId

Tell = OrganisationId | None


def granted(work: Occasion, cause: Cause, exemption: Exemption, tell: Tell) -> tuple[Topic, Envelope]:
    return _event(work, cause, "exemption.granted", exemption, tell)


def ended(work: Occasion, cause: Cause, exemption: Exemption, tell: Tell) -> tuple[Topic, Envelope]:
    return _event(work, cause, "exemption.ended", exemption, tell)


def withdrawn(work: Occasion, cause: Cause, exemption: Exemption, tell: Tell) -> tuple[Topic, Envelope]:
    return _event(work, cause, "exemption.withdrawn", exemption, tell)


def _event(work: Occasion, cause: Cause, type_: str, exemption: Exemption, tell: Tell) -> tuple[Topic, Envelope]:
    told = envelope(
        type_,
        cause,
        id_=work.new_id(),
        subject=exemption.subject,
        county=work.county,
        version=exemption.version,
        now=work.now,
        data={
            "person": exemption.person,
            "since": exemption.since.isoformat(),
            "until": exemption.until and exemption.until.isoformat(),
            "state": exemption.state.value,
            "tell": tell,
        },
    )
    return topics.APPRAISAL, told
