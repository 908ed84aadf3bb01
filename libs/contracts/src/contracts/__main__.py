"""python -m contracts generate | check | release: keep what is published true to the classes."""

import sys
from collections.abc import Sequence
from pathlib import Path

from contracts.publication import examples, generated, release
from contracts.publication.places import Places
from contracts.publication.schemas import all_schemas

USAGE = """\
usage: python -m contracts generate | check | release
  generate  write the JSON Schemas, docs/events.md and docs/asyncapi.yaml
  check     fail if one of these is stale, an example no longer parses, or a released version was broken
  release   write down today's schemas and examples as what others rely on from now on
"""


def check(places: Places) -> list[str]:
    """Return everything that is wrong, a sentence each."""
    schemas = all_schemas()
    wrong = [*examples.faults(places), *release.faults(places, schemas)]
    return wrong or [*generated.stale(places, schemas)]


def main(arguments: Sequence[str], places: Places) -> int:
    match arguments:
        case ["generate"]:
            touched = generated.generate(places, all_schemas())
            _say([str(path.relative_to(places.root)) for path in touched] or ["nothing to write"])
            return 0
        case ["check"]:
            wrong = check(places)
            _say(wrong or ["the contracts hold"])
            return 1 if wrong else 0
        case ["release"]:
            _say([f"wrote {release.freeze(places, all_schemas()).relative_to(places.root)}"])
            return 0
    sys.stderr.write(USAGE)
    return 2


def _say(lines: Sequence[str]) -> None:
    sys.stdout.write("".join(f"{line}\n" for line in lines))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], Places(Path(__file__).resolve().parents[4])))
