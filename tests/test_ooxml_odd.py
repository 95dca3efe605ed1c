"""Are files that no program writes refused in plain words, and odd but valid ones written all the same?"""

from collections.abc import Callable
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import xlsxwriter

from connectors import xlsx
from rowcall.errors import WriteRefused
from rowcall.ooxml.address import Area
from rowcall.ooxml.archive import Archive
from rowcall.ooxml.book import Book, ListTable, Name
from rowcall.ooxml.dependents import Resolver
from rowcall.ooxml.echo import Echo
from rowcall.ooxml.writing import TAKEN, WRITTEN, Known, Outcome, Writer
from rowcall.ports import CellChange, NewRow, Opening, Workbook, Written, Wrote
from rowcall.table import STALE, Schema
from tests import rich_workbook

BERLIN = ZoneInfo("Europe/Berlin")
ORDERS = Schema("Orders", "shop", "Orders", ("Order",))
SHEET, BOOK = "xl/worksheets/sheet1.xml", "xl/workbook.xml"
Edit = Callable[[bytes], bytes]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Return a workbook of three orders with one formula."""
    book = xlsxwriter.Workbook(tmp_path / "Orders.xlsx")
    sheet = book.add_worksheet("Orders")
    for number, row in enumerate([["Order", "Status"], ["A-1", "New"], ["A-2", "New"], ["A-3", "New"]]):
        sheet.write_row(number, 0, row)
    sheet.write_formula(1, 3, "=LEN(B2)", None, 3)
    book.close()
    return tmp_path / "Orders.xlsx"


def edited(path: Path, edits: dict[str, Edit]) -> Workbook:
    parts = rich_workbook.parts(path)
    changed = {part: edit(parts[part]) for part, edit in edits.items()}
    assert all(changed[part] != parts[part] for part in changed)
    path.write_bytes(rich_workbook.rezip(path.read_bytes(), changed))
    return xlsx.open_workbook(xlsx.Params(path.name), Opening("shop", path.parent, BERLIN, "en"))


def replaced(old: bytes, new: bytes) -> Edit:
    return lambda xml: xml.replace(old, new, 1)


def swapped(xml: bytes) -> bytes:
    """Return the sheet with its second and third rows in the wrong order."""
    second, third, fourth = (xml.index(b'<row r="%d"' % number) for number in (2, 3, 4))
    return xml[:second] + xml[third:fourth] + xml[second:third] + xml[fourth:]


def with_more(xml: bytes) -> bytes:
    """Return the sheet with something behind a cell's value."""
    end = xml.index(b"</c>", xml.index(b'r="B3"'))
    return xml[:end] + b"<extLst/>" + xml[end:]


def write(workbook: Workbook, key: str = "A-2") -> Written:
    return workbook.write([CellChange(ORDERS, (key,), "Status", "New", "Paid")])[0]


REFUSED: list[tuple[str, Edit, str]] = [
    ("rows in disorder", swapped, "not stored in order"),
    ("a declaration", replaced(b"<worksheet", b"<!DOCTYPE worksheet><worksheet"), "unusual encoding"),
    ("another encoding", replaced(b'encoding="UTF-8"', b'encoding="ISO-8859-1"'), "unusual encoding"),
    ("a remark", replaced(b'<row r="3"', b'<!-- me --><row r="3"'), "remarks"),
    ("more in the cell", with_more, "more than a value"),
]  # fmt: skip


@pytest.mark.parametrize(("edit", "says"), [row[1:] for row in REFUSED], ids=[row[0] for row in REFUSED])
def test_what_is_not_understood_is_refused(path: Path, edit: Edit, says: str) -> None:
    workbook = edited(path, {SHEET: edit})
    before = path.read_bytes()
    done = [write(workbook, key) for key in ("A-1", "A-2", "A-3")]
    refused = [one for one in done if one.outcome is Wrote.REFUSED]
    assert refused
    assert all(says in one.detail for one in refused)
    if len(refused) == len(done):
        assert path.read_bytes() == before


@pytest.mark.parametrize(
    "edit",
    [replaced(b"sheetData", b"sheetDatum"), replaced(b"<sheetData>", b"<sheetData><sheetData>")],
    ids=["no rows", "rows twice"],
)
def test_a_sheet_without_its_rows_is_refused_as_a_whole(path: Path, edit: Edit) -> None:
    with pytest.raises(WriteRefused, match="does not understand"):
        write(edited(path, {SHEET: edit}))


def test_an_empty_tab_needs_a_header(tmp_path: Path) -> None:
    book = xlsxwriter.Workbook(tmp_path / "Orders.xlsx")
    book.add_worksheet("Orders")
    book.close()
    opening = Opening("shop", tmp_path, BERLIN, "en")
    plain = Schema("Orders", "shop", "Orders")
    done = xlsx.open_workbook(xlsx.Params("Orders.xlsx"), opening).append([NewRow(plain, (), ())])[0]
    assert (done.outcome, "needs a header" in done.detail) == (Wrote.REFUSED, True)


