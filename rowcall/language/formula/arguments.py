"""Does an argument fit the place where it stands?"""

import re2

from rowcall.language.formula.checks import is_a_choice, is_number_like
from rowcall.language.formula.criterion import Criterion, is_text_value, read_criterion
from rowcall.language.formula.findings import Findings
from rowcall.language.formula.form import WORDS, Sort
from rowcall.language.formula.formats import parse_format
from rowcall.language.formula.functions import Function, Want
from rowcall.language.formula.tree import Apply, Constant, Node, Range
from rowcall.language.scope import Scope
from rowcall.table import TEMPORAL, Kind

_RANGES = frozenset({Want.RANGE, Want.NUMBER_RANGE, Want.DATE_RANGE})
_EITHER = frozenset({Want.NUMBERS, Want.VALUES})
_LONGEST_PATTERN = 1_000
_QUIET = re2.Options()
_QUIET.log_errors = False
DATE_UNITS = ("Y", "M", "D", "YM", "MD", "YD")
"""What DATEDIF counts."""
FIXED_NUMBERS = {
    ("WEEKDAY", "type"): (1, 2, 3, 11, 12, 13, 14, 15, 16, 17),
    ("WEEKNUM", "type"): (1, 2, 11, 12, 13, 14, 15, 16, 17, 21),
    ("XLOOKUP", "match mode"): (0, -1, 1),
    ("XLOOKUP", "search mode"): (1, -1),
}
"""Arguments that choose a way of counting or searching: function, argument → what it may be."""


def check_argument(function: Function, index: int, node: Node, scope: Scope, found: Findings) -> bool:
    """Say whether an argument fits its place, noting it if not."""
    arg = function.arg(index)
    place = f"{function.name}: {arg.name}"
    if arg.want in _RANGES:
        return _is_range(node, arg.want, place, scope, found)
    if isinstance(node, Range):
        return _takes_range(node, arg.want, function, scope, found)
    match arg.want:
        case Want.NUMBER | Want.DATE:
            return is_number_like(node, place, found)
        case Want.NUMBERS:
            return _is_counted(node, function, found)
        case Want.FLAG:
            return _is_condition(node, place, found)
        case Want.FIXED_TEXT:
            return _is_fixed_text(node, function.name, place, found)
        case Want.FIXED_NUMBER:
            return _is_fixed_number(node, (function.name, arg.name), place, found)
    return True


def check_criterion(cells: Range, node: Node, found: Findings) -> bool:
    """Say whether a criterion asks something that cells of that column can answer, noting it if not."""
    criterion = read_criterion(node)
    if criterion is None:
        found.add(node, f"The criterion {found.written(node)} has nothing behind its operator.")
        return False
    if not is_text_value(criterion) or criterion.operator not in ("=", "<>"):
        return _is_ordered(cells, criterion, node, found)
    if cells.form.sort is Sort.TEXT:
        value = criterion.value
        if isinstance(value, Constant) and isinstance(value.value, str):
            name = f"{cells.table}[{cells.column.name}]"
            return is_a_choice(node, value.value, cells.column.choices, name, found)
        return True
    if isinstance(criterion.value, Constant) or criterion.pattern:
        what = f"{cells.table}[{cells.column.name}] is {WORDS[cells.form.kind]}, never {found.written(node)}."
        found.add(node, what, fix="Days are written `2026-03-08` in a criterion, yes is TRUE, no is FALSE.")
        return False
    return True


def _is_ordered(cells: Range, criterion: Criterion, node: Node, found: Findings) -> bool:
    if (
        is_text_value(criterion)
        and cells.form.sort is not Sort.TEXT
        and isinstance(criterion.value, Constant)
    ):
        cell = f"{cells.table}[{cells.column.name}]"
        what = f"{cell} is {WORDS[cells.form.kind]}; {found.written(node)} compares with a text."
        found.add(node, what, fix="Days are written `>=2026-03-08` in a criterion.")
        return False
    return True


