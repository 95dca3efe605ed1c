"""In which language is a rule written down? English or Chinese, from the one table of words."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from rowcall.duration import Span, Unit
from rowcall.language.shape import ShapeKey
from rowcall.language.words import spelled

_UNITS = {
    Unit.MINUTE: ("分钟", "工作分钟"),
    Unit.HOUR: ("小时", "工作小时"),
    Unit.DAY: ("天", "个工作日"),
    Unit.WEEK: ("周", "周"),
    Unit.MONTH: ("个月", "个月"),
    Unit.YEAR: ("年", "年"),
}


@dataclass(frozen=True, slots=True)
class Tongue:
    """Speaks the words of the rule language. chinese: in Chinese instead of English."""

    chinese: bool = False

    def __call__(self, word: Enum, **holes: str) -> str:
        """Return a word, its holes filled."""
        return spelled(word, chinese=self.chinese).replace("\u3000", " ").format(**holes)

    def listed(self, parts: Sequence[str]) -> str:
        """Return values that stand in one line."""
        return ("、" if self.chinese else ", ").join(parts)

    def key(self, key: ShapeKey) -> str:
        """Return a key of an action."""
        return key.chinese[0] if self.chinese and key.chinese else key.key

    def action(self, word: str, params: object) -> str:
        """Return the word of an action."""
        return getattr(params, "chinese", word).split("|")[0] if self.chinese else word

    def span(self, span: Span) -> str:
        """Return a duration."""
        if not self.chinese:
            return str(span)
        clock, working = _UNITS[span.unit]
        return f"{span.count}{working if span.working else clock}"
