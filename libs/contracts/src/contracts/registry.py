"""What registry tells: the books of people, organisations, activities and who attended."""

from datetime import date
from typing import Annotated

from pydantic import Field

from contracts.fields import Code, Id, Moment, OneOf, Shape, Word

People = Annotated[int, Field(ge=0, json_schema_extra={"x-unit": "people"})]

Mode = Annotated[
    str,
    OneOf(
        assembled="people came together",
        online="over a video or telephone conference",
        delivered="brought to the home of those who cannot come (送学上门)",
    ),
]


class DatedCode(Shape):
    code: Code = Field(description="The code.")
    since: date = Field(description="The first day it holds.")


class CountyV1(Shape):
    word: Word = Field(description="The county's short word, as in a login.")
    name: str = Field(min_length=1, max_length=64, description="The county's official name.")
    codes: tuple[DatedCode, ...] = Field(
        description="Its GB/T 2260 numbers, earliest first. A number may change; the county's id does not."
    )


Status = Annotated[str, OneOf(active="lives in the county", moved="has left the county", died="has died")]


class DatedStatus(Shape):
    status: Status = Field(description="Whether the person was here.")
    since: date = Field(description="The first day of it; of a death, the day itself.")


class PersonV1(Shape):
    kind: Annotated[
        str,
        OneOf(
            lixiu="cadre who joined the revolution before October 1949, retired with full treatment (离休)",
            tuixiu="retired cadre (退休)",
            enterprise="retired from an enterprise (企业退休)",
            member="party member who is no cadre",
            staff="works for the bureau or an organisation",
        ),
    ] = Field(description="What the person is in the county's books.")
    party_member: bool = Field(description="Whether the person is a member of the Party.")
    rank: Code | None = Field(description="The band of the rank at retirement, a code of the county. Null: none kept.")
    classes: tuple[DatedCode, ...] = Field(
        description="The class for scoring, earliest first, each confirmed by a person. The reason is never told."
    )
    capacities: tuple[DatedCode, ...] = Field(
        description="How far the person can take part, earliest first, each confirmed. The reason is never told."
    )
    township: Code | None = Field(description="The township of residence, a code. Null: not known.")
    residence: Annotated[str, OneOf(urban="in town", rural="in a village")] | None = Field(
        description="Where the person lives. Null: not known."
    )
    status: Status = Field(description="Whether the person is still here.")
    status_since: date | None = Field(description="The first day of this status. Null: since before the books.")
    statuses: tuple[DatedStatus, ...] = Field(
        description="Every change of status, earliest first; the last is `status`. Empty: here since before the books."
    )
    merged_into: Id | None = Field(
        default=None,
        description="The entry of the same person that goes on; this one has ended, and what rests on it is that one's."
        " Null or absent: this entry holds.",
    )


class DatedParent(Shape):
    parent: Id | None = Field(description="The organisation above. Null: none.")
    since: date = Field(description="The first day it holds.")


class OrganisationV1(Shape):
    kind: Annotated[
        str,
        OneOf(
            bureau="the veteran-cadre bureau (老干部局)",
            branch="a party branch (支部)",
            group="a group of a branch (党小组)",
            temporary="a branch for an occasion, whose members keep their home branch (临时支部)",
        ),
    ] = Field(description="What it is.")
    founded_on: date = Field(description="The day it was founded.")
    host: Code | None = Field(description="The kind of body that hosts it, a code of the county. Null: none.")
    parents: tuple[DatedParent, ...] = Field(description="What it belonged to, earliest first.")


class DatedMembership(Shape):
    organisation: Id = Field(description="The organisation.")
    kind: Annotated[str, OneOf(home="the one where the person is counted", further="beside the home one")] = Field(
        description="What the membership counts for."
    )
    since: date = Field(description="The first day as a member.")
    until: date | None = Field(description="The first day no longer a member. Null: still a member.")


class MembershipV1(Shape):
    memberships: tuple[DatedMembership, ...] = Field(
        description="Every membership the person has had, earliest first. A transfer ends one and begins another."
    )


class ActivityV1(Shape):
    kind: Code = Field(description="What kind of activity, a code of the county.")
    theme: Code | None = Field(description="Its theme, a code of the county. Null: none.")
    mode: Mode = Field(description="How it was held.")
    hosts: tuple[Id, ...] = Field(description="The organisations that held it.")
    place: Code | None = Field(description="The kind of place, a code of the county, never an address. Null: none.")
    starts: Moment = Field(description="When it began.")
    ends: Moment = Field(description="When it ended.")
    due: People = Field(description="How many should have come.")
    attended: People = Field(description="How many took part.")
    excused: People = Field(description="How many were excused.")
    missed: People = Field(description="How many were missing.")


class ParticipationV1(Shape):
    activity: Id = Field(description="The activity.")
    person: Id = Field(description="The person.")
    outcome: Annotated[
        str,
        OneOf(
            attended="took part",
            excused="was excused",
            missed="should have come and did not",
            withdrawn="the entry was a mistake and counts for nothing",
        ),
    ] = Field(description="What the books say of this person at this activity now.")
    kind: Code = Field(description="The activity's kind, a code of the county.")
    theme: Code | None = Field(description="The activity's theme, a code of the county. Null: none.")
    mode: Mode = Field(description="How the activity was held.")
    hosts: tuple[Id, ...] = Field(description="The organisations that held it.")
    starts: Moment = Field(description="When the activity began; the event's `time` is the same.")
    ends: Moment = Field(description="When the activity ended.")
