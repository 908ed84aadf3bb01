"""The ledger as a fold: facts, a person's standing, cells, accounts, and why a total is what it is."""
