"""Does reading all cells at once say exactly what each cell says for itself?"""

import random

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rowcall.ooxml.grid import read_cell_by_cell, read_in_mass
from rowcall.ooxml.keys import read_keys
from rowcall.ooxml.mass import texts_of
from rowcall.ooxml.sheet import SheetXml
from rowcall.ooxml.strings import SharedStrings
from rowcall.ooxml.styles import Styles
from rowcall.ooxml.text import CellReader

FORMATS = (0, 14, 22, 20, 46, 31)  # plain, day, moment, time, length, East Asian day
XFS = "".join(f'<xf numFmtId="{number}"/>' for number in FORMATS)
STYLES = f"<styleSheet><cellXfs>{XFS}</cellXfs></styleSheet>"
STRINGS = (
    "<sst><si><t>one</t></si><si><t>a &amp; b</t></si><si><r><t>ri</t></r><r><t>ch</t></r></si>"
    '<si/><si><t xml:space="preserve"> x </t></si><si><t>_x0041_</t><rPh sb="0" eb="1"><t>no</t></rPh></si></sst>'
)


def reader(prefix: bytes = b"", *, since_1904: bool = False) -> CellReader:
    return CellReader(SharedStrings(STRINGS.encode()), Styles(STYLES.encode()), since_1904, prefix)


CELLS = (
    *('<c r="A1" t="s"><v>0</v></c>', '<c r="A1" t="s" s="1"><v>1</v></c>', '<c r="A1" t="s"><v>2</v></c>'),
    *('<c r="A1" t="s"><v>3</v></c>', '<c r="A1" t="s"><v>4</v></c>', '<c r="A1" t="s"><v>5</v></c>'),
    *(
        '<c r="A1"/>',
        '<c r="A1" s="1"/>',
        '<c r="A1" s="1"></c>',
        '<c r="A1"><v></v></c>',
        '<c r="A1"><v/></c>',
    ),
    *('<c r="A1"><v>7</v></c>', "<c r=\"A1\" s='1'><v>46086</v></c>", '<c r="A1" s="2"><v>46086.5</v></c>'),
    *('<c r="A1" s="3"><v>0.5</v></c>', '<c r="A1" s="4"><v>1.5</v></c>', '<c r="A1" s="5"><v>46086</v></c>'),
    *(
        '<c r="A1" s="1"><v>59</v></c>',
        '<c r="A1" s="1"><v>99999999</v></c>',
        '<c r="A1" s="99"><v>1.50</v></c>',
    ),
    *('<c r="A1"><v>1E-7</v></c>', '<c r="A1"><v>45.490000000000002</v></c>', '<c r="A1"><v>-0.0</v></c>'),
    *('<c r="A1" t="b"><v>1</v></c>', '<c r="A1" t="b"><v>0</v></c>', '<c r="A1" t="e"><v>#N/A</v></c>'),
    *('<c r="A1" t="str"><v>a &lt; b</v></c>', '<c r="A1" t="str"><v>_x0041_</v></c>'),
    *('<c r="A1" t="d"><v>2026-03-05T10:00:00</v></c>', '<c r="A1" t="str"><v>true</v></c>'),
    *(
        '<c r="A1"><f>B1</f></c>',
        '<c r="A1"><f>B1</f><v/></c>',
        '<c r="A1" t="str"><f>B1&amp;""</f><v>x</v></c>',
    ),
    *('<c r="A1"><f t="shared" si="0"/><v>8</v></c>', '<c r="A1" t="e"><f>1/0</f><v>#DIV/0!</v></c>'),
    *(
        '<c r="A1" t="inlineStr"><is><t>in</t></is></c>',
        '<c r="A1" t="inlineStr"><is><t>a&#10;b</t></is></c>',
    ),
    *('<c r="A1" t="inlineStr"><is><r><t>ri</t></r><r><t>ch</t></r></is></c>', '<c r="A1" t="inlineStr"/>'),
    *('<c r="A1">\n  <v>7</v>\n</c>\n', '<c r="A1"><v>7</v><extLst><ext/></extLst></c>'),
    *('<c r="A1" t="n"><is><t>odd</t></is></c>', '<c r="A1"><v xml:space="preserve">7</v></c>'),
    *('<c t="str"><v>no address</v></c>', "<c r='A1' t='str'><v>quotes</v></c>", '<c r="$A$1"><v>1</v></c>'),
    *('<!-- <c r="B9"><v>1</v></c> --><c r="A1"><v>2</v></c>', '<c r="A1" t="str"><v><![CDATA[x]]></v></c>'),
)


