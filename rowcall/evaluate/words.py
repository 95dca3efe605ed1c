"""Which cells of a text column hold one of these texts, or pass a test of their text?

A column with few distinct texts is coded: a test is asked once of each distinct text, and of the rows only
their code. Letter case and blanks around a text make no difference, as in spreadsheets.
An empty cell counts as the empty text; where nothing is known the answer is null.
"""

from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from typing import cast

import polars as pl

from rowcall.evaluate.ground import Side
from rowcall.language.ref import ColumnRef
from rowcall.table import Kind

_SAMPLE = 2_000
_FEW_ROWS = 256
_LISTED = 12
"""Up to so many codes are compared one by one, which is faster than looking each row's code up."""


@dataclass(frozen=True, slots=True)
class Coded:
    """A text column as numbers: row → code → text; null = unknown.

    as_compared: the same texts by code, as they are compared. folded: text as compared → its codes.
    """

    codes: pl.Series
    texts: pl.Series
    as_compared: pl.Series
    folded: dict[str, list[int]]


def fold_text(text: str) -> str:
    """Return a text as it is compared."""
    return text.strip().lower()


def fold_texts(texts: pl.Series) -> pl.Series:
    """Return texts as they are compared."""
    return texts.str.strip_chars().str.to_lowercase()


def plain_texts(side: Side, ref: ColumnRef) -> pl.Series:
    """Return the texts of a column: "" where empty, null where unknown."""
    cells = side.cells(ref)
    texts = cells.value if cells.value.dtype == pl.String else cells.text
    if cells.blank is not None:
        texts = texts.set(cells.blank, "")
    return texts if cells.unknown is None else texts.set(cells.unknown, None)


def equals_any(side: Side, ref: ColumnRef, wanted: Iterable[str]) -> pl.Expr:
    """Say which cells hold one of the texts."""
    folded = dict.fromkeys(map(fold_text, wanted))
    coded = _coded(side, ref)
    if coded is not None:
        hits = [code for text in folded for code in coded.folded.get(text, ())]
        return _has_code(side, ref, coded, hits)
    column = folded_column(side, ref)
    return column.is_in(list(folded)) if len(folded) > 1 else column == next(iter(folded), "")


def passes(
    side: Side,
    ref: ColumnRef,
    test: Callable[[pl.Series], pl.Series],
    name: Hashable,
    *,
    folded: bool = False,
) -> pl.Expr:
    """Say of which cells the test of their text is true; equal tests have one `name`.

    folded: the test is asked of the texts as they are compared.
    """
    coded = _coded(side, ref)
    if coded is None:
        key = (ref, side.before, "test", name)
        return side.ground.column(key, lambda: test((_folded if folded else plain_texts)(side, ref)))
    hits: list[int] = test(coded.as_compared if folded else coded.texts).arg_true().to_list()
    return _has_code(side, ref, coded, hits)


def folded_column(side: Side, ref: ColumnRef) -> pl.Expr:
    """Return the texts of a column as they are compared."""
    return side.ground.column((ref, side.before, "folded"), lambda: _folded(side, ref))


def _folded(side: Side, ref: ColumnRef) -> pl.Series:
    key = ("as compared", ref, side.before)
    if key not in side.ground.made:
        side.ground.made[key] = fold_texts(plain_texts(side, ref))
    return cast("pl.Series", side.ground.made[key])


def plain_column(side: Side, ref: ColumnRef) -> pl.Expr:
    """Return the texts of a column as they stand."""
    return side.ground.column((ref, side.before, "text"), lambda: plain_texts(side, ref))


def _coded(side: Side, ref: ColumnRef) -> Coded | None:
    key = ("coded", ref, side.before)
    if key not in side.ground.made:
        side.ground.made[key] = _code_once(side, ref)
    found = side.ground.made[key]
    return found if isinstance(found, Coded) else None


def _code_once(side: Side, ref: ColumnRef) -> object:
    """Return a column as numbers; one of the table itself is coded once in the table's life, not at every look."""
    view = side.ground.frame.view
    if side.before or ref.links or ref.table != view.table.schema.table or view.rows is not None:
        return _code(plain_texts(side, ref), ref)
    known = view.table.coded
    if ref.column.name not in known:
        known[ref.column.name] = _code(plain_texts(side, ref), ref)
    return known[ref.column.name]


def _code(texts: pl.Series, ref: ColumnRef) -> Coded | None:
    if len(texts) < _FEW_ROWS:
        return None
    if ref.column.kind is not Kind.CHOICE and texts.head(_SAMPLE).n_unique() * 4 > min(len(texts), _SAMPLE):
        return None
    if ref.column.kind is Kind.CHOICE:
        known = pl.Series(list(dict.fromkeys((*ref.column.choices, ""))), dtype=pl.String)
    else:
        known = texts.drop_nulls().unique()
    coded = texts.cast(pl.Enum(known), strict=False)
    as_compared, folded = fold_texts(known), dict[str, list[int]]()
    for code, text in enumerate(as_compared):
        folded.setdefault(text, []).append(code)
    return Coded(coded.to_physical(), known, as_compared, folded)


def _has_code(side: Side, ref: ColumnRef, coded: Coded, hits: list[int]) -> pl.Expr:
    column = side.ground.column((ref, side.before, "codes"), lambda: coded.codes)
    count = len(coded.texts)
    if len(hits) > _LISTED and count - len(hits) > _LISTED:
        flags = pl.repeat(value=False, n=count, eager=True).scatter(hits, True)
        key = (ref, side.before, "codes", tuple(hits))
        return side.ground.column(key, lambda: flags.gather(coded.codes))
    if len(hits) > _LISTED:
        return ~_is_listed(column, sorted(set(range(count)) - set(hits)))
    return _is_listed(column, hits)


def _is_listed(column: pl.Expr, codes: list[int]) -> pl.Expr:
    if not codes:
        return column != column  # noqa: PLR0124 - false, but null where the cell is unknown
    found = column == codes[0]
    for code in codes[1:]:
        found = found | (column == code)
    return found
