"""Builds a workbook that holds what careless writers lose: charts, pivots, comments, sparklines and more."""

import io
import struct
import zipfile
import zlib
from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path

import xlsxwriter

ROWS = 20
HEADER = ("Order", "Customer", "Status", "Ordered", "Total", "Qty", "Line total", "Note")
LINE_TOTAL = "=OrderTable[[#This Row],[Total]]*OrderTable[[#This Row],[Qty]]"
STATUSES = ("New", "Paid", "Shipped")
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
TYPES = "application/vnd.openxmlformats-officedocument.spreadsheetml"
THREADED = "http://schemas.microsoft.com/office/spreadsheetml/2018/threadedcomments"
DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'


def build(path: Path) -> None:
    """Write the workbook: tabs Orders (a table of 20 rows), Summary, Pivot."""
    plain = io.BytesIO()
    book = xlsxwriter.Workbook(plain, {"in_memory": True})
    orders, summary, pivot = (book.add_worksheet(name) for name in ("Orders", "Summary", "Pivot"))
    _fill_orders(book, orders)
    _fill_summary(book, summary)
    pivot.write_row("A1", ["Status", "Orders"])
    pivot.write_row("A2", ["New", 7])
    book.define_name("TaxRate", "=Summary!$B$1")
    book.define_name("Totals", "=Orders!$E$2:$E$21")
    book.define_name("Orders!Local", "=Orders!$E$3")
    book.close()
    path.write_bytes(_with_parts(plain.getvalue()))


def rezip(content: bytes, changed: Mapping[str, bytes]) -> bytes:
    """Return a zip archive with some parts replaced or added."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in [*old.namelist(), *(name for name in changed if name not in old.namelist())]:
            new.writestr(name, changed[name] if name in changed else old.read(name))
    return out.getvalue()


def parts(path: Path) -> dict[str, bytes]:
    """Return every part of a file by name."""
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def png() -> bytes:
    """Return a picture of one red dot."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        return (
            struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
        )

    head = struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0)
    dot = zlib.compress(b"\x00\xff\x00\x00")
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", dot) + chunk(b"IEND", b"")


# xlsxwriter has no type hints: its objects are Any.
def _fill_orders(book: xlsxwriter.Workbook, sheet: xlsxwriter.worksheet.Worksheet) -> None:
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
    money = book.add_format({"num_format": "#,##0.00", "bg_color": "#EEEEEE"})
    bold, red = book.add_format({"bold": True}), book.add_format({"font_color": "red"})
    sheet.write_row(0, 0, HEADER)
    for row in range(1, ROWS + 1):
        sheet.write_row(row, 0, [f"A-{row:03}", f"Customer {row}", STATUSES[row % 3]])
        sheet.write_datetime(row, 3, date(2026, 1, 1) + timedelta(days=row), day)
        sheet.write_number(row, 4, 10 + row / 4, money)
        sheet.write_number(row, 5, row % 5)
    sheet.write_rich_string(3, 7, "call ", bold, "before", red, " noon")
    columns = [{"header": name} for name in HEADER]
    columns[6]["formula"] = LINE_TOTAL
    sheet.add_table(0, 0, ROWS, 7, {"name": "OrderTable", "columns": columns})
    for row in range(1, ROWS + 1):
        sheet.write_formula(row, 6, LINE_TOTAL, money, (10 + row / 4) * (row % 5))
    sheet.data_validation(1, 2, ROWS, 2, {"validate": "list", "source": list(STATUSES)})
    paid = {"type": "cell", "criteria": "==", "value": '"Paid"', "format": red}
    sheet.conditional_format(1, 2, ROWS, 2, paid)
    sheet.conditional_format(1, 4, ROWS, 4, {"type": "data_bar", "data_bar_2010": True})
    sheet.conditional_format(4, 5, 9, 5, {"type": "cell", "criteria": ">", "value": 3, "format": bold})
    sheet.write_comment("B3", "an old kind of comment")
    sheet.merge_range("J5:K6", "merged", bold)
    sheet.write_formula("J1", "=SUM(E2:E21)", None, sum(10 + row / 4 for row in range(1, ROWS + 1)))
    sheet.write_formula("J2", "=J1*2", None, 2 * sum(10 + row / 4 for row in range(1, ROWS + 1)))
    sheet.write_formula("J3", "=E10*3", None, 37.5)
    sheet.write_array_formula("L1:L2", "{=E2:E3*2}", None, 20.5)
    sheet.write_number("L2", 21)
    sheet.write_datetime("J4", date(2026, 5, 1), moment)
    sheet.set_landscape()
    sheet.repeat_rows(0)


