"""For the services' tests: events without Kafka, through the same inbox and handlers as in a worker."""

from typing import Generic, TypeVar

from bus.batches import Decoder
from bus.effects import Effects
from bus.subscriptions import Listener
from contracts.catalogue import Topic
from contracts.envelope import Envelope
from kit.database import Sessions

W = TypeVar("W")
Published = tuple[Topic, Envelope]


class Deliveries(Generic[W]):
    """Delivers events to one group, as one batch a call. Raises InvalidEvent for what cannot be read."""

    def __init__(self, listener: Listener[W], sessions: Sessions) -> None:
        self._listener, self._sessions = listener, sessions
        self._decoder = Decoder(listener.readers)
        self._effects = Effects(listener.group, listener.subscriptions, listener.make_work, sessions)
