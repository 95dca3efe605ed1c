"""What stands behind each key at the top of a rule file?"""

from collections.abc import Callable, Mapping

from rowcall.duration import Span, Unit
from rowcall.language.budget import read_limits, read_window
from rowcall.language.document import Blank, Pair, Text
from rowcall.language.mistaken import note_mistakes
from rowcall.language.near import did_you_mean
from rowcall.language.notes import Notes
from rowcall.language.periods import parse_comparison, parse_period
from rowcall.language.plain import read_plain, read_word
from rowcall.language.recipients import read_person
from rowcall.language.rule import FirstRun, Limit, State, Window
from rowcall.language.scheduling import read_schedules
from rowcall.language.scope import Scope
from rowcall.language.timing import read_span
from rowcall.language.words import Choice, Key
from rowcall.period import Period
from rowcall.schedule import Schedule

Pairs = Mapping[Key, Pair]
Reader = Callable[[Pair, Scope, Notes], object | None]
_HOURS_LIKE = "0123456789"


def is_blank(pair: Pair, notes: Notes) -> bool:
    """Say whether nothing stands behind a key, and note it."""
    if isinstance(pair.value, Blank):
        notes.mistake(
            pair.key.place,
            f"Nothing stands behind `{pair.key.value}:`.",
            fix="Fill it in, or remove the line.",
        )
        return True
    return False


def read_working_hours(pairs: Pairs, scope: Scope, notes: Notes) -> str:
    """Return the calendar that a rule's working time counts in: its own, or the config's."""
    pair = pairs.get(Key.WORKING_HOURS)
    if pair is None or is_blank(pair, notes):
        return scope.working_hours
    said = pair.value.value.strip() if isinstance(pair.value, Text) else ""
    if said in scope.calendars:
        return said
    near = did_you_mean(said, scope.calendars) if said else ""
    if not near and len(scope.calendars) == 1:
        near = scope.calendars[0]
    known = ", ".join(f"`{name}`" for name in scope.calendars) or "none yet"
    if not isinstance(pair.value, Text) or said[:1] in _HOURS_LIKE:
        what = f"Behind `{pair.key.value}:` stands the name of a calendar, not its hours"
        what += f" (`{said}`)." if said else "."
    else:
        what = f"There is no calendar `{said}`."
        what += f" Did you mean `{near}`?" if near else ""
    notes.mistake(
        pair.value.place,
        what,
        suggestion=notes.corrected(pair.value.place, said, near) if near and said else "",
        fix=f"Calendars are declared in config.yaml under `calendars:`; there are: {known}.",
    )
    # Any calendar does for reading on: the other lines shall not seem wrong because of this one.
    return near or next(iter(scope.calendars), "") or said or "?"


def read_period(pairs: Pairs, notes: Notes) -> Period | None:
    """Return the period of a rule; with a mistake noted one that lets the rest be read."""
    pair = pairs.get(Key.PERIOD)
    if pair is None:
        return None
    found = None
    if not is_blank(pair, notes):
        text = _one_text(pair, notes, "For example `period: last week`.")
        if text is not None:
            found = note_mistakes(notes, text.place, text.value, lambda _: parse_period(text.value))
    return found or Period("", Unit.WEEK)


def read_compare_with(pairs: Pairs, period: Period | None, notes: Notes) -> Period | None:
    """Return the period that a rule's figures are compared with."""
    pair = pairs.get(Key.COMPARE_WITH)
    if pair is None or is_blank(pair, notes):
        return None
    if period is None:
        what = f"`{pair.key.value}:` needs a `period:` beside it."
        notes.mistake(
            pair.key.place, what, fix="For example `period: last week` and `compare with: the week before`."
        )
        return None
    text = _one_text(pair, notes, "For example `compare with: the week before`.")
    if text is None or not period.text:
        return None
    return note_mistakes(notes, text.place, text.value, lambda _: parse_comparison(text.value, period))


