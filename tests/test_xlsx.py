"""Does the Excel connector read what is there, write what is meant, and leave all else alone?"""

import csv
import io
import subprocess
import warnings
import zipfile
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import fastexcel
import openpyxl
import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from connectors import xlsx
from rowcall.errors import WorkbookBusy, WorkbookError
from rowcall.ports import CellChange, NewRow, Opening, Workbook, Written, Wrote
from rowcall.table import STALE, CellValue, Column, Kind, Schema, Sheet
from tests import rich_workbook
from tests.debian import need

BERLIN = ZoneInfo("Europe/Berlin")
ORDERS = Schema("Orders", "shop", "Orders", ("Order",))
# What fills a sheet: xlsxwriter has no type hints.
Fill = Callable[[Any, Any], None]


def opened(path: Path, language: str = "en") -> Workbook:
    return xlsx.open_workbook(xlsx.Params(path.name), Opening("shop", path.parent, BERLIN, language))


def made(path: Path, fill: Fill, **options: object) -> Path:
    book = xlsxwriter.Workbook(path, options)
    fill(book, book.add_worksheet("Orders"))
    book.close()
    return path


def read(path: Path, schema: Schema = ORDERS) -> Sheet:
    reading = opened(path).read([schema])
    assert not reading.missing
    return reading.sheets[0][1]


def texts(path: Path, schema: Schema = ORDERS) -> dict[str, dict[str, str | None]]:
    sheet = read(path, schema)
    rows = (dict(zip(sheet.header, row, strict=True)) for row in sheet.cells.iter_rows())
    return {row[sheet.header[0]] or "": row for row in rows}


def change(key: str, column: str, expected: str, value: CellValue, schema: Schema = ORDERS) -> CellChange:
    return CellChange(schema, (key,), column, expected, value)


def new_row(key: str, schema: Schema = ORDERS, **values: CellValue) -> NewRow:
    return NewRow(schema, (key,), tuple(values.items()))


def by_openpyxl(path: Path) -> openpyxl.Workbook:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # says which of our treasures it would lose
        return openpyxl.load_workbook(io.BytesIO(path.read_bytes()))


@pytest.fixture
def rich(tmp_path: Path) -> Path:
    path = tmp_path / "Rich.xlsx"
    rich_workbook.build(path)
    return path


@pytest.fixture
def small(tmp_path: Path) -> Path:
    def fill(book: Any, sheet: Any) -> None:
        sheet.write_row(0, 0, ["Order", "Status", "Total", "Paid on", "Note"])
        sheet.write_row(1, 0, ["A-1", "New", 45.5])
        sheet.write_row(2, 0, ["A-2", "Paid", 7])
        sheet.write_datetime(2, 3, date(2026, 3, 5), book.add_format({"num_format": "yyyy-mm-dd"}))

    return made(tmp_path / "Orders.xlsx", fill)


FIVE = (
    change("A-001", "Total", "10.25", Decimal("99.95")),
    change("A-002", "Status", "Shipped", "=HYPERLINK(1)"),
    change("A-003", "Note", "call before noon", None),
    change("A-004", "Ordered", "2026-01-05", date(2026, 3, 5)),
    change("A-005", "Note", "", "  two\nlines & <more>"),
)
TWO = (
    new_row(
        "A-021", Customer="王芳", Status="New", Total=Decimal(5), Qty=Decimal(2), Ordered=date(2026, 2, 1)
    ),
    new_row("A-022", Customer="@home"),
)
MAY_CHANGE = {
    "xl/worksheets/sheet1.xml",
    "xl/worksheets/sheet2.xml",
    "xl/tables/table1.xml",
    "xl/workbook.xml",
    "xl/calcChain.xml",
}


def revise(path: Path) -> None:
    assert [done.outcome for done in opened(path).write(FIVE)] == [Wrote.WRITTEN] * 5
    assert [done.outcome for done in opened(path).append(TWO)] == [Wrote.WRITTEN] * 2


