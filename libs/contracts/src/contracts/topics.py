"""Every topic: whose it is, what its events are, what orders them, who listens. To listen, add your group here."""

from typing import Final

from contracts.registry import ActivityV1, CountyV1, MembershipV1, OrganisationV1, ParticipationV1, PersonV1
from contracts.scoring import (
    AppraisalV1,
    DeductionV1,
    ExemptionV1,
    NoticeV1,
    ObjectionV1,
    PeriodV1,
    PointsV1,
    RulebookV1,
    YearV1,
)
from contracts.topic import Changelog, Topic

COUNTY: Final = Topic(
    name="registry.county",
    about="The counties, each one a tenant.",
    owner="registry",
    subject="county",
    key="county",
    events={"county.established": (CountyV1,), "county.amended": (CountyV1,)},
    meanings={
        "county.established": "The county joined the system.",
        "county.amended": "Its name or its GB/T 2260 number was changed.",
    },
    consumers=("scoring",),
)

PERSON: Final = Topic(
    name="registry.person",
    about="People under pseudonymous ids, with the attributes that others may know.",
    owner="registry",
    subject="person",
    key="person",
    events={
        "person.registered": (PersonV1,),
        "person.amended": (PersonV1,),
        "person.moved": (PersonV1,),
        "person.died": (PersonV1,),
        "person.merged": (PersonV1,),
    },
    meanings={
        "person.registered": "The person was entered in the county's books.",
        "person.amended": "An attribute was changed or confirmed.",
        "person.moved": "The person left the county, or came back.",
        "person.died": "The person's death was recorded.",
        "person.merged": "The entry was a second one of the same person: it has ended, and `merged_into` goes on.",
    },
    consumers=("scoring",),
)

ORGANISATION: Final = Topic(
    name="registry.organisation",
    about="The bureau, its branches, their groups, temporary branches.",
    owner="registry",
    subject="organisation",
    key="organisation",
    events={"organisation.founded": (OrganisationV1,), "organisation.amended": (OrganisationV1,)},
    meanings={
        "organisation.founded": "The organisation was entered in the books.",
        "organisation.amended": "Its host or what it belongs to was changed.",
    },
    consumers=("scoring",),
)

MEMBERSHIP: Final = Topic(
    name="registry.membership",
    about="Who belonged where, since when. Its versions are counted apart from the person's.",
    owner="registry",
    subject="person",
    key="person",
    events={
        "membership.joined": (MembershipV1,),
        "membership.transferred": (MembershipV1,),
        "membership.ended": (MembershipV1,),
    },
    meanings={
        "membership.joined": "The person became a member.",
        "membership.transferred": "The home membership went from one organisation to another.",
        "membership.ended": "A membership ended and none took its place.",
    },
    consumers=("scoring",),
)

ACTIVITY: Final = Topic(
    name="registry.activity",
    about="Activities that were held, with how many came.",
    owner="registry",
    subject="activity",
    key="activity",
    events={"activity.held": (ActivityV1,), "activity.corrected": (ActivityV1,)},
    meanings={
        "activity.held": "The activity was closed, with everyone's entry.",
        "activity.corrected": "A closed activity or its list was put right.",
    },
)

PARTICIPATION: Final = Topic(
    name="registry.participation",
    about="One person at one activity. Keyed by person, because it is what earns points by the thousand.",
    owner="registry",
    subject="activity/person",
    key="person",
    events={
        "activity.attended": (ParticipationV1,),
        "activity.excused": (ParticipationV1,),
        "activity.missed": (ParticipationV1,),
        "attendance.withdrawn": (ParticipationV1,),
    },
    meanings={
        "activity.attended": "The person took part.",
        "activity.excused": "The person was excused.",
        "activity.missed": "The person should have come and did not.",
        "attendance.withdrawn": "The entry was a mistake: it counts for nothing.",
    },
    consumers=("scoring",),
    scorable=frozenset({"activity.attended"}),
    proposing=frozenset({"activity.missed"}),
)

