import asyncio
from datetime import UTC, date, datetime

import pytest

from kit.commands import StaleVersion
from registry.access import Forbidden
from registry.ids import OrganisationId
from registry.organisations import domain
from registry.organisations.domain import Changes, Kind, Link, NoSuchOrganisation, Organisation
from registry.organisations.handlers import AmendOrganisation, FoundOrganisation, amend_organisation, found_organisation
from registry.taxonomies.domain import WrongCode
from support.books import FOUNDED, NOW, Books, new_id

MAY = date(2022, 5, 1)


async def amended(books: Books, organisation: Organisation, changes: Changes, seen: int | None = None) -> Organisation:
    async with books.work() as work:
        command = AmendOrganisation(organisation.id, seen or organisation.revision, changes)
        return await amend_organisation(work, command, books.desk)


async def stored(books: Books, organisation: Organisation) -> Organisation:
    async with books.work() as work:
        return (await work.organisations.tree())[organisation.id]


async def test_a_founding_is_kept_and_told_without_its_name(books: Books) -> None:
    bureau = await books.found(Kind.BUREAU)
    branch = await books.found(Kind.BRANCH, bureau)
    (event,) = await books.told("registry.organisation", branch.id)
    assert await stored(books, branch) == branch
    assert (event.type, event.aggregateversion) == ("organisation.founded.v1", 1)
    assert event.data == {
        "kind": "branch",
        "founded_on": "2010-01-01",
        "host": None,
        "parents": [{"parent": bureau.id, "since": "2010-01-01"}],
    }


async def test_a_founding_and_a_new_parent_happened_on_their_days(books: Books) -> None:
    bureau, branch = await books.found(Kind.BUREAU), await books.found()
    await amended(books, branch, Changes(link=Link(bureau.id, MAY)))
    assert [event.time for event in await books.told("registry.organisation", branch.id)] == [
        datetime(2009, 12, 31, 16, tzinfo=UTC),
        datetime(2022, 4, 30, 16, tzinfo=UTC),
    ]


async def test_another_host_is_another_from_now_on(books: Books) -> None:
    bureau = await books.found(Kind.BUREAU)
    await amended(books, bureau, Changes(host="sunshine-home", link=Link(None, FOUNDED)))
    assert (await books.told("registry.organisation", bureau.id))[-1].time == NOW


async def test_an_unknown_host_is_refused_by_its_field(books: Books) -> None:
    command = FoundOrganisation(Kind.BRANCH, "支部", FOUNDED, "nowhere", None)
    with pytest.raises(WrongCode, match="host 本县代码表"):
        async with books.work() as work:
            await found_organisation(work, command, books.desk)


async def test_a_recorder_founds_nothing(books: Books) -> None:
    command = FoundOrganisation(Kind.BRANCH, "支部", FOUNDED, None, None)
    with pytest.raises(Forbidden):
        async with books.work() as work:
            await found_organisation(work, command, books.principal("recorder"))


async def test_a_new_parent_is_told_as_the_next_version(books: Books) -> None:
    bureau, branch = await books.found(Kind.BUREAU), await books.found()
    await amended(books, branch, Changes(link=Link(bureau.id, MAY)))
    event = (await books.told("registry.organisation", branch.id))[-1]
    assert (event.type, event.aggregateversion) == ("organisation.amended.v1", 2)
    assert event.data["parents"] == [
        {"parent": None, "since": "2010-01-01"},
        {"parent": bureau.id, "since": "2022-05-01"},
    ]


async def test_a_new_name_is_kept_and_told_to_nobody(books: Books) -> None:
    branch = await books.found()
    await amended(books, branch, Changes(name="新名"))
    assert ((await stored(books, branch)).name, len(await books.told("registry.organisation", branch.id))) == (
        "新名",
        1,
    )


async def test_a_change_of_what_somebody_else_changed_is_refused(books: Books) -> None:
    branch = await books.found()
    await amended(books, branch, Changes(name="新名"))
    with pytest.raises(StaleVersion):
        await amended(books, branch, Changes(name="再新"), seen=1)


async def test_an_organisation_of_another_county_is_not_there(books: Books) -> None:
    branch = await books.found()
    stranger = Books(books.sessions)
    await stranger.open()
    with pytest.raises(NoSuchOrganisation):
        await amended(stranger, branch, Changes(name="新名"))


async def test_an_unknown_parent_is_refused(books: Books) -> None:
    with pytest.raises(domain.UnknownOrganisation):
        await amended(books, await books.found(), Changes(link=Link(OrganisationId(new_id()), MAY)))


async def test_two_changes_at_once_cannot_close_a_loop(books: Books) -> None:
    one, two = await books.found(Kind.BUREAU), await books.found(Kind.BUREAU)
    async with books.work() as work:
        first = AmendOrganisation(one.id, 1, Changes(link=Link(two.id, MAY)))
        await amend_organisation(work, first, books.desk)
        second = asyncio.create_task(amended(books, two, Changes(link=Link(one.id, MAY))))
        await books.wait_for_a_lock()
    with pytest.raises(domain.WrongParent):
        await second
