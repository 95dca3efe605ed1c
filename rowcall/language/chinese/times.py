"""How do schedules, deadlines, pauses, periods and the times of entries read inside a Chinese sentence?"""

from collections.abc import Iterator, Sequence

from rowcall.language.asking import lines_of
from rowcall.language.chinese.conditions import say_column, say_condition
from rowcall.language.chinese.values import say_value
from rowcall.language.chinese.wording import TONGUE, listed, name, span
from rowcall.language.printing.schedules import print_comparison, print_period, print_schedule
from rowcall.language.ref import ColumnRef
from rowcall.language.rule import (
    AfterColumn,
    AfterLast,
    AfterStart,
    AtDue,
    AtEnd,
    AtShare,
    AtStart,
    Due,
    Every,
    FromChange,
    FromStart,
    Rule,
    Timing,
)
from rowcall.language.value import Length
from rowcall.language.working import counts_working_time
from rowcall.schedule import Schedule


def say_opening(rule: Rule) -> str:
    """Return when a row matters, or when a rule without rows acts."""
    when = f"{say_schedules(rule.schedule)}，" if rule.schedule else ""
    asked = bool(lines_of(rule.when))
    if not rule.table:
        return f"{when}{f'如果{say_condition(rule.when)}，' if asked else ''}执行这条规则。"
    if not asked:
        return f"{when}{name(rule.table)}表的每一行都要处理。"
    held = f"不间断地持续{span(rule.hold_for)}" if rule.hold_for is not None else ""
    asks = say_condition(rule.when)
    if "；" in asks or "：" in asks:
        held = f"（并且{held}）" if held else ""
        return f"{when}{name(rule.table)}表中的一行，满足以下全部条件{held}时就要处理：{asks}。"
    held = f"并且{held}，" if held else ""
    return f"{when}{name(rule.table)}表中的一行，当{asks}时，{held}就要处理。"


def say_clocks(rule: Rule) -> Iterator[str]:
    """Yield what the times of a rule are counted from and in: period, deadline, pauses, working hours."""
    if rule.period is not None:
        compared = f"，与{print_comparison(rule.compare_with, TONGUE)}对比" if rule.compare_with else ""
        yield f"统计周期是{print_period(rule.period, TONGUE)}{compared}。"
    if rule.due is not None:
        yield _say_due(rule.due)
    if rule.pause_while is not None:
        yield f"当{say_condition(rule.pause_while)}时，计时暂停。"
    if rule.working_hours and counts_working_time(rule):
        yield f"工作时间按{name(rule.working_hours)}计算。"


def say_timing(timing: Timing, *, first: bool) -> str:
    """Return when an entry acts."""
    match timing:
        case AtStart():
            return "随即" if first else "同时"
        case AfterStart(span=length):
            return f"开始处理{span(length)}后"
        case AfterLast(span=length):
            return f"上一步完成{span(length)}后"
        case AfterColumn(span=length, ref=ref, back=back):
            return f"{say_column(ref)}{'前' if back else '后'}{span(length)}"
        case AtShare(percent=percent):
            return f"期限的时间过去{name(f'{percent:g}%')}时"
        case AtDue(span=None):
            return "到期时"
        case AtDue(span=length, back=back) if length is not None:
            return f"到期{'前' if back else '后'}{span(length)}"
        case Every():
            return _say_every(timing)
        case AtEnd() | AtDue():
            return "结束时"


def say_schedules(schedules: Sequence[Schedule]) -> str:
    """Return when schedules strike."""
    return listed([_say_schedule(one) for one in schedules])


def _say_schedule(schedule: Schedule) -> str:
    if schedule.cron:
        return f"按定时表达式{name(schedule.cron)}"
    return print_schedule_text(schedule)


def print_schedule_text(schedule: Schedule) -> str:
    """Return a schedule as a Chinese rule writes it."""
    return name(str(print_schedule(schedule, TONGUE)))


def _say_every(every: Every) -> str:
    times = f"，最多{name(str(every.at_most))}次" if every.at_most is not None else ""
    end = f"，直到{say_condition(every.until)}为止" if every.until is not None else ""
    return f"每隔{span(every.span)}{times}{end}"


def _say_due(due: Due) -> str:
    base = _say_base(due.counted_from)
    if due.within is None:
        return f"期限是{base}。"
    if isinstance(due.within, Length):
        return f"期限是{base}之后{say_value(due.within)}。"
    return f"期限从{base}起算，时长为{say_value(due.within)}。"


def _say_base(base: ColumnRef | FromStart | FromChange) -> str:
    match base:
        case FromStart():
            return "开始处理的时刻"
        case FromChange(ref=ref):
            return f"{say_column(ref)}最后一次变化"
        case ColumnRef():
            return say_column(base)
