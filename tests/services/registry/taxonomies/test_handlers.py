import asyncio
from datetime import date

import pytest

from kit.tokens import Principal
from registry.access import Forbidden
from registry.taxonomies import domain, handlers
from registry.taxonomies.domain import Code, ListName, Use
from registry.taxonomies.handlers import AdoptTaxonomy
from support.books import Books

TOWNS = (
    Code("430725901", "示例一街道", since=date(2000, 1, 1), until=date(2022, 1, 1), successor="430725902"),
    Code("430725902", "示例二街道", since=date(2022, 1, 1)),
)


async def adopt(books: Books, *codes: Code, by: Principal | None = None) -> str:
    async with books.work() as work:
        return await handlers.adopt_taxonomy(work, AdoptTaxonomy(ListName.TOWNSHIP, codes), by or books.admin)


async def test_a_posted_list_comes_back_as_it_was_posted(books: Books) -> None:
    await adopt(books, *TOWNS)
    async with books.work() as work:
        assert (await handlers.in_force(work))[ListName.TOWNSHIP] == domain.Taxonomy(ListName.TOWNSHIP, 1, TOWNS)


async def test_the_last_version_is_in_force(books: Books) -> None:
    await adopt(books, *TOWNS)
    await adopt(books, *TOWNS, Code("430725903", "示例三镇"))
    async with books.work() as work:
        known = (await handlers.in_force(work))[ListName.TOWNSHIP]
    assert (known.version, len(known.codes)) == (2, 3)


async def test_the_same_list_again_is_the_one_that_stands(books: Books) -> None:
    assert await adopt(books, *TOWNS) == await adopt(books, *TOWNS)


async def test_of_two_first_posts_at_once_the_second_follows_the_first(books: Books) -> None:
    async with books.work() as work:
        await handlers.adopt_taxonomy(work, AdoptTaxonomy(ListName.TOWNSHIP, TOWNS), books.admin)
        second = asyncio.create_task(adopt(books, *TOWNS, Code("430725903", "示例三镇")))
        await books.wait_for_a_lock()
    await second
    async with books.work() as work:
        assert (await handlers.in_force(work))[ListName.TOWNSHIP].version == 2


async def test_a_bad_list_changes_nothing(books: Books) -> None:
    await adopt(books, *TOWNS)
    with pytest.raises(domain.BadList):
        await adopt(books, TOWNS[1])
    async with books.work() as work:
        assert (await handlers.in_force(work))[ListName.TOWNSHIP].version == 1


async def test_only_the_countys_admin_posts_a_list(books: Books) -> None:
    with pytest.raises(Forbidden):
        await adopt(books, *TOWNS, by=books.desk)


async def test_a_township_code_holds_on_its_days_only(books: Books) -> None:
    await adopt(books, *TOWNS)
    async with books.work() as work:
        await handlers.check_codes(work, [Use("township", ListName.TOWNSHIP, TOWNS[0].code, date(2021, 12, 31))])
        with pytest.raises(domain.WrongCode, match="现用 430725902"):
            await handlers.check_codes(work, [Use("township", ListName.TOWNSHIP, TOWNS[0].code, date(2022, 1, 1))])


async def test_another_countys_list_is_unknown_here(books: Books) -> None:
    stranger = Books(books.sessions)
    await stranger.open()
    await adopt(stranger, *TOWNS)
    async with books.work() as work:
        assert ListName.TOWNSHIP not in await handlers.in_force(work)
