"""Which day it is: times are stored in UTC, days, quarters and festivals are those of Asia/Shanghai."""

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")


def day_of(moment: datetime) -> date:
    return moment.astimezone(SHANGHAI).date()


def start_of(day: date) -> datetime:
    """Its first moment."""
    return datetime.combine(day, time(), SHANGHAI)
