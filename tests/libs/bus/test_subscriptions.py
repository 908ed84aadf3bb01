"""Misuse fails when it is declared, not in the middle of the night."""

import dataclasses

import pytest

from bus.consumer import Listener, on, source, together
from bus.errors import CannotSubscribe
from contracts import topics
from support.bus import Work, itself, note, one_by_one

STRANGE = dataclasses.replace(topics.PERSON, name="registry.cat")


async def note_all(work: Work, events: object) -> None:
    """Never called."""


def test_an_unknown_topic_is_refused() -> None:
    with pytest.raises(CannotSubscribe, match=r"registry\.cat is not in the catalogue"):
        on(STRANGE, itself, note)


def test_an_unknown_topic_among_several_is_refused() -> None:
    with pytest.raises(CannotSubscribe, match=r"registry\.cat is not in the catalogue"):
        source(STRANGE, itself)


def test_a_batch_handler_without_a_topic_is_refused() -> None:
    with pytest.raises(CannotSubscribe, match="names no topic"):
        together(note_all)


def test_a_consumer_that_the_catalogue_does_not_list_is_refused() -> None:
    with pytest.raises(CannotSubscribe, match=r"does not list scoring as a consumer of registry\.activity"):
        Listener("scoring", (on(topics.ACTIVITY, itself, note),), Work)


def test_two_handlers_of_one_topic_in_a_group_are_refused() -> None:
    both = (on(topics.PERSON, itself, note), together(note_all, source(topics.PERSON, itself)))
    with pytest.raises(CannotSubscribe, match=r"registry\.person has two handlers in scoring: .*note and .*note_all"):
        Listener("scoring", both, Work)


def test_a_group_without_subscriptions_is_refused() -> None:
    with pytest.raises(CannotSubscribe, match="subscribes to nothing"):
        Listener("scoring", (), Work)


def test_a_handler_is_called_by_its_full_name() -> None:
    assert one_by_one().subscriptions[0].handler == "support.bus.note"
