"""How the ledger is kept: always many rows in one statement, never a statement per event."""

from scoring.ledger.repository.ledger import LedgerRepository

__all__ = ["LedgerRepository"]
