"""What a trial looks at. Nothing is written and nothing is locked."""

from sqlalchemy import text

from scoring.ids import CountyId, PersonId
from scoring.work import Work


async def county_named(work: Work, word: str) -> CountyId | None:
    found = await work.session.scalar(_COUNTY, {"word": word})
    return CountyId(found) if found else None


async def document(work: Work, county: CountyId, book: str) -> str | None:
    """The JSON text of a book, whether it is a draft or adopted."""
    found: str | None = await work.session.scalar(_DOCUMENT, {"county": county, "id": book})
    return found


async def people_after(work: Work, county: CountyId, after: PersonId, most: int) -> list[PersonId]:
    """Name people in the order of their ids; whose entry ended in a merge is there under the other one."""
    given = {"county": county, "after": after, "most": most}
    return [PersonId(row.person) for row in await work.session.execute(_PEOPLE, given)]


async def count(work: Work, county: CountyId) -> int:
    return int(await work.session.scalar(_COUNT, {"county": county}) or 0)


_COUNTY = text("SELECT county FROM counties WHERE word = :word")
_DOCUMENT = text("SELECT CAST(document AS text) FROM books WHERE county = :county AND id = :id")
_PEOPLE = text("""
    SELECT person FROM accounts WHERE county = :county AND person > :after AND merged_into IS NULL
    ORDER BY person LIMIT :most
""")
_COUNT = text("SELECT count(*) FROM accounts WHERE county = :county AND merged_into IS NULL")