@pytest.mark.parametrize("prefix", ["", "x:"])
@pytest.mark.parametrize("cell", CELLS)
def test_every_way_of_storing_a_cell(cell: str, prefix: str) -> None:
    rows = f'<row r="1">{cell}<c r="B1"><v>1</v></c></row><row r="2"/><row r="4" s="1">'
    rows += cell.replace("A1", "A4").replace("<c t", '<c r="A4" t') + "</row>"
    xml = f"<worksheet><sheetData>{rows}</sheetData></worksheet>"
    if prefix:
        xml = xml.replace("<", "<x:").replace("<x:/", "</x:").replace("<x:!", "<!")
    sheet = SheetXml(xml.encode())
    all_at_once, one_by_one = (
        read_in_mass(sheet, reader(sheet.prefix)),
        read_cell_by_cell(sheet, reader(sheet.prefix)),
    )
    skipped = all_at_once.texts.slice(one_by_one.top - all_at_once.top)
    assert skipped.rows() == one_by_one.texts.rows()
    assert (all_at_once.left, all_at_once.formulas) == (one_by_one.left, one_by_one.formulas)


NUMBERS = st.one_of(
    st.floats(allow_nan=False, allow_infinity=False).map(lambda number: f"{number:.17g}"),
    st.integers(-(10**9), 10**9).map(lambda cents: f"{cents / 100:.17g}"),
    st.integers(-(10**11), 10**11).map(lambda tenth: f"{tenth / 10**10:.17g}"),
    st.integers(-(10**18), 10**18).map(str),
    st.decimals(-200, 3_000_000, places=6, allow_nan=False).map(str),
    st.text("0123456789.eE+- ", min_size=1, max_size=8),
)


@given(st.lists(NUMBERS, min_size=1, max_size=30), st.sampled_from(range(6)), st.booleans())
def test_every_number_in_every_format(raws: list[str], style: int, since_1904: bool) -> None:
    ask = reader(since_1904=since_1904)
    texts = texts_of(pl.Series(raws), f' s="{style}"', ask).to_list()
    assert texts == [ask.plain_text(raw, "n", style) for raw in raws]


def test_columns_with_gaps_and_several_looks() -> None:
    dice = random.Random(5)
    lines = []
    for row in sorted(dice.sample(range(1, 400), 150)):
        cells = [
            f'<c r="{name}{row}" s="{dice.randrange(6)}"><v>{dice.randrange(90_000) / 8}</v></c>'
            for name in ("B", "C", "F", "AA")
            if dice.random() < 0.6
        ]
        lines.append(f'<row r="{row}">{"".join(cells)}</row>')
    sheet = SheetXml(f"<worksheet><sheetData>{''.join(lines)}</sheetData></worksheet>".encode())
    all_at_once, one_by_one = read_in_mass(sheet, reader()), read_cell_by_cell(sheet, reader())
    assert all_at_once.left == one_by_one.left == 2
    assert all_at_once.texts.slice(one_by_one.top - 1).equals(one_by_one.texts)


def test_keys_are_found_in_all_their_rows() -> None:
    cells = ["A-1", " A-2 ", "A-1", ""]
    rows = "".join(
        f'<row r="{number}"><c r="A{number}" t="str"><v>{text}</v></c><c r="B{number}"><v>{number}</v></c></row>'
        for number, text in enumerate(["Order", *cells], 1)
    )
    sheet = SheetXml(f"<worksheet><sheetData>{rows}</sheetData></worksheet>".encode())
    keys = read_keys(sheet, [1], 1, reader())
    assert [keys.rows([key]) for key in ("A-1", "A-2", "Order", "A-3")] == [[2, 4], [3], [], []]
    both = read_keys(sheet, [1, 2], 1, reader())
    assert (both.rows(["A-1", "4"]), both.rows(["A-1", "3"])) == ([4], [])
    assert keys.with_rows({"A-3": 6}).rows(["A-3"]) == [6]


NO_TEXT = '<c r="A1" t="str"><v>caf\udce9</v></c>'
"""A byte that is no UTF-8."""


@pytest.mark.parametrize("prefix", ["", "x:"])
@pytest.mark.parametrize("cell", [*(cell for cell in CELLS if "$" not in cell), NO_TEXT])
def test_a_key_is_what_its_cell_says(cell: str, prefix: str) -> None:
    rows = f'<row r="1">{cell}<c r="B1"><v>1</v></c></row><row r="2"><c r="A2" t="str"><v>other</v></c></row>'
    rows += f'<row r="14">{cell.replace("A1", "A14").replace("<c t", """<c r="A14" t""")}<c r="AA14"/></row>'
    xml = f"<worksheet><sheetData>{rows}</sheetData></worksheet>"
    if prefix:
        xml = xml.replace("<", "<x:").replace("<x:/", "</x:").replace("<x:!", "<!")
    sheet = SheetXml(xml.encode("utf-8", "surrogateescape"))
    ask = reader(sheet.prefix)
    cells = {row: sheet.cell(row, 1) for row in (1, 2, 14)}
    texts = {row: ask.text(found).strip() for row, found in cells.items() if found is not None}
    texts = {row: text for row, text in texts.items() if text}
    keys = read_keys(sheet, [1], 0, ask)
    assert {text: keys.rows([text]) for text in texts.values()} == {
        text: [row for row, other in texts.items() if other == text] for text in texts.values()
    }
