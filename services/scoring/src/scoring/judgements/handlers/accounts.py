"""The account that a judgement of somebody counts for, whatever entries of the person were merged."""

from kit.commands import NotKnownYet
from kit.tokens import Principal
from scoring.ids import PersonId
from scoring.judgements.domain import OwnAffair
from scoring.ledger import handlers as ledger
from scoring.ledger.domain.accounts import Account
from scoring.work import Work


async def account_of(work: Work, person: PersonId) -> Account | None:
    """As it stands, without a lock: for deciding who may look or ask."""
    return await work.ledger.account(work.county, await ledger.resolve(work, person))


async def require_another(work: Work, account: Account, by: Principal) -> None:
    """Be sure that the asker is somebody else than the one concerned, under whichever entry. Raises OwnAffair."""
    if by.person and await ledger.resolve(work, PersonId(by.person)) == account.person:
        raise OwnAffair


async def hold(work: Work, person: PersonId) -> Account:
    """Hold the account and every entry that was merged into it, so that nothing of the person moves meanwhile.

    The county is held. Raises NotKnownYet for somebody whom registry has not told of, or has just merged.
    """
    goes_on = await ledger.resolve(work, person)
    people = await work.judgements.alike(work.county, goes_on)
    accounts = await work.ledger.lock([(work.county, each) for each in people])
    account = accounts.get((work.county, goes_on))
    if account is None or account.life.version == 0:
        raise NotKnownYet("积分系统里还没有这位同志的资料：刚登记的请稍后再试，否则请核对人员编号。")
    if await ledger.resolve(work, person) != goes_on:
        raise NotKnownYet("这位同志的两份资料正在合并，请稍后再试。")
    return account
