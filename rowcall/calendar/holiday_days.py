"""On which days of a year is a country closed, and on which weekend days does it work instead?

China's days come from `chinesecalendar`, which knows 调休 and only the years that have been published; the others
from `holidays`. Both are imported when a country is first asked for: they are slow to load.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

_CHINA = "CN"
# What people write instead of the code, beside the country's English name.
_CALLED = {
    "uk": "GB", "england": "GB", "usa": "US", "deutschland": "DE", "中国": "CN", "大陆": "CN", "德国": "DE",
    "美国": "US", "英国": "GB", "日本": "JP", "香港": "HK", "台湾": "TW", "新加坡": "SG",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class YearOfHolidays:
    """The special days of one year. known: false when they can't all be known yet: make-up days are missing then."""

    closed: frozenset[date]
    working: frozenset[date]
    known: bool


@dataclass(frozen=True, slots=True)
class Country:
    """A country by its code of two letters, perhaps with a region of it: `DE`, `DE-BY`."""

    code: str
    region: str = ""

    def __str__(self) -> str:
        return f"{self.code}-{self.region}" if self.region else self.code

    def year(self, year: int) -> YearOfHolidays:
        """Return the special days of a year."""
        return _year_of_china(year) if self.code == _CHINA else _year(self.code, self.region, year)


class UnknownCountry(ValueError):
    """A text names no country or region whose holidays are known.

    suggestion: the code that is surely meant, or "". known: what else could be meant, by its name → its code.
    """

    def __init__(self, what: str, known: Mapping[str, str], *, suggestion: str = "") -> None:
        super().__init__(what)
        self.what, self.known, self.suggestion = what, known, suggestion


def find_country(text: str) -> Country:
    """Return the country that a text like `DE`, `cn` or `DE-BY` names; raises UnknownCountry."""
    code, _, region = (part.strip() for part in text.upper().partition("-"))
    if code == _CHINA and not region:
        return Country(code)
    regions = _regions()
    if code not in regions:
        names = _names()
        raise UnknownCountry(
            f"There are no built-in holidays for `{text}`; a country is written with its code of two letters, "
            "like `DE`, `CN` or `US`.",
            names,
            suggestion=names.get(" ".join(text.lower().split()), ""),
        )
    if not region or region in regions[code]:
        return Country(code, regions[code].get(region, ""))
    known = [f"{code}-{one}" for one in regions[code].values()]
    listed = ", ".join(f"`{one}`" for one in known) or "none"
    raise UnknownCountry(
        f"`{region}` is no region of `{code}` with holidays of its own; there are: {listed}.",
        {one: one for one in known},
        suggestion="" if known else code,
    )


@lru_cache(maxsize=1)
def _regions() -> Mapping[str, Mapping[str, str]]:
    """Return the codes of all countries, each with its regions: in capitals → as `holidays` spells it."""
    import holidays  # noqa: PLC0415 - optional and slow: only a shop that names a country needs it

    return {
        code: {region.upper(): region for region in regions}
        for code, regions in holidays.list_supported_countries(include_aliases=False).items()
    }


@lru_cache(maxsize=1)
def _names() -> Mapping[str, str]:
    """Return the codes of countries by their English names and what else they are called."""
    from holidays.registry import COUNTRIES  # noqa: PLC0415 - as above

    english = {name.replace("_", " "): codes[1] for name, codes in COUNTRIES.items()}
    longer = {codes[2].lower(): codes[1] for codes in COUNTRIES.values()}
    return {**longer, **english, **_CALLED}


@lru_cache(maxsize=512)
def _year(code: str, region: str, year: int) -> YearOfHolidays:
    import holidays  # noqa: PLC0415 - as above

    found = holidays.country_holidays(code, subdiv=region or None, years=year)
    return YearOfHolidays(
        closed=frozenset(day for day in found if day.year == year),
        working=frozenset(day for day in found.weekend_workdays if day.year == year),
        known=found.start_year <= year <= found.end_year,
    )


@lru_cache(maxsize=512)
def _year_of_china(year: int) -> YearOfHolidays:
    import chinese_calendar  # noqa: PLC0415 - as above

    closed: set[date] = set()
    working: set[date] = set()
    day = date(year, 1, 1)
    while day.year == year:
        try:
            off, name = chinese_calendar.get_holiday_detail(day)
        except NotImplementedError:  # the State Council has not published this year yet, or it is before 2004
            return _statutory_year_of_china(year)
        if off and name:
            closed.add(day)
        elif not off and day.weekday() >= 5:  # noqa: PLR2004 - Saturday
            working.add(day)
        day += timedelta(days=1)
    return YearOfHolidays(frozenset(closed), frozenset(working), known=True)


def _statutory_year_of_china(year: int) -> YearOfHolidays:
    """Return the days that the law itself names; the bridges and make-up days of the year are not known."""
    import holidays  # noqa: PLC0415 - as above

    found = holidays.country_holidays(_CHINA, years=year, observed=False)
    return YearOfHolidays(frozenset(day for day in found if day.year == year), frozenset(), known=False)
