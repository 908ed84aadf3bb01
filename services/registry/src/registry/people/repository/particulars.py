"""What identifies somebody, on its way in or out, and never printed."""

from collections.abc import Mapping
from dataclasses import dataclass

from registry.identity.domain import IdentityNumber, Phone
from registry.people.domain import Person

SEALED = ("identity", "phone", "address")
PARTS = ("sealed", "index")


@dataclass(frozen=True, slots=True)
class Particulars:
    """What identifies a person. None: not told, so it stays as it is."""

    name: str | None = None
    identity: IdentityNumber | None = None
    phone: Phone | None = None
    address: str | None = None
    forgotten: frozenset[str] = frozenset()  # the sensitive fields of which there is none any more

    def sealed(self) -> dict[str, str]:
        texts = {
            "identity": self.identity.text if self.identity else None,
            "phone": self.phone.text if self.phone else None,
            "address": self.address,
        }
        return {field: text for field, text in texts.items() if text is not None}

    def __repr__(self) -> str:
        return "Particulars(***)"


@dataclass(frozen=True, slots=True)
class Entered:
    """Somebody of the books with what a roster is compared with: the name, and the indexes of the sealed fields."""

    person: Person
    name: str
    indexes: Mapping[str, bytes | None]