def _fill_summary(book: xlsxwriter.Workbook, sheet: xlsxwriter.worksheet.Worksheet) -> None:
    total = sum(10 + row / 4 for row in range(1, ROWS + 1))
    sheet.write_row("A1", ["Tax", 0.19])
    for row, (label, formula, value) in enumerate(
        [
            ("sum", "=SUM(Orders!E2:E21)", total),
            ("status of A-002", "=Orders!C3", "Shipped"),
            ("by name", "=SUM(Totals)*(1+TaxRate)", total * 1.19),
            ("by table", "=SUM(OrderTable[Total])", total),
            ("chain", "=B2+1", total + 1),
            ("far away", '=INDIRECT("Orders!E2")', 10.25),
            ("other row", "=Orders!E20", 14.75),
            ("tax only", "=TaxRate*100", 19),
            ("customer", "=Orders!B2", "Customer 1"),
        ],
        1,
    ):
        sheet.write(row, 0, label)
        sheet.write_formula(row, 1, formula, None, value)
    chart = book.add_chart({"type": "column"})
    chart.add_series({"values": "=Orders!$E$2:$E$21", "categories": "=Orders!$A$2:$A$21"})
    sheet.insert_chart("D2", chart)
    sheet.insert_image("D20", "dot.png", {"image_data": io.BytesIO(png())})
    sheet.add_sparkline("C2", {"range": "Orders!E2:E21"})
    sheet.insert_textbox("H2", "a box of text")


