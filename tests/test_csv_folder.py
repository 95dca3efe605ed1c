"""CSV folders: dialects and encodings stay, byte by byte, and what can't be told apart is never written."""

from decimal import Decimal
from pathlib import Path

import pytest

from connectors.csv_folder import CsvFolder, Params, open_workbook
from rowcall.errors import WorkbookBusy, WorkbookError, WriteRefused
from rowcall.files import fingerprint, replace_file
from rowcall.ports import CellChange, NewRow, Opening, Workbook, Written, Wrote
from rowcall.table import CellValue, Column, Kind, Schema, Sheet
from tests.contract.benches import ZONE

STOCK = Schema(
    "Stock",
    "shop",
    "Stock",
    ("SKU",),
    (Column("SKU", aliases=("编号",)), Column("On hand", Kind.NUMBER, aliases=("库存",)), Column("Note")),
)


def folder(tmp_path: Path, content: bytes, *, language: str = "en", **params: str) -> Workbook:
    (tmp_path / "book").mkdir()
    (tmp_path / "book" / "Stock.csv").write_bytes(content)
    return open_workbook(Params("book", **params), Opening("shop", tmp_path, ZONE, language))


def after(tmp_path: Path) -> bytes:
    return (tmp_path / "book" / "Stock.csv").read_bytes()


def change(key: str, column: str, expected: str, value: CellValue) -> CellChange:
    return CellChange(STOCK, (key,), column, expected, value)


def read(workbook: Workbook) -> Sheet:
    reading = workbook.read([STOCK])
    assert not reading.missing
    return reading.sheets[0][1]


BYTES: dict[str, tuple[bytes, CellChange, bytes]] = {
    "line ends of Windows, none at the end": (
        b"SKU,On hand,Note\r\n007,5,x\r\nA,6,",
        change("A", "On hand", "6", Decimal(7)),
        b"SKU,On hand,Note\r\n007,5,x\r\nA,7,",
    ),
    "semicolons and a byte-order mark": (
        b"\xef\xbb\xbfSKU;On hand;Note\n007;5;x, y\n",
        change("007", "On hand", "5", Decimal("4.5")),
        b"\xef\xbb\xbfSKU;On hand;Note\n007;4.5;x, y\n",
    ),
    "tabs and all in quotes": (
        b'"SKU"\t"On hand"\t"Note"\n"007"\t"5"\t""\n',
        change("007", "Note", "", "ok"),
        b'"SKU"\t"On hand"\t"Note"\n"007"\t"5"\t"ok"\n',
    ),
    "GB18030": (
        "编号,库存,备注\n007,5,龙井\n".encode("gb18030"),
        change("007", "On hand", "5", Decimal(3)),
        "编号,库存,备注\n007,3,龙井\n".encode("gb18030"),
    ),
    "UTF-16": (
        "SKU\tOn hand\tNote\r\n007\t5\té\r\n".encode("utf-16"),
        change("007", "Note", "é", "龙"),
        "SKU\tOn hand\tNote\r\n007\t5\t龙\r\n".encode("utf-16"),
    ),
    "a short row is made long enough": (
        b"SKU,On hand,Note\n007\nA,6,x\n",
        change("007", "Note", "", "new"),
        b"SKU,On hand,Note\n007,,new\nA,6,x\n",
    ),
    "line breaks and quotes in fields, blank lines, odd spacing": (
        b'\n SKU ,On hand,Note\n"0""7","5","a\nb"\n\n,,\n  A  , 6 ,"x"y"\n',
        change("A", "On hand", " 6 ", Decimal(1)),
        b'\n SKU ,On hand,Note\n"0""7","5","a\nb"\n\n,,\n  A  ,1,"x"y"\n',
    ),
    "a line that names the delimiter": (
        b"sep=;\nSKU;On hand;Note\n007;5;x\n",
        change("007", "Note", "x", None),
        b"sep=;\nSKU;On hand;Note\n007;5;\n",
    ),
    "a thousands comma": (
        b'SKU,On hand,Note\n007,"1,200",x\n',
        change("007", "On hand", "1,200", Decimal(1300)),
        b'SKU,On hand,Note\n007,"1,300",x\n',
    ),
}


@pytest.mark.parametrize("name", BYTES)
def test_only_the_written_field_changes(tmp_path: Path, name: str) -> None:
    content, wish, expected = BYTES[name]
    workbook = folder(tmp_path, content)
    (written,) = workbook.write([wish])
    assert written.outcome is Wrote.WRITTEN
    assert after(tmp_path) == expected
    sheet = read(workbook)
    assert written.after in [text or "" for text in sheet.cells.row(-1) + sheet.cells.row(0)]


