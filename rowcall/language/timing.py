"""When does an entry act: at once, so long after something, or again and again?"""

import re
from collections.abc import Mapping

from rowcall.duration import Span, Unit
from rowcall.language.conditions import Asked, read_conditions
from rowcall.language.document import Node, Pair, Text
from rowcall.language.literal import holds
from rowcall.language.mistaken import Mistaken, note_mistakes
from rowcall.language.names import columns_of, has_column, resolve_column
from rowcall.language.near import did_you_mean
from rowcall.language.notes import Notes
from rowcall.language.pattern import find_slips, match_phrase
from rowcall.language.rule import (
    AfterColumn,
    AfterLast,
    AfterStart,
    AtDue,
    AtEnd,
    AtShare,
    AtStart,
    Every,
    Timing,
)
from rowcall.language.scope import Scope
from rowcall.language.spans import read_days, repaired_span
from rowcall.language.words import CountWord, EntryKey, Time
from rowcall.numbers import parse_number
from rowcall.table import TEMPORAL, Kind

_TIMES = re.compile(r"(?P<count>\d{1,6})(?:\s*(?:time|x|×))?", re.IGNORECASE)
_SPAN = r"(?P<span>\d+\s*(?:(?:working|business|work)\s+)?[a-z]+)"
_DUE = r"(?:the\s+)?(?:due(?:\s+date)?|deadline|overdue|sla)"
_INSTEAD = tuple(
    (re.compile(pattern, re.IGNORECASE), instead)
    for pattern, instead in (
        (r"immediately|now|at once|once|at start|the start|beginning", "start"),
        (rf"(?:(?:at|on|when|is)\s+)*{_DUE}(?:\s+now)?|too late|late|on time", "due"),
        (
            r"(?:at\s+)?(?:the\s+)?(?:end|ending)(?:\s+of\s+.*)?|ended|when (?:it )?ends|finish(?:ed)?|over|done",
            "end",
        ),
        (
            rf"(?P<percent>\d+(?:[.,]\d+)?)\s*%(?:\s+of)?(?:\s+(?:{_DUE}|time|the time.*))?",
            "{percent}% of the time",
        ),
        (r"half(?:\s+of)?\s+the\s+time|half\s*time", "50% of the time"),
        (rf"{_DUE}\s*\+\s*{_SPAN}", "{span} after due"),
        (rf"{_DUE}\s*[-−]\s*{_SPAN}", "{span} before due"),
        (rf"{_SPAN}\s+(?:after|past)\s+{_DUE}", "{span} after due"),
        (rf"{_SPAN}\s+before\s+{_DUE}", "{span} before due"),
        (rf"{_SPAN}\s+(?:overdue|late)", "{span} after due"),
        (rf"start\s*\+\s*{_SPAN}", "{span} after start"),
        (rf"(?:after\s+|in\s+|\+\s*)?{_SPAN}(?:\s+later)?", "{span} after start"),
        (rf"{_SPAN}\s+after\s+(?:the\s+)?(?:beginning|opening)", "{span} after start"),
        (rf"{_SPAN}\s+after\s+(?:the\s+)?(?:previous|last one|prior|entry before)", "{span} after last"),
        (rf"{_SPAN}\s+from\s+(?:now|start)", "{span} after start"),
    )
)
_WHOLE = 100
_SHORT_UNITS = (Unit.MINUTE, Unit.HOUR)


def read_timing(pairs: Mapping[EntryKey, Pair], scope: Scope, notes: Notes) -> Timing | None:
    """Return the time of an entry from its keys, or None with every mistake noted; no key means at start."""
    at, every = pairs.get(EntryKey.AT), pairs.get(EntryKey.EVERY)
    if at is not None and every is not None:
        notes.mistake(
            every.key.place,
            "An entry has either `at` or `every`, not both.",
            fix="Make two entries of it, each with its own time.",
        )
        return None
    if every is not None:
        return _read_every(every, pairs, scope, notes)
    for key in (EntryKey.AT_MOST, EntryKey.UNTIL):
        if key in pairs:
            notes.mistake(
                pairs[key].key.place,
                f"`{pairs[key].key.value}:` needs an `every:` beside it.",
                fix="For example `every: 3 days`.",
            )
            return None
    return AtStart() if at is None else _read_at(at.value, scope, notes)


