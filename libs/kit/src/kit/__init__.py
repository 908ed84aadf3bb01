"""Kit: how a process of Jinqiu starts. No word of the bureau's business is known here."""