class TestRichWorkbook:
    def test_every_other_part_keeps_its_bytes_and_place(self, rich: Path) -> None:
        before = rich_workbook.parts(rich)
        revise(rich)
        after = rich_workbook.parts(rich)
        assert list(after) == list(before)
        assert {name for name in before if before[name] != after[name]} == MAY_CHANGE
        assert len(before) > 25

    def test_compressed_bytes_of_other_parts_are_copied(self, rich: Path) -> None:
        before, old = zipfile.ZipFile(rich), rich.read_bytes()
        revise(rich)
        new = rich.read_bytes()
        for info in before.infolist():
            if info.filename not in MAY_CHANGE:
                start = info.header_offset
                assert old[start : start + info.compress_size + 30] in new

    def test_only_calc_settings_change_in_the_workbook_part(self, rich: Path) -> None:
        before = rich_workbook.parts(rich)["xl/workbook.xml"]
        revise(rich)
        after = rich_workbook.parts(rich)["xl/workbook.xml"]
        assert after == before.replace(b'calcId="124519"', b'calcId="124519" fullCalcOnLoad="1"')
        assert after != before

    def test_our_reader_sees_the_new_values(self, rich: Path) -> None:
        revise(rich)
        rows = texts(rich)
        assert rows["A-001"]["Total"] == "99.95"
        assert rows["A-002"]["Status"] == "=HYPERLINK(1)"
        assert rows["A-003"]["Note"] is None
        assert rows["A-004"]["Ordered"] == "2026-03-05"
        assert rows["A-005"]["Note"] == "  two\nlines & <more>"
        assert (rows["A-021"]["Customer"], rows["A-021"]["Total"], rows["A-021"]["Ordered"]) == (
            "王芳",
            "5",
            "2026-02-01",
        )
        assert rows["A-022"]["Customer"] == "@home"
        assert rows["A-022"]["Line total"] == STALE

    def test_dependent_results_are_unknown_and_others_stay(self, rich: Path) -> None:
        revise(rich)
        summary = texts(rich, Schema("Summary", "shop", "Summary", ("Tax",)))
        assert {name: row["0.19"] for name, row in summary.items()} == {
            "sum": STALE,
            "status of A-002": STALE,
            "by name": STALE,
            "by table": STALE,
            "chain": STALE,
            "far away": STALE,
            "other row": "14.75",
            "tax only": "19",
            "customer": "Customer 1",
        }
        rows = texts(rich)
        assert rows["A-001"]["Line total"] == STALE
        assert rows["A-006"]["Line total"] == "11.5"
        sheet = read(rich)
        assert sheet.header[9] == STALE  # J1 =SUM(E2:E21)
        assert sheet.cells["9"][:2].to_list() == [STALE, "37.5"]  # J2 =J1*2, J3 =E10*3
        assert (sheet.header[11], sheet.cells["11"][0]) == (STALE, STALE)  # both cells of the array

    def test_fastexcel_never_sees_an_old_result(self, rich: Path) -> None:
        revise(rich)
        raw = fastexcel.read_excel(rich).load_sheet("Orders", header_row=None, dtypes="string").to_polars()
        assert raw.row(0)[9] is None
        assert raw.row(1)[4:7] == ("99.95", "1", None)
        assert raw.width < 12  # L1:L2 =E2:E3*2 has no result left
        assert raw.row(21)[:3] == ("A-021", "王芳", "New")

    def test_openpyxl_sees_the_new_values(self, rich: Path) -> None:
        revise(rich)
        sheet = by_openpyxl(rich)["Orders"]
        assert sheet["E2"].value == 99.95
        assert (sheet["C3"].value, sheet["C3"].data_type) == ("=HYPERLINK(1)", "s")
        assert sheet["H4"].value is None
        assert sheet["D5"].value == datetime(2026, 3, 5)
        assert sheet["H6"].value == "  two\nlines & <more>"
        assert (sheet["A22"].value, sheet["B22"].value, sheet["A23"].value) == ("A-021", "王芳", "A-022")
        assert sheet["G22"].value == rich_workbook.LINE_TOTAL

    def test_new_rows_look_like_the_last_and_ranges_grow(self, rich: Path) -> None:
        revise(rich)
        book = by_openpyxl(rich)
        sheet = book["Orders"]
        assert sheet["E22"].number_format == sheet["E21"].number_format == "#,##0.00"
        assert sheet["E23"].fill.fgColor.rgb == "FFEEEEEE"
        assert sheet.tables["OrderTable"].ref == "A1:H23"
        assert sheet.tables["OrderTable"].autoFilter.ref == "A1:H23"
        assert [str(area.sqref) for area in sheet.conditional_formatting] == ["C2:C23", "E2:E23", "F5:F10"]
        assert [str(rule.sqref) for rule in sheet.data_validations.dataValidation] == ["C2:C23"]
        xml = rich_workbook.parts(rich)["xl/worksheets/sheet1.xml"]
        assert b"<xm:sqref>E2:E23</xm:sqref>" in xml
        assert b'<dimension ref="A1:L23"/>' in xml
        chain = rich_workbook.parts(rich)["xl/calcChain.xml"]
        assert b'<c r="G22" i="1"/><c r="G23" i="1"/></calcChain>' in chain

    def test_libreoffice_opens_it_and_computes(self, rich: Path, tmp_path: Path) -> None:
        revise(rich)
        orders, summary = office_csv(rich, tmp_path, "Orders"), office_csv(rich, tmp_path, "Summary")
        assert orders[1][4] == "99.95"
        assert orders[2][2] == "=HYPERLINK(1)"
        assert orders[4][3] == "2026-03-05"
        assert orders[21][:7] == ["A-021", "王芳", "New", "2026-02-01", "5", "2", "10"]
        total = sum(10 + row / 4 for row in range(2, 21)) + 99.95
        assert float(summary[1][1]) == pytest.approx(total)
        assert float(summary[4][1]) == pytest.approx(total + 5)  # the table's column has grown
        assert summary[6][1] == "99.95"

    def test_a_second_round_changes_nothing_more(self, rich: Path) -> None:
        revise(rich)
        content = rich.read_bytes()
        again = opened(rich).write([change(c.key[0], c.column, "whatever", c.value) for c in FIVE])
        assert [done.outcome for done in again] == [Wrote.ALREADY] * 5
        assert [done.outcome for done in opened(rich).append(TWO)] == [Wrote.ALREADY] * 2
        assert rich.read_bytes() == content


