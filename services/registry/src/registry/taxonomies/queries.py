from collections import defaultdict
from typing import Any

from sqlalchemy import text

from registry.work import Work


async def lists_in_force(work: Work) -> list[dict[str, Any]]:
    """Every list's last version with its codes, in the order they were posted in."""
    heads = (await work.session.execute(_LISTS, {"county": work.county})).mappings().all()
    codes: dict[str, list[Any]] = defaultdict(list)
    for row in (await work.session.execute(_CODES, {"county": work.county})).mappings():
        codes[row["taxonomy"]].append(row)
    return [{**head, "codes": codes[head["name"]]} for head in heads]


_LISTS = text("""
    SELECT DISTINCT ON (name) id, name, version, adopted_at FROM taxonomies
    WHERE county = :county ORDER BY name, version DESC
""")
_CODES = text("""
    SELECT codes.*
    FROM taxonomy_codes AS codes
    JOIN (SELECT name, max(version) AS version FROM taxonomies WHERE county = :county GROUP BY name) AS last
      ON last.name = codes.taxonomy AND last.version = codes.version
    WHERE codes.county = :county ORDER BY codes.taxonomy, codes.place
""")
