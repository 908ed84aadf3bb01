"""What only a real transaction can show: two clerks at once, and traces that stand or fall with what they trace."""

import asyncio
from datetime import date

import pytest
from sqlalchemy import text

from registry.identity.domain import IdentityNumber, check_digit
from registry.ids import PersonId, UserId
from registry.people import domain, handlers
from registry.people.domain import AlreadyRegistered, DatedCode, Kind, Person, Standing, Status, UnknownPerson
from registry.people.handlers import AmendPerson, Disclose, RegisterPerson
from registry.people.repository import Particulars
from registry.sealing import BrokenSeal
from registry.work import Work
from support.books import Books, new_id

STANDING = Standing(Kind.TUIXIU, party_member=True, rank=None, township=None, residence=None)


def identity(order: int = 1) -> IdentityNumber:
    first17 = f"99910119400101{order:03d}"
    return IdentityNumber(first17 + check_digit(first17))


def registration(order: int = 1) -> RegisterPerson:
    return RegisterPerson(STANDING, Particulars(name="桃溪望春", identity=identity(order), address="虚构路1号"))


async def register(books: Books, order: int = 1) -> Person:
    async with books.work() as work:
        return await handlers.register_person(work, registration(order), books.desk)


async def traces(books: Books) -> list[tuple[str, ...]]:
    async with books.work() as work:
        return [tuple(row) for row in await work.session.execute(TRACES, {"county": books.county})]


TRACES = text("SELECT actor, action, subject, field, reason FROM audit WHERE county = :county ORDER BY id")
COPY = text("""
    UPDATE people SET address_sealed = (SELECT address_sealed FROM people WHERE county = :county AND id = :one)
    WHERE county = :county AND id = :other
""")


async def test_two_clerks_who_enter_one_person_at_once_enter_one(books: Books) -> None:
    async with books.work() as first:
        await handlers.register_person(first, registration(), books.desk)
        second = asyncio.ensure_future(register(books))
        await books.wait_for_a_lock()
    with pytest.raises(AlreadyRegistered):
        await second
    assert len(await books.told("registry.person")) == 1


async def test_two_clerks_who_amend_one_person_at_once_make_two_versions(books: Books) -> None:
    person = (await register(books)).id

    async def amend(work: Work, seen: int, kind: Kind) -> None:
        await handlers.amend_person(work, AmendPerson(person, seen, {"kind": kind}, Particulars()), books.desk)

    async def later() -> None:
        async with books.work() as work:
            await amend(work, 2, Kind.STAFF)

    async with books.work() as first:
        await amend(first, 1, Kind.LIXIU)
        second = asyncio.ensure_future(later())
        await books.wait_for_a_lock()
    await second
    assert [event.aggregateversion for event in await books.told("registry.person", person)] == [1, 2, 3]


async def test_what_is_refused_later_in_the_transaction_leaves_nothing(books: Books) -> None:
    async def register_and_fail() -> None:
        async with books.work() as work:
            await handlers.register_person(work, registration(), books.desk)
            await work.people.lock(PersonId(new_id()))

    with pytest.raises(UnknownPerson):
        await register_and_fail()
    assert await books.told("registry.person") == []
    assert (await register(books)).version == 1


async def test_a_reading_that_is_not_committed_leaves_no_trace_and_a_committed_one_does(books: Books) -> None:
    person = (await register(books)).id

    async def read_and_fail() -> None:
        async with books.work() as work:
            await handlers.disclose(work, Disclose(person, "identity", "verify"), books.desk)
            await work.people.lock(PersonId(new_id()))

    with pytest.raises(UnknownPerson):
        await read_and_fail()
    assert await traces(books) == []
    async with books.work() as work:
        assert await handlers.disclose(work, Disclose(person, "identity", "verify"), books.desk) == identity().text
    assert await traces(books) == [(books.desk.user, "person.disclose", person, "identity", "verify")]


async def test_a_sealed_value_copied_to_another_person_does_not_open(books: Books) -> None:
    one, other = (await register(books, 1)).id, (await register(books, 2)).id
    async with books.work() as work:
        await work.session.execute(COPY, {"one": one, "other": other, "county": books.county})
    with pytest.raises(BrokenSeal):
        async with books.work() as work:
            await work.people.unseal(other, "address")


async def test_people_are_shared_in_one_order_and_a_change_waits_for_them(books: Books) -> None:
    people = [(await register(books, order)).id for order in (1, 2)]

    async def die() -> Person:
        async with books.work() as work:
            return await work.people.lock(people[0])

    async with books.work() as reading:
        assert list(await reading.people.share(people[::-1])) == people
        waiting = asyncio.ensure_future(die())
        await books.wait_for_a_lock()
        assert not waiting.done()
    assert (await waiting).status is Status.ACTIVE


async def test_sharing_names_nobody_who_is_unknown(books: Books) -> None:
    known, unknown = (await register(books)).id, PersonId(new_id())
    with pytest.raises(UnknownPerson) as refused:
        async with books.work() as work:
            await work.people.share([known, unknown])
    assert refused.value.people == (unknown,)


async def test_codes_are_kept_with_who_confirmed_them(books: Books) -> None:
    person = (await register(books)).id
    async with books.work() as work:
        before = await work.people.lock(person)
        await work.people.save(
            domain.classify(before, DatedCode("A", date(2022, 1, 1), UserId(books.desk.user)), date(2022, 9, 30))
        )
    async with books.work() as work:
        (code,) = (await work.people.lock(person)).classes
    assert (code.code, code.since, code.confirmed_by) == ("A", date(2022, 1, 1), books.desk.user)
