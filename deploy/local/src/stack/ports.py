"""Which ports the processes listen on, and whether someone answers there.

Every port is below 32768, where Linux's own (ephemeral) ports begin: in that range a readiness
probe has connected to itself and so taken the port it was waiting for. Probes therefore also come
from 127.0.0.2, an address on which nothing listens.
"""

import random
import socket
from dataclasses import dataclass, field

from stack.refusal import Refused

HOST = "127.0.0.1"
PROBE_FROM = "127.0.0.2"
DRAWN = range(20000, 32000)
GIVEN = range(1024, 32768)


def is_free(port: int) -> bool:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        # a connection that lingers in TIME_WAIT is no listener
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True


def answers(port: int) -> bool:
    try:
        socket.create_connection((HOST, port), timeout=1, source_address=(PROBE_FROM, 0)).close()
    except OSError:
        return False
    return True


@dataclass
class Ports:
    """Hands out ports and never the same one twice."""

    handed: set[int] = field(default_factory=set)

    def choose(self, purpose: str, given: int | None, default: int | None = None) -> int:
        """A port that a person gave must be free; a default one is replaced by a free one."""
        if given is not None:
            return self._given(purpose, given)
        if default is not None and default not in self.handed and is_free(default):
            self.handed.add(default)
            return default
        return self._drawn()

    def _given(self, purpose: str, port: int) -> int:
        if port not in GIVEN:
            raise Refused(f"Port {port}, given for {purpose}, is not between {GIVEN.start} and {GIVEN.stop - 1}.")
        if port in self.handed or not is_free(port):
            raise Refused(f"Port {port}, given for {purpose}, is taken: stop what listens there or give another one.")
        self.handed.add(port)
        return port

    def _drawn(self) -> int:
        for _ in range(1000):
            port = random.choice(DRAWN)  # noqa: S311 - a port is no secret
            if port not in self.handed and is_free(port):
                self.handed.add(port)
                return port
        raise Refused(f"No free port was found between {DRAWN.start} and {DRAWN.stop - 1}.")
