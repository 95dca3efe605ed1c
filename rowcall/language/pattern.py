"""Does a text follow one of our phrases, and if not, which phrase is it a slip of the pen from?"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from functools import cache
from typing import TypeVar

from rowcall.language.near import slips
from rowcall.language.words import spellings

W = TypeVar("W", bound=Enum)
_HOLE = re.compile(r"\{(\w+)\}")
# A duration and a count begin with a digit, which keeps "a long time ago" a text.
_HOLES = {
    "span": r"\d.*?",
    "count": r"\d[\d,]*",
    "percent": r"\d[\d.,]*\s*%?",
    "email": r"(?:e-?)?mails?",
    "unit": r"(?:\d+\s+)?[a-z]+",
}
_LONG = 9


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
        return f"{self.words} {self.rest}".strip()


@cache
def _compiled(template: str) -> re.Pattern[str]:
    parts = _HOLE.split(template)
    regex = ""
    for index, part in enumerate(parts):
        if index % 2:
            regex += rf"(?P<{part}>{_HOLES.get(part, '.+?')})"
        else:
            regex += r"\s+".join(re.escape(word) for word in part.split(" "))
    return re.compile(regex.replace(r"\s+a\s+", r"\s+(?:an?|per|every)\s+"), re.IGNORECASE | re.DOTALL)


def match_phrase(words: type[W], text: str) -> Iterator[tuple[W, Mapping[str, str]]]:
    """Yield every phrase of a table that the whole text follows, with what stands in its holes."""
    for word in words:
        for template in spellings(word):
            match = _compiled(template).fullmatch(text.strip())
            if match is not None:
                yield word, {name: part.strip() for name, part in match.groupdict().items()}


def leading_words(template: str) -> str:
    """Return the words of a phrase before its first hole."""
    return template.split("{", 1)[0].strip()


def is_whole(word: Enum) -> bool:
    """Say whether a phrase has no hole."""
    return "{" not in word.value[0]


def find_slips(words: type[Enum], text: str) -> list[Slip]:
    """Return the phrases whose leading words the text nearly begins with, the nearest first."""
    parts = text.split()
    found = [slip for word in words for template in spellings(word) for slip in _slips(word, template, parts)]
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


def _allowed(words: str) -> int:
    return 1 if len(words) < _LONG else 2
