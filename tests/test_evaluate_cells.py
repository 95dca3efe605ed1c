"""Is every cell told to be a value, empty, or unknown, whatever stands in the sheet?"""

import polars as pl
import pytest

from rowcall.cells import type_column
from rowcall.errors import MistakesError
from rowcall.evaluate.cells import read_cells
from rowcall.table import Column, Kind, Schema, Table
from tests.tables import BERLIN

EMPTY = ("", " \t", "\ufeff\u200b", "\u3000", None)
CELLS = [
    (Column("It"), ("x", " y "), ("#N/A", "#STALE!")),
    (Column("It", Kind.CHOICE, ("New", "Paid")), ("New", " paid "), ("Payed", "#REF!")),
    (Column("It", Kind.NUMBER), ("7", " 0 "), ("many", "#DIV/0!")),
    (Column("It", Kind.DATE), ("2026-03-05",), ("soon",)),
    (Column("It", Kind.DATETIME), ("2026-03-05 10:00",), ("soon",)),
    (Column("It", Kind.DURATION), ("2 hours",), ("long",)),
    (Column("It", Kind.YES_NO), ("yes", "no"), ("perhaps",)),
]


def table_of(column: Column, texts: list[str | None]) -> Table:
    text = pl.Series("It", texts, dtype=pl.String)
    typed = type_column(column, text, BERLIN).alias("It")
    keys = pl.Series([str(number) for number in range(len(texts))], dtype=pl.String)
    return Table(Schema("T", "shop", "T", (), (column,)), text.to_frame(), typed.to_frame(), keys)


@pytest.mark.parametrize(("column", "values", "unreadable"), CELLS, ids=[str(row[0].kind) for row in CELLS])
def test_value_empty_or_unknown(column: Column, values: tuple[str, ...], unreadable: tuple[str, ...]) -> None:
    for empty in (EMPTY, (None,), ()):
        for broken in (unreadable, ()):
            texts = [*values, *empty, *broken]
            cells = read_cells(table_of(column, texts), column)
            blank = [False] * len(texts) if cells.blank is None else cells.blank.to_list()
            unknown = [False] * len(texts) if cells.unknown is None else cells.unknown.to_list()
            assert blank == [text in empty for text in texts]
            assert unknown == [text in broken for text in texts]
            assert (cells.blank is None, cells.unknown is None) == (not empty, not broken)
            nothing = False if column.kind is Kind.YES_NO else None
            assert all(
                cells.value[values_end] == nothing
                for values_end in range(len(values), len(values) + len(empty))
            )
            assert cells.value.tail(len(broken)).null_count() == len(broken)


def test_linked_rows_that_are_not_there_are_empty() -> None:
    column = Column("It", Kind.NUMBER)
    rows = pl.Series([1, None, 0, 2], dtype=pl.UInt32)
    cells = read_cells(table_of(column, ["7", "x", ""]), column, rows)
    assert cells.blank is not None
    assert cells.unknown is not None
    assert cells.blank.to_list() == [False, True, False, True]
    assert cells.unknown.to_list() == [True, False, False, False]
    assert cells.value.to_list() == [None, None, 7.0, None]


def test_infinite_numbers_are_unknown() -> None:
    column = Column("It", Kind.NUMBER)
    table = table_of(column, ["7", "8", ""])
    odd = table.typed.with_columns(It=pl.Series([float("inf"), float("nan"), None]))
    cells = read_cells(Table(table.schema, table.text, odd, table.keys), column)
    assert cells.unknown is not None
    assert cells.unknown.to_list() == [True, True, False]


def test_a_column_that_is_gone_is_named_with_the_nearest() -> None:
    with pytest.raises(MistakesError, match='no usable column "Itt" now; columns: It'):
        read_cells(table_of(Column("Itt"), ["x"]), Column("Itt"))
