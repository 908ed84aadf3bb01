"""Names for the ids that travel through scoring, so that one kind cannot be passed for another."""

from typing import NewType

CountyId = NewType("CountyId", str)
PersonId = NewType("PersonId", str)
OrganisationId = NewType("OrganisationId", str)
BookId = NewType("BookId", str)
LineId = NewType("LineId", str)
NoticeId = NewType("NoticeId", str)
Quarter = NewType("Quarter", str)
"""A quarter's code, such as ``2022Q1``."""
