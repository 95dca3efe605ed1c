"""How does a condition read inside an English sentence, and how do columns?"""

from collections.abc import Sequence

from rowcall.language.asking import lines_of
from rowcall.language.condition import (
    Ago,
    Ahead,
    AllOf,
    Anniversary,
    AnyOf,
    Between,
    Compare,
    Condition,
    Edge,
    EdgeHow,
    FormulaTest,
    InPeriod,
    IsEmpty,
    LinkMissing,
    Literal,
    Moment,
    NoneOf,
    OfColumn,
    OfSetting,
    OneOf,
    Operand,
    Operator,
    RowNew,
    TextHow,
    TextTest,
    ThereIs,
    Valid,
)
from rowcall.language.ref import EACH, THIS, ColumnRef
from rowcall.table import TEMPORAL

_SIZES = {
    Operator.EQUAL: "",
    Operator.MORE: "more than ",
    Operator.AT_LEAST: "at least ",
    Operator.LESS: "less than ",
    Operator.AT_MOST: "at most ",
}
_DAYS = {
    Operator.EQUAL: "",
    Operator.MORE: "after ",
    Operator.AT_LEAST: "on or after ",
    Operator.LESS: "before ",
    Operator.AT_MOST: "on or before ",
}
_SHIFTED = {Operator.MORE: "later than ", Operator.LESS: "earlier than "}
_DAY_NAMES = {0: "today", -1: "yesterday", 1: "tomorrow"}
_TEXTS = {
    TextHow.CONTAINS: ("contains", "does not contain"),
    TextHow.STARTS: ("starts with", "does not start with"),
    TextHow.ENDS: ("ends with", "does not end with"),
    TextHow.MATCHES: ("matches the pattern", "does not match the pattern"),
}
_EDGES = {
    EdgeHow.CHANGED: "has changed",
    EdgeHow.UP: "has gone up",
    EdgeHow.DOWN: "has gone down",
}


def say_condition(condition: Condition) -> str:
    """Return a condition as the part of a sentence that stands behind `when`."""
    match condition:
        case AllOf(lines=lines):
            return join_words([say_condition(line) for line in lines], "and") if lines else "anything is true"
        case AnyOf(blocks=blocks):
            return f"at least one of these is true: {_say_blocks(blocks)}"
        case NoneOf(blocks=blocks):
            return f"none of these is true: {_say_blocks(blocks)}"
        case RowNew():
            return "the row is new"
        case LinkMissing(links=links, negated=negated):
            return f"the linked row {'.'.join(links)} {'exists' if negated else 'does not exist'}"
        case ThereIs(table=table, condition=inner, negated=negated):
            there = f"there is {'no' if negated else 'a'} row of {table}"
            return f"{there} where {say_condition(inner)}" if lines_of(inner) else there
        case FormulaTest(formula=formula):
            return f"the formula {formula.text} is true"
        case _:
            return f"{say_column(condition.ref)} {_say_test(condition)}"


def say_column(ref: ColumnRef) -> str:
    """Return a column as a sentence names it: with the links that lead to it."""
    if not ref.links:
        return ref.column.name
    if ref.links[0] == EACH:
        return f"{'.'.join([*ref.links[1:], ref.column.name])} of the list"
    links = [link for link in ref.links if link != THIS]
    owner = f"the row's {' '.join(links)}" if links else "the watched row"
    return f"{ref.column.name} of {owner}"


def say_operand(operand: Operand) -> str:
    """Return what stands on the right side of a comparison."""
    match operand:
        case Literal(value=bool(value)):
            return "yes" if value else "no"
        case Literal(value=str(value)):
            return f'"{value}"'
        case Literal(text=text):
            return text
        case OfSetting(name=name):
            return f'the setting "{name}"'
        case Moment(now=True):
            return "now"
        case Moment(days=days):
            return _DAY_NAMES.get(days) or f"{abs(days)} days {'ago' if days < 0 else 'from today'}"
        case OfColumn():
            return _say_of_column(operand)


