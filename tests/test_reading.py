"""Sheets become tables: rows by key, columns by header, and what can't be used is set aside and named."""

from collections.abc import Mapping, Sequence
from datetime import date
from zoneinfo import ZoneInfo

import polars as pl
import pytest

from rowcall.errors import Place, Problem, Severity
from rowcall.headers import column_letters
from rowcall.reading import missing_columns, type_table
from rowcall.table import Column, Kind, Schema, Sheet, Table

BERLIN = ZoneInfo("Europe/Berlin")
COLUMNS = (
    Column("No"),
    Column("Status", Kind.CHOICE, ("New", "Paid"), aliases=("订单状态",)),
    Column("Total", Kind.MONEY),
    Column("Paid on", Kind.DATE),
)
SCHEMA = Schema("Orders", "shop", "Orders", ("No",), COLUMNS)
HEADER = ("No", "Status", "Total", "Paid on")


def sheet(header: Sequence[str], *rows: Sequence[str | None]) -> Sheet:
    names = [str(number) for number in range(len(header))]
    return Sheet("Orders", tuple(header), pl.DataFrame(rows, dict.fromkeys(names, pl.String), orient="row"))


def read(header: Sequence[str], *rows: Sequence[str | None], schema: Schema = SCHEMA) -> Table:
    table = type_table(schema, sheet(header, *rows), language="en", zone=BERLIN)
    assert isinstance(table, Table), table
    return table


def test_rows_are_keyed_and_typed() -> None:
    table = read(HEADER, ("007", "paid", "1,299.00", "2026/3/5"), (" 1e5 ", None, "", "  "))
    assert table.problems == ()
    assert table.keys.to_list() == ["007", "1e5"]
    assert table.typed.rows() == [("007", "Paid", 1299.0, date(2026, 3, 5)), ("1e5", None, None, None)]
    assert table.text.row(0) == ("007", "paid", "1,299.00", "2026/3/5")
    assert table.text.row(1) == (" 1e5 ", None, None, None)
    assert table.typed.dtypes == [pl.String, pl.String, pl.Float64, pl.Date]


def test_an_undeclared_column_is_text() -> None:
    table = read((*HEADER, "Note"), ("1", None, None, None, "0"))
    assert table.typed["Note"].to_list() == ["0"]


HEADERS: Mapping[str, tuple[tuple[str, ...], dict[str, str]]] = {
    "exact": (HEADER, {"Status": "Status"}),
    "alias": (("No", "订单状态", "Total", "Paid on"), {"Status": "订单状态"}),
    "stray blanks and a byte-order mark": (
        ("\ufeffNo ", "Status\n", "\u3000Total", "Paid\non"),
        {"No": "\ufeffNo ", "Total": "\u3000Total", "Paid on": "Paid\non"},
    ),
    "other case": (
        ("NO", "status", "Total", "PAID ON"),
        {"No": "NO", "Status": "status", "Paid on": "PAID ON"},
    ),
    "exact wins over other case": (
        ("status", "Status", "No", "Total", "Paid on"),
        {"Status": "Status", "status": "status"},
    ),
    "name wins over alias": (
        ("订单状态", "Status", "No", "Total", "Paid on"),
        {"Status": "Status", "订单状态": "订单状态"},
    ),
}


@pytest.mark.parametrize("name", HEADERS)
def test_headers_are_found(name: str) -> None:
    header, expected = HEADERS[name]
    table = read(header, ["x"] * len(header))
    assert {column: table.headers[column] for column in expected} == expected
    assert missing_columns(table) == frozenset()
    assert not [problem for problem in table.problems if problem.severity is Severity.ERROR]


def test_a_renamed_header_is_missing_never_empty_and_the_new_name_is_suggested() -> None:
    table = read(("No", "Status", "Totals", "Paid on"), ("1", "New", "5", None))
    assert missing_columns(table) == {"Total"}
    assert "Total" not in table.typed.columns
    (problem,) = table.problems
    assert problem.place == Place(table="Orders", header="Total")
    assert problem.what == (
        'there is no column "Total" in the tab "Orders"; columns: No, Status, Totals, Paid on'
        ' (is it "Totals" now?)'
    )
    assert (
        problem.fix == 'rename the header "Totals" to "Total", or tell the config: aliases: {Total: [Totals]}'
    )
    assert problem.suggestion == "Totals"
    assert problem.severity is Severity.ERROR


@pytest.mark.parametrize(
    "header", [("Nr", "Status", "Total", "Paid on"), ("No", "No", "Total", "Paid on"), ()], ids=str
)
def test_without_its_key_column_the_whole_table_is_broken(header: tuple[str, ...]) -> None:
    problem = type_table(SCHEMA, sheet(header), language="en", zone=BERLIN)
    assert isinstance(problem, Problem)
    assert problem.place == Place(table="Orders", header="No")


def test_a_header_that_stands_twice_breaks_only_its_own_column() -> None:
    table = read(
        ("No", "Status", "Total", "Status", "Paid on", "A", "A"), ("1", "New", "5", "Paid", "", "x", "y")
    )
    assert table.text.columns == ["No", "Total", "Paid on"]
    assert missing_columns(table) == {"Status"}
    assert [(problem.place.header, problem.what) for problem in table.problems] == [
        ("Status", 'the header "Status" stands 2 times (columns B and D): none of them is read'),
        ("A", 'the header "A" stands 2 times (columns F and G): none of them is read'),
    ]


def test_a_blank_header_is_told_only_when_cells_stand_below_it() -> None:
    table = read((*HEADER, "", " "), ("1", None, None, None, "stray", None), ("2", None, None, None, " ", ""))
    (problem,) = table.problems
    assert problem.what == "column E has no header, but filled cells (1): it is not read"
    assert problem.severity is Severity.WARNING
    assert len(table) == 2


