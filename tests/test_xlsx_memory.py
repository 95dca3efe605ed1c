"""Is what the Excel connector keeps from call to call never believed against the file?"""

import os
import resource
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import xlsxwriter

from connectors import xlsx
from rowcall import files
from rowcall.errors import WorkbookBusy, WorkbookError
from rowcall.ooxml.writing import Outcome, Writer
from rowcall.ports import CellChange, NewRow, Opening, Wrote
from rowcall.table import STALE, Schema
from tests import rich_workbook

ORDERS = Schema("Orders", "shop", "Orders", ("Order",))
SHEET = "xl/worksheets/sheet1.xml"


def save(path: Path, rows: list[list[str]]) -> None:
    """Save the workbook as a spreadsheet program does: a new file in the old one's place."""
    book = xlsxwriter.Workbook(path.with_suffix(".tmp"))
    sheet = book.add_worksheet("Orders")
    for number, row in enumerate([["Order", "Status"], *rows]):
        sheet.write_row(number, 0, row)
    book.close()
    path.with_suffix(".tmp").replace(path)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    save(tmp_path / "Orders.xlsx", [["A-1", "New"], ["A-2", "New"]])
    return tmp_path / "Orders.xlsx"


def opened(path: Path) -> xlsx.ExcelFile:
    workbook = xlsx.open_workbook(
        xlsx.Params(path.name), Opening("shop", path.parent, ZoneInfo("Europe/Berlin"), "en")
    )
    assert isinstance(workbook, xlsx.ExcelFile)
    return workbook


def rows(workbook: xlsx.ExcelFile) -> list[tuple[str | None, ...]]:
    return workbook.read([ORDERS]).sheets[0][1].cells.rows()


def change(key: str, expected: str, value: str, column: str = "Status") -> CellChange:
    return CellChange(ORDERS, (key,), column, expected, value)


class TestReading:
    def test_an_unchanged_file_is_the_same_reading(self, path: Path) -> None:
        workbook = opened(path)
        first = workbook.read([ORDERS])
        assert workbook.read([ORDERS]) is first
        assert workbook.read([]) is not first

    def test_a_saved_file_with_the_same_content_is_the_same_reading(self, path: Path) -> None:
        workbook = opened(path)
        first = workbook.read([ORDERS])
        content = path.read_bytes()
        path.unlink()
        path.write_bytes(content)
        assert workbook.read([ORDERS]) is first

    def test_an_edit_of_the_same_size_and_time_is_seen(self, path: Path) -> None:
        workbook = opened(path)
        assert rows(workbook)[0] == ("A-1", "New")
        before = path.stat()
        new = rich_workbook.rezip(
            path.read_bytes(),
            {
                "xl/sharedStrings.xml": rich_workbook.parts(path)["xl/sharedStrings.xml"].replace(
                    b"New", b"Old"
                )
            },
        )
        path.write_bytes(new)
        os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
        assert rows(workbook)[0] == ("A-1", "Old")

    def test_a_file_that_has_become_unreadable_is_not_the_old_reading(self, path: Path) -> None:
        workbook = opened(path)
        workbook.read([ORDERS])
        path.write_bytes(b"PK half a file")
        for wait_s in (0, 2.1, 0):
            time.sleep(wait_s)
            with pytest.raises(WorkbookError, match="damaged"):
                workbook.read([ORDERS])

    def test_a_status_is_believed_only_after_the_time_step_of_file_systems(self, path: Path) -> None:
        unchanged, seen = files.Unchanged(), files.fingerprint(path)
        for _ in range(2):
            unchanged.note(files.signs(path), seen)
            assert not unchanged.is_sure(path, seen.sha256)
        time.sleep(2.1)
        unchanged.note(files.signs(path), seen)
        assert unchanged.is_sure(path, seen.sha256)
        path.touch()
        assert not unchanged.is_sure(path, seen.sha256)
        path.unlink()
        assert not unchanged.is_sure(path, seen.sha256)


