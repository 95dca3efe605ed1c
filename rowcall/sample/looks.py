"""How does the sample workbook look? Number formats, widths, colours, lists to choose from, notes."""

from collections.abc import Mapping
from dataclasses import dataclass

from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook

from rowcall.sample.headers import Language, Pair

DATE = "yyyy-mm-dd"
DATETIME = "yyyy-mm-dd hh:mm"
MONEY: Mapping[Language, str] = {"en": '"€"#,##0.00', "zh": '"¥"#,##0.00'}

NUMBER_FORMATS: Mapping[str, str] = {
    "Ordered on": DATETIME,
    "Confirmed at": DATETIME,
    "Opened at": DATETIME,
    "First reply at": DATETIME,
    "Delivered on": DATE,
    "Review asked on": DATE,
    "Low since": DATE,
    "Customer since": DATE,
    "Away from": DATE,
    "Away to": DATE,
    "Total": "money",
    "Unit price": "money",
    "Line total": "money",
    "Price": "money",
    "On hand": "#,##0",
    "Reorder point": "#,##0",
    "Quantity": "#,##0",
}
"""The number format of a column by its English header; `money` is the shop's currency."""

WIDTHS: Mapping[str, int] = {
    "Customer name": 18,
    "Customer": 18,
    "Email": 28,
    "Product": 28,
    "Subject": 30,
    "Note": 36,
    "About": 48,
    "Roles": 24,
    "Supplier": 22,
    "Phone": 19,
    "Ordered on": 17,
    "Opened at": 17,
    "Confirmed at": 17,
    "First reply at": 17,
    "Status": 20,
}
"""Column widths by English header, in characters."""

NARROW = 13

NOTES: Mapping[tuple[str, str], Pair] = {
    ("Orders", "Confirmed at"): (
        "Written by Rowcall when the confirmation has been sent.",
        "确认邮件发出后由 Rowcall 填写。",
    ),
    ("Products", "Reorder point"): (
        "At this count or below, the warehouse is told to buy again.",
        "库存等于或低于此数时,会通知仓库补货。",
    ),
    ("Tickets", "First reply at"): (
        "Type the time of your first answer: the reminders stop.",
        "填写首次回复时间后,提醒即停止。",
    ),
}
"""The notes (comments) on header cells: (English, Chinese)."""


@dataclass(frozen=True, slots=True)
class Looks:
    """The cell formats of one workbook."""

    header: Format
    title: Format
    label: Format
    amber: Format
    red: Format
    grey: Format
    money: Format
    count: Format
    columns: Mapping[str, Format]


def make_looks(book: Workbook, language: Language) -> Looks:
    """Return the formats, made for this workbook."""
    money = MONEY[language]
    names = {"money": money}
    return Looks(
        header=book.add_format(
            {"bold": True, "font_color": "#FFFFFF", "bg_color": "#2F5D50", "valign": "top"}
        ),
        title=book.add_format({"bold": True, "font_size": 16, "font_color": "#2F5D50"}),
        label=book.add_format({"bold": True, "bg_color": "#E8F0EC"}),
        amber=book.add_format({"bg_color": "#FFF2CC"}),
        red=book.add_format({"font_color": "#9C0006", "bg_color": "#FFC7CE"}),
        grey=book.add_format({"font_color": "#808080", "font_strikeout": True}),
        money=book.add_format({"num_format": money}),
        count=book.add_format({"num_format": "#,##0"}),
        columns={
            header: book.add_format({"num_format": names.get(number_format, number_format)})
            for header, number_format in NUMBER_FORMATS.items()
        },
    )
