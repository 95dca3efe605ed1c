"""Who works here and when, and which settings hold today, as the shop's own tables say?"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from rowcall.calendar import Calendar, DateRow, unknown_years, warn_of_unknown_years, with_rows
from rowcall.cells import NO_WORDS
from rowcall.config import Config, HolidayTable, PeopleFrom
from rowcall.dates import parse_day, why_no_date
from rowcall.errors import Place, Problem, Severity
from rowcall.people import People, Person, fold_name, is_address
from rowcall.table import Table

FORESEEN = timedelta(days=60)
"""So far ahead the holidays should be known: deadlines of today reach there."""

_SEPARATORS = str.maketrans({"，": ",", "、": ",", ";": ",", "；": ","})


def people_of(config: Config, tables: Mapping[str, Table]) -> People:
    """Return the people of the config and of its `people from` table; the config wins where both name somebody."""
    source = config.people_from
    table = tables.get(source.table) if source else None
    if source is None or table is None:
        return config.people
    persons: dict[str, Person] = {}
    roles: dict[str, list[str]] = {}
    for texts in table.text.iter_rows(named=True):  # a shop's staff: some dozens of rows
        person = _person(source, texts)
        if person is None:
            continue
        persons[fold_name(person.name)] = person
        for role in _parts(texts.get(source.roles)):
            roles.setdefault(fold_name(role), []).append(person.name)
    merged = {name: tuple(members) for name, members in roles.items()}
    for name, members in config.people.roles.items():
        merged[name] = tuple(dict.fromkeys([*members, *merged.get(name, ())]))
    return People({**persons, **config.people.persons}, merged)


def settings_of(config: Config, tables: Mapping[str, Table]) -> Mapping[str, str]:
    """Return the shop's settings by name, as texts."""
    source = config.settings_from
    table = tables.get(source.table) if source else None
    if source is None or table is None or not {source.name, source.value} <= set(table.text.columns):
        return {}
    names, values = table.text[source.name].to_list(), table.text[source.value].to_list()
    return {name.strip(): (value or "").strip() for name, value in zip(names, values, strict=True) if name}


def calendars_of(
    config: Config, tables: Mapping[str, Table]
) -> tuple[Mapping[str, Calendar], tuple[Problem, ...]]:
    """Return the calendars of the config with the rows of the shop's own tables of holidays.

    With them come warnings about rows that were set aside, and about tables of holidays that can't be read.
    """
    found: dict[str, Calendar] = {}
    problems: list[Problem] = []
    for name, read in config.calendars.items():
        if read.table is None:
            found[name] = read.calendar
            continue
        rows = tuple(_date_rows(config, read.table, tables.get(read.table.table), problems))
        found[name], wrong = with_rows(read.calendar, rows)
        problems.extend(replace(one, severity=Severity.WARNING) for one in wrong)
    return found, tuple(dict.fromkeys(problems))


def unknown_holidays(calendars: Mapping[str, Calendar], now: datetime) -> tuple[Problem, ...]:
    """Return a warning for each calendar and year whose holidays will matter soon and are not known."""
    return tuple(
        problem
        for calendar in calendars.values()
        for problem in warn_of_unknown_years(calendar, unknown_years(calendar, now, now + FORESEEN))
    )


def _date_rows(
    config: Config, source: HolidayTable, table: Table | None, problems: list[Problem]
) -> Iterator[DateRow]:
    wanted = [name for name in (source.date, source.kind, source.hours) if name]
    if table is None or not {*wanted} <= set(table.text.columns):
        what = f"The holidays of {source.table} are not known: the table or one of its columns can't be read."
        problems.append(Problem(Place(table=source.table), what, severity=Severity.WARNING))
        return
    for key, texts in zip(table.keys, table.text.select(wanted).iter_rows(named=True), strict=True):
        said = (texts[source.date] or "").strip()
        place = Place(table=source.table, header=source.date, key=str(key))
        day = parse_day(said, config.shop.zone)
        if day is not None:
            kind, hours = texts.get(source.kind) or "", texts.get(source.hours) or ""
            yield DateRow(day, kind, hours, bool(source.kind), place)
        elif said:
            what = (
                f"`{said}` is no date: {why_no_date(said, with_time=False)}; the row counts for no calendar."
            )
            problems.append(
                Problem(place, what, "Write for example `2026-12-24`.", severity=Severity.WARNING)
            )


def names_of(people: People) -> Mapping[str, str]:
    """Return the names of all people and roles, folded → as written, for the rule language."""
    persons = {name: person.name for name, person in people.persons.items()}
    return {**{name: name for name in people.roles}, **persons}


def _person(source: PeopleFrom, texts: Mapping[str, str | None]) -> Person | None:
    name, email = (texts.get(source.name) or "").strip(), (texts.get(source.email) or "").strip()
    if not name:
        return None
    active = (texts.get(source.active) or "yes").strip().lower() not in NO_WORDS
    person = Person(
        name,
        email if is_address(email) else "",
        backup=(texts.get(source.backup) or "").strip(),
        language=(texts.get(source.language) or "").strip().lower()[:2],
        active=active,
    )
    return replace(
        person, away_from=_day(texts.get(source.away_from)), away_to=_day(texts.get(source.away_to))
    )


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat((text or "").strip()[:10].replace("/", "-"))
    except ValueError:
        return None


def _parts(text: str | None) -> Sequence[str]:
    return [part.strip() for part in (text or "").translate(_SEPARATORS).split(",") if part.strip()]
