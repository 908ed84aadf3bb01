"""What is published about the contracts: schemas, pages, releases. Nothing here runs in a service."""