def read_text(pair: Pair, scope: Scope, notes: Notes) -> str | None:  # noqa: ARG001 - all readers are called alike
    """Return the one text behind a key."""
    text = _one_text(pair, notes, "")
    return None if text is None else text.value.strip()


def _one_text(pair: Pair, notes: Notes, fix: str) -> Text | None:
    if isinstance(pair.value, Text) and pair.value.value.strip():
        return pair.value
    notes.mistake(pair.value.place, f"Behind `{pair.key.value}:` stands one text.", fix=fix)
    return None


def _read_responsible(pair: Pair, scope: Scope, notes: Notes) -> str | None:
    text = _one_text(pair, notes, "")
    return None if text is None else read_person(text, scope, notes) or None


def _read_yes(pair: Pair, scope: Scope, notes: Notes) -> bool | None:  # noqa: ARG001 - as above
    text = _one_text(pair, notes, "")
    value = None if text is None else read_plain(bool, text, notes)
    return value if isinstance(value, bool) else None


def _read_first_run(pair: Pair, scope: Scope, notes: Notes) -> FirstRun | None:  # noqa: ARG001 - as above
    word = _read_choice(pair, tuple(FirstRun), notes)
    return None if word is None else FirstRun(word)


def _read_state(pair: Pair, scope: Scope, notes: Notes) -> State | None:  # noqa: ARG001 - as above
    word = _read_choice(pair, tuple(State), notes)
    return None if word is None else State(word)


def _read_choice(pair: Pair, known: tuple[str, ...], notes: Notes) -> str | None:
    text = _one_text(pair, notes, "")
    return None if text is None else read_word([str(word) for word in known], text, notes, Choice)


def _read_for(pair: Pair, scope: Scope, notes: Notes) -> Span | None:
    return read_span(pair.value, scope, notes)


def _read_expires(pair: Pair, scope: Scope, notes: Notes) -> Span | None:  # noqa: ARG001 - as above
    return read_span(pair.value, None, notes)


def _read_check_every(pair: Pair, scope: Scope, notes: Notes) -> Span | None:  # noqa: ARG001 - as above
    span = read_span(pair.value, None, notes)
    if span is None or span.unit not in (Unit.MONTH, Unit.YEAR):
        return span
    what = f"`{span}` is too long between two looks, and not always the same."
    notes.mistake(
        pair.value.place,
        what,
        fix="Write minutes, hours, days or weeks; or `schedule: 1st of month at 09:00`.",
    )
    return None


def _read_send_only(pair: Pair, scope: Scope, notes: Notes) -> Window | None:  # noqa: ARG001 - as above
    return read_window(pair.value, notes)


def _read_limits(pair: Pair, scope: Scope, notes: Notes) -> tuple[Limit, ...] | None:
    return read_limits(pair.value, scope, notes)


def _read_schedule(pair: Pair, scope: Scope, notes: Notes) -> tuple[Schedule, ...] | None:
    return read_schedules(pair.value, scope, notes)


PLAIN_FIELDS: tuple[tuple[Key, str, Reader], ...] = (
    (Key.RULE, "title", read_text),
    (Key.ABOUT, "about", read_text),
    (Key.RESPONSIBLE, "responsible", _read_responsible),
    (Key.SCHEDULE, "schedule", _read_schedule),
    (Key.FOR, "hold_for", _read_for),
    (Key.ONCE_PER_ROW, "once_per_row", _read_yes),
    (Key.SEND_ONLY, "send_only", _read_send_only),
    (Key.LIMITS, "limits", _read_limits),
    (Key.FIRST_RUN, "first_run", _read_first_run),
    (Key.CHECK_EVERY, "check_every", _read_check_every),
    (Key.EXPIRES_AFTER, "expires_after", _read_expires),
    (Key.STATE, "state", _read_state),
)
"""Keys that need nothing of the others but the names in the scope: key, field of Rule, reader."""
