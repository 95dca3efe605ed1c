"""How much may a rule do, and in which hours: the lines of `limits` and of `send only`?"""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import time

from rowcall.duration import Span, parse_span
from rowcall.errors import Severity
from rowcall.language.document import Block, Lines, Node, Text
from rowcall.language.mistaken import Hint, Hints, Mistaken, note_mistakes
from rowcall.language.near import did_you_mean
from rowcall.language.notes import Notes
from rowcall.language.pattern import match_phrase
from rowcall.language.plain import parse_time
from rowcall.language.rule import Limit, LimitOf, Window
from rowcall.language.scope import Scope
from rowcall.language.weekday_words import weekdays_of
from rowcall.language.words import (
    Choice,
    DaysWord,
    FloorWord,
    LimitWord,
    WindowKey,
    WindowWord,
    find_word,
    is_chinese,
    spellings_of,
)

_EXAMPLES = (
    "For example `50 emails an hour`, `40 rows at once`, `10% of rows`, `1 email a week per customer`."
)
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_LOOSE = re.compile(
    r"(?P<days>[a-z,\- ]*?)\s*(?:from\s+|between\s+|at\s+)?(?P<start>\d{1,2}(?::\d\d)?)"
    r"\s*(?:-|–|to|until|till|and)\s*(?P<end>\d{1,2}(?::\d\d)?)",
    re.IGNORECASE,
)
_IN_BRACKETS = re.compile(
    r"(?P<share>.*?)\s*[,;(，；（]\s*(?:but\s+|但)?(?P<floor>[^()（）]+?)\s*[)）]?", re.IGNORECASE
)
_DROP_SIGNS = re.compile(r"\s*[,，]?\s*(?=otherwise)", re.IGNORECASE)
_WORKDAYS = 5
_WORKING = "工作日"


def read_limits(node: Node, scope: Scope, notes: Notes) -> tuple[Limit, ...] | None:
    """Return the lines of `limits`, or None with every mistake noted."""
    parts = node.parts if isinstance(node, Lines) else (node,)
    found: list[Limit | None] = []
    for part in parts:
        if isinstance(part, Text):
            found.append(_read_limit(part, scope, notes))
        else:
            notes.mistake(part.place, "A limit is one line of text.", fix=_EXAMPLES)
            found.append(None)
    limits = tuple(limit for limit in found if limit is not None)
    return limits if len(limits) == len(found) else None


def _read_limit(text: Text, scope: Scope, notes: Notes) -> Limit | None:
    return note_mistakes(notes, text.place, text.value, lambda _: parse_limit(text, scope))


def parse_limit(text: Text, scope: Scope) -> Limit:
    """Return what one line of `limits` says; raises Mistaken."""
    said = " ".join(text.value.split())
    share, floor, least = _split_floor(said)
    for word, holes in match_phrase(LimitWord, share):
        limit = _limit(word, holes, text, scope)
        if floor and word is not LimitWord.SHARE:
            raise Mistaken(f"`{floor}` belongs to a share of the rows.", share, _EXAMPLES)
        return replace(limit, not_below=least) if floor else limit
    raise Mistaken(f"`{said}` is not a limit of the language.", _closest(said), _EXAMPLES)


def _split_floor(said: str) -> tuple[str, str, int]:
    """Return a limit, what stands in brackets behind it (or ""), and how many rows that says."""
    match = _IN_BRACKETS.fullmatch(said) or re.fullmatch(r"(?P<share>.*?)\s+(?P<floor>not below .*)", said)
    found = list(match_phrase(FloorWord, re.sub(r" row$", " rows", match["floor"]))) if match else []
    if match is None or not found:
        return said, "", 0
    return match["share"], said[len(match["share"]) :].strip(), int(found[0][1]["count"].replace(",", ""))


def read_window(node: Node, notes: Notes) -> Window | None:
    """Return the hours of `send only`, or None with every mistake noted."""
    if isinstance(node, Block):
        return _read_window_block(node, notes)
    if not isinstance(node, Text):
        notes.mistake(node.place, "Behind `send only:` stands a time window.", fix=_WINDOW_EXAMPLE)
        return None
    return note_mistakes(notes, node.place, node.value, lambda hints: parse_window(node.value, hints))


