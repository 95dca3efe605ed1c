"""Which tables does an unknown workbook hold: keys, kinds, links, numbering?"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from zoneinfo import ZoneInfo

import polars as pl

from rowcall.numbers import BLANKS
from rowcall.start.column import Guess, guess_column, looks_like_key
from rowcall.table import Kind, Sheet, clean_header, join_key

_NEARLY = 0.95
_PAIRS_OF = 6
_NUMBERED = re.compile(r"(\D*)(\d+)")
_KEY_WORDS = re.compile(
    r"[\s_.-]*(?:\b|_)(?:no|nr|number|id|sku|code|key)\.?$|(?:编号|编码|单号|号码|代码|号)$", re.IGNORECASE
)
_KEY_KINDS = frozenset({Kind.TEXT, Kind.EMAIL, Kind.NUMBER})
_HEADERS_AT_LEAST = 0.5


@dataclass(frozen=True, slots=True)
class ProposedLink:
    """A column whose values are keys of another table; found: how many of its `asked` different values are."""

    name: str
    table: str
    by: str
    found: int
    asked: int


@dataclass(frozen=True, slots=True)
class ProposedTable:
    """One tab as a table.

    key: () = no column says which row is which. blank, twice: rows without that key, and with one that others have.
    unread: what of the header can't be used, as sentences. number: pattern for new keys, or "".
    """

    name: str
    rows: int
    columns: tuple[Guess, ...]
    key: tuple[str, ...] = ()
    blank: int = 0
    twice: int = 0
    number: str = ""
    links: tuple[ProposedLink, ...] = ()
    unread: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Proposal:
    """The tables of a workbook, and the tabs that are none, with the reason."""

    tables: tuple[ProposedTable, ...]
    left_out: tuple[tuple[str, str], ...] = ()


Texts = dict[str, list[str]]
"""Header → the trimmed texts of its cells, "" = empty; rows blank throughout are left out."""


def propose(sheets: Sequence[Sheet], zone: ZoneInfo) -> Proposal:
    """Return what the tabs of an unknown workbook seem to be."""
    tables: list[ProposedTable] = []
    left_out: list[tuple[str, str]] = []
    texts: dict[str, Texts] = {}
    names = Counter(clean_header(sheet.name).casefold() for sheet in sheets)
    for sheet in sheets:
        reason = _why_no_table(sheet)
        if names[clean_header(sheet.name).casefold()] > 1:
            reason = "another tab has the same name"
        if reason:
            left_out.append((sheet.name, reason))
            continue
        columns, unread = _columns(sheet)
        texts[sheet.name] = columns
        guesses = tuple(guess_column(header, cells, zone) for header, cells in columns.items())
        tables.append(_with_key(ProposedTable(sheet.name, _height(columns), guesses, unread=unread), columns))
    return Proposal(tuple(_with_links(table, tables, texts) for table in tables), tuple(left_out))


def _why_no_table(sheet: Sheet) -> str:
    headers = [clean_header(header) for header in sheet.header]
    if not any(headers):
        return "it has no headers"
    filled = [
        bool(header) or (str(at) in sheet.cells.columns and sheet.cells[str(at)].drop_nulls().len() > 0)
        for at, header in enumerate(headers)
    ]
    if sum(map(bool, headers)) < _HEADERS_AT_LEAST * sum(filled):
        return "most of its columns have no header"
    return ""


def _columns(sheet: Sheet) -> tuple[Texts, tuple[str, ...]]:
    """Return the usable columns, and what is wrong with the others."""
    headers = [clean_header(header) for header in sheet.header]
    counts = Counter(header.casefold() for header in headers if header)
    filled = sheet.cells.filter(~pl.all_horizontal(pl.all().is_null())) if sheet.cells.width else sheet.cells
    columns: Texts = {}
    unread = [f'the header "{header}" stands {count} times' for header, count in counts.items() if count > 1]
    for at, header in enumerate(headers):
        cells = [(text or "").strip(BLANKS) for text in filled[str(at)].to_list()]
        if not header and any(cells):
            unread.append(f"column {at + 1} has cells, but no header")
        elif header and counts[header.casefold()] == 1:
            columns[header] = cells
    return columns, tuple(unread)


def _height(columns: Texts) -> int:
    return max((len(cells) for cells in columns.values()), default=0)


def _with_key(table: ProposedTable, columns: Texts) -> ProposedTable:
    """Add the key: a unique column that is called like one, or one of the first; else two together."""
    able = [guess.header for guess in table.columns if guess.kind in _KEY_KINDS and guess.filled]
    called = [header for header in able if looks_like_key(header)]
    first = [
        guess.header for guess in table.columns[:3] if guess.header in able and guess.kind is not Kind.NUMBER
    ]
    candidates = [*called, *first] if table.rows > 1 else called
    for header in candidates:
        if _repeats(columns[header]) == (0, 0):
            return replace(table, key=(header,), number=_pattern(columns[header]))
    for pair in combinations(called[:_PAIRS_OF], 2):
        joined = [
            join_key(parts) if all(parts) else ""
            for parts in zip(*(columns[one] for one in pair), strict=True)
        ]
        if _repeats(joined) == (0, 0):
            return replace(table, key=pair)
    for header in called:
        blank, twice = _repeats(columns[header])
        if blank + twice <= (1 - _NEARLY) * table.rows:
            return replace(table, key=(header,), blank=blank, twice=twice)
    return table


def _repeats(keys: Sequence[str]) -> tuple[int, int]:
    """Return how many rows have no key, and how many one that another row has, too."""
    counts = Counter(keys)
    return counts.pop("", 0), sum(count for count in counts.values() if count > 1)


def _pattern(keys: Sequence[str]) -> str:
    """Return the pattern of keys that all are one prefix and a number: `T-0001`."""
    found = [_NUMBERED.fullmatch(key) for key in keys]
    if not found or not all(found):
        return ""
    prefixes = {match[1] for match in found if match}
    return min(keys, key=lambda key: (len(key), key)) if len(prefixes) == 1 and "" not in prefixes else ""


def _with_links(
    table: ProposedTable, tables: Sequence[ProposedTable], texts: dict[str, Texts]
) -> ProposedTable:
    """Add the columns that hold keys of other tables."""
    links: list[ProposedLink] = []
    for guess in table.columns:
        values = {text for text in texts[table.name][guess.header] if text}
        for other in tables:
            if other is table or len(other.key) != 1 or not values or table.key == (guess.header,):
                continue
            keys = set(texts[other.name][other.key[0]])
            found = len(values & keys)
            if found < _NEARLY * len(values) or not _may_lead(guess, other, values):
                continue
            taken = {one.header for one in table.columns} | {link.name for link in links}
            links.append(
                ProposedLink(
                    _link_name(guess.header, other.name, taken), other.name, guess.header, found, len(values)
                )
            )
            break
    return replace(table, links=tuple(links))


def _may_lead(guess: Guess, other: ProposedTable, values: set[str]) -> bool:
    """Tell whether equal values are no accident: small numbers and yes/no agree with anything."""
    if guess.kind not in _KEY_KINDS and guess.kind is not Kind.CHOICE:
        return False
    return guess.header.casefold() == other.key[0].casefold() or not any(value.isdigit() for value in values)


def _link_name(header: str, table: str, taken: set[str]) -> str:
    """Return what a link is called: `Customer No` leads to the `Customer`."""
    for name in (_KEY_WORDS.sub("", header).strip(" _-"), table, f"{table} row"):
        if name and "." not in name and name not in taken:
            return name
    return f"{table} ({header})".replace(".", " ")
