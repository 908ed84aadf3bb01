"""Counting a county again."""

from scoring.recount.handlers.recounting import CannotCompare, recount
from scoring.recount.handlers.topics import Listening, Tell

__all__ = ["CannotCompare", "Listening", "Tell", "recount"]
