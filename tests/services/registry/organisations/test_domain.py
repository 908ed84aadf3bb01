from datetime import date

import pytest

from registry.ids import OrganisationId
from registry.organisations import domain
from registry.organisations.domain import Changes, Kind, Link, Organisation, Tree

FOUNDED = date(2020, 1, 1)
TODAY = date(2022, 9, 30)


def organisation(word: str, kind: Kind = Kind.BRANCH, *links: Link, founded_on: date = FOUNDED) -> Organisation:
    made = links or (Link(None, founded_on),)
    return Organisation(OrganisationId(word), kind, f"{word}支部", founded_on, None, made)


def below(word: str, since: date = FOUNDED) -> Link:
    return Link(OrganisationId(word), since)


def tree(*organisations: Organisation) -> Tree:
    return {one.id: one for one in organisations}


BUREAU = organisation("bureau", Kind.BUREAU)


def place(child: Organisation, link: Link, among: Tree) -> Organisation:
    return domain.amend(child, Changes(link=link), among)


def test_a_branch_hangs_below_a_bureau() -> None:
    branch = organisation("branch", Kind.BRANCH, below("bureau"))
    assert domain.found(branch, tree(BUREAU), TODAY) == branch


def test_nothing_is_founded_in_the_future() -> None:
    with pytest.raises(domain.WrongFounding, match="成立日期不能晚于今天"):
        domain.found(organisation("b", founded_on=date(2022, 10, 1)), {}, TODAY)


@pytest.mark.parametrize(
    ("child", "parent"),
    [
        (Kind.GROUP, Kind.BUREAU),
        (Kind.GROUP, Kind.TEMPORARY),
        (Kind.BRANCH, Kind.BRANCH),
        (Kind.BUREAU, Kind.BRANCH),
        (Kind.TEMPORARY, Kind.GROUP),
    ],
)
def test_a_kind_hangs_below_its_own_kinds_only(child: Kind, parent: Kind) -> None:
    with pytest.raises(domain.WrongParent, match="不能隶属于"):
        domain.found(organisation("c", child, below("p")), tree(organisation("p", parent)), TODAY)


@pytest.mark.parametrize("kind", [Kind.GROUP, Kind.TEMPORARY])
def test_a_group_and_a_temporary_branch_always_have_a_parent(kind: Kind) -> None:
    with pytest.raises(domain.WrongParent):
        domain.found(organisation("c", kind), {}, TODAY)


def test_an_unknown_parent_is_refused() -> None:
    with pytest.raises(domain.UnknownOrganisation):
        domain.found(organisation("c", Kind.BRANCH, below("nobody")), {}, TODAY)


def test_a_parent_must_exist_on_that_day() -> None:
    young = organisation("young", Kind.BUREAU, founded_on=date(2021, 1, 1))
    with pytest.raises(domain.WrongParent, match="才成立"):
        domain.found(organisation("c", Kind.BRANCH, below("young")), tree(young), TODAY)


def test_nothing_hangs_anywhere_before_it_was_founded() -> None:
    with pytest.raises(domain.WrongParent, match="本组织 2020-01-01 才成立"):
        place(organisation("c"), below("bureau", date(2019, 1, 1)), tree(BUREAU))


def test_the_parent_of_a_day_is_the_one_of_the_last_change() -> None:
    moved = place(organisation("c"), below("bureau", date(2022, 1, 1)), tree(BUREAU))
    assert [moved.parent_on(date(2021, 12, 31)), moved.parent_on(date(2022, 1, 1))] == [None, "bureau"]


def test_a_second_word_for_the_same_day_replaces_the_first() -> None:
    moved = place(organisation("c"), below("bureau"), tree(BUREAU))
    assert moved.links == (below("bureau"),)


def test_a_loop_is_refused() -> None:
    upper, lower = organisation("upper", Kind.BUREAU), organisation("lower", Kind.BUREAU, below("upper"))
    with pytest.raises(domain.WrongParent, match="自己的上级"):
        place(upper, below("lower", date(2022, 1, 1)), tree(upper, lower))


def test_a_refusal_does_not_repeat_the_day_that_was_typed() -> None:
    upper, lower = organisation("upper", Kind.BUREAU), organisation("lower", Kind.BUREAU, below("upper"))
    for link in (below("lower", date(2019, 1, 1)), below("lower", date(2022, 1, 1))):
        with pytest.raises(domain.WrongParent) as caught:
            place(upper, link, tree(upper, lower))
        assert str(link.since) not in str(caught.value)


def test_a_loop_that_would_begin_on_a_later_day_is_refused() -> None:
    upper = organisation("upper", Kind.BUREAU)
    lower = organisation("lower", Kind.BUREAU, Link(None, FOUNDED), below("upper", date(2024, 1, 1)))
    with pytest.raises(domain.WrongParent, match="2024-01-01"):
        place(upper, below("lower", date(2023, 1, 1)), tree(upper, lower))


def test_two_may_change_places_on_one_day() -> None:
    upper = organisation("upper", Kind.BUREAU)
    lower = organisation("lower", Kind.BUREAU, below("upper"), Link(None, date(2022, 1, 1)))
    swapped = place(upper, below("lower", date(2022, 1, 1)), tree(upper, lower))
    assert swapped.parent_on(TODAY) == "lower"


def test_above_is_the_chain_of_that_day() -> None:
    branch = organisation("branch", Kind.BRANCH, Link(None, FOUNDED), below("bureau", date(2022, 1, 1)))
    known = tree(BUREAU, branch)
    assert domain.above(branch.id, date(2021, 1, 1), known) == {"branch"}
    assert domain.above(branch.id, TODAY, known) == {"branch", "bureau"}


def test_a_new_name_is_a_new_revision_and_nothing_published() -> None:
    renamed = domain.amend(BUREAU, Changes(name="老干部局"), {})
    assert (renamed.revision, renamed.version) == (2, 1)


def test_a_new_host_is_published() -> None:
    assert domain.amend(BUREAU, Changes(host="community"), {}).version == 2


def test_a_change_to_what_already_stands_changes_nothing() -> None:
    assert domain.amend(BUREAU, Changes(host=None), {}) == BUREAU
