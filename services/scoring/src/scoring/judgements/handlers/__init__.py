"""Judging: one person proposes, another confirms, and what a fact proposed goes when the fact goes."""

from scoring.judgements.handlers.accounts import hold, require_another
from scoring.judgements.handlers.deciding import confirm, refuse, withdraw
from scoring.judgements.handlers.exempting import follow_exemptions
from scoring.judgements.handlers.following import follow
from scoring.judgements.handlers.proposing import Grounded, open_proposals, propose_appraisal, propose_deduction
from scoring.judgements.handlers.seeing import entries, people_in_sight, sight

__all__ = [
    "Grounded",
    "confirm",
    "entries",
    "follow",
    "follow_exemptions",
    "hold",
    "open_proposals",
    "people_in_sight",
    "propose_appraisal",
    "propose_deduction",
    "refuse",
    "require_another",
    "sight",
    "withdraw",
]
