"""The statements themselves. Arrays go in with `unnest`, so that one statement carries a whole batch."""

from collections.abc import Sequence

from sqlalchemy import TextClause, text

ACCOUNT_COLUMNS = (
    "county", "person", "version", "epoch", "person_version", "classes", "absences", "membership_version",
    "memberships", "branch", "totals", "booked_on", "booked_tenths", "merged_into", "absorbed", "exemptions", "frozen",
    "trues",
)  # fmt: skip
FACT_COLUMNS = (
    "county", "person", "subject", "version", "event", "kind", "theme", "mode", "day", "period", "withdrawn",
    "grade", "tenth_hours", "occurrence", "recorded_by",
)  # fmt: skip
CELL_COLUMNS = (
    "county", "person", "period", "book", "in_scope", "sums", "base_tenths", "aspects", "total_tenths",
    "vetoes", "months", "carried_tenths", "vetoed", "adjustments", "published_tenths",
)  # fmt: skip
LINE_COLUMNS = (
    "county", "id", "person", "period", "book", "item", "aspect", "month", "value_tenths", "fact", "reverses",
    "written_at",
)  # fmt: skip
_TYPES = {
    "version": "bigint", "epoch": "bigint", "person_version": "bigint", "membership_version": "bigint",
    "booked_on": "date", "day": "date", "booked_tenths": "integer", "base_tenths": "integer",
    "total_tenths": "integer", "value_tenths": "integer", "withdrawn": "boolean", "in_scope": "boolean",
    "written_at": "timestamptz", "absorbed": "boolean", "tenth_hours": "integer", "vetoes": "integer",
    "carried_tenths": "integer", "vetoed": "boolean", "published_tenths": "integer",
}  # fmt: skip
_JSON = {
    "classes", "absences", "memberships", "totals", "sums", "aspects", "exemptions", "frozen", "trues", "months",
    "adjustments",
}  # fmt: skip


def _given(names: Sequence[str]) -> str:
    """Write the rows that the statement is given as a table called `given`; JSON travels as text."""
    arrays = ", ".join(f"CAST(:{name} AS {_TYPES.get(name, 'text')}[])" for name in names)
    return f"unnest({arrays}) AS given ({', '.join(names)})"


def _values(names: Sequence[str]) -> str:
    return ", ".join(f"CAST(given.{name} AS jsonb)" if name in _JSON else f"given.{name}" for name in names)


def _insert(table: str, names: Sequence[str], rest: str) -> TextClause:
    columns = ", ".join(names)
    return text(f"INSERT INTO {table} AS held ({columns}) SELECT {_values(names)} FROM {_given(names)} {rest}")  # noqa: S608


def _replaced(names: Sequence[str]) -> str:
    return ", ".join(f"{name} = excluded.{name}" for name in names)


_PEOPLE = "unnest(CAST(:counties AS text[]), CAST(:people AS text[])) AS given (county, person)"
_OF_CELLS = (
    "unnest(CAST(:counties AS text[]), CAST(:people AS text[]), CAST(:periods AS text[]))"
    " AS given (county, person, period)"
)
_FACT = ", ".join(f"f.{name}" for name in FACT_COLUMNS)

