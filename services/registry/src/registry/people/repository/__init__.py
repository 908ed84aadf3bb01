"""How people are kept: always many rows in one statement, and sealed what identifies them."""

from registry.people.repository.particulars import Entered, Particulars
from registry.people.repository.people import PeopleRepository
from registry.people.repository.rows import among

__all__ = ["Entered", "Particulars", "PeopleRepository", "among"]
