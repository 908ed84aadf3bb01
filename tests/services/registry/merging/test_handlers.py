"""What a merge does to the books: who belongs where, whose number it is, what others hear, what the trail says."""

import asyncio
from datetime import date
from typing import Any

import pytest
from sqlalchemy import text

from registry.access import Forbidden
from registry.identity.domain import IdentityNumber, Phone, check_digit
from registry.ids import PersonId
from registry.memberships import handlers as memberships
from registry.memberships.domain import Kind as MembershipKind
from registry.memberships.domain import Seat
from registry.memberships.handlers import Join
from registry.merging.domain import IntoMerged
from registry.merging.handlers import MergePerson, merge_person
from registry.people import domain as people
from registry.people.domain import AlreadyRegistered, Kind, Merged, Standing, UnknownPerson
from registry.people.repository import Particulars
from support.books import NOW, Books, new_id

STANDING = Standing(Kind.TUIXIU, party_member=True, rank=None, township=None, residence=None)
TRACES = text("SELECT action, subject, field, reason FROM audit WHERE county = :county ORDER BY id")


def identity(order: int) -> IdentityNumber:
    first17 = f"99910119400101{order:03d}"
    return IdentityNumber(first17 + check_digit(first17))


async def entered(books: Books, **private: Any) -> PersonId:
    person = people.register(PersonId(new_id()), STANDING)
    async with books.work() as work:
        await work.people.add([(person, Particulars(name="桃溪望春", **private))], NOW)
    return person.id


async def merge(books: Books, ended: PersonId, into: PersonId) -> None:
    async with books.work() as work:
        await merge_person(work, MergePerson(ended, into), books.desk)


async def sealed(books: Books, person: PersonId) -> list[str | None]:
    async with books.work() as work:
        return [await work.people.unseal(person, field) for field in ("identity", "phone", "address")]


async def traces(books: Books) -> list[tuple[str | None, ...]]:
    async with books.work() as work:
        return [tuple(row) for row in await work.session.execute(TRACES, {"county": books.county})]


async def test_a_merge_is_the_ended_entrys_next_version_with_its_whole_state(books: Books) -> None:
    ended, into = await books.people(2)
    await merge(books, ended, into)
    (event,) = await books.told("registry.person")
    assert (event.type, event.subject, event.aggregateversion) == ("person.merged.v1", ended, 2)
    assert (event.data["merged_into"], event.data["kind"], event.data["status"]) == (into, "tuixiu", "active")
    assert event.time == NOW


async def test_memberships_of_the_ended_entry_end_today_and_the_kept_ones_stay(books: Books) -> None:
    branch = await books.found()
    ended, into = await books.members(branch, 2)
    before = len(await books.told("registry.membership"))
    await merge(books, ended, into)
    (event,) = (await books.told("registry.membership"))[before:]
    assert (event.type, event.subject) == ("membership.ended.v1", ended)
    assert [each["until"] for each in event.data["memberships"]] == ["2022-09-30"]  # type: ignore[index,union-attr,call-overload]


async def test_who_belonged_nowhere_leaves_nothing(books: Books) -> None:
    ended, into = await books.people(2)
    await merge(books, ended, into)
    assert await books.told("registry.membership") == []


async def test_an_ended_entry_is_due_nowhere_on_any_day(books: Books) -> None:
    branch = await books.found()
    ended, into = await books.members(branch, 2)
    await merge(books, ended, into)
    async with books.work() as work:
        assert await work.memberships.members_on([branch.id], date(2022, 3, 15)) == {into}


async def test_an_ended_entry_sits_in_no_committee(books: Books) -> None:
    branch = await books.found()
    ended, into = await books.members(branch, 2)
    async with books.work() as work:
        seat = Seat(branch.id, ended, date(2020, 1, 1))
        await memberships.take_seat(work, seat, books.desk)
    await merge(books, ended, into)
    async with books.work() as work:
        assert await work.memberships.committee_on([branch.id], date(2022, 3, 15)) == frozenset()