def parse_time(text: str, scope: Scope) -> Timing:
    """Return the time that a text behind `at` says; raises Mistaken."""
    said = " ".join(text.split())
    for word, holes in match_phrase(Time, said):
        if word in _OF_DUE and _names_column(holes, scope):
            continue  # a column is called Due, and the rule has no deadline
        if "column" in holes and not has_column(scope, scope.table, holes["column"]):
            _refuse_wordings(said)
        return _read_word(word, holes, said, scope)
    _refuse_wordings(said)
    slip = next(iter(find_slips(Time, said)), None)
    raise Mistaken(f"`{said}` is not a time of the language.", slip.corrected if slip else "", _POSSIBLE)


def _refuse_wordings(said: str) -> None:
    for pattern, instead in _INSTEAD:
        match = pattern.fullmatch(said)
        if match is not None:
            holes = {name: part or "" for name, part in match.groupdict().items()}
            holes["span"] = repaired_span(holes.get("span", "")) or holes.get("span", "")
            better = instead.format(**holes)
            raise Mistaken(f"`{said}` is not a time of the language; write `{better}`.", better)


def time_text(timing: Timing) -> str:
    """Return a time in its one spelling: the name of an entry, without its number."""
    match timing:
        case AtStart():
            return "start"
        case AfterStart(span=span):
            return f"{span} after start"
        case AfterLast(span=span):
            return f"{span} after last"
        case AfterColumn(span=span, ref=ref, back=back):
            return f"{span} {'before' if back else 'after'} {ref.name}"
        case AtDue(span=None):
            return "due"
        case AtDue(span=span, back=back):
            return f"{span} {'before' if back else 'after'} due"
        case AtShare(percent=percent):
            return f"{percent:g}% of the time"
        case AtEnd():
            return "end"
        case Every(span=span):
            return f"every {span}"


def read_span(node: Node, scope: Scope | None, notes: Notes) -> Span | None:
    """Return a duration, or None with the mistake noted; without a scope it is one on the clock."""
    if isinstance(node, Text):
        return note_mistakes(
            notes, node.place, node.value, lambda _: _positive(read_days(node.value.strip(), scope))
        )
    notes.mistake(node.place, "A duration must stand here.", fix="For example `30 minutes` or `3 days`.")
    return None


def _positive(span: Span) -> Span:
    if span.count < 1:
        raise Mistaken(f"`{span}` is no time at all.", fix="Leave the line out, or write a longer duration.")
    return span


def _read_at(node: Node, scope: Scope, notes: Notes) -> Timing | None:
    if not isinstance(node, Text):
        notes.mistake(node.place, "Behind `at:` stands one time.", fix=_POSSIBLE)
        return None
    return note_mistakes(notes, node.place, node.value, lambda _: parse_time(node.value, scope))


def _names_column(holes: Mapping[str, str], scope: Scope) -> bool:
    return not scope.due and "span" in holes and has_column(scope, scope.table, _DUE_COLUMN)


def _read_word(word: Time, holes: Mapping[str, str], said: str, scope: Scope) -> Timing:
    if word in _OF_DUE and not scope.due:
        fix = "Write `due:` at the top of the rule: a column with dates, or `counted from:` and `within:`."
        raise Mistaken(f"`{said}` needs a deadline, and this rule has no `due:`.", fix=fix)
    match word:
        case Time.START:
            return AtStart()
        case Time.END:
            return AtEnd()
        case Time.DUE:
            return AtDue()
        case Time.SHARE:
            return _share(holes["percent"], said)
    span = _span_of(word, holes, scope)
    match word:
        case Time.AFTER_START:
            return AfterStart(span)
        case Time.AFTER_LAST:
            return AfterLast(span)
        case Time.AFTER_DUE | Time.BEFORE_DUE:
            return AtDue(span, back=word is Time.BEFORE_DUE)
        case _:
            return _after_column(span, holes["column"], scope, back=word is Time.BEFORE_COLUMN)


