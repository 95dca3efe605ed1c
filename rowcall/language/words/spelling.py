"""How is a word of the rule language spelled, and which word is a text?

The value of a word is its English spelling and its Chinese one; of several Chinese spellings, with `|` between them,
the first is the one that is written. A wide blank stands for nothing, or for any blanks.
"""

import re
from collections.abc import Iterable
from enum import Enum
from functools import cache
from typing import TypeVar

from rowcall.language.document import fold_key

W = TypeVar("W", bound=Enum)
_CHINESE = re.compile(r"[\u3000-\u9fff]")


def spelled(word: Enum, *, chinese: bool = False) -> str:
    """Return the spelling of a word that is written in English, or in Chinese."""
    return spellings(word)[1 if chinese else 0]


@cache
def spellings(word: Enum) -> tuple[str, ...]:
    """Return every spelling of a word that is understood: English, then Chinese."""
    english, chinese = word.value
    return (english, *(one for one in chinese.split("|") if one))


def spellings_of(words: type[Enum]) -> tuple[str, ...]:
    """Return every spelling of a whole table, for `did you mean`."""
    return tuple(text for word in words for text in spellings(word))


def listed(words: Iterable[Enum], like: str = "") -> str:
    """Return words for a message, as they are written in the language of a text: `when`, `then`."""
    return ", ".join(f"`{spelled(word, chinese=is_chinese(like))}`" for word in words)


def is_chinese(text: str) -> bool:
    """Say whether a spelling is a Chinese one: between its words stand no blanks."""
    return _CHINESE.search(text) is not None


def find_word(words: type[W], text: str) -> W | None:
    """Return the word of a table that a key or a single word is, in any of its spellings."""
    folded = fold_key(text)
    return next((word for word in words if folded in _folded(word)), None)


@cache
def _folded(word: Enum) -> frozenset[str]:
    return frozenset(fold_key(one) for one in spellings(word))
