"""Live tallies: rows of which the higher version wins, sums over them, and how they are checked against the ledger."""