def _with_parts(content: bytes) -> bytes:
    """Add by hand what xlsxwriter does not make: pivot, threaded comment, printer settings, customXml, calcChain."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        old = {
            name: archive.read(name).decode()
            for name in archive.namelist()
            if name.endswith((".xml", ".rels"))
        }
    new = {
        "xl/pivotCache/pivotCacheDefinition1.xml": _CACHE,
        "xl/pivotCache/pivotCacheRecords1.xml": f'{DECLARATION}<pivotCacheRecords xmlns="{MAIN}" count="0"/>',
        "xl/pivotCache/_rels/pivotCacheDefinition1.xml.rels": _relations(
            (f"{OFFICE}/pivotCacheRecords", "pivotCacheRecords1.xml")
        ),
        "xl/pivotTables/pivotTable1.xml": _PIVOT,
        "xl/pivotTables/_rels/pivotTable1.xml.rels": _relations(
            (f"{OFFICE}/pivotCacheDefinition", "../pivotCache/pivotCacheDefinition1.xml")
        ),
        "xl/worksheets/_rels/sheet3.xml.rels": _relations(
            (f"{OFFICE}/pivotTable", "../pivotTables/pivotTable1.xml")
        ),
        "xl/threadedComments/threadedComment1.xml": _THREAD,
        "xl/persons/person.xml": _PERSONS,
        "xl/printerSettings/printerSettings1.bin": "printer",
        "customXml/item1.xml": '<till xmlns="urn:example:till"><number>3</number></till>',
        "xl/calcChain.xml": _CHAIN,
    }
    sheet_rels = old["xl/worksheets/_rels/sheet1.xml.rels"].replace(
        "</Relationships>",
        f'<Relationship Id="rId90" Type="{OFFICE}/printerSettings" Target="../printerSettings/printerSettings1.bin"/>'
        '<Relationship Id="rId91" Type="http://schemas.microsoft.com/office/2017/10/relationships/threadedComment"'
        ' Target="../threadedComments/threadedComment1.xml"/></Relationships>',
    )
    book_rels = old["xl/_rels/workbook.xml.rels"].replace(
        "</Relationships>",
        f'<Relationship Id="rId90" Type="{OFFICE}/pivotCacheDefinition"'
        ' Target="pivotCache/pivotCacheDefinition1.xml"/>'
        f'<Relationship Id="rId91" Type="{OFFICE}/calcChain" Target="calcChain.xml"/>'
        '<Relationship Id="rId92" Type="http://schemas.microsoft.com/office/2017/10/relationships/person"'
        ' Target="persons/person.xml"/></Relationships>',
    )
    root_rels = old["_rels/.rels"].replace(
        "</Relationships>",
        f'<Relationship Id="rId90" Type="{OFFICE}/customXml" Target="customXml/item1.xml"/></Relationships>',
    )
    book = old["xl/workbook.xml"].replace(' fullCalcOnLoad="1"', "")
    book = book.replace(
        "</workbook>", '<pivotCaches><pivotCache cacheId="7" r:id="rId90"/></pivotCaches></workbook>'
    )
    types = old["[Content_Types].xml"].replace("</Types>", _CONTENT_TYPES + "</Types>")
    new |= {
        "xl/worksheets/_rels/sheet1.xml.rels": sheet_rels,
        "xl/_rels/workbook.xml.rels": book_rels,
        "_rels/.rels": root_rels,
        "xl/workbook.xml": book,
        "[Content_Types].xml": types,
    }
    return rezip(content, {name: text.encode() for name, text in new.items()})


def _relations(*targets: tuple[str, str]) -> str:
    lines = "".join(
        f'<Relationship Id="rId{number}" Type="{kind}" Target="{target}"/>'
        for number, (kind, target) in enumerate(targets, 1)
    )
    return f'{DECLARATION}<Relationships xmlns="{PACKAGE}">{lines}</Relationships>'


_CACHE = f"""{DECLARATION}<pivotCacheDefinition xmlns="{MAIN}" xmlns:r="{OFFICE}" r:id="rId1" recordCount="0">\
<cacheSource type="worksheet"><worksheetSource ref="A1:H21" sheet="Orders"/></cacheSource>\
<cacheFields count="2"><cacheField name="Order"><sharedItems/></cacheField>\
<cacheField name="Status"><sharedItems count="1"><s v="New"/></sharedItems></cacheField></cacheFields>\
</pivotCacheDefinition>"""
_PIVOT = f"""{DECLARATION}<pivotTableDefinition xmlns="{MAIN}" name="Pivot1" cacheId="7" dataCaption="Values">\
<location ref="A1:B2" firstHeaderRow="1" firstDataRow="1" firstDataCol="1"/>\
<pivotFields count="2"><pivotField dataField="1"/><pivotField axis="axisRow"><items count="1"><item x="0"/></items>\
</pivotField></pivotFields><rowFields count="1"><field x="1"/></rowFields>\
<dataFields count="1"><dataField name="Orders" fld="0" subtotal="count"/></dataFields></pivotTableDefinition>"""
_THREAD = f"""{DECLARATION}<ThreadedComments xmlns="{THREADED}"><threadedComment ref="B3"\
 dT="2026-01-05T10:00:00.00" personId="{{11111111-1111-1111-1111-111111111111}}"\
 id="{{22222222-2222-2222-2222-222222222222}}"><text>Has she called?</text></threadedComment></ThreadedComments>"""
_PERSONS = f"""{DECLARATION}<personList xmlns="{THREADED}"><person displayName="Anna"\
 id="{{11111111-1111-1111-1111-111111111111}}" userId="anna" providerId="None"/></personList>"""
_CHAIN = f"""{DECLARATION}<calcChain xmlns="{MAIN}"><c r="J1" i="1"/><c r="J2" i="1"/><c r="B2" i="2"/></calcChain>"""
_CONTENT_TYPES = f"""<Default Extension="bin" ContentType="{TYPES}.printerSettings"/>\
<Override PartName="/xl/pivotCache/pivotCacheDefinition1.xml" ContentType="{TYPES}.pivotCacheDefinition+xml"/>\
<Override PartName="/xl/pivotCache/pivotCacheRecords1.xml" ContentType="{TYPES}.pivotCacheRecords+xml"/>\
<Override PartName="/xl/pivotTables/pivotTable1.xml" ContentType="{TYPES}.pivotTable+xml"/>\
<Override PartName="/xl/threadedComments/threadedComment1.xml"\
 ContentType="application/vnd.ms-excel.threadedcomments+xml"/>\
<Override PartName="/xl/persons/person.xml" ContentType="application/vnd.ms-excel.person+xml"/>\
<Override PartName="/xl/calcChain.xml" ContentType="{TYPES}.calcChain+xml"/>"""