def _is_range(node: Node, want: Want, place: str, scope: Scope, found: Findings) -> bool:
    if not isinstance(node, Range):
        table = next(
            (name for name in scope.schemas if name == scope.table), next(iter(scope.schemas), "Orders")
        )
        written = found.written(node)
        meant = f"{table}{written}" if written.startswith("[") and "." not in written else ""
        what = f"{place} needs the column of a table, such as {table}[{_a_column(scope, table)}]; here is {written}."
        found.add(node, what, meant)
        return False
    if want is Want.NUMBER_RANGE and node.form.sort is Sort.TEXT:
        what = f"{place} needs numbers; {found.written(node)} is {WORDS[node.form.kind]}."
        found.add(node, what, fix="A column of numbers is declared as such in config.yaml.")
        return False
    if want is Want.DATE_RANGE and node.form.kind not in TEMPORAL:
        what = f"{place} needs a column of dates; {found.written(node)} is {WORDS[node.form.kind]}."
        found.add(node, what, fix="A column of dates is declared as such in config.yaml.")
        return False
    return True


def _a_column(scope: Scope, table: str) -> str:
    schema = scope.schemas.get(table)
    return schema.columns[0].name if schema and schema.columns else "Total"


def _takes_range(node: Range, want: Want, function: Function, scope: Scope, found: Findings) -> bool:
    if want in _EITHER:
        return want is Want.VALUES or _is_counted(node, function, found)
    what = f"{function.name} takes single values; {found.written(node)} is a whole column."
    own = node.table == scope.table
    fix = (
        "The cell of this row is written without the table's name."
        if own
        else "Use SUMIFS, COUNTIFS or XLOOKUP."
    )
    found.add(node, what, f"[{node.column.name}]" if own else "", fix)
    return False


def _is_counted(node: Node, function: Function, found: Findings) -> bool:
    if node.form.sort is not Sort.TEXT:
        return True
    # A spreadsheet passes over texts without a word: the sum would be 0 and look like an answer.
    what = f"{function.name} counts numbers only; {found.written(node)} is {WORDS[node.form.kind]}."
    meant = "COUNTA" if function.name == "COUNT" else ""
    fix = (
        "COUNTA counts cells of any kind."
        if meant
        else "A column of numbers is declared as such in config.yaml."
    )
    is_cell = not isinstance(node, Range | Constant) and node.form.kind is Kind.TEXT and not meant
    found.add(node, what, f"VALUE({found.written(node)})" if is_cell else "", fix)
    return False


def _is_condition(node: Node, place: str, found: Findings) -> bool:
    if node.form.sort in (Sort.FLAG, Sort.NUMBER):
        return True
    written = found.written(node)
    what = f"{place} needs something that is true or false; {written} is a text."
    found.add(node, what, fix=f'Compare it: {written} = "…", or {written} <> "".')
    return False


def _is_fixed_text(node: Node, name: str, place: str, found: Findings) -> bool:
    if not (isinstance(node, Constant) and isinstance(node.value, str)):
        found.add(node, f"{place} must be written here as a text in quotes, not taken from a cell.")
        return False
    text = node.value
    if name == "TEXT" and parse_format(text) is None:
        fix = "Formats: 0, 0.00, #,##0.00, 0%, yyyy-mm-dd, dd.mm.yyyy, d mmm yyyy, mmmm, dddd, hh:mm, h:mm AM/PM, @."
        found.add(node, f'"{text}" is no format that is understood.', fix=fix)
        return False
    if name == "DATEDIF" and text.upper() not in DATE_UNITS:
        found.add(node, f'"{text}" is no unit of DATEDIF; units: {", ".join(DATE_UNITS)}.')
        return False
    return name != "REGEXMATCH" or _is_pattern(node, text, found)


def _is_pattern(node: Node, text: str, found: Findings) -> bool:
    if len(text) > _LONGEST_PATTERN:
        found.add(node, f"This pattern has {len(text):,} characters; at most {_LONGEST_PATTERN:,} are read.")
        return False
    try:
        re2.compile(text, _QUIET)
    except re2.error as error:
        said = ", ".join(part.decode() if isinstance(part, bytes) else str(part) for part in error.args)
        found.add(node, f'The pattern "{text}" is not understood: {said}.')
        return False
    return True


def _is_fixed_number(node: Node, which: tuple[str, str], place: str, found: Findings) -> bool:
    known = FIXED_NUMBERS[which]
    value = fixed_number(node)
    if value in known:
        return True
    listed = ", ".join(map(str, known))
    found.add(node, f"{place} is one of {listed}, written here as a number; here is {found.written(node)}.")
    return False


def fixed_number(node: Node) -> float | None:
    """Return the number that stands there as it is (`2`, `-1`), or None."""
    if isinstance(node, Constant):
        return node.value if isinstance(node.value, float) else None
    if isinstance(node, Apply) and node.name == "-" and len(node.args) == 1:
        inner = fixed_number(node.args[0])
        return None if inner is None else -inner
    return None
