"""Granting an exemption, giving it another end, withdrawing it. Whatever it touches is rated again at once."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from kit.tokens import Principal
from scoring.access import Resource, require
from scoring.exemptions import domain, events
from scoring.exemptions.domain import Exemption, ExemptionId
from scoring.ids import CountyId, OrganisationId, PersonId
from scoring.judgements import handlers as judgements
from scoring.ledger import handlers as ledger
from scoring.ledger.domain.accounts import Account
from scoring.ledger.handlers import Told
from scoring.periods import handlers as periods
from scoring.periods.domain import Rules
from scoring.work import Work


@dataclass(frozen=True, slots=True)
class GrantExemption:
    person: PersonId
    since: date
    until: date | None
    decision: str  # which decision it rests on, as the minutes name it


@dataclass(frozen=True, slots=True)
class Scene:
    """What is held: the county's rules, the account, and every exemption of the person."""

    rules: Mapping[CountyId, Rules]
    account: Account
    others: list[Exemption]
    by: Principal


async def grant_exemption(work: Work, command: GrantExemption, by: Principal) -> Exemption:
    """Exempt somebody, also for days that are long past.

    Raises Forbidden, NotKnownYet, OwnAffair, DaysReversed,
    AlreadyExempt.
    """
    require(by, "exemption.grant", Resource(work.county))
    scene = await _hold(work, command.person, by)
    wanted = Exemption(ExemptionId(work.new_id()), command.person, command.since, command.until)
    exemption = domain.grant(wanted, scene.others)
    await work.exemptions.add(work.county, exemption, command.decision, by=by.user, now=work.now)
    await work.outbox.add(events.granted(work, work.asked_by(by), exemption, _who_tells(work, scene)))
    await _rate(work, scene, exemption)
    return exemption


async def end_exemption(work: Work, id_: str, until: date, by: Principal) -> Exemption:
    """Say from which day on it holds no longer, earlier or later than it was said before.

    Raises Forbidden, ExemptionNotFound, OwnAffair, ExemptionWithdrawn, NothingToChange, DaysReversed, AlreadyExempt.
    """
    require(by, "exemption.end", Resource(work.county))
    scene, before = await _held(work, id_, by)
    exemption = domain.end(before, until, scene.others)
    await work.exemptions.save(work.county, exemption, by=by.user, now=work.now)
    await work.outbox.add(events.ended(work, work.asked_by(by), exemption, _who_tells(work, scene)))
    await _rate(work, scene, exemption)
    return exemption


async def withdraw_exemption(work: Work, id_: str, by: Principal) -> Exemption:
    """Take it back as if it had never been. Raises Forbidden, ExemptionNotFound, OwnAffair, ExemptionWithdrawn."""
    require(by, "exemption.withdraw", Resource(work.county))
    scene, before = await _held(work, id_, by)
    exemption = domain.withdraw(before)
    await work.exemptions.save(work.county, exemption, by=by.user, now=work.now)
    await work.outbox.add(events.withdrawn(work, work.asked_by(by), exemption, _who_tells(work, scene)))
    await _rate(work, scene, exemption)
    return exemption


async def _hold(work: Work, person: PersonId, by: Principal) -> Scene:
    rules = await periods.hold(work, {work.county})
    account = await judgements.hold(work, person)
    await judgements.require_another(work, account, by)
    people = await work.judgements.alike(work.county, account.person)
    return Scene(rules, account, await work.exemptions.of(work.county, people), by)


async def _held(work: Work, id_: str, by: Principal) -> tuple[Scene, Exemption]:
    """County, account, exemption, in this order; then read the exemption as it is now."""
    found = await work.exemptions.find(work.county, id_)
    scene = await _hold(work, found.person, by)
    return scene, next(each for each in scene.others if each.id == id_)


async def _rate(work: Work, scene: Scene, exemption: Exemption) -> None:
    """Rate the account again and let the proposals follow: none is open for an exempt day, all others come back."""
    news = domain.known_to_the_ledger(exemption)
    told = Told(work.county, scene.account.person, work.asked_by(scene.by), news)
    changes = await ledger.fold(work, [told], scene.rules)
    await judgements.follow(work, changes, scene.rules)
    await judgements.follow_exemptions(work, scene.account.person)


def _who_tells(work: Work, scene: Scene) -> OrganisationId | None:
    """The home branch of today, for the person has to be told now; None: the bureau."""
    return scene.account.belonging.home_on(work.today)
