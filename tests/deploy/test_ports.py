"""A port that a person gave is honoured or refused; a default one gives way."""

import socket
from collections.abc import Iterator

import pytest

from stack import ports
from stack.ports import Ports
from stack.refusal import Refused


@pytest.fixture
def taken() -> Iterator[int]:
    with socket.socket() as listener:
        listener.bind((ports.HOST, Ports().choose("a listener", None)))
        listener.listen()
        yield listener.getsockname()[1]


def test_a_given_port_that_is_taken_is_refused_in_one_sentence(taken: int) -> None:
    with pytest.raises(Refused, match=f"^Port {taken}, given for Kafka, is taken: [^.]*\\.$"):
        Ports().choose("Kafka", taken)


def test_a_default_port_that_is_taken_is_replaced_by_a_free_one(taken: int) -> None:
    asked = Ports()
    chosen = asked.choose("Kafka", None, taken)
    assert chosen in ports.DRAWN
    assert asked.notices == [f"Port {taken} is taken, so Kafka listens on {chosen}."]
    assert chosen != taken


def test_a_free_port_is_taken_as_given_and_never_handed_out_twice() -> None:
    handed = Ports()
    free = Ports().choose("a look", None)
    assert handed.choose("Kafka", free) == free
    with pytest.raises(Refused, match="is taken"):
        handed.choose("PostgreSQL", free)


def test_a_port_that_another_stack_has_chosen_but_not_opened_is_not_chosen_again() -> None:
    other = Ports()
    chosen = other.choose("registry", None)
    assert Ports().choose("registry", None, chosen) != chosen
    del other
    assert Ports().choose("registry", None, chosen) == chosen


@pytest.mark.parametrize("port", [0, 80, 32768, 70000])
def test_a_port_of_the_system_or_of_the_ephemeral_range_is_refused(port: int) -> None:
    with pytest.raises(Refused, match="is not between 1024 and 32767"):
        Ports().choose("Kafka", port)


def test_somebody_answers_only_where_somebody_listens(taken: int) -> None:
    assert ports.answers(taken)
    assert not ports.answers(Ports().choose("nobody", None))
