"""What do the operators of a formula take, and what do they give?"""

from collections.abc import Sequence

from rowcall.language.formula.checks import is_a_choice, is_number_like
from rowcall.language.formula.findings import Findings
from rowcall.language.formula.form import FLAG, NUMBER, TEXT, WORDS, Form, Sort, add_kinds, scale_kinds
from rowcall.language.formula.literals import read_number
from rowcall.language.formula.raw import Raw
from rowcall.language.formula.tree import Cell, Constant, Node
from rowcall.table import TEMPORAL, Kind

_COMPARISONS = frozenset({"=", "<>", "<", "<=", ">", ">="})
_BINARY = 2


def operate(raw: Raw, args: Sequence[Node], found: Findings) -> Form | None:
    """Return the form of an operator's result, or None with its mistakes noted."""
    sign = raw.text
    if sign == "&":
        return TEXT
    if sign in _COMPARISONS:
        return FLAG if _compares(raw, args[0], args[1], found) else None
    fits = [is_number_like(arg, f"`{sign}`", found) for arg in args]
    if not all(fits):
        return None
    if sign == "%" or len(args) < _BINARY:
        return _of_one(sign, args[0].form)
    one, other = (_number_kind(arg.form) for arg in args)
    if sign == "+" and one in TEMPORAL and other in TEMPORAL:
        found.add(
            raw, "Two dates can't be added.", fix="The time between two dates is `[later] - [earlier]`."
        )
        return None
    if sign in "+-":
        return Form(add_kinds(one, other, minus=sign == "-"))
    return NUMBER if sign == "^" else Form(scale_kinds(one, other, divide=sign == "/"))


def _of_one(sign: str, form: Form) -> Form:
    kind = _number_kind(form)
    if sign == "%":
        return Form(Kind.PERCENT) if kind is Kind.NUMBER else NUMBER
    return NUMBER if kind in TEMPORAL and sign == "-" else Form(kind)


def _number_kind(form: Form) -> Kind:
    return form.kind if form.sort is Sort.NUMBER else Kind.NUMBER


def _compares(raw: Raw, left: Node, right: Node, found: Findings) -> bool:
    sorts = {left.form.sort, right.form.sort}
    if Sort.TEXT not in sorts or Sort.MIXED in sorts:
        return True
    if sorts == {Sort.TEXT}:
        return all([_is_choice(left, right, found), _is_choice(right, left, found)])
    text, other = (left, right) if left.form.sort is Sort.TEXT else (right, left)
    if isinstance(text, Constant) and text.value == "":
        if raw.text in ("=", "<>"):
            return True
        found.add(raw, '`""` is empty: nothing is more or less than that; write `=` or `<>`.')
        return False
    kind = WORDS[other.form.kind]
    what = f"{found.written(other)} is {kind} and {found.written(text)} a text: they are never equal."
    found.add(text, what, *_same_sort(text, other, found))
    return False


def _same_sort(text: Node, other: Node, found: Findings) -> tuple[str, str]:
    """Return what the text should be to be compared with a number or a yes/no, and why."""
    if isinstance(text, Constant) and isinstance(text.value, str):
        if other.form.kind is Kind.YES_NO:
            meant = {"yes": "TRUE", "true": "TRUE", "no": "FALSE", "false": "FALSE"}.get(
                text.value.strip().lower(), ""
            )
            return meant, "Yes is TRUE, no is FALSE, without quotes."
        number = read_number(text.value)
        if other.form.is_date:
            return _as_date(text.value, number), "A day is written DATE(2026, 3, 8)."
        return (text.value.strip() if number is not None else ""), "A number stands without quotes."
    written = found.written(text)
    if isinstance(text, Cell) and text.ref.column.kind is Kind.TEXT:
        return f"VALUE({written})", "A column of numbers or dates is declared as such in config.yaml."
    return "", ""


def _as_date(text: str, number: float | None) -> str:
    if number is None or "-" not in text:
        return ""
    year, month, day = (int(part) for part in text.strip()[:10].split("-"))
    return f"DATE({year}, {month}, {day})"


def _is_choice(column: Node, text: Node, found: Findings) -> bool:
    """Note a value that a list of choices does not have: it would never match, and nobody would know."""
    if not (isinstance(column, Cell) and isinstance(text, Constant) and isinstance(text.value, str)):
        return True
    return is_a_choice(text, text.value, column.ref.column.choices, column.ref.name, found)
