"""What a rule book is and what it may say."""

from scoring.rulebooks.domain.book import Aspect, Band, Book, LeftOut, Notice, Year, band_of, grade_of
from scoring.rulebooks.domain.item_rules import Vocabulary
from scoring.rulebooks.domain.items import APPRAISED, BASE, DEDUCTED, Item, Shape
from scoring.rulebooks.domain.linting import read, recall
from scoring.rulebooks.domain.refusals import BookNotFound, BookRefused, Refusal, VersionTaken

__all__ = [
    "APPRAISED",
    "BASE",
    "DEDUCTED",
    "Aspect",
    "Band",
    "Book",
    "BookNotFound",
    "BookRefused",
    "Item",
    "LeftOut",
    "Notice",
    "Refusal",
    "Shape",
    "VersionTaken",
    "Vocabulary",
    "Year",
    "band_of",
    "grade_of",
    "read",
    "recall",
]