def without_calc(xml: bytes) -> bytes:
    start = xml.index(b"<calcPr")
    return xml[:start] + xml[xml.index(b"/>", start) + 2 :]


@pytest.mark.parametrize(
    ("edit", "mark"),
    [
        (without_calc, b'</sheets><calcPr fullCalcOnLoad="1"/>'),
        (replaced(b' fullCalcOnLoad="1"', b""), b' fullCalcOnLoad="1"/>'),
    ],
    ids=["no mark", "mark without the wish"],
)
def test_programs_are_asked_to_compute_anew(path: Path, edit: Edit, mark: bytes) -> None:
    workbook = edited(path, {BOOK: edit})
    assert write(workbook, "A-1").outcome is Wrote.WRITTEN
    assert mark in rich_workbook.parts(path)[BOOK]
    assert workbook.read([ORDERS]).sheets[0][1].cells.row(0)[3] == STALE


def test_rows_without_numbers_and_blanks_between(path: Path) -> None:
    def bare(xml: bytes) -> bytes:
        for number in (2, 3, 4):
            xml = xml.replace(b'<row r="%d"' % number, b"\n <row")
        return xml

    workbook = edited(path, {SHEET: bare})
    assert write(workbook, "A-3").outcome is Wrote.WRITTEN
    assert workbook.append([NewRow(ORDERS, ("A-4",), (("Status", "New"),))])[0].outcome is Wrote.WRITTEN
    rows = workbook.read([ORDERS]).sheets[0][1].cells.rows()
    assert [row[:2] for row in rows] == [("A-1", "New"), ("A-2", "New"), ("A-3", "Paid"), ("A-4", "New")]


def test_what_stands_there_after_writing_is_told(path: Path) -> None:
    book = Book(Archive(path.read_bytes(), path.name), path.name)
    writer = Writer(Known("", book), BERLIN, "en")
    outcome = writer.write(ORDERS, ("A-2",), "Status", "New", "Paid")
    assert outcome.how == WRITTEN
    assert Echo(book, writer).checked(outcome) == Outcome(
        TAKEN,
        "New",
        "New",
        'written, but right after it the cell held "New" instead of "Paid"',
        outcome.spots,
    )


TABLE = ListTable("", "Prices", Area(1, 1, 9, 2), ("SKU", "Price"), (None, None), 1, 0)
NAMES = (
    Name("Rate", "Rates!$B$1", None),
    Name("Rate", "Orders!$Z$1", 0),
    Name("Below", "Orders!A2", None),
    Name("Round", "Round+1", None),
)
HERE = (0, 5, 3)
READS: list[tuple[str, list[tuple[int, str]] | None]] = [
    ("A1+B2:C3", [(0, "A1"), (0, "B2:C3")]),
    ("Rates!A1", [(1, "A1")]),
    ("SUM(Orders:Prices!A1)", [(0, "A1"), (1, "A1"), (2, "A1")]),
    ("Elsewhere!A1", []),
    ("Rate", [(0, "Z1")]),
    ("Rates!Rate", [(1, "B1")]),
    ("Below", None),
    ("Round", None),
    ("TRUE", []),
    ("Nobody", None),
    ("SUM(Prices)", [(2, "A1:B9")]),
    ("SUM(Prices[Price])", [(2, "B1:B9")]),
    ("Nowhere[Price]", None),
    ("[@Price]", None),
    ("INDIRECT(A1)", None),
]


@pytest.mark.parametrize(("formula", "reads"), READS, ids=[row[0] for row in READS])
def test_what_a_formula_reads(formula: str, reads: list[tuple[int, str]] | None) -> None:
    resolver = Resolver(("Orders", "Rates", "Prices"), NAMES, {"prices": (2, TABLE)})
    found = resolver.reads(formula, HERE, HERE)
    assert (None if found is None else [(tab, str(area)) for tab, area in found]) == reads


def test_results_are_unknown_also_where_cells_have_no_address(path: Path) -> None:
    def bare(xml: bytes) -> bytes:
        return xml.replace(b'<c r="A2" ', b"<c ").replace(b'<c r="B2" ', b"<c ")

    workbook = edited(path, {SHEET: bare})
    assert write(workbook, "A-1").outcome is Wrote.WRITTEN
    assert workbook.read([ORDERS]).sheets[0][1].cells.row(0) == ("A-1", "Paid", None, STALE)
    assert write(workbook, "A-2").outcome is Wrote.WRITTEN
    assert workbook.append([NewRow(ORDERS, ("A-4",), ())])[0].outcome is Wrote.WRITTEN
