"""Who works here and which settings hold today, as the shop's own tables say?"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from rowcall.cells import NO_WORDS
from rowcall.config import Config, PeopleFrom
from rowcall.people import People, Person, fold_name, is_address
from rowcall.table import Table

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
