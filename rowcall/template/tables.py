"""How does a list or a breakdown read where a text names it: as a table in HTML, as aligned lines in plain text?"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from markupsafe import Markup, escape

from rowcall.evaluate.slugs import slug
from rowcall.table import NUMERIC, CellValue, Kind
from rowcall.template.plain import width
from rowcall.template.speech import Speech, as_number

MOST_ROWS = 100
"""A mail shows so many rows; the rest is counted, and can be attached."""
NOTHING = "–"
"""Stands where a list has no rows and a cell has no value."""

_GAP = "  "
_RIGHT = NUMERIC | {Kind.DURATION}
_MORE = {"en": "and {count} more", "zh": "另有 {count} 行"}


@dataclass(frozen=True, slots=True)
class ListColumn:
    """One column of a printed list: its heading, what its cells mean, and `show as` if the figure has one."""

    name: str
    kind: Kind = Kind.TEXT
    show_as: str = ""

    @property
    def is_right(self) -> bool:
        """Say whether its cells stand at the right, as amounts do."""
        return self.kind in _RIGHT or bool(self.show_as)


@dataclass(frozen=True, slots=True)
class ListTable:
    """Rows of a list, or the lines of a breakdown, with their columns; a text may print it or go through it.

    rows: one tuple of values a row, in the columns' order; a text in a column of another kind is an unreadable cell.
    """

    columns: tuple[ListColumn, ...]
    rows: tuple[tuple[CellValue, ...], ...]

    def __len__(self) -> int:
        return len(self.rows)

    @property
    def named_rows(self) -> tuple[Mapping[str, CellValue], ...]:
        """Return each row by the names that texts know: `{% for row in orders_open %}{{ row.order_no }}`."""
        names = [slug(column.name) for column in self.columns]
        return tuple(dict(zip(names, row, strict=True)) for row in self.rows)


def html_table(table: ListTable, speech: Speech) -> Markup:
    """Return the list as an HTML table, every cell escaped."""
    if not table.rows:
        return escape(NOTHING)
    head = "".join(_cell("th", column, column.name) for column in table.columns)
    lines = [f"<tr>{head}</tr>"]
    for row in _said(table, speech):
        cells = "".join(_cell("td", *one) for one in zip(table.columns, row, strict=True))
        lines.append(f"<tr>{cells}</tr>")
    if left := _left(table, speech):
        lines.append(f'<tr><td colspan="{len(table.columns)}">{escape(left)}</td></tr>')
    return Markup('<table class="rows">\n{}\n</table>').format(Markup("\n".join(lines)))  # noqa: S704 (escaped above)


def plain_table(table: ListTable, speech: Speech) -> str:
    """Return the list as lines with aligned columns under a ruled head, blank lines around it."""
    if not table.rows:
        return NOTHING
    head = [column.name for column in table.columns]
    body = _said(table, speech)
    widths = [max(width(row[place]) for row in [head, *body]) for place in range(len(head))]
    rights = [column.is_right for column in table.columns]
    lines = [_line(row, widths, rights) for row in [head, ["-" * one for one in widths], *body]]
    if left := _left(table, speech):
        lines.append(left)
    return "\n\n" + "\n".join(lines) + "\n\n"


def shown_cell(value: CellValue, column: ListColumn, speech: Speech) -> str:
    """Return one cell as people read it: money as money, a share as per cent, a duration as `show as` says."""
    if isinstance(value, str) or value is None:
        return value or ""
    if isinstance(value, timedelta) and column.show_as in ("days", "hours"):
        seconds = 86400 if column.show_as == "days" else 3600
        amount = (Decimal(repr(value.total_seconds())) / seconds).quantize(Decimal("0.1"), "ROUND_HALF_UP")
        return speech.count_of(amount, seconds)
    if isinstance(value, Decimal | int | float) and not isinstance(value, bool):
        return _number(value, column, speech)
    return speech.moment(value) if isinstance(value, datetime | date) else speech.plain(value)


def _number(value: Decimal | float, column: ListColumn, speech: Speech) -> str:
    number = as_number(value, "printing")
    shows = column.show_as or column.kind
    if shows == Kind.MONEY:
        return speech.money(number)
    return speech.percent(number, 0) if shows == Kind.PERCENT else speech.number(number, None)


def _said(table: ListTable, speech: Speech) -> list[list[str]]:
    return [
        [" ".join(shown_cell(*one, speech).split()) for one in zip(row, table.columns, strict=True)]
        for row in table.rows[:MOST_ROWS]
    ]


def _left(table: ListTable, speech: Speech) -> str:
    left = len(table.rows) - MOST_ROWS
    words = _MORE["zh" if speech.language.startswith("zh") else "en"]
    return words.format(count=left) if left > 0 else ""


def _cell(tag: str, column: ListColumn, text: str) -> str:
    side = ' class="number"' if column.is_right else ""
    return f"<{tag}{side}>{escape(text)}</{tag}>"


def _line(row: Sequence[str], widths: Sequence[int], rights: Sequence[bool]) -> str:
    parts = []
    for text, wide, right in zip(row, widths, rights, strict=True):
        gap = " " * (wide - width(text))
        parts.append(gap + text if right else text + gap)
    return _GAP.join(parts).rstrip()