def _span_of(word: Time, holes: Mapping[str, str], scope: Scope) -> Span:
    try:
        return _positive(read_days(holes["span"], scope))
    except Mistaken as mistaken:
        rest = word.value[0].replace("{span}", mistaken.suggestion or "").format(**holes)
        raise Mistaken(mistaken.what, rest if mistaken.suggestion else "", mistaken.fix) from None


def _share(text: str, said: str) -> AtShare:
    number = parse_number(text.rstrip("% "), Kind.NUMBER)
    if number is None or number <= 0:
        raise Mistaken(f"`{said}` is not a share of the time.", fix="For example `75% of the time`.")
    if number >= _WHOLE:
        over = " later than the deadline" if number > _WHOLE else " the deadline itself"
        raise Mistaken(f"`{said}` is{over}.", "due", "Write `due`, or for example `4 hours after due`.")
    return AtShare(float(number))


def _after_column(span: Span, name: str, scope: Scope, *, back: bool) -> AfterColumn:
    side = "before" if back else "after"
    try:
        ref = resolve_column(scope, scope.table, name)
    except Mistaken as mistaken:
        near = did_you_mean(name, ["start", "beginning", "last", "due", *columns_of(scope, scope.table)])
        near = "start" if near == "beginning" else near
        suggestion = f"{span} {side} {mistaken.suggestion or near}" if mistaken.suggestion or near else ""
        raise Mistaken(
            f"`{name}` is neither `start` nor `last` nor `due` nor a column of {scope.table}."
            + (f" Did you mean `{near}`?" if near else ""),
            suggestion,
            _POSSIBLE,
        ) from None
    if ref.column.kind not in TEMPORAL:
        raise Mistaken(f"{holds(ref.column)}: {span} can be counted from a date only.", fix=_POSSIBLE)
    if ref.column.kind is Kind.DATE and span.unit in _SHORT_UNITS:
        raise Mistaken(
            f"{ref.name} holds days without a time: {span} can't be counted from it.", fix="Use days."
        )
    return AfterColumn(span, ref, back)


def _read_every(every: Pair, pairs: Mapping[EntryKey, Pair], scope: Scope, notes: Notes) -> Every | None:
    span = read_span(every.value, scope, notes)
    at_most, until = pairs.get(EntryKey.AT_MOST), pairs.get(EntryKey.UNTIL)
    count = None if at_most is None else _read_count(at_most, notes)
    end = (
        None if until is None else read_conditions(until.value, Asked(scope, scope.table, edges=False), notes)
    )
    if span is None or (at_most is not None and count is None) or (until is not None and end is None):
        return None
    return Every(span, count, end)


def _read_count(pair: Pair, notes: Notes) -> int | None:
    said = pair.value.value.strip() if isinstance(pair.value, Text) else ""
    match = _TIMES.fullmatch(said)
    counts = [holes["count"] for word, holes in match_phrase(CountWord, said) if word is CountWord.TIMES]
    counts += [match["count"]] if match else []
    if not counts or not counts[0].isdigit() or int(counts[0]) < 1:
        notes.mistake(pair.value.place, f"`{said}` is not a number of times.", fix="For example `4 times`.")
        return None
    return int(counts[0])


_OF_DUE = frozenset({Time.DUE, Time.SHARE, Time.AFTER_DUE, Time.BEFORE_DUE})
_DUE_COLUMN = "Due"
_POSSIBLE = (
    "Possible are `start`, `5 days after start`, `1 day after last` (after the entry before it was done), `due`, "
    "`75% of the time`, `4 hours after due`, `2 days before due`, `3 days after COLUMN`, `2 days before COLUMN`, `end`."
)
