"""Points over HTTP: the routes, and the shape of their answers."""

from scoring.explanations.api.points import ERRORS, router

__all__ = ["ERRORS", "router"]
