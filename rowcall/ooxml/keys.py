"""In which rows of a tab does a key stand?"""

import re
from collections.abc import Mapping, Sequence
from functools import reduce

import polars as pl

from rowcall.numbers import BLANKS
from rowcall.ooxml.address import letters
from rowcall.ooxml.mass import texts_of
from rowcall.ooxml.sheet import SheetXml
from rowcall.ooxml.text import CellReader

_GAP = "\x00"
_COLUMN = {"row": pl.UInt32, "text": pl.String}


def joined(parts: Sequence[str]) -> str:
    """Return the parts of a key as the one text by which rows are looked up here."""
    return _GAP.join(part.strip(BLANKS) for part in parts)


class Keys:
    """The keys of a table's rows."""

    def __init__(self, frame: pl.DataFrame) -> None:
        """Take `row` and `key` of every row; a key may stand several times."""
        self._frame = frame

    def rows(self, key: Sequence[str]) -> list[int]:
        """Return the rows that carry a key, top down."""
        return self._frame["row"].filter(self._frame["key"] == joined(key)).sort().to_list()

    def with_rows(self, added: Mapping[str, int]) -> "Keys":
        """Return the keys with those of rows that were appended."""
        more = pl.DataFrame({"row": list(added.values()), "key": list(added)}, schema=self._frame.schema)
        return Keys(self._frame.vstack(more))


def read_keys(sheet: SheetXml, columns: Sequence[int], below: int, reader: CellReader) -> Keys:
    """Return the keys that stand in these columns below a row."""
    texts = [
        _column_texts(sheet, column, reader)
        .filter(pl.col("row") > below)
        .select("row", pl.col("text").str.strip_chars(BLANKS).alias(str(number)))
        for number, column in enumerate(columns)
    ]
    if not texts:
        return Keys(pl.DataFrame(schema={"row": pl.UInt32, "key": pl.String}))
    frame = reduce(lambda one, other: one.join(other, on="row", how="full", coalesce=True), texts)
    parts = [pl.col(str(number)).fill_null("") for number in range(len(columns))]
    return Keys(frame.select("row", key=pl.concat_str(parts, separator=_GAP)))


def keys_of(texts: pl.DataFrame, above: int, columns: Sequence[int]) -> Keys:
    """Return the keys of rows whose texts are known already; the first of them stands below the row `above`."""
    parts = [
        pl.nth(column).str.strip_chars(BLANKS).fill_null("") if 0 <= column < texts.width else pl.lit("")
        for column in columns
    ]
    if not parts or not texts.height:
        return Keys(pl.DataFrame(schema={"row": pl.UInt32, "key": pl.String}))
    rows = pl.int_range(above + 1, above + 1 + pl.len(), dtype=pl.UInt32)
    frame = texts.select(row=rows, key=pl.concat_str(parts, separator=_GAP))
    return Keys(frame.filter(pl.col("key").str.strip_chars(_GAP) != ""))


def _column_texts(sheet: SheetXml, column: int, reader: CellReader) -> pl.DataFrame:
    """Return `row` and `text` of all cells of a column."""
    frame = _cells_at_once(sheet, column) if sheet.regular else None
    if frame is None:
        cells = [(cell.row, reader.text(cell)) for cell in sheet.column(column)]
        return pl.DataFrame(cells, schema=_COLUMN, orient="row")
    known, open_ = pl.col("inside") != "", ~pl.col("look").str.ends_with("/")
    p = sheet.prefix.decode()
    value = pl.col("inside").str.strip_prefix(f"<{p}v>").str.strip_suffix(f"</{p}v></{p}c>")
    parts = [
        group.select("row", text=texts_of(group["value"], group["look"][0], reader))
        for group in frame.filter(known).with_columns(value=value).partition_by("look")
    ]
    others = (sheet.cell(row, column) for row in frame.filter(~known & open_)["row"])
    rest = [(cell.row, reader.text(cell)) for cell in others if cell is not None]
    return pl.concat([pl.DataFrame(rest, schema=_COLUMN, orient="row"), *parts])


def _cells_at_once(sheet: SheetXml, column: int) -> pl.DataFrame | None:
    """Return row, look (the rest of the start tag) and inside (a value and nothing else, or "") of a column's cells.

    None when they hold bytes that are no text.
    """
    p, name = re.escape(sheet.prefix), letters(column).encode()
    pattern = re.compile(rb'<%bc r="%b([0-9]+)"([^>]*)>(<%bv>[^<]*</%bv></%bc>)?' % (p, name, p, p, p))
    found = pattern.findall(sheet.xml, sheet.body.content_start, sheet.body.content_end)
    rows, looks, insides = zip(*found, strict=True) if found else ((), (), ())
    columns = {"row": rows, "look": looks, "inside": insides}
    raw = pl.DataFrame(columns, schema=dict.fromkeys(columns, pl.Binary))
    try:
        return raw.cast(pl.String).with_columns(pl.col("row").cast(pl.UInt32))
    except pl.exceptions.ComputeError:
        return None
