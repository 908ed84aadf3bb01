"""The failure words: each says what the runner does when it meets it.

Raised by the services' own code: `InvalidEvent` and `RetryLater`. Everything that is neither is retried event by event,
and an event that fails alone `attempts.MOST` times is set aside as `Crashed`.
"""


class InvalidEvent(Exception):
    """This event can never be applied: to the dead letters at once, with its bytes. Never for data that is late."""


class RetryLater(Exception):
    """The infrastructure is away: pause, back off, try again, never skip. Never for data that is late."""


class Crashed(Exception):
    """An event failed alone too often, or killed its process: to the dead letters, with an alert."""


class DeadLetterLimitReached(Exception):
    """So many dead letters are open that the deploy must be wrong: the process ends, nothing is skipped."""


class CannotPublish(Exception):
    """A service tried to publish what the catalogue does not let it. A mistake in the program, never in the input."""


class CannotSubscribe(Exception):
    """A subscription that the catalogue does not list, or two readers of one topic. Found before anything runs."""


class CannotStart(Exception):
    """Something outside the process is not as it must be; the sentence names the command that puts it right."""


class KafkaAway(CannotStart):
    """Kafka does not answer: no reason not to try again for what already runs."""


class LogLost(CannotStart):
    """Kafka's log ends before what it once acknowledged; only `republish` brings the missing events back."""


class HoldLost(Exception):
    """The connection that holds this process's advisory lock is gone, and with it the right to go on."""


class Overtaken(Exception):
    """Another worker has moved a position that this batch started from: drop the batch, look again."""
