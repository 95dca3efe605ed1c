"""Which column of a sheet is which column of its table?

A header counts by its exact name, else by an alias, else by either without regard to case.
A header that stands twice makes that column unusable, and only that one.
"""

import difflib
from collections import Counter
from collections.abc import Iterator, Sequence

from rowcall.errors import Place, Problem, Severity
from rowcall.numbers import BLANKS
from rowcall.table import Column, Schema, Sheet, clean_header


def find_columns(schema: Schema, sheet: Sheet) -> tuple[dict[str, int], tuple[Problem, ...]]:
    """Return name → position of every usable column of a sheet, and what is wrong with the others."""
    headers = [clean_header(header) for header in sheet.header]
    counts = Counter(header for header in headers if header)
    positions: dict[str, int] = {}
    problems: list[Problem] = []
    taken: set[int] = set()
    for column in schema.columns or [Column(name) for name in schema.key]:
        found = _find(column, headers)
        taken.update(found)
        if len(found) == 1:
            positions[column.name] = found[0]
        else:
            problems.append(
                _twice(schema, column.name, found) if found else _missing(schema, column, headers)
            )
    for position, header in enumerate(headers):
        if position in taken:
            continue
        if not header:
            problems.extend(_blank_header(schema, sheet, position))
        elif counts[header] == 1:
            positions[header] = position
        elif headers.index(header) == position:
            same = [place for place, other in enumerate(headers) if other == header]
            problems.append(_twice(schema, header, same))
    return dict(sorted(positions.items(), key=lambda pair: pair[1])), tuple(problems)


def column_letters(position: int) -> str:
    """Return the letters by which a spreadsheet names the column at a position counted from 0."""
    letters = ""
    number = position + 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def _find(column: Column, headers: Sequence[str]) -> list[int]:
    """Return where a column stands: by its name, then its aliases, then by either without regard to case."""
    names = [clean_header(name) for name in (column.name, *column.aliases)]
    for name in names:
        exact = [position for position, header in enumerate(headers) if header == name]
        if exact:
            return exact
    folded = {name.casefold() for name in names}
    return [position for position, header in enumerate(headers) if header.casefold() in folded]


def _missing(schema: Schema, column: Column, headers: Sequence[str]) -> Problem:
    others = [clean_header(known.name) for known in schema.columns if known.name != column.name]
    free = {header.casefold(): header for header in headers if header and header not in others}
    wanted = [clean_header(name).casefold() for name in (column.name, *column.aliases)]
    close = [match for name in wanted for match in difflib.get_close_matches(name, free, n=1, cutoff=0.6)]
    shown = ", ".join(header for header in headers if header) or "none"
    what = f'there is no column "{column.name}" in the tab "{schema.sheet}"; columns: {shown}'
    if close:
        seen = free[close[0]]
        return Problem(
            Place(table=schema.table, header=column.name),
            f'{what} (is it "{seen}" now?)',
            f'rename the header "{seen}" to "{column.name}", or tell the config:'
            f" aliases: {{{column.name}: [{seen}]}}",
            suggestion=seen,
        )
    fix = f'put the column "{column.name}" back, or take it out of the config'
    return Problem(Place(table=schema.table, header=column.name), what, fix)


def _twice(schema: Schema, name: str, positions: Sequence[int]) -> Problem:
    letters = " and ".join(column_letters(position) for position in positions)
    return Problem(
        Place(table=schema.table, header=name),
        f'the header "{name}" stands {len(positions)} times (columns {letters}): none of them is read',
        "give each column its own header",
    )


def _blank_header(schema: Schema, sheet: Sheet, position: int) -> Iterator[Problem]:
    cells = sheet.cells[str(position)]
    filled = int((cells.str.strip_chars(BLANKS) != "").sum())
    if filled:
        letters = column_letters(position)
        yield Problem(
            Place(table=schema.table, header=letters),
            f"column {letters} has no header, but filled cells ({filled}): it is not read",
            f"write a header above column {letters}, or empty it",
            severity=Severity.WARNING,
        )
