"""Two entries of one person: a clerk says so, one of them ends, and the other one goes on.

Nothing is rewritten. What was recorded of the one that ends stays under its id, and whoever counts takes the two for
one (`merged_into`). Their identity numbers may differ: a person compares the papers, not we.
"""

from collections.abc import Mapping

from registry.ids import PersonId
from registry.people import domain as people
from registry.people.domain import Merged, Person, Status


class SameEntry(ValueError):
    def __init__(self) -> None:
        super().__init__("要合并的是同一条登记，请另选保留的登记。")


class IntoMerged(ValueError):
    """The entry that should go on has ended itself; `into` is the one that goes on."""

    def __init__(self, into: PersonId) -> None:
        super().__init__(f"选为保留的登记已合并到另一条登记，请改为合并到 {into}。")
        self.errors = [{"field": "into", "merged_into": into, "sentence": f"请改填 {into}"}]


class AlreadyOne(ValueError):
    """They were merged before, the other way round."""

    def __init__(self) -> None:
        super().__init__("这两条登记已经合并过，保留的就是现在这一条，无需再办。")


class DeathsDisagree(ValueError):
    """One is dead and the other one is not, so one of the two is wrong."""

    def __init__(self) -> None:
        super().__init__("两条登记中只有一条登记了去世，请先核对并更正状态，再合并。")


def merge(ended: Person, into: Person, surviving: Mapping[PersonId, PersonId]) -> Person:
    """The first entry as it ends; `surviving` says which one goes on for either that was merged before.

    Raises SameEntry, Merged, IntoMerged, AlreadyOne, DeathsDisagree.
    """
    if ended.id == into.id:
        raise SameEntry
    if ended.merged_into:
        raise Merged(surviving[ended.id])
    if into.merged_into:
        raise AlreadyOne if surviving[into.id] == ended.id else IntoMerged(surviving[into.id])
    if (ended.status is Status.DIED) != (into.status is Status.DIED):
        raise DeathsDisagree
    return people.merge(ended, into.id)
