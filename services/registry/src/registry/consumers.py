"""What registry listens to: nothing. Its books are filled by people; what others make of them is not its business."""

from bus.subscriptions import Subscription
from registry.work import Work

SUBSCRIPTIONS: tuple[Subscription[Work], ...] = ()