def parse_window(text: str, hints: Hints) -> Window:
    """Return the hours that a text such as `weekdays between 09:00 and 19:00` says; raises Mistaken."""
    said = " ".join(text.split())
    for _, holes in match_phrase(WindowWord, _DROP_SIGNS.sub(" ", said).replace("otherwise: ", "otherwise ")):
        if "window" in holes:
            return replace(parse_window(holes["window"], hints), drop=True)
        break
    else:
        loose = _LOOSE.fullmatch(said)
        if loose is not None:
            days = f"{loose['days'].strip()} " if loose["days"].strip() else ""
            suggestion = f"{days}between {_clock(loose['start'])} and {_clock(loose['end'])}"
            raise Mistaken(f"`{said}` is not a time window of the language.", suggestion, _WINDOW_EXAMPLE)
        raise Mistaken(f"`{said}` is not a time window of the language.", "", _WINDOW_EXAMPLE)
    start, end = _hour(said, holes["start"]), _hour(said, holes["end"])
    if start == end:
        raise Mistaken(f"`{said}` begins and ends at the same time.", fix=_WINDOW_EXAMPLE)
    days = holes.get("days") or holes.get("weekdays") or ""
    if days == _WORKING:
        what = f"`{days}` is read as 周一至周五 (Monday to Friday) here, holidays or not."
        hints.append(Hint(what, said.replace(days, "周一至周五"), Severity.NOTE))
    return Window(start, end, _weekdays(said, days))


def _limit(word: LimitWord, holes: Mapping[str, str], text: Text, scope: Scope) -> Limit:
    number = float(holes.get("count", holes.get("percent", "0")).replace(",", "").rstrip("% "))
    if number <= 0:
        raise Mistaken(f"`{text.value}` would let nothing through.", fix="To stop a rule write `state: off`.")
    if word is LimitWord.ROWS:
        return Limit(LimitOf.ROWS, number, text.value, text.place)
    if word is LimitWord.SHARE:
        return Limit(LimitOf.SHARE, number, text.value, text.place)
    span = _per(text.value, holes["unit"])
    if word is LimitWord.EMAILS:
        return Limit(LimitOf.EMAILS, number, text.value, text.place, span)
    names = re.split(r"[,，、]", holes.get("rules", ""))
    rules = tuple(_rule_id(name.strip(), scope) for name in names if name.strip())
    return Limit(LimitOf.PER_CUSTOMER, number, text.value, text.place, span, rules)


def _per(text: str, unit: str) -> Span:
    said = unit.replace("月", "个月") if is_chinese(unit) and "个月" not in unit else unit
    span = parse_span(said if said[:1].isdigit() else f"1{said}" if is_chinese(said) else f"1 {said}")
    if span is None or span.working:
        near = did_you_mean(unit, ("minute", "hour", "day", "week", "month", "year"))
        raise Mistaken(f"`{unit}` is not a time.", text.replace(unit, near) if near else "", _EXAMPLES)
    return span


def _rule_id(name: str, scope: Scope) -> str:
    if scope.rules and name not in scope.rules:
        near = did_you_mean(name, scope.rules)
        raise Mistaken(
            f"There is no rule `{name}`." + (f" Did you mean `{near}`?" if near else ""),
            near,
            f"The rules are named by their files: {', '.join(scope.rules)}.",
        )
    return name


def _closest(said: str) -> str:
    """Return the limit that a text probably means: `50 mails per hour`, `50/hour`, `max 40 rows`."""
    tidy = re.sub(r"^(?:max(?:imum)?|at most|no more than|up to)\s+(?:of\s+)?", "", said, flags=re.IGNORECASE)
    if re.fullmatch(r"\d+ rows?(?: (?:per|a|at) (?:tick|time|run|once))?", tidy, re.IGNORECASE):
        return f"{tidy.split()[0]} rows at once"
    if re.fullmatch(r"\d+\s*% *(?:of (?:all|the) rows)?", tidy, re.IGNORECASE):
        return f"{tidy.split('%')[0].strip()}% of rows"
    rate = re.fullmatch(
        r"(\d+) *(?:[a-z-]*)? *(?:/|per|an?|every|each|in an?) *([a-z]+?)(?:ly)?( per customer)?",
        tidy,
        re.IGNORECASE,
    )
    if rate:
        unit = did_you_mean(rate[2], ("minute", "hour", "day", "week", "month"))
        return f"{rate[1]} emails {'an' if unit == 'hour' else 'a'} {unit}{rate[3] or ''}" if unit else ""
    return ""


