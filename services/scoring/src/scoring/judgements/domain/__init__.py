"""What people judge: what may be proposed, who may decide on it, and what becomes of it when its ground is gone."""

from scoring.judgements.domain.course import confirm, lapse, refuse, withdraw
from scoring.judgements.domain.following import Wanted, derived_id, follow
from scoring.judgements.domain.judgement import About, Judgement, JudgementId, Kind, State, fact_of, late
from scoring.judgements.domain.proposing import Appraisal, Deduction, admit, appraise, deduct
from scoring.judgements.domain.refusals import (
    AlreadyAppraised,
    ExemptDay,
    JudgementInFuture,
    JudgementNotFound,
    MonthNotAsked,
    MonthNotInPeriod,
    NotForClass,
    NotThatWay,
    OutOfScope,
    OwnAffair,
    OwnProposal,
    PeriodNotOpened,
    UnknownGrade,
    UnknownItem,
)

__all__ = [
    "About",
    "AlreadyAppraised",
    "Appraisal",
    "Deduction",
    "ExemptDay",
    "Judgement",
    "JudgementId",
    "JudgementInFuture",
    "JudgementNotFound",
    "Kind",
    "MonthNotAsked",
    "MonthNotInPeriod",
    "NotForClass",
    "NotThatWay",
    "OutOfScope",
    "OwnAffair",
    "OwnProposal",
    "PeriodNotOpened",
    "State",
    "UnknownGrade",
    "UnknownItem",
    "Wanted",
    "admit",
    "appraise",
    "confirm",
    "deduct",
    "derived_id",
    "fact_of",
    "follow",
    "lapse",
    "late",
    "refuse",
    "withdraw",
]
