from dataclasses import dataclass

from kit.commands import require_version
from kit.tokens import Principal
from registry.access import Resource, require
from registry.audit.repository import Trace
from registry.counties import domain, events
from registry.counties.domain import County, DatedNumber
from registry.ids import CountyId
from registry.work import Work


@dataclass(frozen=True, slots=True)
class EstablishCounty:
    word: str
    name: str
    codes: tuple[DatedNumber, ...]


@dataclass(frozen=True, slots=True)
class AmendCounty:
    county: CountyId
    seen: int
    name: str | None
    codes: tuple[DatedNumber, ...] | None


async def establish_county(work: Work, command: EstablishCounty, by: Principal) -> County:
    """Raises Forbidden, WrongNumbers, WordTaken."""
    county = domain.establish(CountyId(work.new_id()), command.word, command.name, command.codes)
    require(by, "county.establish", Resource(county.id))
    await work.counties.add(county, work.now)
    async with work.inside(county.id):
        await work.outbox.add(events.established(work, county, by))
    await work.audit.add([Trace(by.user, "county.establish", county.id)])
    return county


async def amend_county(work: Work, command: AmendCounty, by: Principal) -> County:
    """Raises Forbidden, UnknownCounty, StaleVersion, WrongNumbers."""
    require(by, "county.amend", Resource(command.county))
    before = await work.counties.lock(command.county)
    require_version(command.seen, before.version)
    after = domain.amend(before, command.name or before.name, command.codes or before.codes)
    if after == before:
        return before
    await work.counties.save(after)
    async with work.inside(after.id):
        await work.outbox.add(events.amended(work, after, by))
    await work.audit.add([Trace(by.user, "county.amend", after.id)])
    return after
