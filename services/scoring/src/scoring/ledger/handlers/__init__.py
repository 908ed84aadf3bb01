"""The ledger's use cases: folding news, freezing what a close publishes, and what other nouns ask of an account."""

from scoring.ledger.domain.merging import Key
from scoring.ledger.events import Told
from scoring.ledger.handlers.asking import pending, released, resolve
from scoring.ledger.handlers.closing import Figures, freeze, thaw
from scoring.ledger.handlers.folding import (
    BEFORE_ALL,
    Changes,
    Wanted,
    fold,
    left_behind,
    organisations_in,
    rate,
)

__all__ = [
    "BEFORE_ALL",
    "Changes",
    "Figures",
    "Key",
    "Told",
    "Wanted",
    "fold",
    "freeze",
    "left_behind",
    "organisations_in",
    "pending",
    "rate",
    "released",
    "resolve",
    "thaw",
]
