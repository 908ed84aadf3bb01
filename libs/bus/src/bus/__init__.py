"""How a fact travels: journal, relay, inbox, consumer, dead letters (architecture §3)."""
