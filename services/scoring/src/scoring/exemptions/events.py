"""What the world hears of exemptions: the days. The decision, and with it the reason, stays here."""

from datetime import date

from contracts import topics
from contracts.catalogue import Topic
from contracts.envelope import Envelope
from scoring.events import Cause, Occasion, envelope
from scoring.exemptions.domain import Exemption
from scoring.ids import OrganisationId

Tell = OrganisationId | None


def granted(work: Occasion, cause: Cause, exemption: Exemption, tell: Tell) -> tuple[Topic, Envelope]:
    return _event(work, cause, "exemption.granted", exemption, tell, happened=exemption.since)


def ended(work: Occasion, cause: Cause, exemption: Exemption, tell: Tell) -> tuple[Topic, Envelope]:
    """It happens on the first day no longer exempt, which may be still to come."""
    return _event(work, cause, "exemption.ended", exemption, tell, happened=exemption.until)


def withdrawn(work: Occasion, cause: Cause, exemption: Exemption, tell: Tell) -> tuple[Topic, Envelope]:
    return _event(work, cause, "exemption.withdrawn", exemption, tell, happened=exemption.since)


def _event(  # noqa: PLR0913 — an event's attributes
    work: Occasion, cause: Cause, type_: str, exemption: Exemption, tell: Tell, *, happened: date | None
) -> tuple[Topic, Envelope]:
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
        happened=happened,
    )
    return topics.APPRAISAL, told
