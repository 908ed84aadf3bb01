"""Codes are registry's own: no topic carries a list, events carry the code alone."""

from collections.abc import Iterable
from dataclasses import dataclass

from kit.tokens import Principal
from registry.access import Resource, require
from registry.taxonomies import domain
from registry.taxonomies.domain import Code, ListName, Taxonomies, Use
from registry.work import Work


@dataclass(frozen=True, slots=True)
class AdoptTaxonomy:
    name: ListName
    codes: tuple[Code, ...]


async def adopt_taxonomy(work: Work, command: AdoptTaxonomy, by: Principal) -> str:
    """Make a posted list the county's, and return its id. Raises Forbidden, BadList."""
    require(by, "taxonomy.adopt", Resource(work.county))
    before = await work.taxonomies.lock(command.name)
    adopted = domain.adopt(before, command.name, command.codes)
    if adopted is before:
        return await work.taxonomies.id_of(adopted)
    id_ = work.new_id()
    await work.taxonomies.add(id_, adopted, work.now, by.user)
    return id_


async def in_force(work: Work) -> Taxonomies:
    return await work.taxonomies.in_force()


async def check_codes(work: Work, uses: Iterable[Use]) -> None:
    """Look up every code that somebody wants to write. Raises WrongCode, naming each wrong field."""
    domain.check(await in_force(work), uses)