RULEBOOK: Final = Topic(
    name="scoring.rulebook",
    about="Rule books as adopted, and the periods each one rules.",
    owner="scoring",
    subject="rulebook",
    key="rulebook",
    events={"rulebook.adopted": (RulebookV1,), "rulebook.bound": (RulebookV1,)},
    meanings={
        "rulebook.adopted": "The county adopted this version of a book.",
        "rulebook.bound": "The book was bound to one more period.",
    },
)

APPRAISAL: Final = Topic(
    name="scoring.appraisal",
    about="What people judged, each confirmed by a second one: appraisals, deductions, exemptions, objections.",
    owner="scoring",
    subject="person/judgement",
    key="person",
    events={
        "appraisal.confirmed": (AppraisalV1,),
        "appraisal.withdrawn": (AppraisalV1,),
        "deduction.confirmed": (DeductionV1,),
        "deduction.withdrawn": (DeductionV1,),
        "exemption.granted": (ExemptionV1,),
        "exemption.ended": (ExemptionV1,),
        "exemption.withdrawn": (ExemptionV1,),
        "objection.filed": (ObjectionV1,),
        "objection.answered": (ObjectionV1,),
    },
    meanings={
        "appraisal.confirmed": "A second person confirmed the appraisal: it counts.",
        "appraisal.withdrawn": "The appraisal was a mistake: it counts for nothing.",
        "deduction.confirmed": "A second person confirmed the deduction or the veto: it counts.",
        "deduction.withdrawn": "The deduction was a mistake, or what it rested on is gone: it counts for nothing.",
        "exemption.granted": "The person was exempted: nothing is taken away on these days.",
        "exemption.ended": "The exemption got its last day, or another one.",
        "exemption.withdrawn": "The exemption was a mistake: it never held.",
        "objection.filed": "The person, or somebody for them, objected to what a notice says.",
        "objection.answered": "Somebody else answered the objection.",
    },
)

PERIOD: Final = Topic(
    name="scoring.period",
    about="The quarters that a county counts.",
    owner="scoring",
    subject="county/period",
    key="county",
    events={
        "period.opened": (PeriodV1,),
        "period.closed": (PeriodV1,),
        "period.noticed": (PeriodV1,),
        "period.finalised": (PeriodV1,),
        "period.reopened": (PeriodV1,),
    },
    meanings={
        "period.opened": "The county began to count this period.",
        "period.closed": "A person closed the period: what was published for it stands.",
        "period.noticed": "The period's notices were posted up: objections are taken until the day it names.",
        "period.finalised": "The time for objections is over and none is open.",
        "period.reopened": "The period counts again; its notices are withdrawn.",
    },
)

YEAR: Final = Topic(
    name="scoring.year",
    about="The county's evaluations of a whole year.",
    owner="scoring",
    subject="county/year",
    key="county",
    events={"year.evaluated": (YearV1,)},
    meanings={"year.evaluated": "The year's quarters were taken together and everybody got a grade."},
)

NOTICE: Final = Topic(
    name="scoring.notice",
    about="What is posted up in a branch after a close: its people, with points or grades, never with deductions.",
    owner="scoring",
    subject="notice",
    key="notice",
    events={"notice.published": (NoticeV1,), "notice.withdrawn": (NoticeV1,)},
    meanings={
        "notice.published": "The notice was posted up; objections are taken until the day it names.",
        "notice.withdrawn": "The notice holds no longer, because its period counts again.",
    },
)

POINTS: Final = Topic(
    name="scoring.points",
    about="Everyone's points: the totals after each change, and the lines that explain it.",
    owner="scoring",
    subject="person",
    key="person",
    events={"points.changed": (PointsV1,)},
    meanings={
        "points.changed": "The ledger wrote lines for the person.",
    },
)

TALLIES: Final = Changelog(
    name="jinqiu-scoring-tallies-standing-changelog",
    about="What the live tallies know of each person. It can be worked out again from scoring.points.",
    owner="scoring",
)
"""Faust names it: the application's id, the table, `changelog`. As many partitions as scoring.points."""
