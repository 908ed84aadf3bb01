import asyncio
from datetime import UTC, date, datetime

import pytest

from registry.access import Forbidden
from registry.ids import OrganisationId, PersonId
from registry.memberships import domain, handlers
from registry.memberships.domain import History, Kind, Seat
from registry.memberships.handlers import Join, Leave, Transfer
from registry.organisations.domain import Kind as OrganisationKind
from registry.organisations.domain import UnknownOrganisation
from registry.people.domain import UnknownPerson
from registry.taxonomies.domain import Due
from support.books import Books, new_id

MARCH, MAY = date(2022, 3, 1), date(2022, 5, 1)


async def transfer(books: Books, person: PersonId, organisation: OrganisationId, on: date = MAY) -> History:
    async with books.work() as work:
        return await handlers.transfer(work, Transfer(person, organisation, on), books.desk)


async def join(books: Books, person: PersonId, organisation: OrganisationId, kind: Kind = Kind.HOME) -> History:
    async with books.work() as work:
        return await handlers.join(work, Join(person, organisation, kind, MARCH), books.desk)


async def due(books: Books, kind: Due, organisation: OrganisationId, day: date) -> frozenset[PersonId]:
    async with books.work() as work:
        return await handlers.due_on(work, kind, [organisation], day)


async def test_a_joining_is_told_as_the_whole_history(books: Books) -> None:
    branch = await books.found()
    (person,) = await books.members(branch, 1)
    (event,) = await books.told("registry.membership", person)
    assert (event.type, event.aggregateversion) == ("membership.joined.v1", 1)
    assert event.data == {
        "memberships": [{"organisation": branch.id, "kind": "home", "since": "2010-01-01", "until": None}]
    }


async def test_a_transfer_is_one_event_with_the_end_and_the_beginning(books: Books) -> None:
    east, west = await books.found(), await books.found()
    (person,) = await books.members(east, 1)
    await transfer(books, person, west.id)
    event = (await books.told("registry.membership", person))[-1]
    assert (event.type, event.aggregateversion) == ("membership.transferred.v1", 2)
    assert [(m["organisation"], m["until"]) for m in event.data["memberships"]] == [  # type: ignore[index,union-attr,call-overload]
        (east.id, "2022-05-01"),
        (west.id, None),
    ]


async def test_each_change_happened_on_its_day(books: Books) -> None:
    east, west = await books.found(), await books.found()
    (person,) = await books.people(1)
    await join(books, person, east.id)
    await transfer(books, person, west.id)
    async with books.work() as work:
        await handlers.leave(work, Leave(person, west.id, date(2022, 6, 1)), books.desk)
    assert [event.time for event in await books.told("registry.membership", person)] == [
        datetime(2022, 2, 28, 16, tzinfo=UTC),
        datetime(2022, 4, 30, 16, tzinfo=UTC),
        datetime(2022, 5, 31, 16, tzinfo=UTC),
    ]


async def test_a_transfer_leaves_the_old_branchs_group(books: Books) -> None:
    east, west = await books.found(), await books.found()
    group = await books.found(OrganisationKind.GROUP, east)
    (person,) = await books.members(east, 1)
    await join(books, person, group.id, Kind.FURTHER)
    moved = await transfer(books, person, west.id)
    assert [spell.organisation for spell in moved.spells if spell.covers(MAY)] == [west.id]


async def test_what_was_read_again_is_what_was_written(books: Books) -> None:
    east, west = await books.found(), await books.found()
    (person,) = await books.members(east, 1)
    moved = await transfer(books, person, west.id)
    async with books.work() as work:
        assert await work.memberships.of(person) == moved


async def test_two_transfers_at_once_leave_one_home(books: Books) -> None:
    east, west, south = await books.found(), await books.found(), await books.found()
    (person,) = await books.members(east, 1)
    await asyncio.gather(transfer(books, person, west.id), transfer(books, person, south.id))
    async with books.work() as work:
        history = await work.memberships.of(person)
    assert len([spell for spell in history.spells if spell.covers(MAY)]) == 1
    assert [event.aggregateversion for event in await books.told("registry.membership", person)] == [1, 2, 3]


async def test_an_unknown_person_is_refused(books: Books) -> None:
    with pytest.raises(UnknownPerson):
        await join(books, PersonId(new_id()), (await books.found()).id)


async def test_an_unknown_organisation_is_refused(books: Books) -> None:
    (person,) = await books.people(1)
    with pytest.raises(UnknownOrganisation):
        await join(books, person, OrganisationId(new_id()))


async def test_an_organisation_of_another_county_is_refused(books: Books) -> None:
    stranger = Books(books.sessions)
    await stranger.open()
    (person,) = await books.people(1)
    with pytest.raises(UnknownOrganisation):
        await join(books, person, (await stranger.found()).id)


async def test_a_recorder_changes_no_membership(books: Books) -> None:
    branch = await books.found()
    (person,) = await books.people(1)
    with pytest.raises(Forbidden):
        async with books.work() as work:
            await handlers.join(work, Join(person, branch.id, Kind.HOME, MARCH), books.principal("recorder", branch.id))


async def test_a_refused_membership_leaves_nothing_behind(books: Books) -> None:
    (person,) = await books.people(1)
    group = await books.found(OrganisationKind.TEMPORARY, await books.found())
    with pytest.raises(domain.WrongOrganisation):
        await join(books, person, group.id, Kind.HOME)
    assert await books.told("registry.membership", person) == []


async def test_the_members_of_a_day_are_due(books: Books) -> None:
    east, west = await books.found(), await books.found()
    stayed, left = await books.members(east, 2)
    await transfer(books, left, west.id)
    assert await due(books, Due.ALL, east.id, date(2022, 4, 30)) == {stayed, left}
    assert await due(books, Due.ALL, east.id, MAY) == {stayed}


async def test_the_committee_is_who_holds_a_seat_and_is_a_member_still(books: Books) -> None:
    east, west = await books.found(), await books.found()
    members = await books.members(east, 3)
    for person in members[:2]:
        async with books.work() as work:
            await handlers.take_seat(work, Seat(east.id, person, MARCH), books.desk)
    await transfer(books, members[0], west.id)
    assert await due(books, Due.COMMITTEE, east.id, MARCH) == set(members[:2])
    assert await due(books, Due.COMMITTEE, east.id, MAY) == {members[1]}


async def test_a_seat_given_up_is_none(books: Books) -> None:
    branch = await books.found()
    (person,) = await books.members(branch, 1)
    async with books.work() as work:
        await handlers.take_seat(work, Seat(branch.id, person, MARCH), books.desk)
        await handlers.leave_seat(work, Leave(person, branch.id, MAY), books.desk)
    assert await due(books, Due.COMMITTEE, branch.id, MAY) == frozenset()


async def test_only_a_member_takes_a_seat(books: Books) -> None:
    branch = await books.found()
    (person,) = await books.people(1)
    with pytest.raises(domain.NotMember):
        async with books.work() as work:
            await handlers.take_seat(work, Seat(branch.id, person, MARCH), books.desk)


async def test_a_recorder_sees_where_people_of_the_own_branch_belong_and_no_others(books: Books) -> None:
    own, other = await books.found(), await books.found()
    (mine,), (theirs,) = await books.members(own, 1), await books.members(other, 1)
    recorder = books.principal("recorder", own.id)
    async with books.work() as work:
        await handlers.require_list_of(work, mine, recorder)
        with pytest.raises(Forbidden):
            await handlers.require_list_of(work, theirs, recorder)
