"""Rosters: `words` says what cells are called, `reading` makes entries of rows, `plan` compares them with the books."""
