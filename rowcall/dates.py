"""Which day or moment does a cell's text say, and how is one written into a cell?

Accepted: year first (`2026-03-05`, `2026/3/5`, `2026.3.5`, `20260305`, `2026年3月5日`), day first with
dots (`5.3.2026`), a month by its English name (`5 Mar 2026`, `March 5, 2026`), and the serial numbers that
spreadsheets store (`46086.9375`), from 10000 (1927) to 109205 (2198).
`25/03/2026` has only one meaning and is accepted; `05/03/2026` has two and is refused.
A time may follow (`22:30`, `22:30:15`, `10:30 pm`, `22时30分`, `下午3:05`), and an offset (`Z`, `+01:00`).

Without an offset a time is the wall clock of the shop: one that occurs twice is its first occurrence,
one that a change to summer time skips is the end of the gap.
"""

import re
import unicodedata
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import polars as pl

from rowcall.duration import resolve_local
from rowcall.numbers import BLANKS

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
_DAY_FORMS = (
    re.compile(r"(?P<y>\d{4})(?P<s>[-/.])(?P<m>\d{1,2})(?P=s)(?P<d>\d{1,2})", re.ASCII),
    re.compile(r"(?P<y>\d{4}) ?年 ?(?P<m>\d{1,2}) ?月 ?(?P<d>\d{1,2}) ?[日号]", re.ASCII),
    re.compile(r"(?P<d>\d{1,2})\.(?P<m>\d{1,2})\.(?P<y>\d{4})", re.ASCII),
    re.compile(r"(?P<y>\d{4})(?P<m>\d{2})(?P<d>\d{2})", re.ASCII),
    re.compile(rf"(?P<d>\d{{1,2}})[ -](?P<m>{_MONTH})[ ,-] ?(?P<y>\d{{4}})", re.ASCII | re.IGNORECASE),
    re.compile(rf"(?P<m>{_MONTH}) (?P<d>\d{{1,2}}),? (?P<y>\d{{4}})", re.ASCII | re.IGNORECASE),
)
_SLASHED = re.compile(r"(?P<a>\d{1,2})(?P<s>[/-])(?P<b>\d{1,2})(?P=s)(?P<y>\d{4})", re.ASCII)
_TIME = re.compile(
    r"(?P<gap>[T,]? ?)(?P<noon>[上下]午)? ?"
    r"(?:(?P<h>\d{1,2}):(?P<m>\d{2})(?::(?P<s>\d{2})(?:\.(?P<f>\d{1,9}))?)?"
    r"|(?P<ch>\d{1,2})[时点](?P<cm>\d{1,2})分(?:(?P<cs>\d{1,2})秒)?)"
    r" ?(?P<half>am|pm)? ?(?P<offset>Z|UTC|GMT|[+-]\d{2}(?::?\d{2})?)?",
    re.ASCII | re.IGNORECASE,
)
_SERIAL = re.compile(r"\d{5,6}(?:\.\d{1,15})?", re.ASCII)
_SERIALS = (10_000, 109_205)
_EPOCH = datetime(1899, 12, 30)  # noqa: DTZ001 - a spreadsheet's serial is a wall-clock time without a zone
_DAY_MS = 86_400_000
_YEARS = range(1900, 10_000)
_LONGEST = 60

# The years for which polars' own table of time zones and Python's surely say the same.
_SURE = (datetime(1970, 1, 2), datetime(2099, 12, 30))  # noqa: DTZ001 - wall-clock times
# Patterns that polars types as a whole column.
_FAST_YEAR = r"^(?:19[7-9]|20[0-2])\d"
_FAST_DAYS = (
    (_FAST_YEAR + r"-\d{1,2}-\d{1,2}$", "%Y-%m-%d"),
    (_FAST_YEAR + r"/\d{1,2}/\d{1,2}$", "%Y/%m/%d"),
    (r"^\d{1,2}\.\d{1,2}\.(?:19[7-9]|20[0-2])\d$", "%d.%m.%Y"),
)
_FAST_MOMENTS = (
    (_FAST_YEAR + r"-\d\d-\d\d \d\d:\d\d:\d\d$", "%Y-%m-%d %H:%M:%S"),
    (_FAST_YEAR + r"-\d\d-\d\d \d\d:\d\d$", "%Y-%m-%d %H:%M"),
    (_FAST_YEAR + r"-\d\d-\d\dT\d\d:\d\d:\d\d$", "%Y-%m-%dT%H:%M:%S"),
    (_FAST_YEAR + r"/\d{1,2}/\d{1,2} \d{1,2}:\d\d$", "%Y/%m/%d %H:%M"),
    (_FAST_YEAR + r"/\d{1,2}/\d{1,2} \d{1,2}:\d\d:\d\d$", "%Y/%m/%d %H:%M:%S"),
)
_FAST_SERIAL = r"^\d{5}(\.\d{1,15})?$"


