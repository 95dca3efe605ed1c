"""Which texts contain, start with, end with, match, or are a valid address or number?"""

from collections.abc import Callable
from functools import reduce

import polars as pl
import re2

from rowcall.errors import MistakesError, Problem
from rowcall.evaluate.ground import Side
from rowcall.evaluate.words import fold_text, passes
from rowcall.language.condition import TextHow, TextTest, Valid
from rowcall.table import Kind

_EMAIL = r"^[^\s@<>,;\"'()\[\]]+@[^\s@<>,;\"'()\[\].]+(\.[^\s@<>,;\"'()\[\].]+)+$"
_PHONE = r"^(\+|00)?[0-9(][0-9 ()./-]*[0-9]$"
_PHONE_DIGITS = range(6, 16)
"""ITU-T E.164 allows 15 digits; shorter than six is an extension."""
_PLAIN_PATTERN = r"^[^\\]*$"
"""Patterns without classes mean the same to RE2 and to polars; of those with a backslash RE2 has the say."""


def test_text(side: Side, line: TextTest) -> pl.Expr:
    """Return where the text passes; an empty cell contains nothing."""
    if line.how is TextHow.MATCHES:
        found = _either([_matches(side, line, pattern) for pattern in line.texts])
    else:
        wanted = tuple(map(fold_text, line.texts))
        tests: dict[TextHow, Callable[[pl.Series, str], pl.Series]] = {
            TextHow.CONTAINS: lambda texts, part: texts.str.contains(part, literal=True),
            TextHow.STARTS: lambda texts, part: texts.str.starts_with(part),
            TextHow.ENDS: lambda texts, part: texts.str.ends_with(part),
        }
        test = tests[line.how]

        def any_part(texts: pl.Series) -> pl.Series:
            return reduce(lambda one, other: one | other, [test(texts, part) for part in wanted])

        found = passes(side, line.ref, any_part, (line.how, wanted), folded=True)
    return ~found if line.negated else found


def test_valid(side: Side, line: Valid) -> pl.Expr:
    """Return where an address or a phone number is well formed; an empty one is not."""
    test = _is_phone if line.ref.column.kind is Kind.PHONE else _is_email
    found = passes(side, line.ref, test, test.__name__)
    return ~found if line.negated else found


def _either(tests: list[pl.Expr]) -> pl.Expr:
    return reduce(lambda one, other: one | other, tests)


def _matches(side: Side, line: TextTest, pattern: str) -> pl.Expr:
    try:
        compiled = re2.compile(pattern)
    except re2.error as error:
        what = f"/{pattern}/ is no pattern that can be searched for: {error}"
        raise MistakesError([Problem(line.place, what)]) from error

    def search(texts: pl.Series) -> pl.Series:
        if re2.search(_PLAIN_PATTERN, pattern) and "(?" not in pattern and "[[" not in pattern:
            return texts.str.contains(pattern)
        distinct = texts.drop_nulls().unique()
        # RE2 looks at one text at a time; each distinct text is looked at once.
        hits = [text for text in distinct if compiled.search(text)]
        found = texts.is_in(hits) if hits else texts != texts  # noqa: PLR0124 - false, null where unknown
        return found.set(texts.is_null(), None)

    return passes(side, line.ref, search, ("matches", pattern))


def _is_email(texts: pl.Series) -> pl.Series:
    return texts.str.strip_chars().str.contains(_EMAIL)


def _is_phone(texts: pl.Series) -> pl.Series:
    tidy = texts.str.strip_chars()
    digits = tidy.str.count_matches("[0-9]")
    enough = digits.is_between(_PHONE_DIGITS.start, _PHONE_DIGITS.stop - 1)
    return tidy.str.contains(_PHONE) & enough