class TestWriting:
    def test_one_call_after_the_other(self, path: Path) -> None:
        workbook = opened(path)
        assert workbook.write([change("A-1", "New", "Paid")])[0].outcome is Wrote.WRITTEN
        done = workbook.append(
            [NewRow(ORDERS, (key,), (("Status", "New"),)) for key in ("A-3", "A-2", "A-4")]
        )
        assert [one.outcome for one in done] == [Wrote.WRITTEN, Wrote.ALREADY, Wrote.WRITTEN]
        assert workbook.append([NewRow(ORDERS, ("A-3",), ())])[0].outcome is Wrote.ALREADY
        assert workbook.write([change("A-4", "New", "Paid")])[0].outcome is Wrote.WRITTEN
        assert workbook.write([change("A-2", "A-2", "A-9", "Order")])[0].outcome is Wrote.WRITTEN
        done = workbook.write([change("A-2", "New", "x"), change("A-9", "New", "Sent")])
        assert [one.outcome for one in done] == [Wrote.GONE, Wrote.WRITTEN]
        wanted = [("A-1", "Paid"), ("A-9", "Sent"), ("A-3", "New"), ("A-4", "Paid")]
        assert rows(workbook) == rows(opened(path)) == wanted

    @pytest.mark.parametrize("is_read", [True, False], ids=["read before", "never read"])
    @pytest.mark.parametrize("key", [("Order",), ("Order", "Line")], ids="+".join)
    def test_rows_are_found_alike_with_and_without_a_reading(
        self, path: Path, key: tuple[str, ...], is_read: bool
    ) -> None:
        lines = ["", "1", "2", " 1 ", "1", "3", ""]
        book = xlsxwriter.Workbook(path)
        sheet, blank = book.add_worksheet("Orders"), book.add_format({"bold": True})
        sheet.write(0, 1, "Orders of the shop")
        sheet.write_row(3, 1, ["Order", "Line", "Status"])
        for row, (order, line) in enumerate(zip(["", "A", "A", "B", " B", "C", "A"], lines, strict=True), 6):
            sheet.write(row, 1, order, blank)
            sheet.write(row, 2, line, blank)
            sheet.write(row, 3, f"row {row}")
        book.close()
        schema, workbook = Schema("Orders", "shop", "Orders", key), opened(path)
        if is_read:
            workbook.read([schema])
        wanted = {
            ("A", "1"): "row 7",
            ("A", "2"): "row 8",
            ("B", "1"): "",
            ("C", "3"): "row 11",
            ("A", ""): "row 12",
            ("", ""): "",
            ("D", "1"): "",
        }
        single = {("A",): "", ("B",): "", ("C",): "row 11", ("",): "", ("D",): ""}
        for one, text in (wanted if len(key) > 1 else single).items():
            done = workbook.write([CellChange(schema, one, "Status", text, "found")])[0]
            assert (one, done.outcome) == (one, Wrote.WRITTEN if text else Wrote.GONE)

    def test_two_schemas_of_one_tab_each_have_their_keys(self, path: Path) -> None:
        by_status, workbook = Schema("States", "shop", "Orders", ("Status",)), opened(path)
        save(path, [["A-1", "New"], ["A-2", "Paid"]])
        workbook.read([ORDERS, by_status])
        done = [
            *workbook.write([CellChange(by_status, ("Paid",), "Order", "A-2", "A-9")]),
            *workbook.write([change("A-9", "Paid", "Sent"), change("A-2", "Paid", "x")]),
            *workbook.write([CellChange(by_status, ("Paid",), "Order", "A-9", "x")]),
        ]
        assert [one.outcome for one in done] == [Wrote.WRITTEN, Wrote.WRITTEN, Wrote.GONE, Wrote.GONE]
        assert rows(opened(path)) == [("A-1", "New"), ("A-9", "Sent")]

    def test_an_edit_between_reading_and_writing_wins(self, path: Path) -> None:
        workbook = opened(path)
        workbook.read([ORDERS])
        save(path, [["A-2", "New"], ["A-0", "New"], ["A-1", "New"]])
        assert workbook.write([change("A-1", "New", "Paid")])[0].outcome is Wrote.WRITTEN
        assert rows(opened(path)) == [("A-2", "New"), ("A-0", "New"), ("A-1", "Paid")]

    def test_an_edit_between_two_calls_wins(self, path: Path) -> None:
        workbook = opened(path)
        workbook.write([change("A-1", "New", "Paid")])
        save(path, [["A-0", "New"], ["A-1", "Cancelled"]])
        done = workbook.write([change("A-1", "Paid", "Sent"), change("A-2", "New", "Sent")])
        assert [one.outcome for one in done] == [Wrote.TAKEN, Wrote.GONE]
        assert workbook.write([change("A-0", "New", "Paid")])[0].outcome is Wrote.WRITTEN
        assert rows(workbook) == [("A-0", "Paid"), ("A-1", "Cancelled")]

    @pytest.mark.parametrize("what", ["saved", "moved away"])
    def test_an_edit_between_our_reading_and_replacing_wins(self, path: Path, what: str) -> None:
        workbook = opened(path)

        def meanwhile(writer: Writer) -> list[Outcome]:
            outcome = writer.write(ORDERS, ("A-1",), "Status", "New", "Paid")
            if what == "saved":
                save(path, [["A-1", "Cancelled"]])
            else:
                path.rename(path.with_name("Other.xlsx"))
            return [outcome]

        with pytest.raises(WorkbookBusy, match="meanwhile"):
            workbook._change(meanwhile)
        if what == "saved":
            assert rows(workbook) == [("A-1", "Cancelled")]
        assert not list(path.parent.glob(".*"))

    @pytest.mark.skipif(not hasattr(resource, "RLIMIT_FSIZE"), reason="the system has no such limit")
    def test_a_full_disk_leaves_the_file_as_it_was(self, path: Path) -> None:
        before = path.read_bytes()
        ended = subprocess.run(
            [sys.executable, "-c", FULL_DISK, str(path)],
            capture_output=True,
            text=True,
            check=True,
            cwd=Path(xlsx.__file__).parent.parent,
        )
        assert ended.stdout.startswith("Orders.xlsx would become larger than this disk or account allows")
        assert path.read_bytes() == before
        assert [one.name for one in path.parent.iterdir()] == [path.name]