APPENDED: dict[str, tuple[bytes, bytes]] = {
    "behind a line end": (b"SKU,On hand,Note\nA,1,x\n", b"SKU,On hand,Note\nA,1,x\nB,2,\n"),
    "behind a last row without one": (b"SKU,On hand,Note\r\nA,1,x", b"SKU,On hand,Note\r\nA,1,x\r\nB,2,"),
    "before blank rows": (b"SKU,On hand,Note\nA,1,x\n,,\n\n", b"SKU,On hand,Note\nA,1,x\nB,2,\n,,\n\n"),
    "with the quotes of the row above": (
        b'SKU;On hand;Note\n"A";1;"x"\n',
        b'SKU;On hand;Note\n"A";1;"x"\n"B";2;""\n',
    ),
    "below the header": (b"SKU,On hand,Note", b"SKU,On hand,Note\nB,2,"),
}


@pytest.mark.parametrize("name", APPENDED)
def test_a_row_is_appended_in_the_style_of_the_file(tmp_path: Path, name: str) -> None:
    content, expected = APPENDED[name]
    (written,) = folder(tmp_path, content).append([NewRow(STOCK, ("B",), (("On hand", Decimal(2)),))])
    assert written == Written(Wrote.WRITTEN, "", "B")
    assert after(tmp_path) == expected


def test_a_row_longer_than_the_header_is_read_to_its_end(tmp_path: Path) -> None:
    sheet = read(folder(tmp_path, b"SKU,On hand\n007,5,stray\n"))
    assert sheet.header == ("SKU", "On hand", "")
    assert sheet.cells.rows() == [("007", "5", "stray")]


def test_an_apostrophe_before_a_formula_is_no_part_of_the_text(tmp_path: Path) -> None:
    sheet = read(folder(tmp_path, b"SKU,On hand,Note\n'+49,'5,'=1+1\n"))
    assert sheet.cells.rows() == [("+49", "'5", "=1+1")]


def test_a_quote_that_never_closes_holds_its_table_and_is_never_written(tmp_path: Path) -> None:
    content = b'SKU,On hand,Note\nA,1,x\nB,2,"oops\nC,3,y\n'
    workbook = folder(tmp_path, content)
    ((table, problem),) = workbook.read([STOCK]).missing
    assert table == "Stock"
    assert problem.what.startswith("Stock.csv: a quote that opens in line 3 never closes")
    with pytest.raises(WorkbookError, match="line 3 never closes"):
        workbook.write([change("A", "On hand", "1", Decimal(2))])
    assert after(tmp_path) == content


def test_a_value_that_the_encoding_lacks_is_refused(tmp_path: Path) -> None:
    content = "SKU,On hand,Note\n007,5,Grüße\n".encode("cp1252")
    workbook = folder(tmp_path, content)
    assert read(workbook).cells.rows() == [("007", "5", "Grüße")]
    (written,) = workbook.write([change("007", "Note", "Grüße", "龙井")])
    assert written.outcome is Wrote.REFUSED
    assert "cp1252" in written.detail
    assert after(tmp_path) == content


def test_a_file_in_no_known_encoding_is_told_and_not_written(tmp_path: Path) -> None:
    workbook = folder(tmp_path, b"SKU,On hand,Note\n007,5,\xff\xff\n", encoding="utf-8")
    ((_, problem),) = workbook.read([STOCK]).missing
    assert problem.what == "Stock.csv is not written in utf-8."
    assert "encoding" in problem.fix
    with pytest.raises(WorkbookError, match="is not written in utf-8"):
        workbook.write([change("007", "On hand", "5", Decimal(2))])


def test_bytes_that_could_not_be_written_back_refuse_the_file(tmp_path: Path) -> None:
    # UTF-7 writes the same text in many ways: decoding and encoding again would change other cells.
    workbook = folder(tmp_path, b"SKU,On hand,Note\n007,5,+AGE-\n", encoding="utf-7")
    with pytest.raises(WriteRefused, match="utf-7"):
        workbook.write([change("007", "On hand", "5", Decimal(2))])


@pytest.mark.parametrize(
    ("params", "message"),
    [
        ({"encoding": "klingon"}, 'there is no encoding "klingon"'),
        ({"delimiter": "::"}, '"::" can\'t be a delimiter'),
    ],
)
def test_wrong_settings_are_told(tmp_path: Path, params: dict[str, str], message: str) -> None:
    workbook = folder(tmp_path, b"SKU,On hand,Note\n", **params)
    with pytest.raises(WorkbookError, match=message):
        workbook.write([change("007", "On hand", "5", Decimal(2))])