ASIDE: Mapping[str, tuple[list[tuple[str | None, ...]], list[str], list[str]]] = {
    "blank rows are ignored": (
        [
            ("1", "New", None, None),
            (None, None, None, None),
            (" ", "", None, "\u3000"),
            ("2", None, None, None),
        ],
        ["1", "2"],
        [],
    ),
    "blank key": (
        [("1", "New", None, None), (" ", "Paid", None, None), (None, None, "5", None)],
        ["1"],
        ["2 rows without No (line 3, 4, the header being line 1): they are not looked at"],
    ),
    "key twice": (
        [
            ("1", "New", None, None),
            ("2", None, None, None),
            (" 1", "Paid", None, None),
            ("1", None, None, None),
        ],
        ["2"],
        ['No "1" stands in 3 rows (lines 2, 4, 5): none of them is looked at'],
    ),
    "formula error as key": (
        [("#N/A", "New", None, None), ("#N/A", None, None, None), ("1", None, None, None)],
        ["1"],
        ['2 rows whose No can\'t be read ("#N/A", "#N/A"): they are not looked at'],
    ),
    "digits lost": (
        [
            ("8.0858E+15", "New", None, None),
            ("1e5", None, None, None),
            ("12345678901234567890", None, None, None),
        ],
        ["1e5", "12345678901234567890"],
        ['1 row whose No can\'t be read ("8.0858E+15"): it is not looked at'],
    ),
}


@pytest.mark.parametrize("name", ASIDE)
def test_rows_without_a_usable_key_are_set_aside_and_the_others_go_on(name: str) -> None:
    rows, keys, told = ASIDE[name]
    table = read(HEADER, *rows)
    assert table.keys.to_list() == keys
    assert table.text.height == table.typed.height == len(keys)
    assert [problem.what for problem in table.problems] == told
    assert all(problem.fix and problem.severity is Severity.WARNING for problem in table.problems)


def test_many_doubled_keys_are_summed_up() -> None:
    rows = [(f"{number}", None, None, None) for number in range(30)]
    problems = read(HEADER, *rows, *rows).problems
    assert len(problems) == 11
    assert problems[-1].what == "20 more values of No stand in several rows: none of them is looked at"


MONEY = '2 cells can\'t be read as money: "N/A" (row 0), "1.299,00" (row 2); write an amount such as 1,299.00'
CHOICE = '1 cell can\'t be read as one of the choices: "Payed" (row 1); it is not one of New, Paid'
DATE = (
    '4 cells can\'t be read as date: "05/03/2026" (row 0), "06/03/2026" (row 1), "x" (row 2), …;'
    " it could be 2026-03-05 or 2026-05-03; write the year first"
)


@pytest.mark.parametrize(
    ("position", "texts", "what", "suggestion"),
    [
        (1, ["New", "Payed"], CHOICE, "Paid"),
        (2, ["N/A", "5", "1.299,00"], MONEY, ""),
        (3, ["05/03/2026", "06/03/2026", "x", "y"], DATE, ""),
    ],
    ids=["choice", "money", "date"],
)
def test_unreadable_cells_are_unknown_and_told_once_a_column(
    position: int, texts: list[str], what: str, suggestion: str
) -> None:
    rows = [
        tuple(str(number) if at == 0 else text if at == position else None for at in range(4))
        for number, text in enumerate(texts)
    ]
    table = read(HEADER, *rows)
    (problem,) = table.problems
    assert problem.what == what
    assert problem.suggestion == suggestion
    assert problem.place.header == HEADER[position]
    assert problem.severity is Severity.WARNING
    assert len(table) == len(texts)


def test_a_composite_key_needs_all_its_parts() -> None:
    schema = Schema("Lines", "shop", "Lines", ("Order", "Line"))
    table = read(
        ("Line", "Order", "Qty"), ("1", " A", "2"), ("2", "A", None), (None, "A", "5"), schema=schema
    )
    assert table.keys.to_list() == ["A | 1", "A | 2"]
    (problem,) = table.problems
    assert (
        problem.what == "1 row without Order and Line (line 4, the header being line 1): it is not looked at"
    )


def test_a_table_without_a_key_is_keyed_by_line() -> None:
    table = read(("A",), ("x",), ("",), ("x",), schema=Schema("Log", "shop", "Log"))
    assert table.keys.to_list() == ["2", "4"]


def test_an_empty_tab_below_its_header_is_an_empty_table() -> None:
    table = read(HEADER)
    assert len(table) == 0
    assert table.typed.dtypes == [pl.String, pl.String, pl.Float64, pl.Date]
    assert table.problems == ()


def test_column_letters() -> None:
    assert [column_letters(position) for position in (0, 25, 26, 701, 702)] == ["A", "Z", "AA", "ZZ", "AAA"]


def test_a_hundred_thousand_rows_are_typed_as_columns() -> None:
    count = 100_000
    cells = pl.DataFrame(
        {
            "0": [f"{number:07}" for number in range(count)],
            "1": [("New", "paid")[number % 2] for number in range(count)],
            "2": [
                f"€{number % 900 + 1},{number % 900 + 100:03}.{number % 90 + 10}" for number in range(count)
            ],
            "3": [f"2026/{number % 12 + 1}/{number % 28 + 1} 10:{number % 60:02}" for number in range(count)],
        }
    )
    table = type_table(SCHEMA, Sheet("Orders", HEADER, cells), language="en", zone=BERLIN)
    assert isinstance(table, Table)
    assert (len(table), table.problems) == (count, ())
