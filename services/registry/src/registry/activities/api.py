from datetime import UTC, datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query
from pydantic import AfterValidator, AwareDatetime, BaseModel, Field

from kit.commands import BadCursor, Created, IfMatch, Page, PageQuery, Paging, page, set_etag
from kit.problems import Answer, ErrorTable
from registry.access import Resource, require
from registry.activities import domain, handlers, queries
from registry.activities.domain import Entry, Mode, Occasion, Outcome, State
from registry.activities.handlers import CorrectActivity, RecordAttendance
from registry.forms import Code, Form, Id, PathId, Read, Write, after_id, is_id
from registry.ids import ActivityId, OrganisationId, PersonId

router = APIRouter(tags=["activities"])

ERRORS: ErrorTable = {
    domain.UnknownActivity: Answer(404, "unknown-activity", "没有这次活动"),
    domain.Overtaken: Answer(409, "overtaken", "内容刚被他人修改"),
    domain.WrongTimes: Answer(422, "wrong-times", "时间有误"),
    domain.WrongHosts: Answer(422, "wrong-hosts", "举办组织有误"),
    domain.AlreadyHeld: Answer(409, "already-held", "活动已办结"),
    domain.AttendanceRefused: Answer(422, "attendance-refused", "名单有误"),
}

Moment = Annotated[
    AwareDatetime,
    Field(ge=datetime(1900, 1, 1, tzinfo=UTC), le=datetime(2999, 12, 31, tzinfo=UTC)),
    AfterValidator(lambda moment: moment.astimezone(UTC)),
]
Hosts = Annotated[list[Id], Field(min_length=1, max_length=50)]
Origin = Literal["self", "desk", "phone", "proxy", "paper", "import", "device"]


class ActivityIn(Form):
    kind: Code
    theme: Code | None = None
    mode: Mode = Mode.ASSEMBLED
    hosts: Hosts
    place: Annotated[Code | None, Field(description="The kind of place.")] = None
    starts: Moment
    ends: Moment

    def occasion(self) -> Occasion:
        return Occasion(
            self.kind, self.theme, self.mode, _hosts(self.hosts), self.place, starts=self.starts, ends=self.ends
        )


class CorrectionIn(Form):
    """What is absent stays; a null takes theme or place away."""

    kind: Code | None = None
    theme: Code | None = None
    mode: Mode | None = None
    hosts: Hosts | None = None
    place: Code | None = None
    starts: Moment | None = None
    ends: Moment | None = None

    def changes(self) -> dict[str, Any]:
        told = {field: getattr(self, field) for field in self.model_fields_set}
        changes = {field: value for field, value in told.items() if value is not None or field in ("theme", "place")}
        return changes | ({"hosts": _hosts(self.hosts)} if self.hosts else {})


class EntryIn(Form):
    person: Id
    outcome: Outcome
    origin: Annotated[Origin, Field(description="How it came in; it never changes what it is worth.")] = "desk"
    on_behalf_of: Annotated[Id | None, Field(description="With a proxy: the person of the line; may be left out.")] = (
        None
    )

    def entry(self) -> Entry:
        behalf = PersonId(self.on_behalf_of) if self.on_behalf_of else None
        return Entry(PersonId(self.person), self.outcome, self.origin, behalf)


class AttendanceIn(Form):
    """A whole list. Whoever is due and stands on no list has missed nothing, unless `rest_missed` says so."""

    entries: Annotated[list[EntryIn], Field(max_length=5000)]
    rest_missed: Annotated[Origin | None, Field(description="Whoever else was due has missed it; says how.")] = None


class FilterIn(BaseModel):
    host: Id | None = None
    kind: Code | None = None
    state: State | None = None
    since: Annotated[Moment | None, Field(description="Starting then or later.")] = None
    until: Annotated[Moment | None, Field(description="Starting before then.")] = None

    def filter(self) -> queries.Filter:
        host = OrganisationId(self.host) if self.host else None
        return queries.Filter(host, self.kind, self.state, self.since, self.until)


