"""How does a value that is written into a cell read inside a Chinese sentence, and how do recipients?"""

from collections.abc import Sequence

from rowcall.language.chinese.conditions import say_column, say_condition, say_operand
from rowcall.language.chinese.wording import listed, name, quoted, span
from rowcall.language.condition import Literal, Moment, OfSetting
from rowcall.language.ref import ColumnRef
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
            return "空"
        case SameAs(ref=ref):
            return f"指标{say_column(ref)}" if ref.figure else f"{say_column(ref)}的值"
        case Shifted(base=base, span=length, back=back):
            return f"{_say_base(base)}{'前' if back else '后'}{span(length)}"
        case TextOf(source=source):
            return f"文字{quoted(source.strip())}"
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
            return "期限"
        case Length(span=length):
            return span(length)
        case NextOf(role=role):
            return f"{name(role)}中轮到的下一位"
        case Increase(by=by, back=back):
            return f"原值{'减去' if back else '加上'}{say_value(by)}"
        case Computation(formula=formula):
            return f"{name(formula_text(formula.text))}的结果"


def say_targets(targets: Sequence[Target]) -> str:
    """Return cells with the values they get: `把状态设为“已付款”、确认时间设为现在`."""
    return "把" + "，".join(f"{say_column(one.ref)}设为{say_value(one.value)}" for one in targets)


def say_recipients(recipients: Recipients) -> str:
    """Return everyone that a mail goes to."""
    return listed(
        ["（没有则为".join(map(_say_someone, chain)) + "）" * (len(chain) - 1) for chain in recipients.anyone]
    )


def formula_text(text: str) -> str:
    """Return a formula with its sign."""
    plain = text.strip()
    return plain if plain.startswith("=") else f"={plain}"


def _say_base(base: ColumnRef | Moment | DueMoment) -> str:
    match base:
        case DueMoment():
            return "期限"
        case Moment():
            return say_operand(base)
        case ColumnRef():
            return say_column(base)


def _say_table(value: ByColumn) -> str:
    rows = [f"{name('、'.join(words))}：{say_value(inner)}" for words, inner in value.rows]
    rows += [f"其他情况：{say_value(value.otherwise)}"] if value.otherwise is not None else []
    return f"由{listed([say_column(ref) for ref in value.refs])}决定的值（{'；'.join(rows)}）"


def _say_first(value: FirstThatFits) -> str:
    parts = [
        f"如果{say_condition(one.when)}，取{say_value(one.value)}"
        if one.when is not None
        else f"否则取{say_value(one.value)}"
        for one in value.choices
    ]
    down = f"；下降须持续{span(value.go_down_after)}才生效" if value.go_down_after is not None else ""
    return f"以下第一个符合的值（{'；'.join(parts)}{down}）"


def _say_someone(someone: Someone) -> str:
    if someone.ref is not None:
        called = "中的人" if someone.ref.column.kind is Kind.PERSON else "中的地址"
        return f"{say_column(someone.ref)}{called}"
    if someone.responsible:
        return "规则负责人"
    if someone.value is not None:
        return say_value(someone.value)
    return name(someone.person or someone.address)
