"""Which faults pass by themselves: the runner waits for those and never blames the event."""

import socket

import asyncpg
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from bus.errors import KafkaAway, RetryLater
from bus.kafka import KafkaError, SendFailed

_AWAY = (
    RetryLater,
    SendFailed,
    KafkaAway,
    KafkaError,
    ConnectionError,
    TimeoutError,
    socket.gaierror,
    PoolTimeoutError,
)
# connection, dead lock and serialization, resources, shutdown and start, lock not available
_STATES = ("08", "40001", "40P01", "40003", "53", "57P", "55P03")


def transient(error: BaseException) -> bool:
    """Say whether the same thing, tried later, may well succeed."""
    if isinstance(error, BaseExceptionGroup):
        return all(transient(each) for each in error.exceptions)
    if isinstance(error, _AWAY):
        return True
    if isinstance(error, DBAPIError):
        return error.connection_invalidated or _state(error.orig).startswith(_STATES)
    return isinstance(error, asyncpg.InterfaceError) or _state(error).startswith(_STATES)


def _state(error: BaseException | None) -> str:
    return str(getattr(error, "sqlstate", None) or "")