def office_csv(path: Path, folder: Path, tab: str) -> list[list[str]]:
    """Let LibreOffice convert every tab to CSV and return one."""
    out = folder / "csv"
    if not out.exists():
        profile = folder / "profile"
        subprocess.run(
            [
                need("soffice"),
                f"-env:UserInstallation={profile.as_uri()}",
                "--headless",
                "--convert-to",
                "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,-1",
                "--outdir",
                str(out),
                str(path),
            ],
            check=True,
            capture_output=True,
            timeout=100,
        )
    with (out / f"{path.stem}-{tab}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


STOCK_MISSING = """Stock: Tabs.xlsx has no tab "Stock"; tabs: Orders, Products \
 (name the tab "Stock" again, or tell the config the tab's name: sheet: …)"""


class TestReading:
    def test_texts(self, tmp_path: Path) -> None:
        def fill(book: Any, sheet: Any) -> None:
            formats = {
                code: book.add_format({"num_format": code})
                for code in (
                    "yyyy-mm-dd",
                    "yyyy-mm-dd hh:mm",
                    "hh:mm",
                    "[h]:mm",
                    '"Due" 0',
                    "[Red]0.00",
                    "0.00E+00",
                )
            }
            sheet.write_row(0, 0, ["Order", "Value"])
            east = book.add_format({"num_format": 31})
            rows: list[tuple[str, Any, Any]] = [
                ("text", "007", None),
                ("whole", 7, None),
                ("seven point zero", 7.0, None),
                ("decimal", 45.5, None),
                ("noise", 0.1 + 0.2, None),
                ("million", 12345678.25, None),
                ("tiny", 1e-7, None),
                ("negative", -3, None),
                ("long", 123456789012345, None),
                ("yes", True, None),
                ("no", False, None),
                ("day", 46086, formats["yyyy-mm-dd"]),
                ("day with time", 46086.9375, formats["yyyy-mm-dd"]),
                ("midnight", 46086, formats["yyyy-mm-dd hh:mm"]),
                ("moment", 46086.9375, formats["yyyy-mm-dd hh:mm"]),
                ("time", 0.9375, formats["hh:mm"]),
                ("length", 1.5, formats["[h]:mm"]),
                ("east asian day", 46086, east),
                ("words in the format", 46086, formats['"Due" 0']),
                ("red", 46086.5, formats["[Red]0.00"]),
                ("blanks", " x ", None),
                ("lines", "a\nb", None),
                ("escape", "_x0041_", None),
            ]
            for number, (key, value, look) in enumerate(rows, 1):
                sheet.write_string(number, 0, key)
                sheet.write(number, 1, value, look)
            for number, (key, formula, value) in enumerate(
                [
                    ("n/a", "=NA()", "#N/A"),
                    ("div", "=1/0", "#DIV/0!"),
                    ("said", '="a"', "a"),
                    ("none", '=""', ""),
                ],
                len(rows) + 1,
            ):
                sheet.write_string(number, 0, key)
                sheet.write_formula(number, 1, formula, None, value)

        rows = texts(made(tmp_path / "Texts.xlsx", fill))
        assert {key: row["Value"] for key, row in rows.items()} == {
            "text": "007",
            "whole": "7",
            "seven point zero": "7",
            "decimal": "45.5",
            "noise": "0.3",
            "million": "12345678.25",
            "tiny": "0.0000001",
            "negative": "-3",
            "long": "123456789012345",
            "yes": "TRUE",
            "no": "FALSE",
            "day": "2026-03-05",
            "day with time": "2026-03-05 22:30:00",
            "midnight": "2026-03-05 00:00:00",
            "moment": "2026-03-05 22:30:00",
            "time": "22:30:00",
            "length": "36:00:00",
            "east asian day": "2026-03-05",
            "words in the format": "46086",
            "red": "46086.5",
            "blanks": " x ",
            "lines": "a\nb",
            "escape": "_x0041_",
            "n/a": "#N/A",
            "div": "#DIV/0!",
            "said": "a",
            "none": None,
        }

    def test_texts_that_look_like_dates_or_flags_stay(self, tmp_path: Path) -> None:
        wanted = ["true", "2026-03-05 00:00:00", "2026-03-05 10:00:00.123", "1899-12-31 10:00:00"]

        def fill(book: Any, sheet: Any) -> None:
            sheet.write_row(0, 0, ["Order", "Value", "Day"])
            day = book.add_format({"num_format": "yyyy-mm-dd"})
            for number, text in enumerate(wanted, 1):
                sheet.write_row(number, 0, [f"A-{number}", text])
                sheet.write_datetime(number, 2, date(2026, 3, 5), day)
            sheet.write_row(5, 0, ["A-5", True])

        rows = texts(made(tmp_path / "Looks.xlsx", fill))
        assert [row["Value"] for row in rows.values()] == [*wanted, "TRUE"]
        assert {row["Day"] for row in list(rows.values())[:4]} == {"2026-03-05"}

    def test_dates_since_1904(self, tmp_path: Path) -> None:
        def fill(book: Any, sheet: Any) -> None:
            sheet.write_row(0, 0, ["Order", "Day"])
            sheet.write_string(1, 0, "A")
            sheet.write_datetime(1, 1, date(2026, 3, 5), book.add_format({"num_format": "yyyy-mm-dd"}))

        path = made(tmp_path / "Mac.xlsx", fill, date_1904=True)
        assert texts(path)["A"]["Day"] == "2026-03-05"
        done = opened(path).write([change("A", "Day", "2026-03-05", date(2026, 12, 24))])
        assert done[0] == Written(Wrote.WRITTEN, "2026-03-05", "2026-12-24")
        assert texts(path)["A"]["Day"] == "2026-12-24"
        assert by_openpyxl(path)["Orders"]["B2"].value == datetime(2026, 12, 24)

    def test_titles_and_blank_rows_above_the_header(self, tmp_path: Path) -> None:
        def fill(_: Any, sheet: Any) -> None:
            sheet.write(2, 1, "Orders of 2026")
            sheet.write_row(4, 1, ["Order", "Status"])
            sheet.write_row(5, 1, ["A-1", "New"])

        path = made(tmp_path / "Titled.xlsx", fill)
        sheet = read(path)
        assert sheet.header == ("Order", "Status")
        assert sheet.cells.rows() == [("A-1", "New")]
        assert opened(path).sheets()[0].header == ("Orders of 2026", "")
        assert opened(path).write([change("A-1", "Status", "New", "Paid")])[0].outcome is Wrote.WRITTEN
        assert opened(path).append([new_row("A-2", Status="New")])[0].outcome is Wrote.WRITTEN
        assert read(path).cells.rows() == [("A-1", "Paid"), ("A-2", "New")]

    def test_tabs_by_trimmed_and_folded_name(self, tmp_path: Path) -> None:
        path = made(
            tmp_path / "Tabs.xlsx", lambda book, _: book.add_worksheet("Products ").write(0, 0, "SKU")
        )
        wanted = [Schema(name, "shop", name) for name in ("Orders", " orders", "PRODUCTS", "Order", "Stock")]
        reading = opened(path).read(wanted)
        assert [(table, sheet.name) for table, sheet in reading.sheets] == [
            ("Orders", "Orders"),
            (" orders", "Orders"),
            ("PRODUCTS", "Products "),
        ]
        assert [str(problem) for _, problem in reading.missing] == [
            'Order: Tabs.xlsx has no tab "Order"; tabs: Orders, Products  (did you mean "Orders"?) → Orders',
            STOCK_MISSING,
        ]

    def test_empty_tab(self, tmp_path: Path) -> None:
        path = made(tmp_path / "Empty.xlsx", lambda _book, _sheet: None)
        sheet = read(path)
        assert (sheet.header, sheet.cells.height) == ((), 0)
        assert opened(path).append([new_row("A")])[0].outcome is Wrote.REFUSED

    def test_formulas_are_named(self, rich: Path) -> None:
        formulas = read(rich).formulas
        assert (0, 6) in formulas
        assert (0, 4) not in formulas

    @pytest.mark.parametrize(
        ("content", "says"),
        [
            (b"", "is empty"),
            (b"Order,Status\n", "is no Excel workbook"),
            (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "old format of Excel 97"),
            (
                b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"),
                "protected by a password",
            ),
            (b"PK\x03\x04 half a file", "damaged or still being copied"),
        ],
        ids=["empty", "text", "xls", "password", "half"],
    )
    def test_files_that_are_no_workbook(self, tmp_path: Path, content: bytes, says: str) -> None:
        path = tmp_path / "Orders.xlsx"
        path.write_bytes(content)
        with pytest.raises(WorkbookError, match=says):
            opened(path).read([ORDERS])

    def test_a_zip_without_a_workbook(self, small: Path) -> None:
        content = rich_workbook.rezip(small.read_bytes(), {"_rels/.rels": b"<Relationships/>"})
        small.write_bytes(content)
        with pytest.raises(WorkbookError, match="no Excel workbook"):
            opened(small).read([ORDERS])

    def test_a_damaged_part(self, small: Path) -> None:
        broken = bytearray(small.read_bytes())
        at = broken.index(b"xl/worksheets/sheet1.xml") + 60
        broken[at : at + 40] = b"\xff" * 40
        small.write_bytes(bytes(broken))
        with pytest.raises(WorkbookError, match="can't be read"):
            opened(small).read([ORDERS])

    def test_a_missing_file(self, tmp_path: Path) -> None:
        with pytest.raises(WorkbookError, match=r"Gone\.xlsx was not found"):
            opened(tmp_path / "Gone.xlsx").read([ORDERS])


class TestWriting:
    @pytest.mark.parametrize(
        ("column", "expected", "value", "after"),
        [
            ("Status", "New", "Paid", "Paid"),
            ("Status", "New", "=1+1", "=1+1"),
            ("Status", "New", "+49 30", "+49 30"),
            ("Status", "New", "-1", "-1"),
            ("Status", "New", "@SUM(1)", "@SUM(1)"),
            ("Status", "New", "007", "007"),
            ("Status", "New", "", ""),
            ("Status", "New", " x ", " x "),
            ("Status", "New", "a\x00\x0bb", "ab"),
            ("Status", "New", "a\r\nb\tc", "a\r\nb\tc"),
            ("Status", "New", "_x0041_", "_x0041_"),
            ("Status", "New", "😀 王", "😀 王"),
            ("Status", "New", "]]>&amp;<", "]]>&amp;<"),
            ("Total", "45.5", None, ""),
            ("Total", "45.5", Decimal("1299.00"), "1299"),
            ("Total", "45.5", Decimal("0.1"), "0.1"),
            ("Total", "45.5", Decimal("-1E+2"), "-100"),
            ("Total", "45.5", "45,5", "45,5"),
            ("Paid on", "", date(2026, 12, 24), "2026-12-24"),
            ("Paid on", "", datetime(2026, 12, 24, 17, 30, 1, tzinfo=UTC), "2026-12-24 18:30:01"),
            ("Note", "", date(2026, 12, 24), "2026-12-24"),
            ("Note", "", timedelta(hours=36), "36:00:00"),
            ("Note", "", True, "yes"),
        ],
    )
    def test_what_is_written_is_read(
        self, small: Path, column: str, expected: str, value: CellValue, after: str
    ) -> None:
        done = opened(small).write([change("A-1", column, expected, value)])
        assert done == [Written(Wrote.WRITTEN, expected, after)]
        assert (texts(small)["A-1"][column] or "") == after
        assert opened(small).write([change("A-1", column, "x", value)])[0].outcome is Wrote.ALREADY
        by_openpyxl(small)

    def test_outcomes(self, small: Path) -> None:
        done = opened(small).write(
            [
                change("A-1", "Status", "New", "Paid"),
                change("A-2", "Status", "New", "Shipped"),
                change("A-2", "Total", "8", Decimal("7.0")),
                change("A-3", "Status", "New", "Paid"),
                change("A-1", "Nope", "", "x"),
                change("A-1", "Status", "New", "Other"),
                change("A-1", "Note", "", "x" * 32768),
            ]
        )
        assert [(d.outcome, d.before, d.after) for d in done] == [
            (Wrote.WRITTEN, "New", "Paid"),
            (Wrote.TAKEN, "Paid", "Paid"),
            (Wrote.ALREADY, "7", "7"),
            (Wrote.GONE, "", ""),
            (Wrote.REFUSED, "", ""),
            (Wrote.REFUSED, "New", "New"),
            (Wrote.REFUSED, "", ""),
        ]
        assert done[4].detail == (
            'the column "Nope" is not there, or there twice; columns: Order, Status, Total, Paid on, Note'
        )

    def test_doubled_keys_are_gone(self, tmp_path: Path) -> None:
        def fill(_: Any, sheet: Any) -> None:
            for row, cells in enumerate(
                [["Order", "Status"], ["A-1", "New"], [" A-1", "New"], ["A-2 ", "New"]]
            ):
                sheet.write_row(row, 0, cells)

        path = made(tmp_path / "Twice.xlsx", fill)
        done = opened(path).write([change("A-1", "Status", "New", "x"), change("A-2", "Status", "New", "x")])
        assert [d.outcome for d in done] == [Wrote.GONE, Wrote.WRITTEN]
        assert done[0].detail == "2 rows carry the key A-1 now"

    def test_columns_by_alias_and_composite_keys(self, tmp_path: Path) -> None:
        def fill(_: Any, sheet: Any) -> None:
            sheet.write_row(0, 0, ["ORDER  no.", "Line", "state"])
            sheet.write_row(1, 0, ["A-1", 1, "New"])
            sheet.write_row(2, 0, ["A-1", 2, "New"])

        path = made(tmp_path / "Lines.xlsx", fill)
        columns = (Column("Order", aliases=("Order no.",)), Column("Line", Kind.NUMBER), Column("State"))
        schema = Schema("Lines", "shop", "Orders", ("Order", "Line"), columns)
        done = opened(path).write([CellChange(schema, ("A-1", "2"), "State", "New", "Paid")])
        assert done[0].outcome is Wrote.WRITTEN
        assert read(path).cells.rows() == [("A-1", "1", "New"), ("A-1", "2", "Paid")]

    @pytest.mark.parametrize(
        ("place", "why"),
        [
            ("G2", "a formula"),
            ("L3", "a part of an array"),
            ("K6", "merged range"),
        ],
        ids=["formula", "array", "merged"],
    )
    def test_refused_cells(self, tmp_path: Path, place: str, why: str) -> None:
        def fill(_: Any, sheet: Any) -> None:
            sheet.write_row(0, 0, ["Order", "x"])
            for row in range(1, 7):
                sheet.write(row, 0, f"A-{row}")
            sheet.write_row(0, 5, ["", "G", "", "", "", "K", "L"])
            sheet.write_formula("G2", "=1+1", None, 2)
            sheet.write_array_formula("L2:L4", "{=A2:A4}", None, 1)
            sheet.merge_range("J5:K6", "merged")

        path = made(tmp_path / "Refused.xlsx", fill)
        before = path.read_bytes()
        key = f"A-{int(place[1:]) - 1}"
        expected = texts(path)[key][place[0]] or ""
        done = opened(path).write([change(key, place[0], expected, "x")])
        assert done[0].outcome is Wrote.REFUSED
        assert why in done[0].detail
        assert path.read_bytes() == before

    def test_protected_sheet(self, tmp_path: Path) -> None:
        def fill(book: Any, sheet: Any) -> None:
            sheet.write_row(0, 0, ["Order", "Status", "Note"])
            sheet.write_row(1, 0, ["A-1", "New"])
            sheet.write_blank(1, 2, None, book.add_format({"locked": False}))
            sheet.protect()

        path = made(tmp_path / "Protected.xlsx", fill)
        done = opened(path).write([change("A-1", "Status", "New", "x"), change("A-1", "Note", "", "x")])
        assert [d.outcome for d in done] == [Wrote.REFUSED, Wrote.WRITTEN]
        assert "protected" in done[0].detail

    def test_a_date_without_a_date_format_in_the_file_is_iso_text(self, tmp_path: Path) -> None:
        path = made(tmp_path / "Plain.xlsx", lambda _, sheet: sheet.write_row(0, 0, ["Order", "Paid on"]))
        assert (
            opened(path).append([NewRow(ORDERS, ("A",), (("Paid on", date(2026, 3, 5)),))])[0].outcome
            is Wrote.WRITTEN
        )
        assert texts(path)["A"]["Paid on"] == "2026-03-05"
        assert by_openpyxl(path)["Orders"]["B2"].value == "2026-03-05"

    @pytest.mark.parametrize(
        ("there", "value", "after"),
        [("Yes", False, "No"), ("是", False, "否"), (True, False, "FALSE"), ("x", True, "x")],
    )
    def test_yes_and_no_in_the_words_of_the_column(
        self, tmp_path: Path, there: object, value: bool, after: str
    ) -> None:
        def fill(_: Any, sheet: Any) -> None:
            sheet.write_row(0, 0, ["Order", "Gift"])
            sheet.write_row(1, 0, ["A-1", there])
            sheet.write_row(2, 0, ["A-2"])

        path = made(tmp_path / "Gifts.xlsx", fill)
        done = opened(path).write([change("A-2", "Gift", "", value)])
        assert (done[0].outcome, done[0].after) == (Wrote.WRITTEN, after)
        assert texts(path)["A-2"]["Gift"] == after

    def test_prefixed_names_single_quotes_and_cells_without_address(self, small: Path) -> None:
        main = rich_workbook.MAIN
        xml = (
            f"<?xml version='1.0' encoding='UTF-8'?><x:worksheet xmlns:x='{main}'><x:sheetData>"
            "<x:row r='1'><x:c t='inlineStr'><x:is><x:t>Order</x:t></x:is></x:c>"
            "<x:c t='inlineStr'><x:is><x:t>Status</x:t></x:is></x:c></x:row>"
            "<x:row><x:c t='inlineStr'><x:is><x:t>A-1</x:t></x:is></x:c>"
            "<x:c t='inlineStr'><x:is><x:r><x:t>N</x:t></x:r><x:r><x:t>ew</x:t></x:r></x:is></x:c></x:row>"
            "<x:row r='5'/></x:sheetData></x:worksheet>"
        )
        small.write_bytes(rich_workbook.rezip(small.read_bytes(), {"xl/worksheets/sheet1.xml": xml.encode()}))
        assert texts(small) == {"A-1": {"Order": "A-1", "Status": "New"}}
        assert opened(small).write([change("A-1", "Status", "New", "Paid")])[0].outcome is Wrote.WRITTEN
        assert opened(small).append([new_row("A-2", Status="x")])[0].outcome is Wrote.WRITTEN
        assert texts(small) == {
            "A-1": {"Order": "A-1", "Status": "Paid"},
            "A-2": {"Order": "A-2", "Status": "x"},
        }
        assert by_openpyxl(small)["Orders"]["B3"].value == "x"

    def test_remarks_in_the_xml_are_refused(self, small: Path) -> None:
        xml = rich_workbook.parts(small)["xl/worksheets/sheet1.xml"].replace(
            b"<sheetData>", b"<sheetData><!-- <row> -->"
        )
        small.write_bytes(rich_workbook.rezip(small.read_bytes(), {"xl/worksheets/sheet1.xml": xml}))
        done = opened(small).write([change("A-1", "Status", "New", "Paid")])
        assert done[0].outcome is Wrote.REFUSED


class TestAppending:
    def test_keys_that_are_there_are_not_appended_again(self, small: Path) -> None:
        done = opened(small).append([new_row("A-2"), new_row("A-3", Status="New"), new_row("A-3")])
        assert [d.outcome for d in done] == [Wrote.ALREADY, Wrote.WRITTEN, Wrote.ALREADY]
        assert [row[0] for row in read(small).cells.rows()] == ["A-1", "A-2", "A-3"]

    def test_formatted_blank_rows_below_are_filled_in_their_own_look(self, tmp_path: Path) -> None:
        def fill(book: Any, sheet: Any) -> None:
            sheet.write_row(0, 0, ["Order", "Total"])
            sheet.write_row(1, 0, ["A-1", 5])
            money = book.add_format({"num_format": "0.00"})
            for row in range(2, 50):
                sheet.write_blank(row, 1, None, money)

        path = made(tmp_path / "Ready.xlsx", fill)
        assert opened(path).append([new_row("A-2", Total=Decimal(7))])[0].outcome is Wrote.WRITTEN
        sheet = by_openpyxl(path)["Orders"]
        assert (sheet["A3"].value, sheet["B3"].value, sheet["B3"].number_format) == ("A-2", 7, "0.00")

    def test_a_filter_grows(self, small: Path) -> None:
        xml = rich_workbook.parts(small)["xl/worksheets/sheet1.xml"].replace(
            b"</sheetData>", b'</sheetData><autoFilter ref="A1:E3"/>'
        )
        small.write_bytes(rich_workbook.rezip(small.read_bytes(), {"xl/worksheets/sheet1.xml": xml}))
        opened(small).append([new_row("A-3"), new_row("A-4")])
        assert b'<autoFilter ref="A1:E5"/>' in rich_workbook.parts(small)["xl/worksheets/sheet1.xml"]

    @pytest.mark.parametrize(
        ("options", "below", "why"),
        [
            ({"total_row": True}, "", "totals row"),
            ({}, "Terms: 14 days", "something else stands right below"),
            (
                {"columns": [{"header": "Order"}, {"header": "Double", "formula": "=A2&A2"}]},
                "",
                "can't be continued",
            ),
        ],
        ids=["totals", "note below", "relative formula"],
    )
    def test_tables_that_can_not_grow_safely(
        self, tmp_path: Path, options: dict[str, Any], below: str, why: str
    ) -> None:
        def fill(_: Any, sheet: Any) -> None:
            columns = [{"header": "Order"}, {"header": "Status"}]
            sheet.add_table(0, 0, 3, 1, {"columns": columns, **options})
            for row in range(1, 3 if "total_row" in options else 4):
                sheet.write(row, 0, f"A-{row}")
            if below:
                sheet.write(4, 0, below)

        path = made(tmp_path / "Table.xlsx", fill)
        before = path.read_bytes()
        done = opened(path).append([new_row("A-9")])
        assert done[0].outcome is Wrote.REFUSED
        assert why in done[0].detail
        assert path.read_bytes() == before

    def test_blank_rows_inside_a_table_are_used_first(self, tmp_path: Path) -> None:
        def fill(_: Any, sheet: Any) -> None:
            sheet.add_table(0, 0, 4, 1, {"columns": [{"header": "Order"}, {"header": "Status"}], "name": "T"})
            sheet.write(1, 0, "A-1")

        path = made(tmp_path / "Room.xlsx", fill)
        opened(path).append([new_row(f"A-{number}") for number in range(2, 7)])
        sheet = by_openpyxl(path)["Orders"]
        assert sheet.tables["T"].ref == "A1:B7"
        assert [sheet.cell(row, 1).value for row in range(2, 8)] == [f"A-{number}" for number in range(1, 7)]


class TestNothingIsLost:
    def test_mode_and_symlink_stay(self, small: Path) -> None:
        small.chmod(0o640)
        link = small.parent / "link.xlsx"
        link.symlink_to(small.name)
        assert opened(link).write([change("A-1", "Status", "New", "Paid")])[0].outcome is Wrote.WRITTEN
        assert link.is_symlink()
        assert small.stat().st_mode & 0o777 == 0o640
        assert texts(small)["A-1"]["Status"] == "Paid"

    @pytest.mark.parametrize("lock", ["~$Orders.xlsx", ".~lock.Orders.xlsx#", ".~Orders.xlsx"])
    def test_open_elsewhere(self, small: Path, lock: str) -> None:
        (small.parent / lock).write_bytes(b"")
        before = small.read_bytes()
        with pytest.raises(WorkbookBusy, match=r"Orders\.xlsx is open in"):
            opened(small).write([change("A-1", "Status", "New", "Paid")])
        with pytest.raises(WorkbookBusy):
            opened(small).append([new_row("A-9")])
        assert small.read_bytes() == before
        assert texts(small)["A-1"]["Status"] == "New"  # reading needs nobody's leave

    def test_read_only(self, small: Path) -> None:
        small.chmod(0o444)
        with pytest.raises(WorkbookError, match="read-only"):
            opened(small).write([change("A-1", "Status", "New", "Paid")])
        assert texts(small)["A-1"]["Status"] == "New"

    def test_nothing_to_write_touches_nothing(self, small: Path) -> None:
        before = small.stat().st_mtime_ns
        opened(small).write([change("A-1", "Status", "x", "New"), change("A-1", "Status", "x", "y")])
        assert small.stat().st_mtime_ns == before


CELL_TEXT = st.text(
    st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="\ufffe\uffff"), max_size=20
)
VALUES = st.one_of(
    CELL_TEXT,
    st.text(alphabet="=+-@'\"<>&\n\t_x041", max_size=8),
    st.decimals(-10_000_000, 10_000_000, allow_nan=False, allow_infinity=False, places=4),
    st.floats(-1e12, 1e12, allow_nan=False).map(lambda number: Decimal(repr(number))),
    st.integers(-(10**14), 10**14).map(Decimal),
    st.booleans(),
    st.dates(date(1901, 1, 1), date(2199, 12, 31)),
    st.datetimes(datetime(1980, 1, 1), datetime(2099, 12, 31), timezones=st.just(UTC)),
    st.none(),
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.dictionaries(
        st.tuples(st.integers(1, 6), st.sampled_from(["Text", "Number", "Day", "Moment", "Flag"])),
        VALUES,
        max_size=8,
    )
)
def test_random_edits_are_read_alike_by_all(tmp_path: Path, edits: dict[tuple[int, str], CellValue]) -> None:
    def fill(book: Any, sheet: Any) -> None:
        day, moment = (
            book.add_format({"num_format": code}) for code in ("yyyy-mm-dd", "yyyy-mm-dd hh:mm:ss")
        )
        sheet.write_row(0, 0, ["Order", "Text", "Number", "Day", "Moment", "Flag"])
        for row in range(1, 7):
            sheet.write_row(row, 0, [f"A-{row}", f"text {row}", row / 4])
            sheet.write_datetime(row, 3, date(2026, 1, row), day)
            sheet.write_datetime(row, 4, datetime(2026, 1, row, 12), moment)
            sheet.write_boolean(row, 5, row % 2)

    path = made(tmp_path / "Random.xlsx", fill)
    before = texts(path)
    changes = [
        change(f"A-{row}", column, before[f"A-{row}"][column] or "", value)
        for (row, column), value in edits.items()
    ]
    done = opened(path).write(changes)
    after = texts(path)
    other = by_openpyxl(path)["Orders"]
    places = {
        header: number
        for number, header in enumerate(["Order", "Text", "Number", "Day", "Moment", "Flag"], 1)
    }
    expected = {key: dict(row) for key, row in before.items()}
    for one, what in zip(changes, done, strict=True):
        assert what.outcome in (Wrote.WRITTEN, Wrote.ALREADY)
        expected[one.key[0]][one.column] = what.after or None
        cell = other.cell(int(one.key[0][2:]) + 1, places[one.column])
        if isinstance(one.value, str) and what.outcome is Wrote.WRITTEN:
            assert (cell.value or "") == one.value
        if isinstance(one.value, Decimal) and isinstance(cell.value, int | float):
            assert float(cell.value) == float(one.value)
    assert after == expected
