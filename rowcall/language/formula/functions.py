"""Which functions may stand in a formula, with which arguments, and what do they give?

The one table of functions: typing, evaluation and the reference page (docs/reference/formulas.md) go by it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from functools import reduce

from rowcall.language.formula.form import (
    DATE,
    DATETIME,
    FLAG,
    NUMBER,
    TEXT,
    Form,
    Sort,
    join_forms,
    join_kinds,
)
from rowcall.table import TEMPORAL, Kind


class Want(Enum):
    """What may stand as an argument."""

    ANY = auto()
    NUMBER = auto()
    DATE = auto()
    TEXT = auto()
    FLAG = auto()
    FIXED_TEXT = auto()
    FIXED_NUMBER = auto()
    NUMBERS = auto()
    VALUES = auto()
    RANGE = auto()
    NUMBER_RANGE = auto()
    DATE_RANGE = auto()
    CRITERION = auto()


@dataclass(frozen=True, slots=True)
class Arg:
    """One argument: its name in messages and in the reference, and what may stand there."""

    name: str
    want: Want
    optional: bool = False


Rule = Callable[[Sequence[Form]], Form]
"""Forms of the arguments → form of the result."""


@dataclass(frozen=True, slots=True)
class Function:
    """A function. repeat: so many of the last arguments may come again, together.

    about, example, difference: sentences of the reference; difference "" where spreadsheets do the same.
    """

    name: str
    args: tuple[Arg, ...]
    form: Rule
    about: str
    example: str
    repeat: int = 0
    difference: str = ""

    @property
    def fewest(self) -> int:
        """How many arguments there must be."""
        return sum(not arg.optional for arg in self.args)

    @property
    def most(self) -> int | None:
        """How many arguments there may be; None = any number."""
        return None if self.repeat else len(self.args)

    @property
    def usage(self) -> str:
        """How it is written: `ROUND(number, [digits])`."""
        names = [f"[{arg.name}]" if arg.optional else arg.name for arg in self.args]
        return f"{self.name}({', '.join(names)}{', …' if self.repeat else ''})"

    def arg(self, index: int) -> Arg:
        """Return what the argument at that place (from 0) is for."""
        count = len(self.args)
        return (
            self.args[index]
            if index < count
            else self.args[count - self.repeat + (index - count) % self.repeat]
        )


def _always(form: Form) -> Rule:
    return lambda _: form


def _of_branches(step: int, first: int) -> Rule:
    return lambda forms: reduce(join_forms, forms[first::step])


def _same(forms: Sequence[Form]) -> Form:
    form = forms[0]
    return NUMBER if form.sort is not Sort.NUMBER else form


def _day_of(forms: Sequence[Form]) -> Form:
    """INT of a moment is a day."""
    return DATE if forms[0].is_date else _same(forms)


def _amounts(forms: Sequence[Form]) -> Form:
    kinds = {form.kind if form.sort is Sort.NUMBER else Kind.NUMBER for form in forms}
    kind = reduce(join_kinds, sorted(kinds))
    return NUMBER if kind in TEMPORAL else Form(kind)


def _extremes(forms: Sequence[Form]) -> Form:
    kinds = [form.kind if form.sort is Sort.NUMBER else Kind.NUMBER for form in forms]
    return Form(reduce(join_kinds, kinds))


def _shifted(forms: Sequence[Form]) -> Form:
    return DATE if forms else NUMBER


_NUMBER, _DATE = Want.NUMBER, Want.DATE
_FIXED_TYPE = Arg("type", Want.FIXED_NUMBER, optional=True)
_PAIR = (Arg("where", Want.RANGE), Arg("criterion", Want.CRITERION))
_CELL_CRITERION = (
    "An operator or wildcard counts only where the formula itself writes it: text that comes from a cell is compared "
    "as it stands, so that an order number with a star matches itself alone."
)
_HOLIDAYS = Arg("holidays", Want.DATE_RANGE, optional=True)
_DIGITS = (Arg("number", _NUMBER), Arg("digits", _NUMBER, optional=True))

_ALL = (
    Function(
        "IF",
        (Arg("condition", Want.FLAG), Arg("then", Want.ANY), Arg("otherwise", Want.ANY, optional=True)),
        lambda forms: reduce(join_forms, forms[1:]),
        "The second value where the condition is true, the third where it is false.",
        'IF([Total] >= 50, "free", "4.90")',
        difference="Without the third value a spreadsheet gives FALSE; here it must be written unless the second is "
        "itself yes or no.",
    ),
    Function(
        "IFS",
        (Arg("condition", Want.FLAG), Arg("value", Want.ANY)),
        _of_branches(2, 1),
        "The value behind the first condition that is true; unknown where none is.",
        'IFS([Total] > 500, "A", [Total] > 100, "B", TRUE, "C")',
        repeat=2,
    ),
    Function("AND", (Arg("condition", Want.FLAG),), _always(FLAG), "TRUE where all conditions are true.",
             "AND([Total] > 50, [Paid])", repeat=1,
             difference="An empty cell counts as no; a spreadsheet passes over it."),
    Function("OR", (Arg("condition", Want.FLAG),), _always(FLAG), "TRUE where at least one condition is true.",
             "OR([Total] > 500, [Paid])", repeat=1,
             difference="An empty cell counts as no; a spreadsheet passes over it."),
    Function("NOT", (Arg("condition", Want.FLAG),), _always(FLAG), "TRUE where the condition is false.",
             "NOT([Paid])"),
    Function("ISBLANK", (Arg("value", Want.ANY),), _always(FLAG), "TRUE where the cell is empty.",
             "ISBLANK([Shipped on])",
             difference="TRUE also of a blank that came through another function, such as IF or XLOOKUP."),
    Function("IFERROR", (Arg("value", Want.ANY), Arg("otherwise", Want.ANY)),
             lambda forms: reduce(join_forms, forms),
             "The value, or the second one where the first is an error: unreadable, divided by 0, not found.",
             "IFERROR([Total] / [Qty], 0)"),
    Function("SUM", (Arg("value", Want.NUMBERS),), _amounts, "The sum of the numbers.",
             "SUM([Total], [Freight])", repeat=1),
    Function("AVERAGE", (Arg("value", Want.NUMBERS),), _amounts, "The mean of the numbers; empty cells don't count.",
             "AVERAGE(Orders[Total])", repeat=1),
    Function("MIN", (Arg("value", Want.NUMBERS),), _extremes, "The least number; 0 if there is none.",
             "MIN([Total], 100)", repeat=1),
    Function("MAX", (Arg("value", Want.NUMBERS),), _extremes, "The greatest number; 0 if there is none.",
             "MAX([Paid on], [Shipped on])", repeat=1),
    Function("COUNT", (Arg("value", Want.NUMBERS),), _always(NUMBER), "How many numbers or dates there are.",
             "COUNT(Orders[Total])", repeat=1),
    Function("COUNTA", (Arg("value", Want.VALUES),), _always(NUMBER), "How many cells are not empty.",
             "COUNTA(Orders[Order No])", repeat=1),
    Function("SUMIFS", (Arg("numbers", Want.NUMBER_RANGE), *_PAIR), lambda forms: _amounts(forms[:1]),
             "The sum of a table's numbers in the rows that meet all criteria.",
             "SUMIFS(Order lines[Line total], Order lines[Order No], [Order No])", repeat=2,
             difference=_CELL_CRITERION),
    Function("COUNTIFS", _PAIR, _always(NUMBER), "How many rows of a table meet all criteria.",
             'COUNTIFS(Orders[Customer], [Customer], Orders[Total], ">100")', repeat=2, difference=_CELL_CRITERION),
    Function("AVERAGEIFS", (Arg("numbers", Want.NUMBER_RANGE), *_PAIR), lambda forms: _amounts(forms[:1]),
             "The mean of a table's numbers in the rows that meet all criteria; unknown if there are none.",
             "AVERAGEIFS(Orders[Total], Orders[Customer], [Customer])", repeat=2, difference=_CELL_CRITERION),
    Function("MAXIFS", (Arg("numbers", Want.NUMBER_RANGE), *_PAIR), lambda forms: _extremes(forms[:1]),
             "The greatest of a table's numbers in the rows that meet all criteria; 0 if there are none.",
             "MAXIFS(Orders[Ordered on], Orders[Customer], [Customer])", repeat=2, difference=_CELL_CRITERION),
    Function("MINIFS", (Arg("numbers", Want.NUMBER_RANGE), *_PAIR), lambda forms: _extremes(forms[:1]),
             "The least of a table's numbers in the rows that meet all criteria; 0 if there are none.",
             "MINIFS(Orders[Ordered on], Orders[Customer], [Customer])", repeat=2, difference=_CELL_CRITERION),
    Function(
        "XLOOKUP",
        (
            Arg("wanted", Want.ANY), Arg("where", Want.RANGE), Arg("give", Want.RANGE),
            Arg("if not found", Want.ANY, optional=True), Arg("match mode", Want.FIXED_NUMBER, optional=True),
            Arg("search mode", Want.FIXED_NUMBER, optional=True),
        ),
        lambda forms: join_forms(forms[2], forms[3]) if len(forms) > 3 else forms[2],  # noqa: PLR2004 - the fourth
        "The cell of one column in the row where another column holds the wanted value. Match mode 0 (exactly), "
        "-1 (or the next smaller), 1 (or the next larger); search mode 1 (the first), -1 (the last).",
        'XLOOKUP([Product], Stock[SKU], Stock[Supplier], "unknown product")',
        difference="An empty cell is never found, whereas a spreadsheet finds the first empty row. Match mode 2 "
        "(wildcards) and the binary searches are not offered.",
    ),
    Function("ROUND", _DIGITS, _same, "The number rounded to so many decimals, halves away from zero.",
             "ROUND([Total] * 0.19, 2)"),
    Function("ROUNDUP", _DIGITS, _same, "The number rounded away from zero.", "ROUNDUP([Qty] / 12, 0)"),
    Function("ROUNDDOWN", _DIGITS, _same, "The number rounded towards zero.", "ROUNDDOWN([Qty] / 12, 0)"),
    Function("INT", (Arg("number", _NUMBER),), _day_of, "The next whole number below; the day of a moment.",
             "INT([Paid at])"),
    Function("ABS", (Arg("number", _NUMBER),), _same, "The number without its sign.", "ABS([Total] - [Paid])"),
    Function("MOD", (Arg("number", _NUMBER), Arg("divisor", _NUMBER)), _always(NUMBER),
             "What is left after a division; it has the divisor's sign.", "MOD([Qty], 12)"),
    Function("TODAY", (), _always(DATE), "The shop's calendar day.", "TODAY() - [Ordered on]"),
    Function("NOW", (), _always(DATETIME), "The moment, on the shop's clock.", "(NOW() - [Opened at]) * 24"),
    Function("DATE", (Arg("year", _NUMBER), Arg("month", _NUMBER), Arg("day", _NUMBER)), _always(DATE),
             "The day of that year, month and day; month 13 is January of the next year.",
             "DATE(YEAR([Ordered on]), 12, 31)",
             difference="A year below 1900 is an error; spreadsheets guess a century, each another one."),
    Function("YEAR", (Arg("date", _DATE),), _always(NUMBER), "The year of a date.", "YEAR([Ordered on])"),
    Function("MONTH", (Arg("date", _DATE),), _always(NUMBER), "The month, 1 to 12.", "MONTH([Ordered on])"),
    Function("DAY", (Arg("date", _DATE),), _always(NUMBER), "The day of the month.", "DAY([Ordered on])"),
    Function("HOUR", (Arg("moment", _DATE),), _always(NUMBER), "The hour of a moment, 0 to 23.", "HOUR([Opened at])"),
    Function("WEEKDAY", (Arg("date", _DATE), _FIXED_TYPE), _always(NUMBER),
             "The day of the week: type 1 (or none) Sunday = 1, 2 Monday = 1, 3 Monday = 0, 11 to 17 Monday to "
             "Sunday = 1.", "WEEKDAY([Ordered on], 2)"),
    Function("WEEKNUM", (Arg("date", _DATE), _FIXED_TYPE), _always(NUMBER),
             "The week of the year: type 1 (or none) and 17 weeks begin on Sunday, 2 and 11 on Monday, 12 to 16 "
             "Tuesday to Saturday, 21 as ISO 8601 counts.", "WEEKNUM([Ordered on], 21)"),
    Function("DAYS", (Arg("end", _DATE), Arg("start", _DATE)), _always(NUMBER), "The days from start to end.",
             "DAYS([Shipped on], [Ordered on])"),
    Function("EDATE", (Arg("date", _DATE), Arg("months", _NUMBER)), _shifted,
             "The day so many months later; 31 January plus one month is the last of February.",
             "EDATE([Ordered on], 1)"),
    Function("EOMONTH", (Arg("date", _DATE), Arg("months", _NUMBER)), _shifted,
             "The last day of the month so many months later.", "EOMONTH([Ordered on], 0)"),
    Function("NETWORKDAYS", (Arg("start", _DATE), Arg("end", _DATE), _HOLIDAYS), _always(NUMBER),
             "Mondays to Fridays from start to end, both included, without the holidays.",
             "NETWORKDAYS([Ordered on], TODAY(), Holidays[Day])"),
    Function("WORKDAY", (Arg("start", _DATE), Arg("days", _NUMBER), _HOLIDAYS), _shifted,
             "The day so many working days (Monday to Friday, without the holidays) later, or earlier below 0.",
             "WORKDAY([Ordered on], 3, Holidays[Day])"),
    Function("DATEDIF", (Arg("start", _DATE), Arg("end", _DATE), Arg("unit", Want.FIXED_TEXT)), _always(NUMBER),
             'Whole years "Y", months "M" or days "D" between two dates; "YM" months beyond the years, "MD" days '
             'beyond the months, "YD" days beyond the years.', 'DATEDIF([Customer since], TODAY(), "Y")'),
    Function("LEFT", (Arg("text", Want.TEXT), Arg("count", _NUMBER, optional=True)), _always(TEXT),
             "The first characters; one, if no count is given.", "LEFT([Postcode], 2)"),
    Function("RIGHT", (Arg("text", Want.TEXT), Arg("count", _NUMBER, optional=True)), _always(TEXT),
             "The last characters; one, if no count is given.", "RIGHT([Order No], 4)"),
    Function("MID", (Arg("text", Want.TEXT), Arg("start", _NUMBER), Arg("count", _NUMBER)), _always(TEXT),
             "So many characters from a place on; the first is 1.", "MID([Order No], 4, 6)"),
    Function("LEN", (Arg("text", Want.TEXT),), _always(NUMBER), "How many characters there are.", "LEN([Note])"),
    Function("TRIM", (Arg("text", Want.TEXT),), _always(TEXT),
             "The text without blanks at its ends and without double blanks inside.", "TRIM([Name])"),
    Function("UPPER", (Arg("text", Want.TEXT),), _always(TEXT), "The text in capitals.", "UPPER([Country])"),
    Function("LOWER", (Arg("text", Want.TEXT),), _always(TEXT), "The text in small letters.", "LOWER([Email])"),
    Function("CONCAT", (Arg("text", Want.VALUES),), _always(TEXT), "All texts in one, as `&` joins them.",
             'CONCAT([First name], " ", [Last name])', repeat=1),
    Function("TEXT", (Arg("value", Want.ANY), Arg("format", Want.FIXED_TEXT)), _always(TEXT),
             "The value as a text in a format: `0.00`, `#,##0`, `0%`, `yyyy-mm-dd`, `d mmm yyyy`, `dddd`, `hh:mm`, "
             "`[h]:mm`, `@`.",
             'TEXT([Due], "d mmmm yyyy")',
             difference="A format that is not understood is an error before anything runs. Names of months and days "
             "are English, or Chinese in a Chinese shop."),
    Function("VALUE", (Arg("text", Want.TEXT),), _always(NUMBER), "The number that a text says.", "VALUE([Qty])"),
    Function("SUBSTITUTE",
             (Arg("text", Want.TEXT), Arg("old", Want.TEXT), Arg("new", Want.TEXT),
              Arg("which", _NUMBER, optional=True)),
             _always(TEXT), "The text with every `old` replaced by `new`, or only the first, second, … one.",
             'SUBSTITUTE([Phone], " ", "")'),
    Function("SEARCH", (Arg("wanted", Want.TEXT), Arg("text", Want.TEXT), Arg("start", _NUMBER, optional=True)),
             _always(NUMBER), "The place where a text is found, letter case aside; `?` and `*` are wildcards; "
             "an error where it is not found.", 'IFERROR(SEARCH("gift", [Note]), 0)',
             difference="Wildcards count only where the formula itself writes them, not in a text from a cell."),
    Function("REGEXMATCH", (Arg("text", Want.TEXT), Arg("pattern", Want.FIXED_TEXT)), _always(FLAG),
             "TRUE where the pattern (RE2) is found in the text.", 'REGEXMATCH([Order No], "^HT-[0-9]{4}$")',
             difference="Calc has no such function; it is that of Google Sheets, with the same patterns."),
)  # fmt: skip

FUNCTIONS = {function.name: function for function in _ALL}
"""All functions by their spreadsheet names."""

INSTEAD = {
    "SUMIF": ("SUMIFS", "The numbers to add up come first in SUMIFS."),
    "COUNTIF": ("COUNTIFS", ""),
    "AVERAGEIF": ("AVERAGEIFS", "The numbers come first in AVERAGEIFS."),
    "VLOOKUP": ("XLOOKUP", "XLOOKUP(wanted, Table[where], Table[give])"),
    "HLOOKUP": ("XLOOKUP", "XLOOKUP(wanted, Table[where], Table[give])"),
    "LOOKUP": ("XLOOKUP", "XLOOKUP(wanted, Table[where], Table[give])"),
    "INDEX": ("XLOOKUP", "XLOOKUP(wanted, Table[where], Table[give])"),
    "MATCH": ("XLOOKUP", "XLOOKUP(wanted, Table[where], Table[give])"),
    "CONCATENATE": ("CONCAT", ""),
    "TEXTJOIN": ("CONCAT", ""),
    "FIND": ("SEARCH", "SEARCH takes no notice of letter case."),
    "SWITCH": ("IFS", ""),
    "IFNA": ("IFERROR", ""),
    "ISERROR": ("IFERROR", ""),
    "POWER": ("^", "Write 2 ^ 3."),
    "AVG": ("AVERAGE", ""),
    "TRUNC": ("ROUNDDOWN", ""),
    "FLOOR": ("ROUNDDOWN", ""),
    "CEILING": ("ROUNDUP", ""),
    "ISOWEEKNUM": ("WEEKNUM", "WEEKNUM(date, 21) counts as ISO 8601."),
}
"""Functions of spreadsheets that are not offered → what to use, and what to mind."""
