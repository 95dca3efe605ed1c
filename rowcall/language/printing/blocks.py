"""How do lines of `key: value` become the text of a file that says exactly that again?"""

import json
import re
from collections.abc import Sequence

Said = "str | Pairs | Parts"
Pairs = list[tuple[str, object]]
"""Lines of `key: value`, in order; a value is a text, further lines, or a list of such."""
Parts = list[object]

_PLAIN = re.compile(r"[^\W_][\w .,%/()+-]*[\w%)]|[^\W_]")
"""Texts that mean themselves without quotes, whatever stands before them."""


class Listed(tuple[object, ...]):
    """A list: one dash for each part."""

    __slots__ = ()


def text_of(pairs: Sequence[tuple[str, object]]) -> str:
    """Return lines of `key: value` as the text of a file."""
    return "\n".join(_lines(pairs, 0)) + "\n"


def _lines(pairs: Sequence[tuple[str, object]], depth: int) -> list[str]:
    found: list[str] = []
    for key, value in pairs:
        found += _behind(f"{'  ' * depth}{_scalar(key)}:", value, depth)
    return found


def _behind(start: str, value: object, depth: int) -> list[str]:
    if isinstance(value, str):
        return [f"{start} {_scalar(value)}"]
    if isinstance(value, Listed):
        return [start, *_dashes(value, depth + 1)]
    if isinstance(value, list):
        return [start, *_lines(value, depth + 1)]
    raise TypeError(value)


def _dashes(parts: Sequence[object], depth: int) -> list[str]:
    found: list[str] = []
    dash = f"{'  ' * depth}- "
    for part in parts:
        if isinstance(part, str):
            found.append(f"{dash}{_scalar(part)}")
        elif isinstance(part, list):
            first, *others = _lines(part, depth + 1)
            found += [dash + first.lstrip(), *others]
        else:
            raise TypeError(part)
    return found


def _scalar(text: str) -> str:
    plain = _PLAIN.fullmatch(text) is not None and "  " not in text and text.count(",") == 0
    return text if plain else json.dumps(text, ensure_ascii=False)