FULL_DISK = """
import resource, signal, sys
from pathlib import Path
from tests.test_xlsx_memory import change, opened
from rowcall.errors import WorkbookError

signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (2000, 2000))
try:
    opened(Path(sys.argv[1])).write([change("A-1", "New", "Paid")])
except WorkbookError as error:
    print(error)
"""


def test_shared_formulas_of_a_whole_workbook(path: Path) -> None:
    shared = b"""<c r="C2"><f t="shared" ref="C2:C4" si="0">LEN(B2)</f><v>3</v></c></row>"""
    follows = b"""<c r="C3"><f t="shared" si="0"/><v>3</v></c></row>"""
    xml = rich_workbook.parts(path)[SHEET]
    first, second = xml.index(b"</row>", xml.index(b'r="2"')), xml.index(b"</row>", xml.index(b'r="3"'))
    xml = xml[:first] + shared + xml[first + 6 : second] + follows + xml[second + 6 :]
    path.write_bytes(rich_workbook.rezip(path.read_bytes(), {SHEET: xml}))
    workbook = opened(path)
    sheet = workbook.read([ORDERS]).sheets[0][1]
    assert sheet.formulas == {(0, 2), (1, 2)}
    assert workbook.write([change("A-2", "New", "Paid")])[0].outcome is Wrote.WRITTEN
    assert rows(workbook) == [("A-1", "New", "3"), ("A-2", "Paid", STALE)]
    assert workbook.write([change("A-1", "New", "Paid")])[0].outcome is Wrote.WRITTEN
    assert rows(workbook) == [("A-1", "Paid", STALE), ("A-2", "Paid", STALE)]


