"""Which ports the processes listen on, and whether someone answers there.

Every port is below 32768, where Linux's own (ephemeral) ports begin: in that range a readiness
probe has connected to itself and so taken the port it was waiting for. Probes therefore also come
from 127.0.0.2, an address on which nothing listens.
"""

import os
import random
import socket
import weakref
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
    """Hands out ports and never the same one twice, nor one that another stack has chosen but not opened yet."""

    handed: set[int] = field(default_factory=set)
    notices: list[str] = field(default_factory=list)  # what a person should know of what was chosen

    def _take(self, port: int) -> bool:
        """Hold a port for as long as we live, by a name that every stack of this machine asks for first."""
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as claim:
            try:
                claim.bind(f"\0jinqiu port {port}")
            except OSError:
                return False
            if is_free(port):
                self.handed.add(port)
                weakref.finalize(self, os.close, claim.detach())
                return True
        return False

    def choose(self, purpose: str, given: int | None, default: int | None = None) -> int:
        """A port that a person gave must be free; a default one is replaced by a free one."""
        if given is not None:
            return self._given(purpose, given)
        if default is not None and self._take(default):
            return default
        drawn = self._drawn()
        if default is not None:
            self.notices.append(f"Port {default} is taken, so {purpose} listens on {drawn}.")
        return drawn

    def _given(self, purpose: str, port: int) -> int:
        if port not in GIVEN:
            raise Refused(f"Port {port}, given for {purpose}, is not between {GIVEN.start} and {GIVEN.stop - 1}.")
        if not self._take(port):
            raise Refused(f"Port {port}, given for {purpose}, is taken: stop what listens there or give another one.")
        return port

    def _drawn(self) -> int:
        for _ in range(1000):
            port = random.choice(DRAWN)  # noqa: S311 - a port is no secret
            if self._take(port):
                return port
        raise Refused(f"No free port was found between {DRAWN.start} and {DRAWN.stop - 1}.")
