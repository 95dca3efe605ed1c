"""How are the entries of `then` written down again?"""

import dataclasses

from rowcall.duration import Span
from rowcall.language.printing.blocks import Listed
from rowcall.language.printing.conditions import print_column, print_conditions
from rowcall.language.printing.schedules import print_schedule
from rowcall.language.printing.tongue import Tongue
from rowcall.language.printing.values import (
    print_attachment,
    print_button,
    print_recipients,
    print_targets,
)
from rowcall.language.rule import (
    Act,
    AfterColumn,
    AfterLast,
    AfterStart,
    AtDue,
    AtEnd,
    AtShare,
    AtStart,
    Entry,
    Every,
    Timing,
)
from rowcall.language.shape import describe_shape
from rowcall.language.value import (
    AnswerChoices,
    AnswerColumn,
    Attachments,
    Buttons,
    Cells,
    Digest,
    GroupBy,
    ListName,
    Recipients,
    RowValues,
    Scale,
    TemplateName,
    TextOf,
    Unless,
)
from rowcall.language.words import Choice, CountWord, EntryKey, ScaleWord, Time


def print_entry(entry: Entry, words: dict[str, str], tongue: Tongue) -> list[tuple[str, object]]:
    """Return the lines of one entry; words: the kind of each action → its word in a rule."""
    lines = _timing(entry.timing, tongue)
    if entry.when is not None:
        lines.append((tongue(EntryKey.WHEN), print_conditions(entry.when, tongue)))
    return [*lines, *((tongue.action(words[act.kind], act.params), _act(act, tongue)) for act in entry.acts)]


def _timing(timing: Timing, tongue: Tongue) -> list[tuple[str, object]]:
    if isinstance(timing, Every):
        return _every(timing, tongue)
    said = _time(timing, tongue)
    return [(tongue(EntryKey.AT), said)] if said else []


def _every(timing: Every, tongue: Tongue) -> list[tuple[str, object]]:
    lines: list[tuple[str, object]] = [(tongue(EntryKey.EVERY), tongue.span(timing.span))]
    if timing.at_most is not None:
        lines.append((tongue(EntryKey.AT_MOST), tongue(CountWord.TIMES, count=str(timing.at_most))))
    if timing.until is not None:
        lines.append((tongue(EntryKey.UNTIL), print_conditions(timing.until, tongue)))
    return lines


def _time(timing: Timing, tongue: Tongue) -> str:
    match timing:
        case AtStart() | Every():
            return ""
        case AfterStart(span=span):
            return tongue(Time.AFTER_START, span=tongue.span(span))
        case AfterLast(span=span):
            return tongue(Time.AFTER_LAST, span=tongue.span(span))
        case AfterColumn(span=span, ref=ref, back=back):
            word = Time.BEFORE_COLUMN if back else Time.AFTER_COLUMN
            return tongue(word, span=tongue.span(span), column=print_column(ref, tongue))
        case AtDue(span=Span() as span, back=back):
            return tongue(Time.BEFORE_DUE if back else Time.AFTER_DUE, span=tongue.span(span))
        case AtDue():
            return tongue(Time.DUE)
        case AtShare(percent=percent):
            return tongue(Time.SHARE, percent=f"{percent:g}")
        case AtEnd():
            return tongue(Time.END)


def _act(act: Act, tongue: Tongue) -> list[tuple[str, object]]:
    params = act.params
    if not dataclasses.is_dataclass(params) or isinstance(params, type):
        raise TypeError(params)
    whole = [one for one in dataclasses.fields(params) if one.metadata.get("whole")]
    if whole:
        return print_targets(getattr(params, whole[0].name).targets, tongue)
    lines = []
    for key in describe_shape(type(params)):
        value = getattr(params, key.field)
        default = next(one.default for one in dataclasses.fields(params) if one.name == key.field)
        if value is not None and value != default:
            lines.append((tongue.key(key), _part(value, tongue)))
    return lines


def _part(value: object, tongue: Tongue) -> object:
    match value:
        case bool():
            return tongue(Choice.YES if value else Choice.NO)
        case str():
            return value
        case TextOf(source=source):
            return source
        case TemplateName(name=name) | ListName(name=name):
            return name
        case Recipients():
            return print_recipients(value, tongue)
        case RowValues(targets=targets) | Cells(targets=targets):
            return print_targets(targets, tongue)
        case Unless(condition=condition):
            return print_conditions(condition, tongue)
        case _:
            return _extra(value, tongue)


def _extra(value: object, tongue: Tongue) -> object:
    match value:
        case Digest(schedules=schedules):
            return Listed(print_schedule(one, tongue) for one in schedules)
        case GroupBy(ref=ref) | AnswerColumn(ref=ref):
            return print_column(ref, tongue)
        case Buttons(all=buttons):
            return Listed(print_button(one, tongue) for one in buttons)
        case Attachments(all=attachments):
            return Listed(print_attachment(one, tongue) for one in attachments)
        case AnswerChoices(answers=answers):
            return Listed(one.text for one in answers)
        case Scale(low=low, high=high):
            return tongue(ScaleWord.SCALE, low=str(low), high=str(high))
        case _:
            raise TypeError(value)