def _read_window_block(block: Block, notes: Notes) -> Window | None:
    window: Window | None = None
    fine = True
    drop = False
    for pair in block:
        key = find_word(WindowKey, pair.key.value)
        said = pair.value.value if isinstance(pair.value, Text) else ""
        if key is WindowKey.WINDOW:
            window = read_window(pair.value, notes)
        elif key is WindowKey.OTHERWISE and find_word(Choice, said) is Choice.DROP:
            drop = True
        elif key is WindowKey.OTHERWISE:
            fine = False
            notes.mistake(
                pair.value.place,
                f"Behind `otherwise:` stands `drop`, not `{said}`.",
                fix="Without it mails wait.",
            )
        else:
            fine = False
            near = did_you_mean(pair.key.value, spellings_of(WindowKey))
            notes.mistake(
                pair.key.place,
                f"`{pair.key.value}:` is not known here; possible are `window` and `otherwise`.",
                suggestion=notes.corrected(pair.key.place, pair.key.value, near) if near else "",
            )
    if window is None:
        if fine:
            notes.mistake(block.place, "`window:` is missing here.", fix=_WINDOW_EXAMPLE)
        return None
    return Window(window.start, window.end, window.days, drop or window.drop) if fine else None


def _weekdays(said: str, text: str) -> frozenset[int]:
    words = text.strip().lower().rstrip(",").removeprefix("on ")
    group = find_word(DaysWord, words)
    if group is DaysWord.EVERY_DAY or words in ("", "daily", "always", "all days"):
        return frozenset(range(len(_DAYS)))
    if group is DaysWord.WEEKDAYS or words == "weekday":
        return frozenset(range(_WORKDAYS))
    if group is DaysWord.WEEKENDS or words == "weekend":
        return frozenset((5, 6))
    if is_chinese(words):
        return _chinese_days(said, words)
    run = re.fullmatch(r"(\w+)\s*(?:to|-|–|until)\s*(\w+)", words)
    if run:
        first, last = _weekday(said, run[1]), _weekday(said, run[2])
        return frozenset((first + step) % 7 for step in range((last - first) % 7 + 1))
    return frozenset(_weekday(said, word) for word in re.split(r"\s*,\s*(?:and\s+)?|\s+and\s+", words))


def _chinese_days(said: str, words: str) -> frozenset[int]:
    days = weekdays_of(words.removeprefix("每"))
    if days is None:
        raise Mistaken(f"`{words}` are no days of the week.", "", f"`{said}`: {_WINDOW_EXAMPLE}")
    return days


def _weekday(said: str, word: str) -> int:
    folded = word.strip().removesuffix("s")
    for number, day in enumerate(_DAYS):
        if folded == day or (len(folded) in (3, 4) and day.startswith(folded)) or word.strip() == day:
            return number
    near = did_you_mean(word, [f"{day}s" for day in _DAYS] + ["weekdays", "weekends", "every day"])
    near = near.capitalize() if near.removesuffix("s") in _DAYS else near
    better = re.sub(re.escape(word), near, said, flags=re.IGNORECASE) if near else ""
    raise Mistaken(f"`{word}` is not a day of the week.", better, _WINDOW_EXAMPLE)


def _hour(said: str, text: str) -> time:
    hour = parse_time(text)
    if hour is None:
        clock = _clock(text) if re.fullmatch(r"\d{1,2}", text) and int(text) < 24 else ""  # noqa: PLR2004 - hours
        raise Mistaken(
            f"`{text}` is not a time of day; one looks like `09:00`.",
            re.sub(rf"(?<![\d:]){text}(?![\d:])", clock, said) if clock else "",
            _WINDOW_EXAMPLE,
        )
    return hour


def _clock(text: str) -> str:
    hour, _, minute = text.partition(":")
    return f"{int(hour):02}:{minute or '00'}"


_WINDOW_EXAMPLE = (
    "For example `weekdays between 09:00 and 19:00`, or `between 08:00 and 20:00` for every day."
)
