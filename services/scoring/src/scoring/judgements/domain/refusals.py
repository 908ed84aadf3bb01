"""What cannot be proposed or decided, each with the sentence that the clerk reads."""

from collections.abc import Collection, Mapping
from datetime import date

from scoring.judgements.domain.judgement import NAMES, Act, Kind, State

STANDS: Mapping[State, str] = {
    State.PROPOSED: "尚未确认",
    State.CONFIRMED: "已经确认",
    State.REFUSED: "已经退回",
    State.WITHDRAWN: "已经撤回",
}
ACTS: Mapping[Act, str] = {
    Act.CONFIRM: "确认",
    Act.REFUSE: "退回",
    Act.WITHDRAW: "撤回",
    Act.LAPSE: "撤回",
    Act.RETURN: "重新提出",
}


class JudgementNotFound(Exception):
    def __init__(self) -> None:
        super().__init__("没有找到这项评议或扣分。")


class NotThatWay(Exception):
    def __init__(self, kind: Kind, state: State, act: Act) -> None:
        super().__init__(f"这项{NAMES[kind]}{STANDS[state]}，不能再{ACTS[act]}。")


class OwnProposal(Exception):
    def __init__(self, kind: Kind, recorded: bool, act: Act = Act.CONFIRM) -> None:
        done = "所依据的情况是您本人登记的" if recorded else "是您本人提出的"
        super().__init__(f"这项{NAMES[kind]}{done}，须由另一位同志{ACTS[act]}。")


class ReasonMissing(Exception):
    def __init__(self, kind: Kind) -> None:
        super().__init__(f"这项{NAMES[kind]}已经确认，撤回时请写明理由。")


class OwnAffair(Exception):
    def __init__(self) -> None:
        super().__init__("这是您本人的事项，须由他人办理。")


class PeriodNotOpened(Exception):
    def __init__(self, period: str) -> None:
        super().__init__(f"{period}尚未开启，不能评议或扣分；请先开启这个季度。")


class UnknownItem(Exception):
    def __init__(self, period: str, kinds: Collection[Kind]) -> None:
        names = "或".join(NAMES[kind] for kind in kinds)
        super().__init__(f"{period}所用的积分办法没有这个{names}项目，请核对项目代码。")


class UnknownGrade(Exception):
    def __init__(self, grades: Collection[str]) -> None:
        super().__init__(f"这个评议项目没有这一等次，可选的等次是：{'、'.join(grades)}。")


class MonthNotAsked(Exception):
    def __init__(self, monthly: bool) -> None:
        super().__init__(
            "这个项目每月评议一次，请注明是哪个月。" if monthly else "这个项目每季度评议一次，不要填写月份。"
        )


class MonthNotInPeriod(Exception):
    def __init__(self, period: str) -> None:
        super().__init__(f"所填的月份不在{period}之内。")


class JudgementInFuture(Exception):
    def __init__(self, first: date, today: date) -> None:
        super().__init__(f"{first.isoformat()}还没有到，今天是{today.isoformat()}，不能提前评议或扣分。")


class OutOfScope(Exception):
    def __init__(self, period: str) -> None:
        super().__init__(f"这位同志{period}不参加积分，不能评议或扣分。")


class NotForClass(Exception):
    def __init__(self) -> None:
        super().__init__("这个项目不适用于这位同志的人员类别。")


class ExemptDay(Exception):
    def __init__(self, day: date) -> None:
        super().__init__(f"这位同志{day.isoformat()}在免予考核期间，不能扣分。")


class AlreadyProposed(Exception):
    def __init__(self, day: date) -> None:
        super().__init__(f"这位同志{day.isoformat()}的这个项目已有一项扣分或一票否决，不能重复提出。")


class AlreadyAppraised(Exception):
    def __init__(self, span: str) -> None:
        super().__init__(f"这位同志{span}的这个项目已有一项评议；如要改评，请先撤回原来的一项。")
