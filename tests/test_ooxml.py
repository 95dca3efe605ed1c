"""Do the small parts of the Excel floor hold what the connector builds on?"""

import io
import zipfile
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rowcall.errors import WorkbookError, WriteRefused
from rowcall.ooxml import address, markup
from rowcall.ooxml.address import Area
from rowcall.ooxml.archive import Archive
from rowcall.ooxml.book import Book
from rowcall.ooxml.formula import read_formula
from rowcall.ooxml.sheet import SheetXml
from rowcall.ooxml.styles import Shows, Styles
from rowcall.ooxml.text import length_text, number_text, serial_text
from tests import rich_workbook


@given(st.integers(1, address.LAST_COLUMN))
def test_letters_name_every_column(number: int) -> None:
    assert address.column_number(address.letters(number)) == number


@pytest.mark.parametrize(
    ("text", "area"),
    [
        ("B7", Area(7, 2, 7, 2)),
        ("$A$1:D20", Area(1, 1, 20, 4)),
        ("D20:A1", Area(1, 1, 20, 4)),
        ("A:C", Area(1, 1, address.LAST_ROW, 3)),
        ("2:3", Area(2, 1, 3, address.LAST_COLUMN)),
    ],
)
def test_areas(text: str, area: Area) -> None:
    assert address.parse_area(text) == area


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_cell_texts_survive_being_stored(text: str) -> None:
    kept = markup.storable(text)
    assert markup.unescape_cell_text(markup.escape_cell_text(text)) == kept
    assert not set(map(ord, kept)) & (set(range(32)) - {9, 10, 13})


def test_attributes_are_set_and_taken_away_in_place() -> None:
    tag = b"<c r='B2' s=\"1\"/>"
    assert markup.attribute(tag, "r") == "B2"
    assert markup.with_attribute(tag, "s", "7") == b"<c r='B2' s=\"7\"/>"
    assert markup.with_attribute(tag, "s", None) == b"<c r='B2'/>"
    assert markup.with_attribute(tag, "t", "b") == b'<c r=\'B2\' s="1" t="b"/>'


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("7", "7"),
        ("7.0", "7"),
        ("-0", "0"),
        ("-0.0", "0"),
        ("45.490000000000002", "45.49"),
        ("0.30000000000000004", "0.3"),
        ("0.33333333333333331", "0.333333333"),
        ("1234567.8912345678", "1234567.89123457"),
        ("12345678901234567890", "12345678901234567890"),
        ("1E-7", "0.0000001"),
        ("1.5E+3", "1500"),
        ("1E+300", "1E+300"),
        ("not a number", "not a number"),
    ],
)
def test_number_texts(raw: str, text: str) -> None:
    assert number_text(raw) == text


@pytest.mark.parametrize(
    ("serial", "shows", "text"),
    [
        (46086, Shows.DAY, "2026-03-05"),
        (46086, Shows.MOMENT, "2026-03-05 00:00:00"),
        (46086.99999, Shows.MOMENT, "2026-03-05 23:59:59"),
        (46086.43090277777, Shows.MOMENT, "2026-03-05 10:20:30"),
        (0.25, Shows.DAY, "06:00:00"),
        (-0.5, Shows.ELAPSED, "-12:00:00"),
        (1e9, Shows.DAY, None),
        (-1, Shows.DAY, None),
    ],
)
def test_serial_texts(serial: float, shows: Shows, text: str | None) -> None:
    assert serial_text(serial, shows, since_1904=False) == text


def test_lengths_have_hours_beyond_a_day() -> None:
    assert length_text(timedelta(days=2, minutes=1, seconds=5)) == "48:01:05"


@pytest.mark.parametrize(
    ("code", "shows"),
    [
        ("General", Shows.PLAIN),
        ("0.00", Shows.PLAIN),
        ('"days" 0', Shows.PLAIN),
        ("[Red]0;[Blue]-0", Shows.PLAIN),
        (r"\d0", Shows.PLAIN),
        ("dd.mm.yyyy", Shows.DAY),
        ('yyyy"年"m"月"d"日"', Shows.DAY),
        ("[$-409]mmmm yyyy;@", Shows.DAY),
        ("m/d/yy h:mm AM/PM", Shows.MOMENT),
        ("hh:mm:ss", Shows.TIME),
        ("mm:ss.0", Shows.TIME),
        ("[hh]:mm", Shows.ELAPSED),
    ],
)
def test_formats(code: str, shows: Shows) -> None:
    quoted = markup.escape(code).decode()
    xml = (
        f'<styleSheet><numFmts><numFmt numFmtId="164" formatCode="{quoted}"/></numFmts>'
        '<cellXfs><xf numFmtId="164"/></cellXfs></styleSheet>'
    )
    assert Styles(xml.encode())[0].shows is shows