class TestFillDown:
    def made(self, path: Path, formulas: list[str]) -> Path:
        book = xlsxwriter.Workbook(path)
        sheet = book.add_worksheet("Orders")
        sheet.write_row(0, 0, ["Order", "Total", "Tax", "Note"])
        for number, formula in enumerate(formulas, 1):
            sheet.write_row(number, 0, [f"A-{number}", number])
            sheet.write_formula(number, 2, formula, None, 1)
        book.close()
        return path

    @pytest.mark.parametrize(
        ("formulas", "new"),
        [
            (["=B2*$F$1", "=B3*$F$1"], ["B4*$F$1", "B5*$F$1"]),
            (["=SUM(B$2:B2)"], ["SUM(B$2:B3)", "SUM(B$2:B4)"]),
            (["=Rates!A2&LOG10(B2)", "=Rates!A3&LOG10(B3)"], ["Rates!A4&LOG10(B4)", "Rates!A5&LOG10(B5)"]),
            (["=SUM($1:2)+C:C", "=SUM($1:3)+C:C"], ["SUM($1:4)+C:C", "SUM($1:5)+C:C"]),
        ],
        ids=["two rows", "one row", "other tab", "whole rows"],
    )
    def test_formulas_of_a_plain_range_go_on(self, path: Path, formulas: list[str], new: list[str]) -> None:
        self.made(path, formulas)
        done = opened(path).append([NewRow(ORDERS, (key,), ()) for key in ("B-1", "B-2")])
        assert [one.outcome for one in done] == [Wrote.WRITTEN] * 2
        xml = rich_workbook.parts(path)[SHEET].decode()
        below = len(formulas) + 2
        for number, text in enumerate(new, below):
            assert f'<c r="C{number}"><f>{text.replace("&", "&amp;")}</f></c>' in xml
        assert rows(opened(path))[-1][2] == STALE

    def test_a_shared_formula_goes_on(self, path: Path) -> None:
        self.made(path, ["=B2*2", "=B3*2"])
        xml = rich_workbook.parts(path)[SHEET]
        xml = xml.replace(b"<f>B2*2</f>", b'<f t="shared" ref="C2:C3" si="0">B2*2</f>')
        xml = xml.replace(b"<f>B3*2</f>", b'<f t="shared" si="0"/>')
        path.write_bytes(rich_workbook.rezip(path.read_bytes(), {SHEET: xml}))
        assert opened(path).append([NewRow(ORDERS, ("B-1",), ())])[0].outcome is Wrote.WRITTEN
        assert b'<c r="C4"><f>B4*2</f></c>' in rich_workbook.parts(path)[SHEET]

    @pytest.mark.parametrize("given", [(), (("Tax", "5"),)], ids=["in doubt", "given"])
    def test_what_can_not_go_on_is_refused(self, path: Path, given: tuple[tuple[str, str], ...]) -> None:
        self.made(path, ["=B2*2", "=B3*2" if given else "=B3*7"])
        done = opened(path).append([NewRow(ORDERS, ("B-1",), given)])[0]
        assert done.outcome is Wrote.REFUSED
        assert 'the column "Tax" is computed' in done.detail


def test_a_copy_of_the_file_is_another_workbook(path: Path) -> None:
    read: Callable[[Path], list[tuple[str | None, ...]]] = lambda one: rows(opened(one))  # noqa: E731
    other = path.with_name("Copy.xlsx")
    shutil.copy(path, other)
    opened(path).write([change("A-1", "New", "Paid")])
    assert read(other)[0] == ("A-1", "New")