_MERGED = f"""
    SELECT a.county, a.person, a.merged_into FROM accounts a JOIN {_PEOPLE} USING (county, person)
    WHERE a.merged_into IS NOT NULL
"""  # noqa: S608
MERGED = text(_MERGED)
STUBS = text(f"""
    WITH stubs AS (
        INSERT INTO accounts (county, person) SELECT county, person FROM {_PEOPLE} ON CONFLICT DO NOTHING
    ) {_MERGED}
""")  # noqa: S608
_ACCOUNT = """
    a.county, a.person, a.version, a.epoch, a.person_version, CAST(a.classes AS text) AS classes,
    CAST(a.absences AS text) AS absences, a.membership_version, CAST(a.memberships AS text) AS memberships, a.branch,
    CAST(a.totals AS text) AS totals, a.booked_on, a.booked_tenths, a.merged_into, a.absorbed,
    CAST(a.exemptions AS text) AS exemptions, CAST(a.frozen AS text) AS frozen, CAST(a.trues AS text) AS trues
"""
LOCK = text(f"""
    SELECT {_ACCOUNT} FROM accounts a JOIN {_PEOPLE} USING (county, person)
    ORDER BY a.county, a.person FOR UPDATE OF a
""")  # noqa: S608
ACCOUNTS = text(f"SELECT {_ACCOUNT} FROM accounts a JOIN {_PEOPLE} USING (county, person)")  # noqa: S608
RELEASED = text("""
    SELECT a.person, CAST(a.memberships AS text) AS memberships, a.merged_into, CAST(f AS text) AS frozen
    FROM accounts a CROSS JOIN LATERAL jsonb_array_elements(a.frozen) AS f
    WHERE a.county = :county AND f ->> 'period' = ANY(:periods)
    ORDER BY a.person, f ->> 'period'
""")
KNOWN = text(f"""
    SELECT {_FACT} FROM facts f JOIN
    unnest(CAST(:counties AS text[]), CAST(:people AS text[]), CAST(:subjects AS text[]))
        AS given (county, person, subject) USING (county, person, subject)
""")  # noqa: S608
FACTS = text(f"SELECT {_FACT} FROM facts f JOIN {_OF_CELLS} USING (county, person, period)")  # noqa: S608
ALL_FACTS = text(f"SELECT {_FACT} FROM facts f JOIN {_PEOPLE} USING (county, person)")  # noqa: S608
CELLS = text(f"""
    SELECT c.county, c.person, c.period, c.book, c.in_scope, CAST(c.sums AS text) AS sums, c.vetoes,
           CAST(c.months AS text) AS months
    FROM cells c JOIN {_PEOPLE} USING (county, person)
""")  # noqa: S608
STANDING = text(f"""
    SELECT l.* FROM lines l JOIN {_OF_CELLS} USING (county, person, period)
    WHERE l.reverses IS NULL
      AND NOT EXISTS (SELECT FROM lines r WHERE r.county = l.county AND r.reverses = l.id)
""")  # noqa: S608
LINES = text("""
    SELECT * FROM lines WHERE county = :county AND person = :person AND period = :period ORDER BY id
""")
LEFT_BEHIND = text("""
    SELECT a.county, a.person FROM accounts a JOIN counties c USING (county)
    WHERE a.epoch < c.epoch AND (a.county, a.person) > (:county, :person) ORDER BY a.county, a.person LIMIT :most
""")
PENDING = text("""
    SELECT count(*) FROM accounts a JOIN counties c USING (county) WHERE a.county = :county AND a.epoch < c.epoch
""")
PEOPLE_AFTER = text("""
    SELECT person FROM accounts a WHERE county = :county AND person > :after
    AND EXISTS (SELECT FROM cells c WHERE c.county = a.county AND c.person = a.person)
    ORDER BY person LIMIT :most
""")

SAVE_FACTS = _insert(
    "facts",
    FACT_COLUMNS,
    f"ON CONFLICT (county, person, subject) DO UPDATE SET {_replaced(FACT_COLUMNS[3:])}"
    " WHERE held.version < excluded.version",
)
SAVE_ACCOUNTS = text(f"""
    UPDATE accounts AS held SET ({", ".join(ACCOUNT_COLUMNS[2:])}) = ROW({_values(ACCOUNT_COLUMNS[2:])})
    FROM {_given(ACCOUNT_COLUMNS)} WHERE held.county = given.county AND held.person = given.person
""")  # noqa: S608
SAVE_CELLS = _insert(
    "cells", CELL_COLUMNS, f"ON CONFLICT (county, person, period) DO UPDATE SET {_replaced(CELL_COLUMNS[3:])}"
)
ADD_LINES = _insert("lines", LINE_COLUMNS, "")
