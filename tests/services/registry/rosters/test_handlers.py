"""What only a real transaction can show: how many statements a roster takes, and two of them at once."""

import asyncio
from collections.abc import Sequence

import pytest
from sqlalchemy import event, text

from registry.identity.domain import IdentityNumber, check_digit
from registry.ids import PersonId
from registry.people import domain as people
from registry.people.domain import AlreadyRegistered, DatedCode, Kind, Person, Standing
from registry.people.repository import Particulars
from registry.rosters.domain.reading import Cell
from registry.rosters.handlers import UploadRoster, upload_roster
from registry.rosters.repository import Upload
from support.books import NOW, SEALS, Books, new_id

HEAD: list[Cell] = ["姓名", "身份证号", "人员类别", "住址"]
STANDING = Standing(Kind.TUIXIU, party_member=False, rank=None, township=None, residence=None)


def identity(order: int) -> IdentityNumber:
    first17 = f"99910119400101{order:03d}"
    return IdentityNumber(first17 + check_digit(first17))


def sheet(numbers: Sequence[IdentityNumber], address: str = "虚构路1号", kind: str = "退休") -> list[list[Cell]]:
    rows: list[list[Cell]] = [["桃溪望春", number.text, kind, address] for number in numbers]
    return [HEAD, *rows]


async def upload(books: Books, rows: list[list[Cell]], *, dry_run: bool = False) -> Upload:
    async with books.work() as work:
        return await upload_roster(work, UploadRoster(rows, dry_run), books.desk)


def in_books(number: IdentityNumber) -> tuple[Person, Particulars]:
    return people.register(PersonId(new_id()), STANDING), Particulars(name="桃溪望春", identity=number)


@pytest.mark.parametrize("change", [{"address": "虚构路2号"}, {"kind": "离休"}])
async def test_two_hundred_changed_people_take_a_handful_of_statements(books: Books, change: dict[str, str]) -> None:
    numbers = [identity(order) for order in range(200)]
    await upload(books, sheet(numbers))
    statements: list[str] = []

    def note(_c: object, _cursor: object, statement: str, *_rest: object) -> None:
        statements.append(statement)

    engine = books.sessions.engine.sync_engine
    event.listen(engine, "before_cursor_execute", note)
    done = await upload(books, sheet(numbers, **change))
    event.remove(engine, "before_cursor_execute", note)
    assert (done.changed, len(statements) < 20) == (200, True), len(statements)
    assert [statement for statement in statements if "person_codes" in statement and "SELECT" not in statement] == []


async def test_what_a_roster_does_not_tell_stays_with_every_person(books: Books) -> None:
    number = identity(1)
    async with books.work() as work:
        person, _ = in_books(number)
        told = Particulars("桃溪望春", number, address="虚构路1号")
        coded = people.classify(person, DatedCode("A", NOW.date(), books.desk.user), NOW.date())  # type: ignore[arg-type]
        await work.people.add([(coded, told)], NOW)
    await upload(books, sheet([number], address="", kind="离休"))
    async with books.work() as work:
        after = await work.people.lock(person.id)
        assert await work.people.unseal(person.id, "address") == "虚构路1号"
    assert (after.standing.kind, [code.code for code in after.classes]) == (Kind.LIXIU, ["A"])
    assert (after.version, after.etag) == (3, 2)


@pytest.mark.parametrize(("dry_run", "action"), [(True, "roster.look"), (False, "roster.import")])
async def test_an_upload_leaves_a_trace_of_how_many_rows_it_had(books: Books, dry_run: bool, action: str) -> None:
    done = await upload(books, sheet([identity(1), identity(2)]), dry_run=dry_run)
    async with books.work() as work:
        lines = await work.session.execute(
            text("SELECT actor, action, subject, field, reason FROM audit WHERE county = :c"), {"c": books.county}
        )
        assert [tuple(line) for line in lines] == [(books.desk.user, action, done.id, None, "2 rows")]


async def test_two_rosters_of_the_same_new_people_in_opposite_order_do_not_lock_each_other_out(books: Books) -> None:
    """The first holds the person that both enter first, the second waits there and holds nobody."""
    numbers = sorted((identity(1), identity(2)), key=lambda n: SEALS.index(books.county, "identity", n.text))
    async with books.work() as first:
        await first.people.add([in_books(numbers[0])], NOW)
        second = asyncio.ensure_future(upload(books, sheet(numbers[::-1])))
        await books.wait_for_a_lock()
        await first.people.add([in_books(numbers[1])], NOW)
    with pytest.raises(AlreadyRegistered):
        await second
    async with books.work() as work:
        rows = await work.session.execute(text("SELECT count(*) FROM people WHERE county = :c"), {"c": books.county})
        assert rows.scalar_one() == 2
