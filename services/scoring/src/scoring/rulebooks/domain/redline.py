"""The red line: what no book may reward, whatever the county wishes.

Source: 国办函〔2026〕12号 and the opinions before it. Using a phone is never an achievement: an item may not speak
of logins, clicks, minutes, likes or shares, may not tell paper from telephone, and checking oneself in is no evidence.
"""

import re
from collections.abc import Iterator, Mapping

from scoring.rulebooks.domain.reading import Fields
from scoring.rulebooks.domain.refusals import Refusal, Rule

DENIED = {
    "登录": ("login", "logins", "logon", "signin", "logged"),
    "点击": ("click", "clicks", "clicked", "view", "views", "viewed", "browse", "browsed"),
    "在线时长": ("minute", "minutes", "duration", "online_minutes", "screen"),
    "点赞": ("like", "likes", "liked", "upvote", "upvoted"),
    "转发": ("share", "shares", "shared", "forward", "forwarded", "repost"),
    "投票": ("poll", "votes"),
}
DENIED_WORDS = ("登录", "登陆", "点击", "浏览量", "在线时长", "学习时长", "点赞", "转发", "网络投票")
CHECK_INS = ("checkin", "checkins", "punch", "selfcheckin")
CHECK_IN_WORDS = ("打卡", "签到")
ORIGINS = ("origin", "origins", "origin_value_tenths", "value_by_origin", "channel", "channels", "device", "devices")
SELECTORS = ("kinds", "themes", "modes")
MEASURES = ("per", "once_per", "every", "unit", "measure", "evidence")
CODED = ("grades",)


def crossings(entry: Fields) -> Iterator[Refusal]:
    """Yield one refusal for each crossing of the red line, looking at an entry as it was written."""
    for key in ("name", "code", "event", "board", *SELECTORS, *MEASURES, *CODED):
        word = entry.raw.get(key)
        if isinstance(word, str | list | Mapping):
            yield from _crossing(entry.path + key, str(list(word) if isinstance(word, Mapping) else word))
    for key in ORIGINS:
        if key in entry.raw:
            sentence = "纸质、电话、代办与手机录入同样得分，分值不能随登记方式变化。"
            yield Refusal(Rule.ORIGIN, entry.path + key, sentence)


def names_a_crossing(code: str) -> bool:
    return any(True for _ in _crossing("", code))


def _crossing(path: str, word: str) -> Iterator[Refusal]:
    segments = _segments(word)
    if any(code in segments for code in CHECK_INS) or any(chinese in word for chinese in CHECK_IN_WORDS):
        sentence = "本人打卡签到不能作为得分依据，出勤由支部记录员登记。"
        yield Refusal(Rule.SELF_CHECK_IN, path, sentence)
    for habit, codes in DENIED.items():
        if any(code in segments for code in codes):
            yield _denied(path, habit)
            return
    found = next((chinese for chinese in DENIED_WORDS if chinese in word), None)
    if found:
        yield _denied(path, found)


def _denied(path: str, habit: str) -> Refusal:
    sentence = f"“{habit}”不能计分：积分只来自组织记录的实际活动，不看使用手机的情况（国办函〔2026〕12号）。"
    return Refusal(Rule.RED_LINE, path, sentence)


def _segments(word: str) -> frozenset[str]:
    """Split a code into its words, so that “shared-meal” is caught and “shareholder” is not."""
    joined = re.sub(r"check[-_ .]?in", "checkin", word.lower())
    return frozenset(re.split(r"[^a-z]+", joined))
