"""How are names, lists and quotes set inside a Chinese sentence?"""

import re
from collections.abc import Sequence

from rowcall.duration import Span
from rowcall.language.printing.tongue import Tongue

TONGUE = Tongue(chinese=True)
_GAP = "\ue000"
"""Stands where Latin letters or digits meet Chinese; it becomes a blank unless a sign stands beside it."""
_SIGNS = "，。；：、（）“”"
_NEAR_SIGNS = re.compile(f"(?<=[{_SIGNS}]){_GAP}+|{_GAP}+(?=[{_SIGNS}]|$)")


def name(text: str) -> str:
    """Return a name or number as it stands in a sentence: with gaps where it is not Chinese."""
    before = _GAP if text[:1].isascii() else ""
    after = _GAP if text[-1:].isascii() else ""
    return f"{before}{text}{after}"


def quoted(text: str) -> str:
    """Return a text of the shop in quotes."""
    return f"“{text}”"


def span(length: Span) -> str:
    """Return a duration: `3 天`."""
    return name(TONGUE.span(length))


def listed(parts: Sequence[str], word: str = "和") -> str:
    """Return `甲、乙和丙`."""
    if len(parts) < 2:  # noqa: PLR2004 - nothing to join
        return "".join(parts)
    return f"{'、'.join(parts[:-1])}{word}{parts[-1]}"


def settled(text: str) -> str:
    """Return a finished sentence, its gaps closed or made blanks."""
    without = _NEAR_SIGNS.sub("", text.lstrip(_GAP))
    return re.sub(f"{_GAP}+", " ", without)