async def test_what_only_the_ended_entry_knew_goes_over_to_the_kept_one(books: Books) -> None:
    ended = await entered(books, identity=identity(1), phone=Phone("10900010001"), address="虚构路1号")
    into = await entered(books, phone=Phone("10900010002"))
    await merge(books, ended, into)
    assert await sealed(books, into) == [identity(1).text, "10900010002", "虚构路1号"]
    assert await sealed(books, ended) == [None, "10900010001", None]
    async with books.work() as work:
        assert await work.people.find("identity", identity(1).text) == [into]
        assert (await work.people.lock(into)).etag == 2


async def test_a_kept_entry_that_gets_nothing_is_not_another_row(books: Books) -> None:
    ended, into = await entered(books), await entered(books, identity=identity(1))
    await merge(books, ended, into)
    async with books.work() as work:
        assert (await work.people.lock(into)).etag == 1


async def test_a_merge_is_in_the_trail_of_both_with_what_changed_hands(books: Books) -> None:
    ended, into = await entered(books, phone=Phone("10900010001")), await entered(books, identity=identity(1))
    await merge(books, ended, into)
    assert await traces(books) == [
        ("person.merge", ended, "merged_into", None),
        ("person.merge", into, "merged_from", None),
        ("person.hand-over", into, "phone", None),
    ]


async def test_the_trail_says_that_two_identity_numbers_became_one_person(books: Books) -> None:
    ended, into = await entered(books, identity=identity(1)), await entered(books, identity=identity(2))
    await merge(books, ended, into)
    assert [reason for *_, reason in await traces(books)] == ["identities-differ"] * 2
    assert (await sealed(books, into))[0] == identity(2).text


async def test_the_number_of_an_ended_entry_is_nobody_elses(books: Books) -> None:
    ended, into = await entered(books, identity=identity(1)), await entered(books, identity=identity(2))
    await merge(books, ended, into)
    with pytest.raises(AlreadyRegistered):
        await entered(books, identity=identity(1))


async def test_a_chain_leads_to_the_entry_that_goes_on(books: Books) -> None:
    first, second, third = await books.people(3)
    await merge(books, first, second)
    await merge(books, second, third)
    async with books.work() as work:
        assert await work.people.surviving([first, second, third]) == {first: third, second: third}
        with pytest.raises(Merged) as caught:
            await work.people.lock(first)
    assert caught.value.into == third


async def test_another_entry_is_not_merged_into_an_ended_one(books: Books) -> None:
    ended, into, other = await books.people(3)
    await merge(books, ended, into)
    with pytest.raises(IntoMerged, match=into):
        await merge(books, other, ended)
    assert len(await books.told("registry.person")) == 1


async def test_nobody_is_merged_into_a_stranger(books: Books) -> None:
    (person,) = await books.people(1)
    with pytest.raises(UnknownPerson):
        await merge(books, person, PersonId(new_id()))


async def test_a_recorder_merges_nobody(books: Books) -> None:
    ended, into = await books.people(2)
    with pytest.raises(Forbidden):
        async with books.work() as work:
            await merge_person(work, MergePerson(ended, into), books.principal("recorder"))


async def test_nothing_is_changed_of_an_entry_that_ended(books: Books) -> None:
    branch = await books.found()
    ended, into = await books.people(2)
    await merge(books, ended, into)
    with pytest.raises(Merged, match=into):
        async with books.work() as work:
            await memberships.join(work, Join(ended, branch.id, MembershipKind.HOME, date(2020, 1, 1)), books.desk)


@pytest.mark.parametrize("turn", [1, -1])
async def test_two_merges_at_once_wait_for_each_other_whichever_way_they_go(books: Books, turn: int) -> None:
    ended, into, other = await books.people(3)
    async with books.work() as work:
        await merge_person(work, MergePerson(ended, into), books.desk)
        second = asyncio.ensure_future(merge(books, *(into, other)[::turn]))
        await books.wait_for_a_lock()
    await second
    assert len(await books.told("registry.person")) == 2


async def test_two_merges_of_two_entries_into_each_other_leave_one(books: Books) -> None:
    one, other = await books.people(2)
    done = await asyncio.gather(merge(books, one, other), merge(books, other, one), return_exceptions=True)
    assert len([each for each in done if each is None]) == 1
    assert len(await books.told("registry.person")) == 1
