"""Every connector found on disk: reads text as it stands, writes by key, never over a person's edit."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from rowcall.errors import WorkbookBusy
from rowcall.ports import CellChange, NewRow, Written, Wrote
from rowcall.reading import type_table
from rowcall.table import CellValue, Column, Kind, Schema, Table
from tests.contract.benches import KINDS, ZONE, Bench, Rows, make_bench

ORDERS = Schema(
    "Orders",
    "shop",
    "Orders",
    ("Order No",),
    (
        Column("Order No"),
        Column("Status", Kind.CHOICE, ("New", "Paid", "Shipped"), aliases=("订单状态",)),
        Column("Total", Kind.MONEY, aliases=("总金额",)),
        Column("Note"),
    ),
)
HEADER = ("Order No", "Status", "Total", "Note")
START: Rows = (
    HEADER,
    ("007", "New", "45.5", ""),
    ("1e5", "Paid", "1,299.00", "NO"),
    ("0778", "", "0", "007"),
    ("A-4", "New", "3", 'say "hi", they said\nand left'),
)


@pytest.fixture(params=KINDS)
def bench(request: pytest.FixtureRequest, tmp_path: Path) -> Bench:
    return make_bench(request.param, tmp_path)


def read(bench: Bench, schema: Schema = ORDERS) -> Table:
    reading = bench.open().read([schema])
    assert not reading.missing
    table = type_table(schema, dict(reading.sheets)[schema.table], language="en", zone=ZONE)
    assert isinstance(table, Table), table
    return table


def cells(bench: Bench) -> dict[str, dict[str, str | None]]:
    table = read(bench)
    return dict(zip(table.keys, table.text.rows(named=True), strict=True))


def change(key: str, column: str, expected: str, value: CellValue) -> CellChange:
    return CellChange(ORDERS, (key,), column, expected, value)


def write(bench: Bench, *changes: CellChange) -> list[Written]:
    return list(bench.open().write(changes))


def test_text_is_read_as_it_stands(bench: Bench) -> None:
    bench.save({"Orders": START})
    assert [list(row.values()) for row in cells(bench).values()] == [
        [text or None for text in row] for row in START[1:]
    ]


def test_all_tabs_are_shown(bench: Bench) -> None:
    bench.save({"Orders": START, "库存": (("SKU",), ("A",))})
    assert {sheet.name: sheet.header for sheet in bench.open().sheets()} == {
        "Orders": HEADER,
        "库存": ("SKU",),
    }


def test_a_missing_tab_is_named_with_a_suggestion_and_the_others_are_read(bench: Bench) -> None:
    bench.save({"Order": START, "Stock": (("SKU",), ("A",))})
    reading = bench.open().read([ORDERS, Schema("Stock", "shop", "Stock", ("SKU",))])
    assert [table for table, _ in reading.sheets] == ["Stock"]
    ((table, problem),) = reading.missing
    assert table == "Orders"
    assert "Orders" in problem.what
    assert problem.suggestion == "Order"


def test_one_cell_is_written_and_nothing_else(bench: Bench) -> None:
    bench.save({"Orders": START})
    before = bench.look("Orders")
    (written,) = write(bench, change("1e5", "Status", "Paid", "Shipped"))
    assert written == Written(Wrote.WRITTEN, "Paid", "Shipped")
    assert cells(bench)["1e5"]["Status"] == written.after
    before[2][1] = "Shipped"
    assert bench.look("Orders") == before


def test_a_row_is_found_by_key_wherever_it_stands_now(bench: Bench) -> None:
    bench.save({"Orders": (HEADER[::-1], *(row[::-1] for row in reversed(START[1:])))})
    assert [w.outcome for w in write(bench, change("007", "Status", "New", "Paid"))] == [Wrote.WRITTEN]
    assert {key: row["Status"] for key, row in cells(bench).items()} == {
        "A-4": "New",
        "0778": None,
        "1e5": "Paid",
        "007": "Paid",
    }


OUTCOMES: dict[str, tuple[CellChange, Wrote, str]] = {
    "a person was faster": (change("007", "Status", "Paid", "Shipped"), Wrote.TAKEN, "New"),
    "a person filled the empty cell": (change("1e5", "Note", "", "x"), Wrote.TAKEN, "NO"),
    "a person emptied the cell": (change("0778", "Status", "New", "Paid"), Wrote.TAKEN, ""),
    "already there": (change("1e5", "Status", "New", "Paid"), Wrote.ALREADY, "Paid"),
    "already there in other words": (change("007", "Total", "1", Decimal("45.50")), Wrote.ALREADY, "45.5"),
    "already empty": (change("0778", "Status", "New", None), Wrote.ALREADY, ""),
    "no such row": (change("7", "Status", "New", "Paid"), Wrote.GONE, ""),
    "no such column": (change("007", "Stauts", "New", "Paid"), Wrote.REFUSED, ""),
}


@pytest.mark.parametrize("name", OUTCOMES)
def test_what_cannot_be_written_is_left_as_it_is(bench: Bench, name: str) -> None:
    bench.save({"Orders": START})
    before = bench.look("Orders")
    wish, outcome, after = OUTCOMES[name]
    (written,) = write(bench, wish)
    assert written.outcome is outcome
    assert written.after == after
    assert written.detail or outcome is Wrote.ALREADY
    assert bench.look("Orders") == before


def test_a_key_that_occurs_twice_is_never_written(bench: Bench) -> None:
    bench.save({"Orders": (*START, ("007", "New", "1", ""))})
    (written,) = write(bench, change("007", "Status", "New", "Paid"))
    assert written.outcome is Wrote.GONE
    assert "007" in written.detail


def test_many_changes_of_one_call_each_have_their_outcome(bench: Bench) -> None:
    bench.save({"Orders": START, "Stock": (("SKU", "On hand"), ("A", "5"), ("B", ""))})
    stock = Schema("Stock", "shop", "Stock", ("SKU",), (Column("SKU"), Column("On hand", Kind.NUMBER)))
    outcomes = write(
        bench,
        change("007", "Status", "New", "Paid"),
        CellChange(stock, ("B",), "On hand", "", Decimal(12)),
        change("1e5", "Status", "New", "Shipped"),
        change("007", "Note", "", "two\nlines, and a comma"),
        change("A-4", "Note", 'say "hi", they said\nand left', None),
        CellChange(stock, ("A",), "On hand", "5", Decimal(0)),
    )
    assert [(w.outcome.value, w.after) for w in outcomes] == [
        ("written", "Paid"),
        ("written", "12"),
        ("taken", "Paid"),
        ("written", "two\nlines, and a comma"),
        ("written", ""),
        ("written", "0"),
    ]
    assert cells(bench)["007"] == dict(
        zip(HEADER, ("007", "Paid", "45.5", "two\nlines, and a comma"), strict=True)
    )
    assert cells(bench)["A-4"]["Note"] is None
    assert read(bench, stock).typed["On hand"].to_list() == [0.0, 12.0]


VALUES: dict[Kind, tuple[CellValue, object]] = {
    Kind.TEXT: ("plain 文字 ☕", "plain 文字 ☕"),
    Kind.NUMBER: (Decimal("-12.5"), -12.5),
    Kind.MONEY: (Decimal("1299.50"), 1299.5),
    Kind.PERCENT: (Decimal("0.075"), 0.075),
    Kind.DATE: (date(2026, 3, 5), date(2026, 3, 5)),
    Kind.DATETIME: (datetime(2026, 7, 5, 20, 30, tzinfo=UTC), datetime(2026, 7, 5, 20, 30, tzinfo=UTC)),
    Kind.YES_NO: (True, True),
    Kind.CHOICE: ("Paid", "Paid"),
    Kind.EMAIL: ("a@example.com", "a@example.com"),
    Kind.PHONE: ("+49 170 1234567", "+49 170 1234567"),
    Kind.PERSON: ("anna", "anna"),
    Kind.DURATION: (timedelta(hours=1, minutes=30), timedelta(hours=1, minutes=30)),
}


@pytest.mark.parametrize("kind", VALUES, ids=str)
@pytest.mark.parametrize("way", ["written", "appended"])
def test_a_value_of_every_kind_comes_back_as_the_value(bench: Bench, kind: Kind, way: str) -> None:
    schema = Schema("T", "shop", "T", ("Key",), (Column("Key"), Column("Cell", kind, ("New", "Paid"))))
    bench.save({"T": (("Key", "Cell"), ("k", ""))})
    value, typed = VALUES[kind]
    if way == "written":
        (written,) = bench.open().write([CellChange(schema, ("k",), "Cell", "", value)])
    else:
        (written,) = bench.open().append([NewRow(schema, ("new",), (("Cell", value),))])
    assert written.outcome is Wrote.WRITTEN
    table = read(bench, schema)
    assert table.problems == ()
    assert table.typed["Cell"].to_list()[-1] == typed
    if way == "written":
        assert written.after == table.text["Cell"].to_list()[-1]


def test_money_is_written_rounded_half_up(bench: Bench) -> None:
    bench.save({"Orders": START})
    (written,) = write(bench, change("007", "Total", "45.5", Decimal("2.675")))
    assert written.outcome is Wrote.WRITTEN
    assert read(bench).typed["Total"].to_list()[0] == 2.68


FORMULAS = [
    "=1+1",
    "+1+1",
    "-1+1",
    "@SUM(A1)",
    '=HYPERLINK("http://x","y")',
    "'=1",
    "''=1",
    "'quoted'",
    "\t=1+1",
]


@pytest.mark.parametrize("text", FORMULAS)
def test_text_never_becomes_a_formula(bench: Bench, text: str) -> None:
    bench.save({"Orders": START})
    (written,) = write(bench, change("007", "Note", "", text))
    assert written == Written(Wrote.WRITTEN, "", text)
    assert cells(bench)["007"]["Note"] == text
    bench.look("Orders")  # another program that reads the file finds no formula
    (again,) = write(bench, change("007", "Note", text, text))
    assert again.outcome is Wrote.ALREADY


def test_rows_are_appended_behind_the_data(bench: Bench) -> None:
    bench.save({"Orders": START})
    outcomes = bench.open().append(
        [
            NewRow(ORDERS, ("T-1",), (("Status", "New"), ("Total", Decimal("7.5")))),
            NewRow(ORDERS, ("007",), (("Status", "Shipped"),)),
            NewRow(ORDERS, ("T-1",), (("Status", "Paid"),)),
            NewRow(ORDERS, ("T-2",), (("Order No", "T-2"), ("Note", "x"))),
        ]
    )
    assert [w.outcome for w in outcomes] == [Wrote.WRITTEN, Wrote.ALREADY, Wrote.ALREADY, Wrote.WRITTEN]
    found = cells(bench)
    assert list(found) == ["007", "1e5", "0778", "A-4", "T-1", "T-2"]
    assert found["007"]["Status"] == "New"
    assert found["T-1"]["Status"] == "New"
    assert read(bench).typed["Total"].to_list()[4] == 7.5
    assert found["T-2"] == {"Order No": "T-2", "Status": None, "Total": None, "Note": "x"}


def test_the_first_row_is_appended_below_the_header(bench: Bench) -> None:
    bench.save({"Orders": (HEADER,)})
    (written,) = bench.open().append([NewRow(ORDERS, ("1",), (("Note", "first"),))])
    assert written.outcome is Wrote.WRITTEN
    assert cells(bench)["1"]["Note"] == "first"


def test_a_row_with_an_unknown_column_is_refused(bench: Bench) -> None:
    bench.save({"Orders": START})
    (written,) = bench.open().append([NewRow(ORDERS, ("T-1",), (("Stauts", "New"),))])
    assert written.outcome is Wrote.REFUSED
    assert "Stauts" in written.detail
    assert list(cells(bench)) == ["007", "1e5", "0778", "A-4"]


def test_headers_are_found_by_alias_and_without_stray_blanks(bench: Bench) -> None:
    bench.save({"Orders": (("\ufeffOrder No ", "订单状态", " 总金额\u3000", "note"), *START[1:])})
    (written,) = write(bench, change("007", "Status", "New", "Paid"))
    assert written.outcome is Wrote.WRITTEN
    table = read(bench)
    assert table.text.columns == ["Order No", "Status", "Total", "Note"]
    assert table.typed["Status"].to_list() == ["Paid", "Paid", None, "New"]
    assert bench.look("Orders")[0][1] == "订单状态"


def test_a_doubled_header_harms_only_its_own_column(bench: Bench) -> None:
    bench.save({"Orders": (("Order No", "Status", "Status", "Note", ""), ("1", "New", "Paid", "", "stray"))})
    refused, written = write(bench, change("1", "Status", "New", "Paid"), change("1", "Note", "", "x"))
    assert (refused.outcome, written.outcome) == (Wrote.REFUSED, Wrote.WRITTEN)
    table = read(bench)
    assert "Status" not in table.text.columns
    assert table.text["Note"].to_list() == ["x"]
    assert {problem.place.header for problem in table.problems} == {"Status", "Total", "E"}
    assert bench.look("Orders")[1] == ["1", "New", "Paid", "x", "stray"]


def test_blank_rows_between_and_behind_are_passed_over(bench: Bench) -> None:
    bench.save({"Orders": (*START[:2], ("", "", "", ""), *START[2:], ("", "", "", ""))})
    assert list(cells(bench)) == ["007", "1e5", "0778", "A-4"]
    (written,) = write(bench, change("A-4", "Status", "New", "Paid"))
    assert written.outcome is Wrote.WRITTEN
    (appended,) = bench.open().append([NewRow(ORDERS, ("T-1",), ())])
    assert appended.outcome is Wrote.WRITTEN
    assert list(cells(bench)) == ["007", "1e5", "0778", "A-4", "T-1"]


def test_while_it_is_open_elsewhere_nothing_is_written_but_reading_goes_on(bench: Bench) -> None:
    bench.save({"Orders": START})
    before = bench.look("Orders")
    lock = bench.lock("Orders", "Anna Example")
    with pytest.raises(WorkbookBusy, match="Anna Example") as caught:
        write(bench, change("007", "Status", "New", "Paid"))
    assert not caught.value.permanent
    with pytest.raises(WorkbookBusy):
        bench.open().append([NewRow(ORDERS, ("T-1",), ())])
    assert bench.look("Orders") == before
    assert len(cells(bench)) == 4
    lock.unlink()
    (written,) = write(bench, change("007", "Status", "New", "Paid"))
    assert written.outcome is Wrote.WRITTEN


def test_nothing_to_write_leaves_the_files_untouched(bench: Bench, tmp_path: Path) -> None:
    bench.save({"Orders": START})
    stamps = {path: (path.stat().st_ino, path.stat().st_mtime_ns) for path in tmp_path.rglob("*")}
    write(bench, change("1e5", "Status", "New", "Paid"), change("x", "Status", "", "Paid"))
    assert list(bench.open().write([])) == []
    assert list(bench.open().append([])) == []
    assert {path: (path.stat().st_ino, path.stat().st_mtime_ns) for path in tmp_path.rglob("*")} == stamps


def test_no_other_file_is_left_behind(bench: Bench, tmp_path: Path) -> None:
    bench.save({"Orders": START})
    files = sorted(path.relative_to(tmp_path) for path in tmp_path.rglob("*"))
    write(bench, change("007", "Status", "New", "Paid"))
    assert sorted(path.relative_to(tmp_path) for path in tmp_path.rglob("*")) == files