def test_settings_win_over_the_guess(tmp_path: Path) -> None:
    sheet = read(folder(tmp_path, b"SKU;a,b;c,d;e\n1;2\n", delimiter="comma"))
    assert sheet.header == ("SKU;a", "b;c", "d;e")


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    workbook = open_workbook(Params("boook"), Opening("shop", tmp_path, ZONE, "en"))
    with pytest.raises(WorkbookError, match='the folder "boook" of shop can\'t be read'):
        workbook.read([STOCK])


def test_lock_files_and_hidden_files_are_no_tabs(tmp_path: Path) -> None:
    workbook = folder(tmp_path, b"SKU,On hand,Note\n")
    for name in (".Stock.csv", "~$Other.csv", "notes.txt", ".~lock.Stock.csv#"):
        (tmp_path / "book" / name).write_text("x")
    assert [sheet.name for sheet in workbook.sheets()] == ["Stock"]


def test_writing_to_a_missing_file_names_the_one_that_is_meant(tmp_path: Path) -> None:
    workbook = folder(tmp_path, b"SKU,On hand,Note\n")
    (tmp_path / "book" / "Stock.csv").rename(tmp_path / "book" / "Stocks.csv")
    with pytest.raises(WorkbookError, match=r'is it "Stocks.csv" now'):
        workbook.write([change("007", "On hand", "5", Decimal(2))])


def test_a_file_changed_since_it_was_read_is_never_replaced(tmp_path: Path) -> None:
    folder(tmp_path, b"SKU,On hand,Note\n007,5,x\n")
    path = tmp_path / "book" / "Stock.csv"
    seen = fingerprint(path)
    path.write_bytes(b"SKU,On hand,Note\n007,6,x\n")
    with pytest.raises(WorkbookBusy, match="was changed meanwhile"):
        replace_file(path, b"anything", seen)
    assert path.read_bytes() == b"SKU,On hand,Note\n007,6,x\n"


CHANGE = change("007", "On hand", "5", Decimal(6))
ROW = NewRow(STOCK, ("009",), (("Note", "new"),))
RIGHT_AFTER: dict[str, tuple[CellChange | NewRow, bytes, Wrote, str]] = {
    "cell as written": (CHANGE, b"1,1,a\n007,6,x\n", Wrote.WRITTEN, ""),
    "cell overwritten": (CHANGE, b"007,8,x\n", Wrote.TAKEN, "somebody changed it right after"),
    "row gone": (CHANGE, b"1,1,a\n", Wrote.GONE, "the row was taken out right after"),
    "row twice": (CHANGE, b"007,6,x\n007,6,y\n", Wrote.GONE, "the row was taken out right after"),
    "new row there": (ROW, b"007,5,x\n009,,new\n", Wrote.WRITTEN, ""),
    "new row gone": (ROW, b"007,5,x\n", Wrote.GONE, "taken out again right after"),
}


@pytest.mark.parametrize("name", RIGHT_AFTER)
def test_what_somebody_does_right_after_a_write_is_told(tmp_path: Path, name: str) -> None:
    wish, now, outcome, detail = RIGHT_AFTER[name]
    workbook = folder(tmp_path, b"SKU,On hand,Note\n" + now)
    assert isinstance(workbook, CsvFolder)
    draft = workbook._draft(tmp_path / "book" / "Stock.csv", [wish])
    said = Written(Wrote.WRITTEN, "5", "6") if isinstance(wish, CellChange) else Written(Wrote.WRITTEN)
    confirmed = draft.confirm(wish, said)
    assert (confirmed.outcome, confirmed.detail) == (outcome, detail)


def test_the_key_itself_can_be_written(tmp_path: Path) -> None:
    workbook = folder(tmp_path, b"SKU,On hand,Note\n007,5,x\n")
    (written,) = workbook.write([change("007", "SKU", "007", "008")])
    assert written == Written(Wrote.WRITTEN, "007", "008")
    assert after(tmp_path) == b"SKU,On hand,Note\n008,5,x\n"


def test_two_wishes_for_one_cell_in_one_call_see_each_other(tmp_path: Path) -> None:
    workbook = folder(tmp_path, b"SKU,On hand,Note\n007,5,x\n")
    outcomes = workbook.write(
        [
            change("007", "Note", "x", "first"),
            change("007", "Note", "x", "second"),
            change("007", "Note", "first", "third"),
            change("007", "On hand", "5", Decimal(6)),
        ]
    )
    assert [written.outcome for written in outcomes] == [
        Wrote.WRITTEN,
        Wrote.TAKEN,
        Wrote.WRITTEN,
        Wrote.WRITTEN,
    ]
    assert after(tmp_path) == b"SKU,On hand,Note\n007,6,third\n"
