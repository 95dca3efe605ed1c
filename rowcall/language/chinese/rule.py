"""What was understood? A rule read back in Chinese sentences."""

import dataclasses
from collections.abc import Iterator

from rowcall.language.asking import lines_of, while_open
from rowcall.language.chinese.conditions import say_column, say_condition
from rowcall.language.chinese.figures import say_figures, say_kept
from rowcall.language.chinese.mails import say_mail
from rowcall.language.chinese.times import say_clocks, say_opening, say_timing
from rowcall.language.chinese.values import say_targets, say_value
from rowcall.language.chinese.wording import TONGUE, listed, name, settled, span
from rowcall.language.printing.bounds import print_weekdays
from rowcall.language.rule import Act, AtStart, Entry, FirstRun, Limit, LimitOf, Rule, State, Window
from rowcall.language.value import Cells, Recipients, RowValues, Unless

_GROUPS = {
    frozenset(range(7)): "每天",
    frozenset(range(5)): "周一至周五",
    frozenset({5, 6}): "周末",
}
_FIRST_RUN = {
    FirstRun.ASK: "规则第一次查看时已经符合的行，等负责人决定后再处理。",
    FirstRun.ONLY_NEW: "规则第一次查看时已经符合的行不处理。",
    FirstRun.ACT: "规则第一次查看时已经符合的行也一并处理。",
}
_STATES = {
    State.OFF: "这条规则已停用。",
    State.WATCH: "这条规则只观察：照常计划和记录，但不发送也不写入。",
}


def say_rule(rule: Rule) -> str:
    """Return everything that a rule does, in whole sentences, in the order of reading: when, what, how long."""
    return "".join(settled(part) for part in _sentences(rule) if part)


def _sentences(rule: Rule) -> Iterator[str]:
    yield _STATES.get(rule.state, "")
    yield say_opening(rule)
    yield from say_clocks(rule)
    yield from say_figures(rule.figures)
    yield from say_kept(rule.keep)
    for number, entry in enumerate(rule.entries):
        yield _say_entry(entry, first=number == 0)
    yield from _endings(rule)
    yield from _bounds(rule)
    if not rule.schedule:
        yield _FIRST_RUN[rule.first_run]


def _say_entry(entry: Entry, *, first: bool) -> str:
    when = f"，如果{say_condition(entry.when)}" if entry.when is not None else ""
    acts = "；然后".join(_say_act(act) for act in entry.acts)
    return f"{say_timing(entry.timing, first=first)}{when}，{acts}。"


def _say_act(act: Act) -> str:
    parts = _parts(act.params)
    if any(isinstance(value, Recipients) for _, value in parts):
        return say_mail(parts)
    for _, value in parts:
        if isinstance(value, Cells):
            return say_targets(value.targets)
        if isinstance(value, RowValues):
            unless = next((one for _, one in parts if isinstance(one, Unless)), None)
            there = "" if unless is None else f"（除非已有这样的行：{say_condition(unless.condition)}）"
            cells = "，".join(f"{say_column(one.ref)}为{say_value(one.value)}" for one in value.targets)
            return f"在{name(value.table)}表中添加一行{there}：{cells}"
    return f"执行{name(act.kind.replace('_', ' '))}"


def _parts(params: object) -> list[tuple[str, object]]:
    if not dataclasses.is_dataclass(params):
        return []
    named = [(one.name, getattr(params, one.name)) for one in dataclasses.fields(params)]
    return [(key, value) for key, value in named if value is not None]


def _endings(rule: Rule) -> Iterator[str]:
    if not rule.table:
        return
    reasons = [] if rule.stop_when is None else [say_condition(rule.stop_when)]
    waits = any(not isinstance(entry.timing, AtStart) for entry in rule.entries)
    left = while_open(rule.when)
    if waits and rule.again_only_when is not None:
        reasons.append(say_condition(rule.again_only_when))
    elif waits and left is not None and lines_of(left):
        reasons.append("这一行不再符合条件")
    if reasons:
        yield f"一旦{'，或者'.join(reasons)}，尚未执行的步骤就取消。"
    if rule.once_per_row:
        yield "每一行只处理一次。"
    elif rule.again_only_when is not None:
        yield f"只有在{say_condition(rule.again_only_when)}之后，同一行才会重新开始。"
    elif rule.schedule:
        yield "每次都重新开始。"
    elif lines_of(rule.when):
        yield "一行不再符合条件之后，才会重新开始。"


def _bounds(rule: Rule) -> Iterator[str]:
    if rule.send_only is not None:
        yield _say_window(rule.send_only)
    for limit in rule.limits:
        yield _say_limit(limit)
    if rule.check_every is not None:
        yield f"最多每隔{span(rule.check_every)}查看一次。"
    if rule.expires_after is not None:
        yield f"{span(rule.expires_after)}内没能发出的邮件会被丢弃并报告。"
    if rule.responsible:
        yield f"负责人是{name(rule.responsible)}。"


def _say_window(window: Window) -> str:
    days = _GROUPS.get(window.days) or print_weekdays(window.days, TONGUE)
    other = "错过这段时间的邮件不再发送" if window.drop else "其余时间的邮件先等着"
    start, end = name(f"{window.start:%H:%M}"), name(f"{window.end:%H:%M}")
    return f"邮件只在{days}{start}到{end}发出，{other}。"


def _say_limit(limit: Limit) -> str:
    held = "先扣下来并询问负责人"
    count = name(f"{limit.count:g}")
    per = span(limit.span) if limit.span is not None else ""
    match limit.of:
        case LimitOf.ROWS:
            return f"如果一次要处理的行超过{count}行，{held}。"
        case LimitOf.SHARE:
            least = f"（且不少于{name(str(limit.not_below))}行）" if limit.not_below else ""
            return f"如果一次要处理的行超过总行数的{name(f'{limit.count:g}%')}{least}，{held}。"
        case LimitOf.EMAILS:
            return f"{per}内超过{count}封的邮件，{held}。"
        case LimitOf.PER_CUSTOMER:
            over = f"规则{listed([name(one) for one in limit.rules])}" if limit.rules else "所有规则"
            return f"同一位客户{per}内最多收到{count}封邮件（{over}合计），其余的往后排。"
