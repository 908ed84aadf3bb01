from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from registry.activities import domain
from registry.activities.domain import Attendance, Counts, Entry, Mode, Occasion, Outcome, People, Sheet, State
from registry.ids import ActivityId, OrganisationId, PersonId

NOW = datetime(2022, 9, 30, tzinfo=UTC)
LI, WANG, GUEST = PersonId("li"), PersonId("wang"), PersonId("guest")
OCCASION = Occasion(
    kind="party-day",
    theme=None,
    mode=Mode.ASSEMBLED,
    hosts=(OrganisationId("east"),),
    place=None,
    starts=datetime(2022, 3, 15, 1, tzinfo=UTC),
    ends=datetime(2022, 3, 15, 3, tzinfo=UTC),
)
EMPTY = Sheet(domain.plan(ActivityId("activity"), OCCASION), {})


def people(dead: Mapping[PersonId, date] | None = None, due: frozenset[PersonId] = frozenset({LI, WANG})) -> People:
    return People(due=due, known=frozenset({LI, WANG, GUEST}), dead=dead or {})


def entry(person: PersonId, outcome: Outcome = Outcome.ATTENDED, origin: str = "desk") -> Entry:
    return Entry(person, outcome, origin)


def after(sheet: Sheet, change: domain.Change) -> Sheet:
    return Sheet(change.activity, {**sheet.lines, **{line.entry.person: line for line in change.lines}})


def recorded(sheet: Sheet, *entries: Entry) -> Sheet:
    return after(sheet, domain.record(sheet, entries, people(), NOW))


def held(*entries: Entry) -> Sheet:
    sheet = recorded(EMPTY, *entries)
    return after(sheet, domain.hold(sheet, people().due, NOW))


def versions(change: domain.Change) -> Mapping[str, tuple[str, int]]:
    return {line.entry.person: (line.entry.outcome.value, line.version) for line in change.lines}


def refusal(sheet: Sheet, *entries: Entry, who: People | None = None) -> list[str]:
    with pytest.raises(domain.AttendanceRefused) as caught:
        domain.record(sheet, entries, who or people(), NOW)
    return [error["field"] for error in caught.value.errors]


def test_an_activity_ends_after_it_starts() -> None:
    with pytest.raises(domain.WrongTimes, match="须晚于"):
        domain.plan(ActivityId("a"), replace(OCCASION, ends=OCCASION.starts))


def test_an_activity_has_a_host() -> None:
    with pytest.raises(domain.WrongHosts, match="至少"):
        domain.plan(ActivityId("a"), replace(OCCASION, hosts=()))


def test_a_host_stands_once() -> None:
    with pytest.raises(domain.WrongHosts, match="两次"):
        domain.plan(ActivityId("a"), replace(OCCASION, hosts=OCCASION.hosts * 2))


def test_its_day_is_the_day_in_shanghai() -> None:
    assert replace(OCCASION, starts=datetime(2022, 3, 15, 17, tzinfo=UTC)).day == date(2022, 3, 16)


def test_before_it_is_held_nothing_has_a_version() -> None:
    change = domain.record(EMPTY, [entry(LI)], people(), NOW)
    assert (change.activity.version, versions(change)) == (0, {LI: ("attended", 0)})


def test_a_guest_may_attend() -> None:
    assert domain.record(EMPTY, [entry(GUEST)], people(), NOW).activity.counts == Counts(due=2, attended=1)


@pytest.mark.parametrize("outcome", [Outcome.EXCUSED, Outcome.MISSED])
def test_an_absence_cannot_be_charged_to_whoever_was_not_due(outcome: Outcome) -> None:
    assert refusal(EMPTY, entry(GUEST, outcome)) == ["entries.0.outcome"]


def test_an_unknown_person_is_refused_at_its_place() -> None:
    assert refusal(EMPTY, entry(LI), entry(PersonId("nobody"))) == ["entries.1.person"]


def test_whoever_had_died_by_then_is_refused_with_every_other_one() -> None:
    dead = people(dead={LI: date(2022, 3, 14), WANG: date(2022, 1, 1)})
    assert refusal(EMPTY, entry(LI), entry(GUEST), entry(WANG), who=dead) == ["entries.0.person", "entries.2.person"]


def test_the_day_of_death_was_lived() -> None:
    change = domain.record(EMPTY, [entry(LI)], people(dead={LI: date(2022, 3, 15)}), NOW)
    assert versions(change) == {LI: ("attended", 0)}


def test_a_person_stands_on_a_list_once() -> None:
    assert refusal(EMPTY, entry(LI), entry(WANG), entry(LI, Outcome.MISSED)) == ["entries.0.person", "entries.2.person"]