@pytest.mark.parametrize(
    ("formula", "names"),
    [
        ("SUM(A1:B$2)*Stock!C3", ["A1:B2", "Stock!C3"]),
        ("'My ''Tab'!$A$1", ["My 'Tab!A1"]),
        ("库存!B2", ["库存!B2"]),
        ("VLOOKUP(A2,Prices!A:B,2,FALSE)", ["A2", "Prices!A1:B1048576"]),
        ('IF(A1="B2","C3",LOG10(D4))', ["A1", "D4"]),
        ("[1]Sheet1!A1+'[2]My Sheet'!B2+C3", ["C3"]),
        ("#REF!+A1", ["A1"]),
        ("Q1_2024+A1E+B2", ["B2"]),
    ],
)
def test_what_formulas_read(formula: str, names: list[str]) -> None:
    reads = read_formula(formula)
    assert [f"{r.tab}!{r.area}".lstrip("!") for r in reads.references] == names
    assert not reads.everything


@pytest.mark.parametrize("formula", ['INDIRECT("A"&1)', "SUM(OFFSET(A1,1,1))", "A1:INDEX(B:B,3)", "T[[a]"])
def test_formulas_that_may_read_anything(formula: str) -> None:
    assert read_formula(formula).everything


def test_structured_references() -> None:
    reads = read_formula("Orders[[#This Row],[Total]]+Orders[Qty]+[@Price]+Orders[[#All],[a'#b]]")
    assert [(one.table, one.columns, one.this_row) for one in reads.structured] == [
        ("Orders", ("Total",), True),
        ("Orders", ("Qty",), False),
        ("", ("Price",), True),
        ("Orders", ("a#b",), False),
    ]


def test_shared_formulas_move() -> None:
    (reference,) = read_formula("A$1:B2").references
    assert reference.moved(3, 1) == Area(1, 2, 5, 3)


def test_rows_are_found_without_and_with_an_index() -> None:
    rows = "".join(
        f'<row r="{number}"><c r="A{number}"><v>{number}</v></c></row>' for number in range(1, 400, 3)
    )
    sheet = SheetXml(f"<worksheet><sheetData>{rows}</sheetData></worksheet>".encode())
    for number in [*range(1, 400), *range(399, 0, -7), 5000]:
        cell = sheet.cell(number, 1)
        assert (cell.value if cell else None) == (str(number) if number < 400 and number % 3 == 1 else None)
    assert [row.number for row in sheet.rows_upwards()] == list(range(397, 0, -3))


def test_an_archive_keeps_bytes_order_and_remarks(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.comment = b"a remark"
        for name, content in {"a": b"1" * 500, "b": b"", "c": b"3" * 99}.items():
            archive.writestr(name, content)
    new = Archive(path.read_bytes(), "a.zip").rewritten({"b": b"new" * 100})
    with zipfile.ZipFile(io.BytesIO(new)) as archive:
        assert archive.testzip() is None
        assert archive.comment == b"a remark"
        assert {name: archive.read(name) for name in archive.namelist()} == {
            "a": b"1" * 500,
            "b": b"new" * 100,
            "c": b"3" * 99,
        }


def test_an_unchanged_archive_is_the_same_bytes(tmp_path: Path) -> None:
    path = tmp_path / "Rich.xlsx"
    rich_workbook.build(path)
    content = path.read_bytes()
    assert Archive(content, path.name).rewritten({}) == content


def test_a_file_before_the_archive_is_not_written(tmp_path: Path) -> None:
    path = tmp_path / "Rich.xlsx"
    rich_workbook.build(path)
    with pytest.raises(WriteRefused, match="unusual way"):
        Archive(b"PK" + path.read_bytes(), path.name).rewritten({})


def test_a_book_names_tabs_tables_and_names(tmp_path: Path) -> None:
    path = tmp_path / "Rich.xlsx"
    rich_workbook.build(path)
    book = Book(Archive(path.read_bytes(), path.name), path.name)
    assert [(tab.name, tab.is_grid) for tab in book.tabs] == [
        ("Orders", True),
        ("Summary", True),
        ("Pivot", True),
    ]
    (table,) = book.tables(book.tabs[0])
    assert (table.name, str(table.area), table.columns) == ("OrderTable", "A1:H21", rich_workbook.HEADER)
    assert ("TaxRate", "Summary!$B$1", None) in [(name.text, name.formula, name.tab) for name in book.names]
    with pytest.raises(WorkbookError, match="damaged"):
        book.archive.read("xl/nothing.xml")
