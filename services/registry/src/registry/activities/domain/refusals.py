"""What cannot be done to an activity or its list, in the clerk's words."""

from collections.abc import Iterable, Mapping


class UnknownActivity(Exception):
    def __init__(self) -> None:
        super().__init__("本县没有登记这次活动。")


class Overtaken(Exception):
    def __init__(self) -> None:
        super().__init__("这次活动刚被他人更改，您的内容没有保存，请重新提交。")


class WrongTimes(Exception):
    """It ends before it starts, or is closed before it is over, or attended before it began."""


class WrongHosts(Exception):
    """None, the same one twice, one that was not founded yet, or of a kind that does not hold such meetings."""


class AlreadyHeld(Exception):
    def __init__(self) -> None:
        super().__init__("这次活动已经办结，不能再办结一次；要改请用更正。")


class AttendanceRefused(Exception):
    """Lines that cannot be true; `errors` has each one's place in the list, and nothing was recorded."""

    def __init__(self, errors: Iterable[Mapping[str, str]]) -> None:
        self.errors = tuple(errors)
        super().__init__(f"名单中有 {len(self.errors)} 处不能登记，整份名单都没有保存。")