def parse_day(text: str, zone: ZoneInfo) -> date | None:
    """Return the calendar day in the shop's zone that a text says, or None if it says none.

    A time of day beside it is left out; a moment with an offset is that moment's day in the shop.
    """
    found = _read(text)
    if found is None:
        return None
    naive, offset = found
    if offset is None:
        return naive.date()
    moment = _at_offset(naive, offset)
    return None if moment is None else moment.astimezone(zone).date()


def parse_moment(text: str, zone: ZoneInfo) -> datetime | None:
    """Return the moment in UTC that a text says, or None; a day without a time is its midnight."""
    found = _read(text)
    if found is None:
        return None
    naive, offset = found
    if offset is not None:
        return _at_offset(naive, offset)
    try:
        return resolve_local(naive, zone)
    except OverflowError:  # the last hours of the year 9999
        return None


def parse_days(texts: pl.Series, zone: ZoneInfo) -> pl.Series:
    """Return the same as `parse_day` for a whole column of trimmed texts: Date."""
    days = _by_format(texts, _FAST_DAYS).cast(pl.Date)
    # A time beside the day is as common as none where a spreadsheet wrote the file.
    rest = texts.set(days.is_not_null(), None)
    if rest.null_count() < len(rest):
        days = days.zip_with(days.is_not_null(), _local_moments(rest).cast(pl.Date))
        distinct = texts.filter(texts.is_not_null() & days.is_null()).unique()
        parsed = pl.Series([parse_day(text, zone) for text in distinct], dtype=pl.Date)
        days = _fill(days, texts, distinct, parsed)
    return days


def parse_moments(texts: pl.Series, zone: ZoneInfo) -> pl.Series:
    """Return the same as `parse_moment` for a whole column of trimmed texts: Datetime("us", "UTC")."""
    local = _local_moments(texts)
    rest = texts.set(local.is_not_null(), None)
    if rest.null_count() < len(rest):
        local = local.zip_with(local.is_not_null(), _by_format(rest, _FAST_DAYS))
    sure = local.is_between(*_SURE, closed="left").fill_null(value=False)
    moments = local.set(~sure, None).dt.replace_time_zone(zone.key, ambiguous="earliest", non_existent="null")
    moments = moments.dt.convert_time_zone("UTC")
    distinct = texts.filter(texts.is_not_null() & moments.is_null()).unique()
    parsed = pl.Series([parse_moment(text, zone) for text in distinct], dtype=pl.Datetime("us", "UTC"))
    return _fill(moments, texts, distinct, parsed)


def why_no_date(text: str, *, with_time: bool) -> str:
    """Return what is wrong with a text that says no day or moment, and how to write it."""
    tidy = _tidy(text)
    example = "2026-03-05 22:30" if with_time else "2026-03-05"
    slashed = _SLASHED.match(tidy)
    if slashed and max(int(slashed["a"]), int(slashed["b"])) <= len(_MONTHS):
        first = f"{slashed['y']}-{int(slashed['b']):02}-{int(slashed['a']):02}"
        other = f"{slashed['y']}-{int(slashed['a']):02}-{int(slashed['b']):02}"
        return f"it could be {first} or {other}; write the year first"
    if re.match(r"\d{1,2}([-/. ])\w{1,9}[-/. ]\d\d$", tidy):
        return f"the year needs four digits; write it as {example}"
    if any(form.match(tidy) for form in _DAY_FORMS):
        return f"there is no such day or time; write it as {example}"
    return f"write it as {example}"


def format_day(day: date, *, like: str = "") -> str:
    """Return the text to write for a day: `2026-03-05`, or in the year-first style of the text before."""
    tidy = _tidy(like)
    if re.match(r"\d{4} ?年", tidy):
        return f"{day.year:04}年{day.month}月{day.day}日"
    style = re.match(r"\d{4}([/.])(\d{1,2})\1(\d{1,2})", tidy)
    if style is None:
        return day.isoformat()
    padded = "0" in (style[2][0], style[3][0])
    month, number = (f"{day.month:02}", f"{day.day:02}") if padded else (f"{day.month}", f"{day.day}")
    return style[1].join((f"{day.year:04}", month, number))


def format_moment(moment: datetime, zone: ZoneInfo, *, like: str = "") -> str:
    """Return the text to write for a moment: the shop's wall clock to the minute, or as exact as `like`.

    The hour that occurs twice when the clock goes back carries its offset the second time.
    """
    local = moment.astimezone(zone)
    with_seconds = re.search(r"\d:\d\d:\d\d", like) is not None
    clock = local.strftime("%H:%M:%S" if with_seconds else "%H:%M")
    if resolve_local(local.replace(tzinfo=None, fold=0), zone) != moment.astimezone(UTC):
        return f"{format_day(local.date())} {clock}{_offset_text(local)}"
    return f"{format_day(local.date(), like=like)} {clock}"