def join_words(parts: Sequence[str], word: str) -> str:
    """Return `A, B and C`; parts that hold commas themselves are separated by semicolons."""
    if len(parts) < 2:  # noqa: PLR2004 - nothing to join
        return "".join(parts)
    comma = "; " if any(", " in part or " and " in part for part in parts) and len(parts) > 2 else ", "  # noqa: PLR2004
    last = f"; {word} " if comma == "; " else f" {word} "
    return comma.join(parts[:-1]) + last + parts[-1]


def _say_blocks(blocks: Sequence[Condition]) -> str:
    return "; ".join(f"({number}) {say_condition(block)}" for number, block in enumerate(blocks, 1))


def _say_test(line: Condition) -> str:
    match line:
        case Compare():
            return _say_compare(line)
        case Between(low=low, high=high):
            return f"is between {say_operand(low)} and {say_operand(high)}"
        case OneOf(values=values, negated=negated):
            said = join_words([say_operand(one) for one in values], "nor" if negated else "or")
            return (
                f"is neither {said}"
                if negated and len(values) > 1
                else f"is {'not ' if negated else ''}{said}"
            )
        case IsEmpty(negated=negated):
            return "is not empty" if negated else "is empty"
        case Valid(negated=negated):
            return "is not valid" if negated else "is valid"
        case Ago() | Ahead() | Anniversary() | InPeriod():
            return _say_time(line)
        case TextTest(how=how, texts=texts, negated=negated):
            quoted = [f'"{text}"' for text in texts]
            return f"{_TEXTS[how][negated]} {join_words(quoted, 'or')}"
        case Edge():
            return _say_edge(line)
        case _:
            return ""


def _say_compare(line: Compare) -> str:
    signs = _DAYS if line.ref.column.kind in TEMPORAL else _SIZES
    if isinstance(line.right, OfColumn) and line.operator is Operator.EQUAL:
        return f"is {'not ' if line.negated else ''}the same as {say_operand(line.right)}"
    sign = signs[line.operator]
    if isinstance(line.right, OfColumn) and line.right.shift is not None:
        sign = _SHIFTED.get(line.operator, sign)
    return f"is {'not ' if line.negated else ''}{sign}{say_operand(line.right)}"


def _say_time(line: Ago | Ahead | Anniversary | InPeriod) -> str:
    if isinstance(line, InPeriod):
        return f"is in the period ({line.period.text})"
    if isinstance(line, Ago):
        exact = "" if line.operator is Operator.EQUAL else _SIZES[line.operator]
        return f"is {exact}{line.span} ago"
    if isinstance(line, Ahead):
        return f"is within the last {line.span}" if line.back else f"is in the next {line.span}"
    if not line.days:
        return "has its anniversary today"
    return f"has its anniversary in {_days(line.days)}"


def _say_edge(line: Edge) -> str:
    if line.how is EdgeHow.BY_PERCENT:
        return f"has changed by more than {line.percent:g}%"
    if line.how in _EDGES:
        return _EDGES[line.how]
    before = f" from {_say_state(line.before)}" if line.before is not None else ""
    after = f" to {_say_state(line.after)}" if line.after is not None else ""
    return f"has changed{before}{after}"


def _say_state(condition: Condition) -> str:
    """`changed from 0 to above 0`: what the cell was or is, without its name."""
    said = _say_test(condition)
    return said.removeprefix("is ") if said.startswith("is ") else f"a value that {said}"


def _say_of_column(operand: OfColumn) -> str:
    name = say_column(operand.ref)
    if operand.factor != 1:
        name = f"{operand.factor * 100:g}% of {name}"
    if operand.plus:
        name = f"{name} {'plus' if operand.plus > 0 else 'minus'} {abs(operand.plus):g}"
    if operand.shift is not None:
        name = f"{operand.shift} {'before' if operand.back else 'after'} {name}"
    return name


def _days(count: int) -> str:
    return "1 day" if count == 1 else f"{count} days"
