"""Which days does a rule report about, and which does it compare them with: `period` and `compare with`?"""

import re
from collections.abc import Mapping

from rowcall.duration import Unit, parse_span
from rowcall.language.mistaken import Mistaken
from rowcall.language.near import did_you_mean
from rowcall.language.pattern import match_phrase
from rowcall.language.spans import read_days, repaired_span
from rowcall.language.words import CompareWord, PeriodWord, spelled
from rowcall.period import QUARTER, Period, before_of, last_year_of

_FIXED = {
    PeriodWord.TODAY: (Unit.DAY, 1, 0),
    PeriodWord.YESTERDAY: (Unit.DAY, 1, 1),
    PeriodWord.THIS_WEEK: (Unit.WEEK, 1, 0),
    PeriodWord.LAST_WEEK: (Unit.WEEK, 1, 1),
    PeriodWord.THIS_MONTH: (Unit.MONTH, 1, 0),
    PeriodWord.LAST_MONTH: (Unit.MONTH, 1, 1),
    PeriodWord.THIS_QUARTER: (Unit.MONTH, QUARTER, 0),
    PeriodWord.LAST_QUARTER: (Unit.MONTH, QUARTER, 1),
    PeriodWord.THIS_YEAR: (Unit.YEAR, 1, 0),
    PeriodWord.LAST_YEAR: (Unit.YEAR, 1, 1),
}
_BEFORE = {
    (Unit.DAY, 1): CompareWord.DAY_BEFORE,
    (Unit.WEEK, 1): CompareWord.WEEK_BEFORE,
    (Unit.MONTH, 1): CompareWord.MONTH_BEFORE,
    (Unit.MONTH, QUARTER): CompareWord.QUARTER_BEFORE,
    (Unit.YEAR, 1): CompareWord.YEAR_BEFORE,
}
_SAME = {
    (Unit.DAY, 1): CompareWord.SAME_DAY,
    (Unit.WEEK, 1): CompareWord.SAME_WEEK,
    (Unit.MONTH, 1): CompareWord.SAME_MONTH,
    (Unit.MONTH, QUARTER): CompareWord.SAME_QUARTER,
}
_MEANT = {
    "day": "yesterday", "week": "last week", "month": "last month", "quarter": "last quarter", "year": "last year",
    "so far this week": "this week", "week to date": "this week", "wtd": "this week", "month to date": "this month",
    "mtd": "this month", "quarter to date": "this quarter", "qtd": "this quarter", "year to date": "this year",
    "ytd": "this year", "last day": "yesterday", "last 24 hours": "yesterday", "day before": "yesterday",
}  # fmt: skip
_FUTURE = re.compile(r"(?:next|coming|following|upcoming)\b.*|tomorrow", re.IGNORECASE)
_POSSIBLE = (
    "Possible are `today`, `yesterday`, `this week`, `last week`, and the same with `month`, `quarter` and `year`, "
    "`last 30 days`, `last 4 weeks`, `last 3 months`."
)


def parse_period(text: str) -> Period:
    """Return the period that a text says; raises Mistaken."""
    said = " ".join(text.split())
    for word, holes in match_phrase(PeriodWord, said):
        if word is PeriodWord.LAST:
            return _rolling(holes["span"])
        return _fixed(word)
    if _FUTURE.fullmatch(said):
        raise Mistaken(f"`{said}` is yet to come; a period lies behind.", fix=_POSSIBLE)
    meant = _meant_period(said)
    did = f" Did you mean `{meant}`?" if meant else ""
    raise Mistaken(f"`{said}` is not a period of the language.{did}", meant, _POSSIBLE)


def parse_comparison(text: str, period: Period) -> Period:
    """Return the period that `compare with` says, which depends on the rule's own; raises Mistaken."""
    said = " ".join(text.split())
    known = comparisons_of(period)
    for word, holes in match_phrase(CompareWord, said):
        span = parse_span(holes["span"]) if "span" in holes else None
        name = spelled(word).replace("{span}", str(span))
        if name in known:
            return known[name]
    fits = " or ".join(f"`{one}`" for one in known)
    meant = _meant_comparison(said, known)
    what = f"`{said}` does not say what `{period.text}` is compared with; {fits} would."
    raise Mistaken(what, meant, f"Write {fits}.")


def comparisons_of(period: Period) -> Mapping[str, Period]:
    """Return what a period may be compared with: the text of each → the period."""
    if period.rolling:
        span = period.text.removeprefix("last ")
        before = spelled(CompareWord.SPAN_BEFORE).replace("{span}", span)
        same = spelled(CompareWord.SAME_DAYS)
        return {before: before_of(period, before), same: last_year_of(period, same)}
    before = spelled(_BEFORE[period.unit, period.count])
    found = {before: before_of(period, before)}
    word = _SAME.get((period.unit, period.count))
    if word is not None:
        found[spelled(word)] = last_year_of(period, spelled(word))
    return found


def _fixed(word: PeriodWord) -> Period:
    unit, count, back = _FIXED[word]
    return Period(spelled(word), unit, count, back)


def _rolling(text: str) -> Period:
    try:
        span = read_days(text)
    except Mistaken as mistaken:
        quarters = re.fullmatch(r"(\d+)\s*quarters?", text, re.IGNORECASE)
        meant = f"{int(quarters[1]) * QUARTER} months" if quarters else mistaken.suggestion
        raise Mistaken(mistaken.what, f"last {meant}" if meant else "", _POSSIBLE) from None
    if span.unit in (Unit.MINUTE, Unit.HOUR):
        days = span.exact.days
        better = "yesterday" if days == 1 else f"last {days} days" if days > 1 else "today"
        raise Mistaken(f"`last {text}`: a period has whole days.", better, _POSSIBLE)
    if span.count < 1:
        raise Mistaken(f"`last {text}` has no day.", fix=_POSSIBLE)
    return Period(f"last {span}", span.unit, span.count, rolling=True)


def _meant_period(said: str) -> str:
    text = re.sub(r"^(?:the|in the|for the)\s+", "", said.lower())
    text = re.sub(r"\s+(?:so far|until now)$", "", text)
    text = re.sub(r"^(?:previous|prior|past|preceding)\b", "last", text)
    text = re.sub(r"^current\b", "this", text)
    if text in _MEANT:
        return _MEANT[text]
    span = repaired_span(text.removeprefix("last ").strip())
    if span and "working" not in span and span.split()[-1].rstrip("s") in ("day", "week", "month", "year"):
        return f"last {span}" if text.removeprefix("last ")[:1].isdigit() else ""
    words = [spelled(word) for word in _FIXED]
    return text if text in words else did_you_mean(text, words)


def _meant_comparison(said: str, known: Mapping[str, Period]) -> str:
    """Return what is meant by a text that says it otherwise; only a period earlier by one, or by a year, is plain."""
    before, *same = known
    text = said.lower()
    if "last year" in text or "year ago" in text or "a year before" in text:
        return same[0] if same else before
    other: Period | None
    try:
        other = parse_period(said)
    except Mistaken as mistaken:
        other = parse_period(mistaken.suggestion) if mistaken.suggestion else None
    ahead = known[before]
    if other is not None and (other.unit, other.count, other.rolling) == (
        ahead.unit,
        ahead.count,
        ahead.rolling,
    ):
        return before
    if re.search(r"\b(?:before|previous|prior|preceding|last)\b", text) and re.search(
        r"\bperiod|time\b", text
    ):
        return before
    return did_you_mean(text, known)
