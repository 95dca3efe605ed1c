"""How is a word of the rule language spelled, and which word is a text?

The value of a word is its English spelling and its Chinese one; of several Chinese spellings, with `|` between them,
the first is the one that is written.
"""

from enum import Enum
from typing import TypeVar

from rowcall.language.document import fold_key

W = TypeVar("W", bound=Enum)


def spelled(word: Enum) -> str:
    """Return the English spelling of a word."""
    english: str = word.value[0]
    return english


def spellings(word: Enum) -> tuple[str, ...]:
    """Return every spelling of a word that is understood."""
    return tuple(text for text in word.value if text)


def spellings_of(words: type[Enum]) -> tuple[str, ...]:
    """Return every spelling of a whole table, for `did you mean`."""
    return tuple(text for word in words for text in spellings(word))


def find_word(words: type[W], text: str) -> W | None:
    """Return the word of a table that a key or a single word is, in any of its spellings."""
    folded = fold_key(text)
    return next((word for word in words if folded in spellings(word)), None)