@pytest.mark.parametrize("behalf", [None, LI])
def test_a_proxys_entry_is_on_behalf_of_the_person_of_the_line(behalf: PersonId | None) -> None:
    change = domain.record(EMPTY, [Entry(LI, Outcome.ATTENDED, "proxy", behalf)], people(), NOW)
    assert [line.entry.on_behalf_of for line in change.lines] == [LI]


def test_a_proxys_entry_on_behalf_of_somebody_else_is_refused() -> None:
    assert refusal(EMPTY, Entry(LI, Outcome.ATTENDED, "proxy", on_behalf_of=WANG)) == ["entries.0.on_behalf_of"]


def test_only_a_proxy_names_on_whose_behalf() -> None:
    assert refusal(EMPTY, Entry(LI, Outcome.ATTENDED, "paper", on_behalf_of=LI)) == ["entries.0.on_behalf_of"]


def test_a_proxys_list_twice_changes_nothing() -> None:
    sheet = held(entry(LI, origin="proxy"))
    assert domain.record(sheet, [entry(LI, origin="proxy")], people(), NOW).lines == ()


def test_a_refusal_does_not_tell_when_somebody_died() -> None:
    with pytest.raises(domain.AttendanceRefused) as caught:
        domain.record(EMPTY, [entry(LI)], people(dead={LI: date(2022, 1, 9)}), NOW)
    assert [error["sentence"] for error in caught.value.errors] == ["此人在活动那天之前已去世"]


@pytest.mark.parametrize("origin", ["desk", "paper", "phone", "self", "device", "import"])
def test_every_origin_counts_the_same(origin: str) -> None:
    assert domain.record(EMPTY, [entry(LI, origin=origin)], people(), NOW).activity.counts.attended == 1


def test_before_it_begins_only_an_excuse_can_be_recorded() -> None:
    early = datetime(2022, 3, 15, tzinfo=UTC)
    assert domain.record(EMPTY, [entry(LI, Outcome.EXCUSED)], people(), early).lines
    with pytest.raises(domain.WrongTimes, match="还没有开始"):
        domain.record(EMPTY, [entry(LI)], people(), early)


def test_the_same_list_twice_changes_nothing() -> None:
    sheet = held(entry(LI), entry(WANG, Outcome.MISSED))
    change = domain.record(sheet, [entry(LI), entry(WANG, Outcome.MISSED)], people(), NOW)
    assert (change.activity, change.lines) == (sheet.activity, ())


def test_whoever_stands_on_no_list_has_missed_nothing() -> None:
    assert held(entry(LI)).activity.counts == Counts(due=2, attended=1)


def test_at_the_recorders_word_the_rest_has_missed_it() -> None:
    completed = domain.rest_missed(EMPTY, [entry(LI)], people(), "paper")
    assert completed == (entry(LI), Entry(WANG, Outcome.MISSED, "paper"))


def test_the_rest_does_not_include_who_was_recorded_before() -> None:
    assert domain.rest_missed(recorded(EMPTY, entry(WANG, Outcome.EXCUSED)), [], people(), "desk") == (
        entry(LI, Outcome.MISSED),
    )


def test_holding_publishes_everything_once_as_version_one() -> None:
    sheet = recorded(EMPTY, entry(LI), entry(WANG, Outcome.EXCUSED), entry(GUEST))
    change = domain.hold(sheet, people().due, NOW)
    assert (change.activity.state, change.activity.version) == (State.HELD, 1)
    assert versions(change) == {LI: ("attended", 1), WANG: ("excused", 1), GUEST: ("attended", 1)}


def test_what_was_withdrawn_before_holding_is_never_published() -> None:
    sheet = recorded(recorded(EMPTY, entry(LI), entry(WANG)), entry(WANG, Outcome.WITHDRAWN))
    assert versions(domain.hold(sheet, people().due, NOW)) == {LI: ("attended", 1)}


def test_a_held_activity_is_not_held_again() -> None:
    with pytest.raises(domain.AlreadyHeld):
        domain.hold(held(), people().due, NOW)


def test_an_activity_that_is_not_over_is_not_held() -> None:
    with pytest.raises(domain.WrongTimes, match="没有结束"):
        domain.hold(EMPTY, people().due, datetime(2022, 3, 15, 2, tzinfo=UTC))


def test_a_correction_is_the_lines_and_the_activitys_next_version() -> None:
    change = domain.record(held(entry(LI), entry(WANG)), [entry(WANG, Outcome.MISSED)], people(), NOW)
    assert versions(change) == {WANG: ("missed", 2)}
    assert (change.activity.version, change.activity.counts) == (2, Counts(2, attended=1, missed=1))


