"""Does a text follow one of our phrases, and if not, which phrase is it a slip of the pen from?

English words stand apart by blanks. Chinese ones don't: there the holes themselves say where they end, so that
`3天前` is `{span}前`, and blanks, full-width digits and signs make no difference.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from functools import cache
from typing import TypeVar

from rowcall.language.near import slips
from rowcall.language.words import is_chinese, spellings

W = TypeVar("W", bound=Enum)
_HOLE = re.compile(r"\{(\w+)\}")
# A duration and a count begin with a digit, which keeps "a long time ago" a text.
_HOLES = {
    "span": r"\d.*?",
    "count": r"\d[\d,]*",
    "percent": r"\d[\d.,]*\s*[%％]?",
    "email": r"(?:e-?)?mails?",
    "unit": r"(?:\d+\s+)?[a-z]+",
    "start": r"[^\s至到]+",
    "end": r"[^\s,，]+",
}
_CHINESE_HOLES = {
    "span": r"\d+(?:[.．]\d+)?\s*[^\W\d_](?:[^\W\d_]|\s)*?",
    "count": r"\d[\d,，]*",
    "percent": _HOLES["percent"],
    "unit": r"(?:\d+\s*)?个?(?:分钟|小时|天|日|周|星期|月|年)",
    "times": r"\d.*",
    "start": r"\d[^\s至到-]*",
    "end": r"\d[^\s,，]*",
    "days": r"(?![每隔])[\u4e00-\u9fff]\D*?",
    "weekdays": r"[\u4e00-\u9fff]\D*?",
    "stretch": r"个?(?:月|季度|季|年)",
    "nth": r"第?\s*(?:\d+|[一二三四五六七八九十]+)|最后一|首",
    "date": r"\d{1,3}|最后一",
    "weekday": r"(?:周|星期|礼拜)[一二三四五六日天]",
}
_SIGNS = {"，": r"\s*[,，]\s*", "：": r"\s*[:：]?\s*", "%": r"\s*[%％]", "\u3000": r"\s*"}
_COUNTED = frozenset({"span", "count", "percent", "unit", "times", "nth", "date", "start", "end"})
_LONG = 9
_SHORTEST = 3
"""Chinese words of two signs are one slip away from too many others."""


@dataclass(frozen=True, slots=True)
class Slip:
    """A text that is nearly one of our phrases: the phrase, its words, and what stands behind them."""

    word: Enum
    words: str
    rest: str
    distance: int

    @property
    def corrected(self) -> str:
        """The text as it was probably meant."""
        return f"{self.words}{'' if is_chinese(self.words) else ' '}{self.rest}".strip()


@cache
def _compiled(template: str) -> re.Pattern[str]:
    if is_chinese(template):
        return _compiled_chinese(template)
    parts = _HOLE.split(template)
    regex = ""
    for index, part in enumerate(parts):
        if index % 2:
            regex += rf"(?P<{part}>{_HOLES.get(part, '.+?')})"
        else:
            regex += r"\s+".join(re.escape(word) for word in part.split(" "))
    return re.compile(regex.replace(r"\s+a\s+", r"\s+(?:an?|per|every)\s+"), re.IGNORECASE | re.DOTALL)


def _compiled_chinese(template: str) -> re.Pattern[str]:
    regex = ""
    for index, part in enumerate(_HOLE.split(template)):
        if index % 2:
            regex += rf"\s*(?P<{part}>{_CHINESE_HOLES.get(part, '.+?')})\s*"
        else:
            # `之前` is not a hole that ends with `之`.
            regex += r"(?<![之以])" if regex and part[:1] in ("前", "后", "内") else ""
            regex += "".join(_SIGNS.get(sign) or re.escape(sign) for sign in part)
    return re.compile(regex, re.IGNORECASE | re.DOTALL)


def match_phrase(words: type[W], text: str) -> Iterator[tuple[W, Mapping[str, str]]]:
    """Yield every phrase of a table that the whole text follows, with what stands in its holes."""
    said = text.strip()
    for word in words:
        found = (_compiled(template).fullmatch(said) for template in spellings(word))
        match = next((one for one in found if one is not None), None)
        if match is not None:
            yield word, {name: _tidy(name, part or "") for name, part in match.groupdict().items()}


def matched_spelling(word: Enum, text: str) -> str:
    """Return the spelling of a phrase that the whole text follows, or ""."""
    said = text.strip()
    return next((one for one in spellings(word) if _compiled(one).fullmatch(said)), "")


def _tidy(name: str, part: str) -> str:
    return unicodedata.normalize("NFKC", part.strip()) if name in _COUNTED else part.strip()


def leading_words(template: str) -> str:
    """Return the words of a phrase before its first hole."""
    return template.split("{", 1)[0].strip()


def is_whole(word: Enum) -> bool:
    """Say whether a phrase has no hole."""
    return "{" not in spellings(word)[0]


def find_slips(words: type[Enum], text: str) -> list[Slip]:
    """Return the phrases whose leading words the text nearly begins with, the nearest first."""
    parts = text.split()
    found = [
        slip
        for word in words
        for template in spellings(word)
        for slip in (
            _chinese_slips(word, template, text.strip())
            if is_chinese(template)
            else _slips(word, template, parts)
        )
    ]
    return sorted(found, key=lambda slip: (slip.distance, -len(slip.words)))


def _slips(word: Enum, template: str, parts: list[str]) -> Iterator[Slip]:
    leading = leading_words(template)
    if not leading:
        return
    size = len(leading.split())
    for count in {size - 1, size, size + 1} - {0}:
        if count > len(parts) or (is_whole(word) != (count == len(parts))):
            continue
        distance = slips(" ".join(parts[:count]).lower(), leading)
        if 0 < distance <= _allowed(leading):
            yield Slip(word, leading, " ".join(parts[count:]), distance)


def _chinese_slips(word: Enum, template: str, text: str) -> Iterator[Slip]:
    leading = leading_words(template)
    if len(leading) < _SHORTEST:
        return
    for size in (len(leading), len(leading) - 1, len(leading) + 1):
        whole = "{" not in template
        if size > len(text) or whole != (size == len(text)):
            continue
        if slips(text[:size], leading) == 1:
            yield Slip(word, leading, text[size:].strip(), 1)
            return


def _allowed(words: str) -> int:
    return 1 if len(words) < _LONG else 2
