"""Which cells stand in a sheet's XML, all of them at once and without looking at each?

The XML is cut where cells begin; one regular expression takes the pieces apart. Nearly all cells are a start
tag and a value and nothing else. What is left of a piece is looked at more closely, and what is still not
understood then is handed on as it is. So nothing can hide between two cells.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

import polars as pl

_AT_ONCE = 8 << 20


class Irregular(Exception):
    """The XML is not as spreadsheet programs write it: cells must be looked at one by one."""


@dataclass(frozen=True, slots=True)
class Pieces:
    """Cells of one stretch of a sheet.

    plain: column (letters), row, look (what else the start tag says), value (null = none).
    closer: the same of cells with a formula or their text inside, and `formula`, `inside` (which it is),
        `blank` (a value of no letters).
    odd: pieces that were not understood, from behind `<c r="` on.
    """

    plain: pl.DataFrame
    closer: pl.DataFrame
    odd: list[str]


def stretches(xml: bytes, start: int, end: int, prefix: bytes) -> Iterator[bytes]:
    """Yield the rows between two offsets in stretches that can be worked on side by side."""
    mark = b"<" + prefix + b"row"
    while start < end:
        cut = xml.find(mark, min(start + _AT_ONCE, end), end)
        cut = end if cut < 0 else cut
        yield xml[start:cut]
        start = cut


def take_apart(stretch: bytes, prefix: bytes) -> Pieces:
    """Return the cells of a stretch; raises Irregular."""
    p = prefix.decode()
    try:
        text = pl.Series([stretch], dtype=pl.Binary).cast(pl.String)
    except pl.exceptions.ComputeError as error:
        raise Irregular from error
    pieces = text.str.split(f'<{p}c r="').explode()
    if not re.fullmatch(_between(p), pieces[0] or ""):
        raise Irregular
    pieces = pieces.slice(1)
    plain = pieces.str.extract_groups(_plain(p)).struct.unnest()
    more = _has_more(pieces, plain, p)
    if more.any():
        plain, pieces = plain.filter(~more), pieces.filter(more)
    else:
        pieces = pieces.clear()
    closer = pieces.str.extract_groups(_closer(p)).struct.unnest()
    not_understood = closer["column"].is_null()
    odd = pieces.filter(not_understood).to_list()
    if any("<!" in piece or f"<{p}c" in piece for piece in odd):
        raise Irregular
    closer = closer.filter(~not_understood)
    return Pieces(_numbered(plain), _numbered(closer), odd)


def _has_more(pieces: pl.Series, plain: pl.DataFrame, p: str) -> pl.Series:
    """Tell in which pieces stands more than the first expression has taken and the end of a row."""
    value = plain["value"].str.len_bytes() + len(f"<{p}v></{p}v></{p}c>")
    taken = value.fill_null(0) + len('">')
    for name in ("column", "row", "look"):
        taken = taken + plain[name].str.len_bytes()
    lengths = pieces.str.len_bytes()
    longer = (lengths > taken).fill_null(value=True).arg_true()
    row_ends = pieces.gather(longer).str.extract(rf"(</{p}row>(?:<{p}row[^<>]*>)?)$").str.len_bytes()
    explained = (taken.gather(longer) + row_ends == lengths.gather(longer)).fill_null(value=False)
    return pl.repeat(value=False, n=len(pieces), eager=True).scatter(longer.filter(~explained), values=True)


def _numbered(frame: pl.DataFrame) -> pl.DataFrame:
    try:
        return frame.with_columns(pl.col("row").cast(pl.UInt32))
    except pl.exceptions.InvalidOperationError as error:
        raise Irregular from error


def _plain(p: str) -> str:
    return (
        rf'^(?P<column>[A-Z]{{1,3}})(?P<row>[0-9]+)"(?P<look>[^>]*)>(?:<{p}v>(?P<value>[^<]*)</{p}v></{p}c>)?'
    )


def _between(p: str) -> str:
    """Return what may stand before, between and behind the cells: rows' tags."""
    return rf"(?:\s|</{p}row\s*>|<{p}row(?:\s[^<>]*)?>)*"


def _closer(p: str) -> str:
    start = r'^(?P<column>[A-Z]{1,3})(?P<row>[0-9]+)"(?P<look>(?:[^>]*[^>/])?)'
    formula = rf"(?P<formula><{p}f(?:\s[^<>]*)?>(?:[^<]*</{p}f>)?\s*)?"
    value = rf"<{p}v>(?P<value>[^<]*)</{p}v>|(?P<blank><{p}v\s*/>)"
    inside = rf"<{p}is>\s*<{p}t(?:\s[^<>]*)?>(?P<inside>[^<]*)</{p}t>\s*</{p}is>"
    content = rf">\s*{formula}(?:{value}|{inside})?\s*</{p}c>"
    return rf"{start}(?:/>|{content}){_between(p)}$"
