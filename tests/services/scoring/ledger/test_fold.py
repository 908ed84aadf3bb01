"""The ledger is a fold: any order, any duplicates, any batches end where a recount ends. Its mutants do not."""

from collections.abc import Callable
from random import Random

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from services.scoring.histories import invent
from services.scoring.ledger.memory import Memory, assert_books_balance, assert_recounted
from services.scoring.mutants import MUTANTS


def property_of_the_fold(phases: tuple[Phase, ...], examples: int) -> Callable[[], None]:
    @settings(
        max_examples=examples, deadline=None, derandomize=True, database=None, phases=phases,
        report_multiple_bugs=False, suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(seed=st.integers(0, 2**32 - 1), order=st.integers(0, 2**32 - 1))
    def any_order_ends_where_a_recount_ends(seed: int, order: int) -> None:
        history = invent(seed)
        memory = Memory(history.sheets)
        memory.play(history.steps(Random(order)))  # noqa: S311 — a test's
        assert_recounted(memory)
        assert_books_balance(memory)

    return any_order_ends_where_a_recount_ends


test_any_order_of_arrival_ends_where_a_recount_ends = property_of_the_fold(tuple(Phase), 300)


@pytest.mark.parametrize("name", MUTANTS)
def test_the_property_kills_the_mutant(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    where, attribute, mutant = MUTANTS[name]
    monkeypatch.setattr(where, attribute, mutant)
    with pytest.raises(AssertionError):
        property_of_the_fold((Phase.generate,), 1000)()
