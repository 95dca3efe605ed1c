"""Which files does a mail carry, and do they hold what the list says: no more, no formula, no path?"""

import csv
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import openpyxl
import pytest

from rowcall.attachments import FORMS, MOST_BYTES, Enclosure, check_size, enclose_file, enclose_list, load
from rowcall.errors import DeliveryError, TemplateError
from rowcall.language.words import AttachForm, spelled
from rowcall.mailer import Account, SmtpMailer
from rowcall.message import Attachment, Letter, build
from rowcall.table import CellValue, Kind
from rowcall.template import ListColumn, ListTable
from tests.shop.folder import Postbox

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 3, 9, 13, 0, tzinfo=UTC)
COLUMNS = (
    ListColumn("Order No"),
    ListColumn("Total", Kind.MONEY),
    ListColumn("Share", Kind.PERCENT),
    ListColumn("Ordered on", Kind.DATE),
    ListColumn("Paid at", Kind.DATETIME),
    ListColumn("Took", Kind.DURATION),
    ListColumn("Gift", Kind.YES_NO),
    ListColumn("备注"),
)
ROW: tuple[CellValue, ...] = (
    "007",
    Decimal("1234.50"),
    Decimal("0.92"),
    date(2026, 3, 5),
    datetime(2026, 3, 5, 9, 30, tzinfo=UTC),
    timedelta(hours=26, minutes=30),
    True,
    "龙井 «two\nlines»",
)
EVIL = (
    "=1+1",
    "+1",
    "-2+3",
    "@SUM(A1)",
    "\t=1",
    '=HYPERLINK("http://x.example")',
    "http://x.example",
    "0778",
)


def enclosed(table: ListTable, form: str = "xlsx", title: str = "Orders open") -> Enclosure:
    return enclose_list(table, title, form, zone=BERLIN, language="en", made_at=NOW)


def sheet(table: ListTable, title: str = "Orders open") -> Any:  # Any: openpyxl has no types
    return openpyxl.load_workbook(BytesIO(enclosed(table, title=title).content)).worksheets[0]


def lines(table: ListTable) -> list[list[str]]:
    text = enclosed(table, "csv").content.decode("utf-8-sig")
    return list(csv.reader(StringIO(text, newline="")))


def test_every_form_of_the_language_is_made() -> None:
    assert {spelled(form) for form in AttachForm} == set(FORMS)


class TestXlsx:
    def test_cells_are_of_their_kind(self) -> None:
        header, row = sheet(ListTable(COLUMNS, (ROW,))).iter_rows()
        assert [cell.value for cell in header] == [column.name for column in COLUMNS]
        assert all(cell.font.bold for cell in header)
        assert [cell.value for cell in row] == [
            "007",
            1234.5,
            0.92,
            datetime(2026, 3, 5),
            datetime(2026, 3, 5, 10, 30),
            timedelta(hours=26, minutes=30),
            "yes",
            "龙井 «two\nlines»",
        ]
        assert [cell.data_type for cell in row] == ["s", "n", "n", "d", "d", "d", "s", "s"]
        assert row[1].number_format == "#,##0.00"
        assert row[2].number_format == "0.0%"

    def test_the_header_stays_in_sight_and_columns_are_wide_enough(self) -> None:
        found = sheet(ListTable(COLUMNS, (ROW,)))
        assert found.freeze_panes == "A2"
        assert found.column_dimensions["A"].width >= len("Order No")

    @pytest.mark.parametrize("text", EVIL)
    def test_a_text_stays_a_text(self, text: str) -> None:
        found = sheet(ListTable((ListColumn("Note"),), ((text,),)))
        assert (found["A2"].value, found["A2"].data_type) == (text, "s")
        assert found["A2"].hyperlink is None

    def test_empty_cells_stay_empty_and_unreadable_ones_are_their_text(self) -> None:
        found = sheet(ListTable((ListColumn("Total", Kind.MONEY),), ((None,), ("N/A",))))
        assert (found["A2"].value, found["A3"].value) == (None, "N/A")

    @pytest.mark.parametrize(
        ("value", "kept"),
        [
            (Decimal(12345678901234567890), "12345678901234567890"),
            (date(1899, 12, 31), "1899-12-31"),
            ("x" * 40_000, "x" * 32_766 + "…"),
        ],
        ids=["long number", "before Excel's days", "long text"],
    )
    def test_what_excel_can_not_hold_stays_a_text(self, value: CellValue, kept: str) -> None:
        assert sheet(ListTable((ListColumn("X", Kind.NUMBER),), ((value,),)))["A2"].value == kept

    @pytest.mark.parametrize(
        ("title", "name"),
        [
            ("Orders open", "Orders open"),
            ("a/b:c", "a b c"),
            ("x" * 40, "x" * 31),
            ("'", "List"),
            ("库存", "库存"),
        ],
    )
    def test_the_sheet_gets_a_name_that_excel_takes(self, title: str, name: str) -> None:
        assert sheet(ListTable(COLUMNS, ()), title).title == name

    def test_the_same_list_makes_the_same_file(self) -> None:
        assert enclosed(ListTable(COLUMNS, (ROW,))) == enclosed(ListTable(COLUMNS, (ROW,)))


