"""Working days by the State Council's calendar: its holidays off, its make-up Saturdays and Sundays on.

The calendar is a package that is renewed every autumn. A year that it lacks is refused, never guessed.
"""

from datetime import date

import chinese_calendar


class NoCalendar(Exception):
    def __init__(self, year: int) -> None:
        super().__init__(f"系统里还没有{year}年的节假日安排，无法推算工作日；请管理员更新节假日安排后再办理。")
        self.year = year


def is_workday(day: date) -> bool:
    """Tell whether people work on this day. Raises NoCalendar."""
    try:
        return bool(chinese_calendar.is_workday(day))
    except NotImplementedError as error:
        raise NoCalendar(day.year) from error
