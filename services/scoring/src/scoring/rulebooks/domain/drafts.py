"""A book is drafted by one person and adopted by another; what was adopted never changes.

        draft            adopt, by somebody else
(none) ───────→ DRAFT ──────────────────────────→ ADOPTED
                │  ↑ replace, by its drafter
                │──┘
                └─────────────────────────────→ DISCARDED
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from scoring.ids import BookId


class State(StrEnum):
    DRAFT = "draft"
    ADOPTED = "adopted"
    DISCARDED = "discarded"


@dataclass(frozen=True, slots=True)
class Kept:
    """A book as it is kept. `revision` counts every change, `told` what was published of it: nothing of a draft."""

    id: BookId
    document: Mapping[str, Any]
    drafted_by: str
    state: State = State.DRAFT
    revision: int = 1
    told: int = 0


class NotADraft(Exception):
    def __init__(self, state: State) -> None:
        told = {State.ADOPTED: "已经采用，不能再改动；如需修改，请另立新版", State.DISCARDED: "的草案已经作废"}
        super().__init__(f"这个积分办法{told.get(state, '不是草案')}。")


class NotAdopted(Exception):
    def __init__(self, state: State) -> None:
        told = {
            State.DRAFT: "还是草案，须由第二人审核采用后才能用于季度",
            State.DISCARDED: "的草案已经作废，不能用于季度",
        }
        super().__init__(f"这个积分办法{told.get(state, '没有采用')}。")


class OwnDraft(Exception):
    def __init__(self) -> None:
        super().__init__("起草人不能自己采用草案，请由另一位管理员审核采用。")


class SomebodyElsesDraft(Exception):
    def __init__(self) -> None:
        super().__init__("草案只能由起草人本人修改；如有不同意见，请作废此草案，另行起草。")


def redraft(kept: Kept, document: Mapping[str, Any], by: str) -> Kept:
    """Replace a draft's text. Raises NotADraft, SomebodyElsesDraft."""
    _require_draft(kept)
    if kept.drafted_by != by:
        raise SomebodyElsesDraft
    return replace(kept, document=document, revision=kept.revision + 1)


def adopt(kept: Kept, by: str) -> Kept:
    """Put a draft in force. Raises NotADraft, OwnDraft."""
    _require_draft(kept)
    if kept.drafted_by == by:
        raise OwnDraft
    return replace(kept, state=State.ADOPTED, revision=kept.revision + 1, told=kept.told + 1)


def bind(kept: Kept) -> Kept:
    """Let an adopted book rule another period. Raises NotAdopted."""
    require_adopted(kept)
    return replace(kept, revision=kept.revision + 1, told=kept.told + 1)


def discard(kept: Kept) -> Kept:
    """Give a draft up. Raises NotADraft."""
    _require_draft(kept)
    return replace(kept, state=State.DISCARDED, revision=kept.revision + 1)


def require_adopted(kept: Kept) -> None:
    """Raise NotAdopted for what no quarter may be judged by."""
    if kept.state is not State.ADOPTED:
        raise NotAdopted(kept.state)


def _require_draft(kept: Kept) -> None:
    if kept.state is not State.DRAFT:
        raise NotADraft(kept.state)
