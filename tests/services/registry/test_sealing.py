from dataclasses import replace

import pytest

from registry.sealing import BrokenSeal, Place, Seals

PLACE = Place("county-a", "row-1", "phone")
OLD, NEW, LOOKUP = bytes([1]) * 32, bytes([2]) * 32, bytes([3]) * 32
SEALS = Seals([OLD], LOOKUP)


def test_what_is_sealed_opens_in_its_place() -> None:
    assert SEALS.open(PLACE, SEALS.seal(PLACE, "10012345678")) == "10012345678"


def test_the_same_text_never_looks_the_same_and_never_shows() -> None:
    one, other = SEALS.seal(PLACE, "10012345678"), SEALS.seal(PLACE, "10012345678")
    assert one != other
    assert b"10012345678" not in one


@pytest.mark.parametrize(
    "elsewhere", [replace(PLACE, county="county-b"), replace(PLACE, row="row-2"), replace(PLACE, field="address")]
)
def test_a_value_moved_to_another_county_row_or_field_does_not_open(elsewhere: Place) -> None:
    with pytest.raises(BrokenSeal):
        SEALS.open(elsewhere, SEALS.seal(PLACE, "10012345678"))


def test_a_changed_value_does_not_open() -> None:
    sealed = SEALS.seal(PLACE, "10012345678")
    with pytest.raises(BrokenSeal):
        SEALS.open(PLACE, sealed[:-1] + bytes([sealed[-1] ^ 1]))


def test_a_later_key_seals_while_the_old_one_still_opens() -> None:
    both = Seals([NEW, OLD], LOOKUP)
    assert both.open(PLACE, SEALS.seal(PLACE, "10012345678")) == "10012345678"
    with pytest.raises(BrokenSeal):
        SEALS.open(PLACE, both.seal(PLACE, "10012345678"))


def test_the_index_finds_within_one_county_and_field_only() -> None:
    index = SEALS.index("county-a", "phone", "10012345678")
    assert index == Seals([NEW], LOOKUP).index("county-a", "phone", "10012345678")
    assert index != SEALS.index("county-b", "phone", "10012345678")
    assert index != SEALS.index("county-a", "identity", "10012345678")
    assert index != Seals([OLD], NEW).index("county-a", "phone", "10012345678")


@pytest.mark.parametrize("keys", [[], [b"short"]])
def test_a_key_of_another_length_is_refused_at_the_start(keys: list[bytes]) -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        Seals(keys, LOOKUP)
