"""Which number does a new row get?"""

import re
from collections.abc import Iterable

_DIGITS = re.compile(r"\d+")


def next_number(pattern: str, known: Iterable[str]) -> str:
    """Return the number after the highest of its pattern: `T-0001` gives T-0008 when T-0007 is known.

    The last run of digits in the pattern counts; its length is kept as long as it is enough. The pattern's own
    number is the first one.
    """
    runs = list(_DIGITS.finditer(pattern))
    if not runs:
        return next_number(f"{pattern}1", known)
    first = runs[-1]
    before, after, width = pattern[: first.start()], pattern[first.end() :], len(first.group())
    shape = re.compile(rf"{re.escape(before)}(\d{{1,15}}){re.escape(after)}")
    numbers = [int(match.group(1)) for key in known if (match := shape.fullmatch(key.strip()))]
    number = max(numbers, default=int(first.group()) - 1) + 1
    return f"{before}{number:0{width}d}{after}"
