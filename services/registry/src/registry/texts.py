"""What a name or a line of text may hold, typed into a form or read out of a roster."""

LONGEST_NAME = 50
LONGEST_LINE = 200
# No control characters: they are invisible in a list, and PostgreSQL refuses one of them.
PRINTED = r"^[^\x00-\x1f\x7f-\x9f]+$"