class TestCsv:
    def test_it_begins_with_the_mark_by_which_excel_knows_utf_8(self) -> None:
        assert enclosed(ListTable(COLUMNS, (ROW,)), "csv").content.startswith(b"\xef\xbb\xbfOrder No,")

    def test_values_are_written_plainly(self) -> None:
        assert lines(ListTable(COLUMNS, (ROW,)))[1] == [
            "007", "1234.50", "0.92", "2026-03-05", "2026-03-05 10:30", "26:30", "yes", "龙井 «two\nlines»",
        ]  # fmt: skip

    @pytest.mark.parametrize(
        ("text", "kept"),
        [
            ("=1+1", "'=1+1"),
            ("+49 30 1", "'+49 30 1"),
            ("-2", "'-2"),
            ("@x", "'@x"),
            (" =1", "' =1"),
            ("a=1", "a=1"),
        ],
    )
    def test_a_text_never_becomes_a_formula(self, text: str, kept: str) -> None:
        assert lines(ListTable((ListColumn("=Note"),), ((text,),))) == [["'=Note"], [kept]]

    def test_a_negative_amount_is_a_number(self) -> None:
        assert lines(ListTable((ListColumn("Total", Kind.MONEY),), ((Decimal("-2.5"),),)))[1] == ["-2.5"]


class TestFiles:
    @pytest.fixture
    def folder(self, tmp_path: Path) -> Path:
        inside = tmp_path / "attachments"
        inside.mkdir()
        (tmp_path / "secret.txt").write_text("secret")
        (inside / "price-list.pdf").write_bytes(b"%PDF-1.4")
        (inside / "link.txt").symlink_to(tmp_path / "secret.txt")
        (inside / "inner").mkdir()
        return inside

    def test_a_file_of_the_folder_is_named_and_read_when_the_mail_goes_out(self, folder: Path) -> None:
        one = enclose_file(folder, "price-list.pdf")
        assert (one.content, one.mime) == (b"", "application/pdf")
        (folder / "price-list.pdf").write_bytes(b"%PDF-1.5")
        assert load(one, folder) == Attachment("price-list.pdf", b"%PDF-1.5", "application/pdf")

    @pytest.mark.parametrize(
        "name",
        ["../secret.txt", "..", ".", "", "/etc/hostname", "link.txt", "inner", "..\\secret.txt", "no.pdf"],
    )
    def test_nothing_else_is_reached(self, name: str, folder: Path) -> None:
        with pytest.raises(TemplateError, match="attachments folder"):
            enclose_file(folder, name)

    def test_a_file_that_is_gone_makes_the_mail_wait(self, folder: Path) -> None:
        one = enclose_file(folder, "price-list.pdf")
        (folder / "price-list.pdf").unlink()
        with pytest.raises(DeliveryError, match=r"no file \"price-list.pdf\"") as caught:
            load(one, folder)
        assert not caught.value.permanent

    def test_the_cap_is_told_with_every_size(self, folder: Path) -> None:
        (folder / "price-list.pdf").write_bytes(b"x" * (MOST_BYTES - 10))
        files = [enclose_file(folder, "price-list.pdf"), Enclosure("a.csv", "text/csv", b"12345")]
        check_size(files, folder)
        with pytest.raises(TemplateError, match=r"price-list.pdf 15.0 MB, a.csv 0.0 MB.*may carry 15.0 MB"):
            check_size([*files, Enclosure("b.csv", "text/csv", b"123456")], folder)


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Orders open", "Orders open.xlsx"),
        ("在途订单 – März", "在途订单 – März.xlsx"),
        ('a/b\\c:"d"', "a b c d.xlsx"),
        ("..", "list.xlsx"),
        ("a\r\nBcc: x", "a Bcc x.xlsx"),
    ],
)
def test_names_survive_the_wire(title: str, name: str) -> None:
    one = enclosed(ListTable(COLUMNS, (ROW,)), title=title)
    letter = Letter(
        sender="Harbour Tea <shop@shop.example>",
        to="anna@shop.example",
        subject="List",
        text="Here it is.",
        html="<p>Here it is.</p>",
        message_id="<1@shop.example>",
        sent_at=NOW,
        attachments=(load(one, None),),
    )
    with Postbox() as box:
        mailer = SmtpMailer(Account("127.0.0.1", box.port, "none", "", ""))
        mailer.send(build(letter), "anna@shop.example")
        mailer.close()
        (mail,) = box.mails()
    (part,) = mail.iter_attachments()
    assert part.get_filename() == name
    assert mail["Bcc"] is None
    assert part.get_content_type() == FORMS["xlsx"].mime
    assert openpyxl.load_workbook(BytesIO(part.get_content())).worksheets[0]["A2"].value == "007"
    body = mail.get_body(("plain",))
    assert body is not None
    assert body.get_content().strip() == "Here it is."