class CountsOut(BaseModel):
    due: int
    attended: int
    excused: int
    missed: int


class ActivityOut(BaseModel):
    id: str
    kind: str
    theme: str | None
    mode: Mode
    hosts: list[str]
    place: str | None
    starts: datetime
    ends: datetime
    state: State
    counts: CountsOut

    @classmethod
    def of(cls, row: Any) -> "ActivityOut":
        return cls(**row, counts=CountsOut(**{name: row[name] for name in CountsOut.model_fields}))


class LineOut(BaseModel):
    person: str
    name: str
    outcome: Outcome
    origin: str
    on_behalf_of: str | None


@router.post("/activities", status_code=201)
async def plan(body: ActivityIn, edge: Write) -> Created:
    activity = await handlers.plan_activity(edge.work, body.occasion(), edge.by)
    return await edge.created(activity.id, etag=activity.revision)


@router.patch("/activities/{activity}")
async def correct(activity: PathId, body: CorrectionIn, seen: IfMatch, edge: Write) -> ActivityOut:
    """Correct what it was, where and when. Of a closed one, everybody's participation is published anew."""
    command = CorrectActivity(ActivityId(activity), seen, body.changes())
    return await _answer((await handlers.correct_activity(edge.work, command, edge.by)).id, edge)


@router.post("/activities/{activity}/attendance", status_code=201)
async def record(activity: PathId, body: AttendanceIn, edge: Write) -> Created:
    """Enter a list. Before the closing it is kept; afterwards each new or other line is published at once."""
    entries = tuple(entry.entry() for entry in body.entries)
    command = RecordAttendance(ActivityId(activity), entries, body.rest_missed)
    recorded = await handlers.record_attendance(edge.work, command, edge.by)
    return await edge.created(recorded.id, etag=recorded.revision)


@router.post("/activities/{activity}/closing", status_code=201)
async def close(activity: PathId, edge: Write) -> Created:
    """Publish the activity and its list."""
    closed = await handlers.close_activity(edge.work, ActivityId(activity), edge.by)
    return await edge.created(closed.id, etag=closed.revision)


@router.get("/activities")
async def list_(paging: Paging, edge: Read, asked: Annotated[FilterIn, Query()]) -> Page[ActivityOut]:
    """The latest first."""
    require(edge.by, "activity.list", Resource(edge.work.county))
    rows = await queries.list_activities(edge.work, asked.filter(), paging.limit, _after(paging))
    return page([ActivityOut.of(row) for row in rows], paging, lambda one: (one.starts.isoformat(), one.id))


@router.get("/activities/{activity}")
async def one(activity: PathId, edge: Read) -> ActivityOut:
    require(edge.by, "activity.list", Resource(edge.work.county))
    return await _answer(ActivityId(activity), edge)


@router.get("/activities/{activity}/attendance")
async def lines(activity: PathId, paging: Paging, edge: Read) -> Page[LineOut]:
    await handlers.require_attendance(edge.work, ActivityId(activity), edge.by)
    rows = await queries.attendance_of(edge.work, ActivityId(activity), paging.limit, after_id(paging))
    return page([LineOut(**row) for row in rows], paging, lambda line: (line.person,))


async def _answer(activity: ActivityId, edge: Read) -> ActivityOut:
    row = await queries.one_activity(edge.work, activity)
    set_etag(edge.response, row["revision"])
    return ActivityOut.of(row)


def _hosts(hosts: list[str]) -> tuple[OrganisationId, ...]:
    return tuple(map(OrganisationId, hosts))


def _after(paging: PageQuery) -> tuple[datetime, str] | None:
    try:
        match paging.after:
            case None:
                return None
            case (str(starts), str(id_)) if is_id(id_):
                return datetime.fromisoformat(starts).astimezone(UTC), id_
    except (ValueError, OverflowError):
        pass
    raise BadCursor("cursor 有误，请从第一页重新翻起。")
