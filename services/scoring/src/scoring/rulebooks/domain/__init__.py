"""What a rule book is and what it may say."""

from scoring.rulebooks.domain.book import BASE, Aspect, Book, Item, Shape
from scoring.rulebooks.domain.linting import Vocabulary, read, recall
from scoring.rulebooks.domain.refusals import BookNotFound, BookRefused, Refusal, VersionTaken

__all__ = [
    "BASE",
    "Aspect",
    "Book",
    "BookNotFound",
    "BookRefused",
    "Item",
    "Refusal",
    "Shape",
    "VersionTaken",
    "Vocabulary",
    "read",
    "recall",
]
