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
    body, p = sheet.body, re.escape(sheet.prefix.decode())
    xml = pl.Series([sheet.xml[body.content_start : body.content_end]], dtype=pl.Binary)
    text = xml.cast(pl.String, strict=False)
    if not sheet.regular or text.null_count():
        cells = [(cell.row, reader.text(cell)) for cell in sheet.column(column)]
        return pl.DataFrame(cells, schema=_COLUMN, orient="row")
    start = rf'<{p}c r="{letters(column)}(?P<row>[0-9]+)"(?P<look>[^>]*)>'
    pattern = start + rf"(?:<{p}v>(?P<value>[^<]*)</{p}v></{p}c>)?"
    found = text.str.extract_all(pattern).explode().drop_nulls()
    frame = found.str.extract_groups(pattern).struct.unnest().with_columns(pl.col("row").cast(pl.UInt32))
    known, open_ = pl.col("value").is_not_null(), ~pl.col("look").str.ends_with("/")
    parts = [
        group.select("row", text=texts_of(group["value"], group["look"][0], reader))
        for group in frame.filter(known).partition_by("look")
    ]
    others = (sheet.cell(row, column) for row in frame.filter(~known & open_)["row"])
    rest = [(cell.row, reader.text(cell)) for cell in others if cell is not None]
    return pl.concat([pl.DataFrame(rest, schema=_COLUMN, orient="row"), *parts])
