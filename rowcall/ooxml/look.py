"""Which cell format shows a value as what it is, among those that the workbook has?"""

from decimal import ROUND_HALF_UP, Decimal
from zoneinfo import ZoneInfo

from rowcall.cells import format_cell
from rowcall.ooxml.styles import Shows, Style
from rowcall.ooxml.value import wished_formats
from rowcall.ooxml.view import TabView
from rowcall.table import CellValue, Column, Kind

_NEAR = 30
_CENT = Decimal("0.01")


def fitting_style(view: TabView, value: CellValue, row: int, column: int, own: int) -> int:
    """Return the format for a value: the cell's own, a neighbour's in its column, or a similar one.

    When the file has no fitting one, the cell's own (the value is stored as text then).
    """
    wished = wished_formats(value)
    styles = view.book.styles
    if not wished or styles[own].shows in wished:
        return own
    first = view.header[0] + 1
    near = [row + step * sign for step in range(1, _NEAR) for sign in (-1, 1)]
    for number in near:
        if number >= first:
            style = view.style(number, column)
            if styles[style].shows in wished:
                return style
    fitting = [(number, style) for number, style in enumerate(styles.all) if style.shows in wished]
    if not fitting:
        return own
    return min(fitting, key=lambda pair: _distance(pair[1], styles[own], wished))[0]


def _distance(style: Style, own: Style, wished: tuple[Shows, ...]) -> tuple[int, int, bool]:
    different = sum(one != other for one, other in zip(style.looks, own.looks, strict=False))
    return wished.index(style.shows), different, style.locked != own.locked


def fitting_value(
    view: TabView, column: Column, value: CellValue, place: tuple[int, int], language: str, zone: ZoneInfo
) -> CellValue:
    """Return money in whole cents, yes and no in the words of the column, all else as it is."""
    if isinstance(value, Decimal) and column.kind is Kind.MONEY and value.is_finite():
        return value.quantize(_CENT, ROUND_HALF_UP)
    if not isinstance(value, bool):
        return value
    first = view.header[0] + 1
    for row in range(place[0], max(first, place[0] - _NEAR) - 1, -1):
        cell = view.cell(row, place[1])
        text = view.text(row, place[1])
        if cell is not None and text:
            if cell.kind == "b":
                return value
            return format_cell(column, value, language=language, zone=zone, like=text)
    return format_cell(column, value, language=language, zone=zone)
