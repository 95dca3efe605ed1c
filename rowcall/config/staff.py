"""Who works in the shop, as the config says: persons, roles, and the table with more of them?"""

from collections.abc import Mapping, Sequence

from rowcall.config.shapes import PeopleFromShape, PersonShape, RoleShape, SettingsFromShape, ShopShape
from rowcall.config.tables import TableRead, note_unknown
from rowcall.config.values import PeopleFrom, SettingsFrom
from rowcall.errors import Severity
from rowcall.language.document import Block, Text, fold_key
from rowcall.language.notes import Notes
from rowcall.language.shape import Readers, read_shape
from rowcall.people import People, Person, fold_name, is_address

_ROLE_COLUMNS = ("roles", "active", "away_from", "away_to", "backup", "language")


def read_people(block: Block | None, notes: Notes, readers: Readers, *, more: bool) -> People:
    """Return the people and roles of the config; more: others stand in a table, so members may be unknown here."""
    persons: dict[str, Person] = {}
    roles: dict[str, RoleShape] = {}
    names: dict[str, Text] = {}
    for pair in block or ():
        folded = fold_name(pair.key.value)
        if folded in names:
            _note_twice(pair.key, names[folded], notes)
            continue
        names[folded] = pair.key
        if isinstance(pair.value, Block) and any(fold_key(one.key.value) == "members" for one in pair.value):
            role = read_shape(RoleShape, pair.value, notes, readers)
            if role is not None:
                roles[folded] = role
        elif person := read_shape(PersonShape, pair.value, notes, readers, besides=("members",)):
            persons[folded] = _person(pair.key, person, notes)
    _check_names(persons, roles, names, notes)
    for role in roles.values():
        _check_members(role, names, notes, more=more)
    members = {name: tuple(one.value for one in role.members) for name, role in roles.items()}
    return People(persons, members)


def _person(name: Text, shape: PersonShape, notes: Notes) -> Person:
    check_address(shape.email, notes)
    shown = shape.name.value if shape.name else ""
    return Person(name.value, shape.email.value.strip(), shown, shape.language or "")


def check_address(text: Text, notes: Notes) -> None:
    """Note a text that is no mail address."""
    if not is_address(text.value):
        notes.mistake(
            text.place, f"`{text.value}` is not a mail address.", fix="Write it like `anna@example.com`."
        )


def _note_twice(second: Text, first: Text, notes: Notes) -> None:
    what = f"`{second.value}` stands among the people twice (first in line {first.place.line})."
    notes.mistake(second.place, what, fix="Give one of them another name.")


def _check_names(
    persons: Mapping[str, Person], roles: Mapping[str, RoleShape], names: Mapping[str, Text], notes: Notes
) -> None:
    """Note a person whose shown name is the name of a role or of somebody else: mail would go astray."""
    for key, person in persons.items():
        shown = fold_name(person.shown)
        if not shown or shown == key:
            continue
        if shown in roles or shown in persons:
            called = "a role" if shown in roles else "another person"
            what = f"The name `{person.shown}` of `{person.name}` is also the name of {called}."
            notes.mistake(names[key].place, what, fix="Give one of them another name.")


def _check_members(role: RoleShape, names: Mapping[str, Text], notes: Notes, *, more: bool) -> None:
    known = [name.value for name in names.values()]
    for member in role.members:
        if fold_name(member.value) not in names and not more:
            note_unknown(member, known, "person", notes)


def check_responsible(name: Text | None, people: People, notes: Notes, *, more: bool) -> None:
    """Note a responsible person that nobody knows, or that there is none."""
    if name is None or more or is_address(name.value):
        return
    folded = fold_name(name.value)
    if folded not in people.persons and folded not in people.roles:
        known = [*(person.name for person in people.persons.values()), *people.roles]
        note_unknown(name, known, "person or role", notes)


def read_people_from(
    shape: PeopleFromShape | None, tables: Mapping[str, TableRead], names: Sequence[str], notes: Notes
) -> PeopleFrom | None:
    """Return the table with the people; its columns are checked against those declared."""
    if shape is None:
        return None
    columns = {field: getattr(shape, field) for field in ("name", "email", *_ROLE_COLUMNS)}
    known = _check_table(shape.table, [one for one in columns.values() if one], tables, names, notes)
    given = {field: one.value for field, one in columns.items() if one is not None}
    usual = {field: field.replace("_", " ").capitalize() for field in columns if field not in given}
    found = {field: header for field, header in usual.items() if header in known}
    return PeopleFrom(shape.table.value, **{**found, **given})


def read_settings_from(
    shape: SettingsFromShape | None, tables: Mapping[str, TableRead], names: Sequence[str], notes: Notes
) -> SettingsFrom | None:
    """Return the table with the settings; its columns are checked against those declared."""
    if shape is None:
        return None
    columns = {field: one for field in ("name", "value") if (one := getattr(shape, field)) is not None}
    _check_table(shape.table, list(columns.values()), tables, names, notes)
    return SettingsFrom(shape.table.value, **{field: one.value for field, one in columns.items()})


def _check_table(
    table: Text, columns: Sequence[Text], tables: Mapping[str, TableRead], names: Sequence[str], notes: Notes
) -> Sequence[str]:
    """Note a table or columns that are not declared; return the columns that are."""
    if table.value not in names:
        note_unknown(table, names, "table", notes)
        return ()
    if table.value not in tables:
        return ()
    known = [column.name for column in tables[table.value].schema.columns]
    for column in columns:
        if column.value not in known:
            note_unknown(
                column, known, "column", notes, fix=f"Declare it under `columns:` of `{table.value}`."
            )
    return known


def note_nobody(shop: ShopShape, people: People, notes: Notes, *, more: bool) -> None:
    """Warn when nobody would be told of failures."""
    if shop.responsible is None and (people.persons or more):
        notes.mistake(
            shop.place,
            "`shop` names nobody as `responsible`: failures of rules without one are told to nobody.",
            fix="Add `responsible:` with a person or role to `shop`.",
            severity=Severity.WARNING,
        )
