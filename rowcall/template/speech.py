"""How does a value read in a mail, in the shop's language, zone and currency?"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_time
from babel.numbers import format_currency, format_decimal, get_currency_precision
from jinja2 import Undefined

from rowcall.errors import TemplateError

Number = int | float | Decimal

_LOCALES = {"en": "en", "zh": "zh_Hans_CN"}
_DAY = {"en": "d MMM y", "zh": "y年M月d日"}
_WEEKDAY = {"en": "EEE d MMM", "zh": "M月d日 EEE"}
_WEEKDAY_YEAR = {"en": "EEE d MMM y", "zh": "y年M月d日 EEE"}
_BETWEEN = {"en": ", ", "zh": " "}
_YES_NO = {"en": ("yes", "no"), "zh": ("是", "否")}
_UNITS = {
    "en": (
        (86400, "day", "days"),
        (3600, "hour", "hours"),
        (60, "minute", "minutes"),
        (1, "second", "seconds"),
    ),
    "zh": ((86400, "天", "天"), (3600, "小时", "小时"), (60, "分钟", "分钟"), (1, "秒", "秒")),
}
_SIGNIFICANT = 15
_SHOWN = 60
_LARGEST = Decimal(10) ** 18


@dataclass(frozen=True, slots=True)
class Speech:
    """The shop's way of saying values: `language` is en or zh, `currency` an ISO code such as EUR."""

    language: str
    zone: ZoneInfo
    currency: str

    def plain(self, value: object) -> str:
        """Say a value as a bare `{{ name }}` does; an empty one is "".

        Numbers stand without grouping (an order number stays 10023), dates as `5 Mar 2026`, moments as
        `5 Mar 2026, 14:00` in the shop's zone, durations as `2 days 4 hours`, yes/no as words, a list of
        single values with commas, reasons with semicolons. A list of rows or one whole row can't be said:
        TemplateError.
        """
        if isinstance(value, Undefined):
            return str(value)  # raises, with the name of what is not known
        if value is None:
            return ""
        if isinstance(said := getattr(value, "said", None), str):
            return said  # a figure, which knows how it reads
        if isinstance(value, str):
            return value
        if isinstance(value, bool):
            return _YES_NO[self._words][0 if value else 1]
        if isinstance(value, int | float | Decimal):
            return _shortest(as_number(value, "printing"))
        if isinstance(value, date | time):
            return self.moment(value)
        if isinstance(value, timedelta):
            return self.duration(value)
        return self._plain_list(value)

    def moment(self, value: date | time) -> str:
        """Say a date, a moment or a time of day in full."""
        if isinstance(value, datetime):
            return f"{self.day(value)}{_BETWEEN[self._words]}{self.clock(value)}"
        return self.day(value) if isinstance(value, date) else f"{value:%H:%M}"

    def duration(self, value: timedelta) -> str:
        """Say a duration in its two largest units: `2 days 4 hours`."""
        left = abs(round(value.total_seconds()))
        parts = []
        for seconds, one, many in _UNITS[self._words]:
            count, left = divmod(left, seconds)
            if count:
                parts.append(self._counted(Decimal(count), one, many))
        words = ("" if self._words == "zh" else " ").join(parts[:2]) or self._counted(
            Decimal(0), *_UNITS[self._words][2][1:]
        )
        return f"-{words}" if value < timedelta(0) and parts else words

    def money(self, amount: Decimal) -> str:
        """Say an amount in the shop's currency, rounded half up to its smallest coin."""
        rounded = half_up(amount, get_currency_precision(self.currency))
        return str(format_currency(rounded, self.currency, locale=self._locale))

    def number(self, value: Decimal, digits: int | None) -> str:
        """Say a number with grouping; `digits` after the point, or as many as it has."""
        if digits is None:
            return str(format_decimal(_cut(value), "#,##0.###############", locale=self._locale))
        pattern = "#,##0" + ("." + "0" * digits if digits else "")
        return str(format_decimal(half_up(value, digits), pattern, locale=self._locale))

    def percent(self, share: Decimal, digits: int) -> str:
        """Say a share as a percentage: 0.92 is `92%`."""
        return f"{self.number(share * 100, digits)}%"

    def day(self, value: date) -> str:
        """Say a day with its year: `5 Mar 2026`."""
        return str(format_date(self.day_of(value), _DAY[self._words], locale=self._locale))

    def clock(self, value: datetime | time) -> str:
        """Say a time of day in the shop's zone: `14:00`."""
        local = self.local(value) if isinstance(value, datetime) else value
        return str(format_time(local.replace(tzinfo=None), "HH:mm", locale=self._locale))

    def when(self, value: date, now: datetime | None) -> str:
        """Say a moment for people: `Mon 9 Mar, 14:00`; with the year when it is not this year's."""
        day = self.day_of(value)
        same_year = now is None or day.year == self.local(now).year
        pattern = (_WEEKDAY if same_year else _WEEKDAY_YEAR)[self._words]
        said = str(format_date(day, pattern, locale=self._locale))
        if isinstance(value, datetime):
            return f"{said}{_BETWEEN[self._words]}{self.clock(value)}"
        return said

    def count_of(self, amount: Decimal, seconds: int) -> str:
        """Say an amount of days (86400) or hours (3600): `3 days`, `1 day`, `2.5 hours`."""
        unit = next(unit for unit in _UNITS[self._words] if unit[0] == seconds)
        return self._counted(amount, unit[1], unit[2])

    def local(self, value: datetime) -> datetime:
        """Return a moment in the shop's zone; a naive one is taken as the shop's time already."""
        return value.replace(tzinfo=self.zone) if value.tzinfo is None else value.astimezone(self.zone)

    def day_of(self, value: date) -> date:
        """Return the shop's calendar day of a date or moment."""
        return self.local(value).date() if isinstance(value, datetime) else value

    def _counted(self, amount: Decimal, one: str, many: str) -> str:
        blank = "" if self._words == "zh" else " "
        return f"{self.number(amount, None)}{blank}{one if abs(amount) == 1 else many}"

    def _plain_list(self, value: object) -> str:
        if isinstance(value, Sequence) and not any(isinstance(part, Mapping) for part in value):
            return ("、" if self._words == "zh" else ", ").join(self.plain(part) for part in value)
        if isinstance(value, Sequence) and all(hasattr(part, "said") for part in value):
            return "; ".join(part.said for part in value)
        if isinstance(value, Sequence):
            raise TemplateError(
                "a list of rows can't be printed as one text; go through it with {% for row in … %}"
            )
        raise TemplateError(
            "a whole row can't be printed; name one of its columns, as in {{ customer.name }}"
        )

    @property
    def _words(self) -> str:
        return "zh" if self.language.startswith("zh") else "en"

    @property
    def _locale(self) -> str:
        return _LOCALES[self._words]


