"""The kinds of id: UUIDv7 text, checked where it enters. A kind of its own keeps a branch from passing for a person."""

from typing import NewType

CountyId = NewType("CountyId", str)
UserId = NewType("UserId", str)
PersonId = NewType("PersonId", str)
OrganisationId = NewType("OrganisationId", str)
ActivityId = NewType("ActivityId", str)
