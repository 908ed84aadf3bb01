"""What a group listens to, and the runner that applies it."""

from bus.subscriptions import Read, Source, Subscription, on, source, together

__all__ = ["Read", "Source", "Subscription", "on", "source", "together"]