def as_number(value: object, wanted_by: str) -> Decimal:
    """Return a value as an exact number, or raise TemplateError naming who wanted one."""
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal | str):
        raise TemplateError(f"{wanted_by} needs a number, but got {shown(value)}")
    try:
        number = Decimal(repr(value)) if isinstance(value, float) else Decimal(value)
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite():
        raise TemplateError(
            f"{wanted_by} needs a number, but got {shown(value)}; a column of numbers is declared in "
            "config.yaml as number, money or percent"
        )
    if abs(number) >= _LARGEST:
        raise TemplateError(f"{wanted_by} can't use a number as large as {shown(value)}")
    return number


def half_up(value: Decimal, digits: int) -> Decimal:
    """Round to so many digits after the point, a half away from zero, as people do with money."""
    return _cut(value).quantize(Decimal(1).scaleb(-digits), rounding=ROUND_HALF_UP)


def shown(value: object) -> str:
    """Return a value as error messages show it, cut short."""
    text = "nothing (empty)" if value is None else f'"{value}"' if not isinstance(value, list) else "a list"
    return text if len(text) <= _SHOWN else f'{text[: _SHOWN - 3]}…"'


def _cut(value: Decimal) -> Decimal:
    """Cut to the 15 digits that spreadsheets keep, so that 0.1 + 0.2 reads 0.3."""
    if not value:
        return Decimal(0)
    exponent = value.adjusted() - _SIGNIFICANT + 1
    if exponent > 0:
        return value
    return value.quantize(Decimal(1).scaleb(exponent), rounding=ROUND_HALF_UP)


def _shortest(value: Decimal) -> str:
    text = f"{_cut(value):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
