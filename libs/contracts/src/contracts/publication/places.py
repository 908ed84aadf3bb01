"""Where the contracts' files lie in the repository."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Places:
    root: Path

    @property
    def schemas(self) -> Path:
        return self.root / "libs/contracts/src/contracts/schemas"

    @property
    def examples(self) -> Path:
        return self.root / "libs/contracts/examples"

    @property
    def releases(self) -> Path:
        return self.root / "libs/contracts/releases"

    @property
    def events_page(self) -> Path:
        return self.root / "docs/events.md"

    @property
    def asyncapi(self) -> Path:
        return self.root / "docs/asyncapi.yaml"

    def examples_of(self, type_: str) -> list[Path]:
        """Return the golden examples of a type, the typical one first."""
        found = sorted((self.examples / type_).glob("*.json"))
        return sorted(found, key=lambda path: path.stem != "typical")
