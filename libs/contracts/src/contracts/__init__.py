"""What the services say to each other: the envelope, one file of state classes per owner, the catalogue of topics."""
