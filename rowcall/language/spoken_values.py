"""How does a value that is written into a cell read inside an English sentence, and how do recipients?"""

from collections.abc import Sequence

from rowcall.language.condition import Literal, Moment, OfSetting
from rowcall.language.ref import ColumnRef
from rowcall.language.spoken import join_words, say_column, say_condition, say_operand
from rowcall.language.value import (
    ByColumn,
    Computation,
    DueMoment,
    EmptyValue,
    FirstThatFits,
    Increase,
    Length,
    NextOf,
    Recipients,
    SameAs,
    Shifted,
    Someone,
    Target,
    TextOf,
    Value,
)
from rowcall.table import Kind


def say_value(value: Value) -> str:
    """Return a value that is written into a cell, or a duration behind `within`."""
    match value:
        case EmptyValue():
            return "empty"
        case SameAs(ref=ref):
            return f"the {'figure' if ref.figure else 'value of'} {say_column(ref)}"
        case Shifted(base=base, span=span, back=back):
            return f"{span} {'before' if back else 'after'} {_say_base(base)}"
        case TextOf(source=source):
            return f'the text "{source.strip()}"'
        case Literal() | Moment() | OfSetting():
            return say_operand(value)
        case ByColumn():
            return _say_table(value)
        case FirstThatFits():
            return _say_first(value)
        case _:
            return _say_counted(value)


def _say_counted(value: DueMoment | Length | NextOf | Increase | Computation) -> str:
    match value:
        case DueMoment():
            return "the deadline"
        case Length(span=span):
            return str(span)
        case NextOf(role=role):
            return f"the next in turn of {role}"
        case Increase(by=by, back=back):
            return f"what it was {'minus' if back else 'plus'} {say_value(by)}"
        case Computation(formula=formula):
            return f"the result of {_formula(formula.text)}"


def say_targets(targets: Sequence[Target]) -> str:
    """Return cells with the values they get: `Status to "Paid" and Confirmed at to now`."""
    return join_words([f"{say_column(one.ref)} to {say_value(one.value)}" for one in targets], "and")


def say_recipients(recipients: Recipients) -> str:
    """Return everyone that a mail goes to."""
    chains = [" or, if that is nobody, ".join(map(_say_someone, chain)) for chain in recipients.anyone]
    return join_words(chains, "and")


def _formula(text: str) -> str:
    plain = text.strip()
    return plain if plain.startswith("=") else f"={plain}"


def _say_base(base: ColumnRef | Moment | DueMoment) -> str:
    match base:
        case DueMoment():
            return "the deadline"
        case Moment():
            return say_operand(base)
        case ColumnRef():
            return say_column(base)


def _say_table(value: ByColumn) -> str:
    names = join_words([say_column(ref) for ref in value.refs], "and")
    rows = [f"{', '.join(words)}: {say_value(inner)}" for words, inner in value.rows]
    rows += [f"everything else: {say_value(value.otherwise)}"] if value.otherwise is not None else []
    return f"a value that depends on {names} ({'; '.join(rows)})"


def _say_first(value: FirstThatFits) -> str:
    parts = [
        f"{say_value(one.value)} if {say_condition(one.when)}"
        if one.when is not None
        else f"{say_value(one.value)} otherwise"
        for one in value.choices
    ]
    down = f"; it goes down only after {value.go_down_after}" if value.go_down_after is not None else ""
    return f"the first that fits of these: {'; '.join(parts)}{down}"


def _say_someone(someone: Someone) -> str:
    if someone.ref is not None:
        called = "the person in" if someone.ref.column.kind is Kind.PERSON else "the address in"
        return f"{called} {say_column(someone.ref)}"
    if someone.responsible:
        return "the responsible person"
    if someone.value is not None:
        return say_value(someone.value)
    return someone.person or someone.address
