"""What the world hears of an objection: that there is one and how it stands. No word of what was said."""

from contracts import topics
from contracts.catalogue import Topic
from contracts.envelope import Envelope
from scoring.events import Cause, Occasion, envelope
from scoring.ids import OrganisationId
from scoring.objections.domain import Objection, State


def told(work: Occasion, cause: Cause, objection: Objection, tell: OrganisationId | None) -> tuple[Topic, Envelope]:
    """`tell`: the organisation that tells the person, who may have no telephone."""
    filing, answer = objection.filing, objection.answer
    filed = objection.state is State.FILED
    return topics.APPRAISAL, envelope(
        "objection.filed" if filed else "objection.answered",
        cause,
        id_=work.new_id(),
        subject=objection.subject,
        county=work.county,
        version=objection.version,
        now=work.now,
        data={
            "person": filing.person,
            "period": filing.period,
            "filed_on": filing.filed_on.isoformat(),
            "state": objection.state,
            "correction": answer.correction if answer else None,
            "tell": tell,
        },
        happened=filing.filed_on if filed else None,
    )
