"""Why a quarter does not take its next step, in a sentence for the clerk who asked for it."""

from datetime import date


class AlreadyClosed(Exception):
    def __init__(self, period: str) -> None:
        super().__init__(f"{period}已经结账，不能再次结账。")


class EarlierOneOpen(Exception):
    def __init__(self, period: str, earlier: str) -> None:
        super().__init__(f"各季度须依次结账：{earlier}还没有结账，请先办理，再办理{period}。")


class QuarterSkipped(Exception):
    """Quarters close in order and none is opened behind a closed one, so what is skipped now would be so for ever."""

    def __init__(self, period: str, skipped: str) -> None:
        super().__init__(
            f"{skipped}还没有开启，{period}结账后就再也不能开启。请先开启{skipped}并结账，再办理{period}。"
        )


class NotOver(Exception):
    def __init__(self, period: str, ends_on: date) -> None:
        super().__init__(f"{period}到{ends_on.isoformat()}才结束，次日起方可结账。")


class StillPending(Exception):
    def __init__(self, period: str, accounts: int) -> None:
        super().__init__(f"还有{accounts}人的积分正在计算，{period}暂不能结账，请稍候再试。")


class ProposalsOpen(Exception):
    def __init__(self, period: str, proposals: int) -> None:
        super().__init__(f"{period}还有{proposals}项评议或扣分尚未确认或退回，请先逐项办理，再结账。")


class NotClosed(Exception):
    def __init__(self, period: str) -> None:
        super().__init__(f"{period}还没有结账，请先结账。")


class AlreadyNoticed(Exception):
    def __init__(self, period: str, published_on: date) -> None:
        super().__init__(f"{period}已于{published_on.isoformat()}公示，不能再次公示。")


class NotNoticed(Exception):
    def __init__(self, period: str) -> None:
        super().__init__(f"{period}还没有公示，不能定案。")


class WindowOpen(Exception):
    def __init__(self, period: str, until: date) -> None:
        super().__init__(f"{period}的异议期到{until.isoformat()}为止，次日起方可定案。")


class ObjectionsOpen(Exception):
    def __init__(self, period: str, objections: int) -> None:
        super().__init__(f"{period}还有{objections}件异议没有答复，请先答复，再定案。")


class AlreadyFinal(Exception):
    def __init__(self, period: str) -> None:
        super().__init__(f"{period}已经定案。")


class ReopeningNotAgreed(Exception):
    def __init__(self, period: str) -> None:
        super().__init__(
            f"{period}的积分办法没有约定可以重新开账：结账后补记的积分计入下一个开放的季度，不必重新开账。"
        )


class LaterOneClosed(Exception):
    def __init__(self, period: str, later: str) -> None:
        super().__init__(f"须从最后结账的季度起逐个重新开账：{later}在{period}之后结账，请先办理{later}。")


class YearEvaluated(Exception):
    def __init__(self, period: str) -> None:
        super().__init__(f"{period}所在年度已经总评，不能重新开账。")
