"""How does a condition read inside a Chinese sentence, and how do columns?"""

from collections.abc import Sequence
from datetime import timedelta

from rowcall.duration import parse_span
from rowcall.language.asking import lines_of
from rowcall.language.chinese.wording import listed, name, quoted, span
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
from rowcall.language.printing.schedules import print_period
from rowcall.language.printing.tongue import Tongue
from rowcall.language.ref import EACH, THIS, ColumnRef
from rowcall.table import TEMPORAL

_SIZES = {
    Operator.EQUAL: "等于",
    Operator.MORE: "大于",
    Operator.AT_LEAST: "不少于",
    Operator.LESS: "小于",
    Operator.AT_MOST: "不超过",
}
_DAYS = {
    Operator.EQUAL: "是",
    Operator.MORE: "晚于",
    Operator.AT_LEAST: "不早于",
    Operator.LESS: "早于",
    Operator.AT_MOST: "不晚于",
}
_AGES = {
    Operator.MORE: "距今超过",
    Operator.AT_LEAST: "距今至少",
    Operator.LESS: "距今不到",
    Operator.AT_MOST: "距今不超过",
}
_DAY_NAMES = {0: "今天", -1: "昨天", 1: "明天"}
_TEXTS = {
    TextHow.CONTAINS: ("包含{}", "不包含{}"),
    TextHow.STARTS: ("以{}开头", "不以{}开头"),
    TextHow.ENDS: ("以{}结尾", "不以{}结尾"),
    TextHow.MATCHES: ("匹配模式{}", "不匹配模式{}"),
}
_EDGES = {EdgeHow.CHANGED: "有变化", EdgeHow.UP: "上升", EdgeHow.DOWN: "下降"}


def say_condition(condition: Condition) -> str:
    """Return a condition as a clause."""
    match condition:
        case AllOf(lines=lines):
            return _all_of([say_condition(line) for line in lines]) if lines else "任何情况"
        case AnyOf(blocks=blocks):
            return f"以下至少一项成立：{_say_blocks(blocks)}"
        case NoneOf(blocks=blocks):
            return f"以下各项都不成立：{_say_blocks(blocks)}"
        case RowNew():
            return "这一行是新增的"
        case LinkMissing(links=links, negated=negated):
            return f"关联行{name('.'.join(links))}{'存在' if negated else '不存在'}"
        case ThereIs(table=table, condition=inner, negated=negated):
            there = "没有" if negated else "有"
            rows = (
                f"满足条件（{say_condition(inner)}）的行"
                if lines_of(inner)
                else "任何行"
                if negated
                else "行"
            )
            return f"{name(table)}表中{there}{rows}"
        case FormulaTest(formula=formula):
            return f"公式{name(formula.text)}成立"
        case _:
            return f"{say_column(condition.ref)}{_say_test(condition)}"


def say_column(ref: ColumnRef) -> str:
    """Return a column as a sentence names it: with the links that lead to it."""
    own = name(ref.column.name)
    if not ref.links:
        return own
    owners = ["本行" if link == THIS else "清单" if link == EACH else name(link) for link in ref.links]
    return "的".join([*owners, own])


def say_operand(operand: Operand) -> str:
    """Return what stands on the right side of a comparison."""
    match operand:
        case Literal(value=bool(value)):
            return quoted("是" if value else "否")
        case Literal(value=str(value)):
            return quoted(value)
        case Literal(text=text, value=timedelta()):
            length = parse_span(text)
            return name(text) if length is None else span(length)
        case Literal(text=text):
            return name(text)
        case OfSetting(name=setting):
            return f"设置项{quoted(setting)}"
        case Moment(now=True):
            return "现在"
        case Moment(days=days):
            return _DAY_NAMES.get(days) or f"{name(str(abs(days)))}天{'前' if days < 0 else '后'}"
        case OfColumn():
            return _say_of_column(operand)


def _all_of(parts: Sequence[str]) -> str:
    if len(parts) < 2:  # noqa: PLR2004 - nothing to join
        return "".join(parts)
    comma = "；" if any("；" in part or "：" in part for part in parts) else "，"
    return f"{comma.join(parts[:-1])}{comma}并且{parts[-1]}"


def _say_blocks(blocks: Sequence[Condition]) -> str:
    return "；".join(f"（{number}）{say_condition(block)}" for number, block in enumerate(blocks, 1))


def _say_test(line: Condition) -> str:
    match line:
        case Compare():
            return _say_compare(line)
        case Between(low=low, high=high):
            return f"在{say_operand(low)}和{say_operand(high)}之间"
        case OneOf(values=values, negated=negated):
            said = listed([say_operand(one) for one in values], "、")
            return f"不是{said}中的任何一个" if negated else f"是{said}之一"
        case IsEmpty(negated=negated):
            return "不为空" if negated else "为空"
        case Valid(negated=negated):
            return "格式无效" if negated else "格式有效"
        case Ago() | Ahead() | Anniversary() | InPeriod():
            return _say_time(line)
        case TextTest(how=how, texts=texts, negated=negated):
            return _TEXTS[how][negated].format(listed([quoted(text) for text in texts], "或"))
        case Edge():
            return _say_edge(line)
        case _:
            return ""


def _say_compare(line: Compare) -> str:
    right = say_operand(line.right)
    if line.operator is Operator.EQUAL and isinstance(line.right, OfColumn):
        return f"与{right}{'不同' if line.negated else '相同'}"
    if line.operator is Operator.EQUAL and line.negated:
        return f"不是{right}"
    if line.operator is Operator.EQUAL and right.startswith("“"):
        return f"为{right}"
    signs = _DAYS if line.ref.column.kind in TEMPORAL else _SIZES
    return f"{signs[line.operator]}{right}"


def _say_time(line: Ago | Ahead | Anniversary | InPeriod) -> str:
    match line:
        case InPeriod(period=period):
            return f"在统计周期（{print_period(period, Tongue(chinese=True))}）内"
        case Ago(operator=Operator.EQUAL, span=length):
            return f"在{span(length)}前的那一天"
        case Ago(operator=operator, span=length):
            return f"{_AGES[operator]}{span(length)}"
        case Ahead(span=length, back=back):
            return f"在{'最近' if back else '未来'}{span(length)}内"
        case Anniversary(days=0):
            return "的周年日是今天"
        case Anniversary(days=days):
            return f"的周年日在{name(str(days))}天后"


def _say_edge(line: Edge) -> str:
    if line.how is EdgeHow.BY_PERCENT:
        return f"变化超过{name(f'{line.percent:g}%')}"
    if line.how in _EDGES:
        return _EDGES[line.how]
    before = f"从{_say_state(line.before)}" if line.before is not None else ""
    after = f"变为{_say_state(line.after)}" if line.after is not None else "有变化"
    return f"{before}{after}"


def _say_state(condition: Condition) -> str:
    """`从0变为大于0`: what the cell was or is, without its name."""
    said = _say_test(condition)
    if said in ("为空", "不为空"):
        return "空" if said == "为空" else "非空"
    return next((said.removeprefix(word) for word in ("为", "等于", "是") if said.startswith(word)), said)


def _say_of_column(operand: OfColumn) -> str:
    column = say_column(operand.ref)
    if operand.shift is not None:
        return f"{column}{'前' if operand.back else '后'}{span(operand.shift)}"
    if operand.factor != 1:
        column = f"{column}的{name(f'{operand.factor * 100:g}%')}"
    if operand.plus:
        return f"{column}{'减' if operand.plus < 0 else '加'}{name(f'{abs(operand.plus):g}')}"
    return column
