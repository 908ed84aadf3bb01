"""What the world hears of judgements: codes and days. Why somebody judged so, and who proposed it, stays here."""

from dataclasses import dataclass
from typing import Any

from contracts import topics
from contracts.catalogue import Topic
from contracts.envelope import Envelope
from scoring.events import Cause, Occasion, envelope
from scoring.ids import CountyId, OrganisationId
from scoring.judgements.domain import Judgement, Kind


@dataclass(frozen=True, slots=True)
class Telling:
    """A judgement that others hear of: what its item takes away, and which organisation tells the person."""

    county: CountyId
    judgement: Judgement
    value: int
    tell: OrganisationId | None


def told(work: Occasion, cause: Cause, telling: Telling) -> tuple[Topic, Envelope]:
    """Its type says what happened: it was confirmed, or what counted was withdrawn."""
    judgement = telling.judgement
    appraised = judgement.about.kind is Kind.APPRAISAL
    event = envelope(
        f"{'appraisal' if appraised else 'deduction'}.{judgement.state}",
        cause,
        id_=work.new_id(),
        subject=judgement.subject,
        county=telling.county,
        version=judgement.told,
        now=work.now,
        data=_appraisal(telling) if appraised else _deduction(telling),
        happened=judgement.about.day,
    )
    return topics.APPRAISAL, event


def _appraisal(telling: Telling) -> dict[str, Any]:
    about = telling.judgement.about
    return {**_common(telling), "grade": about.grade, "month": about.month}


def _deduction(telling: Telling) -> dict[str, Any]:
    about = telling.judgement.about
    veto = about.kind is Kind.VETO
    return {**_common(telling), "value_tenths": telling.value, "veto": veto, "source": about.source}


def _common(telling: Telling) -> dict[str, Any]:
    about = telling.judgement.about
    return {
        "person": about.person,
        "item": about.item,
        "period": about.period,
        "day": about.day.isoformat(),
        "state": telling.judgement.state.value,
        "tell": telling.tell,
    }