def test_a_withdrawal_is_the_next_version_and_a_return_the_one_after() -> None:
    gone = recorded(held(entry(LI)), entry(LI, Outcome.WITHDRAWN))
    assert gone.lines[LI] == Attendance(entry(LI, Outcome.WITHDRAWN), 2)
    assert recorded(gone, entry(LI)).lines[LI] == Attendance(entry(LI), 3)


def test_a_late_entry_is_version_one_of_its_own_subject() -> None:
    assert versions(domain.record(held(entry(LI)), [entry(WANG)], people(), NOW)) == {WANG: ("attended", 1)}


def test_a_line_withdrawn_before_holding_returns_as_version_one() -> None:
    sheet = recorded(recorded(EMPTY, entry(LI)), entry(LI, Outcome.WITHDRAWN))
    public = after(sheet, domain.hold(sheet, people().due, NOW))
    assert versions(domain.record(public, [entry(LI)], people(), NOW)) == {LI: ("attended", 1)}


def test_nothing_that_does_not_stand_can_be_withdrawn() -> None:
    assert refusal(EMPTY, entry(LI, Outcome.WITHDRAWN)) == ["entries.0.outcome"]


def test_another_origin_alone_is_the_lines_next_version_and_not_the_activitys() -> None:
    change = domain.record(held(entry(LI)), [entry(LI, origin="paper")], people(), NOW)
    assert (change.activity.version, change.activity.revision, versions(change)) == (1, 4, {LI: ("attended", 2)})


def test_correcting_the_activity_gives_it_and_each_line_a_next_version() -> None:
    sheet = recorded(held(entry(LI), entry(WANG)), entry(WANG, Outcome.WITHDRAWN))
    change = domain.revise(sheet, replace(OCCASION, kind="lecture"), people(), NOW)
    assert change.activity.version == 3
    assert versions(change) == {LI: ("attended", 2), WANG: ("withdrawn", 3)}


def test_correcting_an_open_activity_publishes_nothing() -> None:
    change = domain.revise(recorded(EMPTY, entry(LI)), replace(OCCASION, kind="lecture"), people(), NOW)
    assert (change.activity.version, change.lines) == (0, ())


def test_correcting_to_what_already_stands_changes_nothing() -> None:
    sheet = held(entry(LI))
    assert domain.revise(sheet, OCCASION, people(), NOW).activity == sheet.activity


def test_an_absence_of_whoever_was_not_due_after_all_is_withdrawn() -> None:
    sheet = held(entry(LI), entry(WANG, Outcome.MISSED))
    change = domain.revise(sheet, replace(OCCASION, kind="committee"), people(due=frozenset({LI})), NOW)
    assert versions(change) == {LI: ("attended", 2), WANG: ("withdrawn", 2)}
    assert change.activity.counts == Counts(due=1, attended=1)


def test_an_activity_cannot_move_behind_the_death_of_who_attended() -> None:
    later = replace(OCCASION, starts=datetime(2022, 4, 1, tzinfo=UTC), ends=datetime(2022, 4, 1, 2, tzinfo=UTC))
    with pytest.raises(domain.AttendanceRefused, match="1 处"):
        domain.revise(held(entry(LI)), later, people(dead={LI: date(2022, 3, 20)}), NOW)


def at(day: date) -> Occasion:
    return replace(
        OCCASION,
        starts=datetime(day.year, day.month, day.day, 1, tzinfo=UTC),
        ends=datetime(day.year, day.month, day.day, 3, tzinfo=UTC),
    )


def test_what_was_closed_cannot_be_moved_to_where_it_is_not_over() -> None:
    with pytest.raises(domain.WrongTimes, match="已经办结"):
        domain.revise(held(), at(date(2022, 9, 30)), people(), NOW)
    assert domain.revise(held(), at(date(2022, 9, 29)), people(), NOW).activity.version == 2


@pytest.mark.parametrize("outcome", [Outcome.ATTENDED, Outcome.MISSED])
def test_what_somebody_attended_or_missed_cannot_be_moved_into_the_future(outcome: Outcome) -> None:
    with pytest.raises(domain.WrongTimes, match="开始时间"):
        domain.revise(recorded(EMPTY, entry(LI, outcome)), at(date(2022, 10, 15)), people(), NOW)


def test_what_somebody_is_excused_from_may_be_put_off() -> None:
    put_off = domain.revise(recorded(EMPTY, entry(LI, Outcome.EXCUSED)), at(date(2022, 10, 15)), people(), NOW)
    assert put_off.activity.occasion == at(date(2022, 10, 15))


def test_an_absence_is_withdrawn_when_the_person_had_died() -> None:
    change = domain.withdraw(held(entry(LI), entry(WANG, Outcome.MISSED)), WANG, frozenset({LI}))
    assert versions(change) == {WANG: ("withdrawn", 2)}
    assert (change.activity.version, change.activity.counts) == (2, Counts(due=1, attended=1))
