"""What does the reference page about formulas say?

It is made of the table of functions, so that it is never behind.
"""

from rowcall.language.formula.functions import FUNCTIONS, Function

DIFFERENCES = {
    "dates in texts": (
        "`&`, CONCAT, LEFT and the other functions of texts see a day as `2026-03-08` and a moment "
        "as `2026-03-08 10:30`; a spreadsheet shows its number, 46089. Nobody wants to read 46089 "
        "in a mail; TEXT writes every other form."
    ),
    "yes and no in texts": (
        "They are TRUE and FALSE in a text, as in Excel and Google Sheets; Calc writes 1 and 0."
    ),
    "large and small numbers in texts": (
        "From 1E+15 up, and below 0.0001, a number is written with an exponent, as in Excel; Calc "
        "writes it otherwise."
    ),
    "days hold no time": (
        "A date column plus 2.5 is the second day after it, because a date here is a day. A column "
        "of kind datetime keeps the time."
    ),
    "order of letters": (
        "`<` and `>` order texts by the characters themselves: a, b, …, z, ä. Spreadsheets order "
        "them by the language of the machine that they run on, which would make a rule depend on "
        "where it runs."
    ),
    "empty cells in AND and OR": (
        "An empty cell is no, as an empty yes/no is everywhere in Rowcall; spreadsheets pass over "
        "it, so that AND of a yes and an empty cell is TRUE."
    ),
    "numbers in text columns": (
        "A column that is not declared in the config is a text column, whatever stands in it. Where "
        "a criterion asks for a number, its texts count as the numbers that they say, as Excel does "
        "for `=`."
    ),
    "halves at 15 digits": (
        "Rounding looks at the 15 digits that a spreadsheet shows: 0.285*100 shows 28.5 and is "
        "rounded to 29, as in Excel. Calc sees 28.499999999999996 and gives 28."
    ),
    "years": (
        "DATE takes years from 1900 to 9999. Below, every spreadsheet guesses another century; "
        "beyond, there are no dates. So the last day of the year of an empty date is unknown, not a "
        "day in 1899."
    ),
    "last week of the year": (
        "With the types 1, 2 and 11 to 17 the last days of December belong to week 53, as in Excel "
        "and Google Sheets; Calc calls them week 1 of the next year. Type 21 is the same "
        "everywhere."
    ),
    "whole days": (
        "DAYS counts whole days, as in Excel and Google Sheets; Calc also counts hours. The "
        "difference `[End] - [Start]` has them."
    ),
    "sharp s": ("UPPER of ß is SS, as German is written; Calc makes ẞ of it."),
    "an empty cell as text": ("TEXT of an empty cell in the format `@` is empty; Calc writes 0."),
    "nothing is found everywhere": (
        "SEARCH of an empty text is found at once, as in Excel; in Calc it is an error."
    ),
}
"""Headings → where Rowcall answers otherwise than Calc, and why."""

_INTRODUCTION = """\
# Formulas

A formula is what you know from a spreadsheet, with the names of columns instead of cells. It stands in quotes: as a
condition behind `formula:`, as a value behind a column, and in figures.

    =[Total] <> SUMIFS(Order lines[Line total], Order lines[Order No], [Order No]) + [Freight]

| written | means |
|---|---|
| `[Total]` | the cell of this row |
| `[Customer.Tier]` | the cell of a linked row; links are declared in the config |
| `Order lines[Qty]` | all cells of a table's column; `'Order-lines'[Qty]` if the name has other signs than letters |
| `[Revenue]` | a figure of the rule |
| `12.5`, `"text"`, `TRUE`, `FALSE` | a number, a text (a quote inside is doubled: `"2"" pipe"`), yes, no |
| `+ - * / ^ %` | as usual; the sign comes first, so that `-2^2` is 4, and `2^3^2` is 64 |
| `&` | joins texts |
| `= <> < <= > >=` | compare: numbers at 15 digits, texts whatever their letter case |

**Blank** is 0, "" or no, whatever is needed. **An error** (divided by 0, not found, an unreadable cell, a linked
row that does not exist) is unknown: it prints `–` and writes nothing; IFERROR catches it. **A text that says a
number** is that number where one is needed: `"5" + 1` is 6, `"12%"`, `"1,234.5"` and `"2026-03-08"` likewise; any
other text is an error. **A date is a number of days** (8 March 2026 is 46089), and its kind is kept: date + 3 is a
date, date - date a number of days, `MOD([Opened at], 1)` the time of day. A blank date is 0, as in a spreadsheet: ask
`ISBLANK` before you count days from it.

What can't be right is refused before anything runs, with its place and the formula as it was probably meant:
an unknown name, a wrong number of arguments, a text compared with a number (never equal), a choice that the column
does not have, a whole column where one value is needed, the sum of a text column.
A formula has at most 4,000 characters, 64 brackets inside each other and 200 terms in a chain.

In criteria, `">5"`, `"<>x"`, `"="` (empty), `"<>"` (not empty), `">=2026-03-08"`, `">=" & [From]`, and the
wildcards `*`, `?` (`~*` is a star) work as in spreadsheets. What comes from a cell is compared as it stands:
an order number with a star in it finds itself only.
"""


def write_reference() -> str:
    """Return the page docs/reference/formulas.md."""
    functions = "\n".join(_section(function) for function in FUNCTIONS.values())
    differences = "\n".join(f"- **{title}**: {why}" for title, why in DIFFERENCES.items())
    return (
        f"{_INTRODUCTION}\n## Functions\n\n{functions}\n## Where a spreadsheet answers otherwise\n\n"
        "LibreOffice Calc evaluates some 760 formulas over the same cells in the tests. "
        "It agrees in all but these:\n\n"
        f"{differences}\n"
    )


def _section(function: Function) -> str:
    """Return the part of the page about one function."""
    lines = [
        f"### {function.name}",
        "",
        f"`{function.usage}`",
        "",
        function.about,
        "",
        f"    ={function.example}",
        "",
    ]
    if function.difference:
        lines += [f"Unlike a spreadsheet: {function.difference}", ""]
    return "\n".join(lines)
