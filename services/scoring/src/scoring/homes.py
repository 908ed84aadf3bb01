"""The home branch on a day, in SQL: as `Belonging.home_on` has it, for lists that are read without the domain."""

HOME_ON = """(
    SELECT m ->> 'organisation' FROM jsonb_array_elements(a.memberships) AS m
    WHERE CAST(m ->> 'home' AS boolean) AND CAST(m ->> 'since' AS date) <= :day
      AND (m ->> 'until' IS NULL OR :day < CAST(m ->> 'until' AS date))
    ORDER BY m ->> 'since' DESC, m ->> 'organisation' DESC LIMIT 1
)"""
"""Of the account `a` on `:day`. Null: at home nowhere."""