def _tidy(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).strip(BLANKS).split())


def _read(text: str) -> tuple[datetime, timedelta | None] | None:
    """Return the wall-clock time and the offset that stands beside it."""
    if len(text) > _LONGEST:
        return None
    tidy = _tidy(text)
    if _SERIAL.fullmatch(tidy):
        serial = float(tidy)
        if not _SERIALS[0] <= serial < _SERIALS[1] + 1:
            return None
        return _EPOCH + timedelta(milliseconds=int(serial * _DAY_MS + 0.5)), None
    for form in (*_DAY_FORMS, _SLASHED):
        match = form.match(tidy)
        if match:
            break
    else:
        return None
    day = _slashed_day(match) if match.re is _SLASHED else _day(match["y"], match["m"], match["d"])
    if day is None:
        return None
    rest = tidy[match.end() :]
    if not rest:
        return datetime.combine(day, time()), None
    return _with_time(day, rest, needs_gap=tidy[match.end() - 1] not in "日号")


def _day(year: str, month: str, number: str) -> date | None:
    name = month.lower()[:3]
    try:
        day = date(int(year), _MONTHS.index(name) + 1 if name in _MONTHS else int(month), int(number))
    except ValueError:  # 30 February
        return None
    return day if day.year in _YEARS else None


def _slashed_day(match: re.Match[str]) -> date | None:
    first, second = int(match["a"]), int(match["b"])
    if first != second and max(first, second) <= len(_MONTHS):
        return None
    month, number = (first, second) if second > len(_MONTHS) else (second, first)
    return _day(match["y"], str(month), str(number))


def _with_time(day: date, rest: str, *, needs_gap: bool) -> tuple[datetime, timedelta | None] | None:
    match = _TIME.fullmatch(rest)
    if match is None or (needs_gap and not match["gap"]):
        return None
    hour, minute = int(match["h"] or match["ch"]), int(match["m"] or match["cm"])
    second, fraction = int(match["s"] or match["cs"] or 0), (match["f"] or "").ljust(6, "0")[:6]
    half = "pm" if match["noon"] == "下午" else "am" if match["noon"] else (match["half"] or "").lower()
    if half:
        if not 1 <= hour <= 12:  # noqa: PLR2004 - a clock face
            return None
        hour = hour % 12 + (12 if half == "pm" else 0)
    try:
        naive = datetime.combine(day, time(hour, minute, second, int(fraction)))
    except ValueError:  # 25:00
        return None
    return naive, _offset(match["offset"])


def _offset(text: str | None) -> timedelta | None:
    if text is None:
        return None
    if text[0] not in "+-":
        return timedelta(0)
    digits = text[1:].replace(":", "").ljust(4, "0")
    size = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    return -size if text[0] == "-" else size


def _at_offset(naive: datetime, offset: timedelta) -> datetime | None:
    try:
        return (naive - offset).replace(tzinfo=UTC)
    except OverflowError:
        return None


def _offset_text(local: datetime) -> str:
    text = local.strftime("%z")
    return f"{text[:3]}:{text[3:5]}"


def _by_format(texts: pl.Series, formats: tuple[tuple[str, str], ...]) -> pl.Series:
    found = pl.Series([None], dtype=pl.Datetime("us")).new_from_index(0, len(texts))
    rest = texts
    for pattern, form in formats:
        if rest.null_count() == len(rest):
            break
        fits = rest.str.contains(pattern).fill_null(value=False)
        if fits.any():
            found = found.zip_with(
                ~fits, rest.set(~fits, None).str.to_datetime(form, strict=False, time_unit="us")
            )
            rest = rest.set(fits, None)
    return found


def _local_moments(texts: pl.Series) -> pl.Series:
    found = _by_format(texts, _FAST_MOMENTS)
    fits = texts.str.contains(_FAST_SERIAL).fill_null(value=False)
    if not fits.any():
        return found
    serials = texts.set(~fits, None).cast(pl.Float64)
    serials = serials.set((serials < _SERIALS[0]).fill_null(value=False), None)
    steps = (serials * _DAY_MS + 0.5).floor().cast(pl.Int64).cast(pl.Duration("ms")).cast(pl.Duration("us"))
    epoch = pl.Series([_EPOCH], dtype=pl.Datetime("us"))
    return found.zip_with(found.is_not_null(), epoch + steps)


def _fill(found: pl.Series, texts: pl.Series, distinct: pl.Series, parsed: pl.Series) -> pl.Series:
    if parsed.null_count() == len(parsed):
        return found
    rare = texts.replace_strict(distinct, parsed, default=None, return_dtype=found.dtype)
    return found.zip_with(found.is_not_null(), rare)
