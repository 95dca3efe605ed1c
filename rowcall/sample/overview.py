"""What does the owner see at a glance? Formulas over the other tabs, each with its result, and a chart."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from xlsxwriter.utility import xl_range_abs
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from rowcall.sample.headers import CHOICES, HEADERS, YES, Language, choice, header, tab
from rowcall.sample.looks import Looks
from rowcall.sample.rows import Cell, Row

_TITLES = {"en": "Harbour Tea at a glance", "zh": "港湾茶行一览"}
_HEADINGS = {"en": ("Status", "Orders", "Value"), "zh": ("订单状态", "订单数", "金额")}
_FIRST_FIGURE = 2
_FIRST_STATUS = 9


@dataclass(frozen=True, slots=True)
class _Figure:
    label: str
    formula: str
    result: float
    money: bool = False


def write_overview(
    book: Workbook, sheet: Worksheet, rows: Mapping[str, Sequence[Row]], looks: Looks, language: Language
) -> None:
    """Fill the Overview tab; `rows` are those of the other tabs, from which the results are computed."""
    sheet.set_column(0, 0, 34)
    sheet.set_column(1, 2, 14)
    sheet.hide_gridlines(2)
    sheet.write_string(0, 0, _TITLES[language], looks.title)
    for number, figure in enumerate(_figures(rows, language), start=_FIRST_FIGURE):
        sheet.write_string(number, 0, figure.label, looks.label)
        look = looks.money if figure.money else looks.count
        sheet.write_formula(number, 1, figure.formula, look, figure.result)
    for column, heading in enumerate(_HEADINGS[language]):
        sheet.write_string(_FIRST_STATUS - 1, column, heading, looks.header)
    _write_statuses(sheet, rows["Orders"], looks, language)
    last = _FIRST_STATUS + len(CHOICES["Orders", "Status"]) - 1
    # A data bar of Excel 2010: its settings lie in an extension that careless programs drop on saving.
    sheet.conditional_format(
        _FIRST_STATUS, 2, last, 2, {"type": "data_bar", "data_bar_2010": True, "bar_color": "#8FBFA8"}
    )
    chart = book.add_chart({"type": "column"})
    chart.add_series(
        {
            "name": [sheet.name, _FIRST_STATUS - 1, 1],
            "categories": [sheet.name, _FIRST_STATUS, 0, last, 0],
            "values": [sheet.name, _FIRST_STATUS, 1, last, 1],
            "fill": {"color": "#2F5D50"},
        }
    )
    chart.set_legend({"none": True})
    sheet.insert_chart(1, 4, chart)


def _write_statuses(sheet: Worksheet, orders: Sequence[Row], looks: Looks, language: Language) -> None:
    status = f"{tab('Orders', language)}[{header('Orders', 'Status', language)}]"
    total = f"{tab('Orders', language)}[{header('Orders', 'Total', language)}]"
    for number, (name, _) in enumerate(CHOICES["Orders", "Status"], start=_FIRST_STATUS):
        word = choice("Orders", "Status", name, language)
        mine = [order for order in orders if _cell("Orders", order, "Status") == word]
        value = round(sum(_number("Orders", order, "Total") for order in mine), 2)
        sheet.write_string(number, 0, word, looks.label)
        sheet.write_formula(number, 1, f"=COUNTIF({status},A{number + 1})", looks.count, len(mine))
        sheet.write_formula(number, 2, f"=SUMIF({status},A{number + 1},{total})", looks.money, value)


def _figures(rows: Mapping[str, Sequence[Row]], language: Language) -> list[_Figure]:
    def named(english: str, chinese: str) -> str:
        return english if language == "en" else chinese

    def column(table: str, name: str) -> str:
        return f"{tab(table, language)}[{header(table, name, language)}]"

    orders, products, tickets = rows["Orders"], rows["Products"], rows["Tickets"]
    totals = [_number("Orders", order, "Total") for order in orders]
    sold = YES[language == "zh"]
    low = [
        product
        for product in products
        if _cell("Products", product, "Active") == sold
        and _number("Products", product, "On hand") <= _number("Products", product, "Reorder point")
    ]
    unanswered = [ticket for ticket in tickets if _cell("Tickets", ticket, "First reply at") is None]
    replies = [name for name, _ in HEADERS["Tickets"]].index("First reply at")
    reply_cells = f"'{tab('Tickets', language)}'!{xl_range_abs(1, replies, len(tickets), replies)}"
    return [
        _Figure(
            named("Orders in the book", "订单总数"), f"=COUNTA({column('Orders', 'Order No')})", len(orders)
        ),
        _Figure(
            named("Their value", "订单总额"),
            f"=SUM({column('Orders', 'Total')})",
            round(sum(totals), 2),
            money=True,
        ),
        _Figure(
            named("Average order", "平均订单金额"),
            f"=AVERAGE({column('Orders', 'Total')})",
            sum(totals) / len(totals),
            money=True,
        ),
        _Figure(
            named("Products at or below their reorder point", "需补货商品数"),
            f"=SUMPRODUCT(({column('Products', 'On hand')}<={column('Products', 'Reorder point')})"
            f'*({column("Products", "Active")}="{sold}"))',
            len(low),
        ),
        _Figure(
            named("Tickets without an answer", "未回复工单数"), f"=COUNTBLANK({reply_cells})", len(unanswered)
        ),
    ]


def _cell(table: str, row: Row, name: str) -> Cell:
    return row[[english for english, _ in HEADERS[table]].index(name)]


def _number(table: str, row: Row, name: str) -> float:
    cell = _cell(table, row, name)
    if not isinstance(cell, int | float):
        raise TypeError(f"{table}!{name} of the sample is not a number: {cell!r}")
    return float(cell)
