"""Who gets a mail? From `Owner or cs lead` to columns, people, roles and addresses."""

import re

from rowcall.language.computation import is_formula, read_computation
from rowcall.language.condition import Literal
from rowcall.language.document import Blank, Block, Lines, Node, Text
from rowcall.language.literal import KIND_WORDS
from rowcall.language.mistaken import Mistaken, note_mistakes
from rowcall.language.names import columns_of, has_column, resolve_column
from rowcall.language.near import did_you_mean
from rowcall.language.notes import Notes
from rowcall.language.operand import read_setting
from rowcall.language.pattern import match_phrase
from rowcall.language.ref import THIS, ColumnRef
from rowcall.language.scope import Scope
from rowcall.language.value import Computation, NextOf, Recipients, SameAs, Someone, Value
from rowcall.language.value_phrase import Spot, Use
from rowcall.language.value_table import read_chosen
from rowcall.language.words import Choice, RecipientWord, ValueWord, find_word, spelled
from rowcall.table import Column, Kind

_ADDRESS = re.compile(r"[^\s@<>,;\"'()\[\]]+@[^\s@<>,;\"'()\[\].]+(?:\.[^\s@<>,;\"'()\[\].]+)+")
_NAMED = re.compile(r".*<\s*([^<>\s]+@[^<>\s]+)\s*>")
_PERSON = "person "
_NOBODY_YET = ColumnRef(Column("The recipient", Kind.PERSON), "")
_HOLDS_ADDRESSES = frozenset({Kind.EMAIL, Kind.PERSON, Kind.TEXT})


def read_recipients(node: Node, scope: Scope, notes: Notes) -> Recipients | None:
    """Return everyone that a `to`, `cc` or `reply to` names, or None with every mistake noted."""
    parts = node.parts if isinstance(node, Lines) else (node,)
    chains: list[tuple[Someone, ...] | None] = []
    for part in parts:
        if isinstance(part, Text) and is_formula(part.value):
            computed = _read_computed(part, scope, notes)
            chains.append(None if computed is None else (Someone(value=computed),))
        elif isinstance(part, Text):
            chains.append(_read_chain(part, scope, notes))
        elif isinstance(part, Block):
            chains.append(_read_chosen(part, scope, notes))
        else:
            what = "Nobody is named here." if isinstance(part, Blank) else "Here stands a name or an address."
            notes.mistake(
                part.place, what, fix="Write a column, a person, a role, `responsible` or an address."
            )
            chains.append(None)
    known = tuple(chain for chain in chains if chain is not None)
    if not known or len(known) < len(chains):
        if not parts:
            notes.mistake(
                node.place, "Nobody is named here.", fix="Write a column, a person, a role or an address."
            )
        return None
    text = ", ".join(part.value for part in parts if isinstance(part, Text))
    return Recipients(known, node.place, text)


def _read_chain(text: Text, scope: Scope, notes: Notes) -> tuple[Someone, ...] | None:
    return note_mistakes(notes, text.place, text.value, lambda _: parse_chain(text.value, scope))


def _read_chosen(block: Block, scope: Scope, notes: Notes) -> tuple[Someone, ...] | None:
    """Read `by column:` and `first that fits:` over persons, roles, columns and addresses."""
    value = read_chosen(
        block, Spot(_NOBODY_YET, scope, Use.TO), notes, lambda node: _read_named(node, scope, notes)
    )
    return None if value is None else (Someone(value=value),)


def _read_named(node: Node, scope: Scope, notes: Notes) -> Value | None:
    if isinstance(node, Block):
        chosen = _read_chosen(node, scope, notes)
        return None if chosen is None else chosen[0].value
    if not isinstance(node, Text):
        notes.mistake(
            node.place,
            "Here stands one name or address.",
            fix="Write a column, a person, a role or an address.",
        )
        return None
    if is_formula(node.value):
        return _read_computed(node, scope, notes)
    someone = note_mistakes(notes, node.place, node.value, lambda _: parse_someone(node.value.strip(), scope))
    return None if someone is None else _as_value(someone)


def _read_computed(text: Text, scope: Scope, notes: Notes) -> Computation | None:
    formula = read_computation(text, scope, notes)
    return None if formula is None else Computation(formula, text.place)


def _as_value(someone: Someone) -> Value:
    if someone.value is not None:
        return someone.value
    if someone.ref is not None:
        return SameAs(someone.ref)
    name = spelled(Choice.RESPONSIBLE) if someone.responsible else someone.person or someone.address
    return Literal(name, name)


def parse_chain(text: str, scope: Scope) -> tuple[Someone, ...]:
    """Return the persons of `Owner or cs lead`, the first of whom gets the mail; raises Mistaken."""
    said = text.strip()
    if not said:
        raise Mistaken("Nobody is named here.", fix="Write a column, a person, a role or an address.")
    if "{{" in said:
        inside = said.strip("{} ").replace("_", " ")
        near = did_you_mean(inside, columns_of(scope, scope.table))
        raise Mistaken("Here stands the name of a column, without `{{ }}`.", near)
    if _is_known(said, scope):
        return (parse_someone(said, scope),)
    if said.count("@") == 1 and " " not in said:
        return (parse_someone(said, scope),)
    parts = re.split(r"\s*[,;]\s*|\s+and\s+", said)
    if len(parts) > 1 and all(parts):
        raise Mistaken(
            "Several recipients stand in a list.", f"[{', '.join(parts)}]", "For a fallback write `A or B`."
        )
    return tuple(_part_of_chain(said, part, scope) for part in _split_chain(said))


def _split_chain(said: str) -> list[str]:
    """Return the names of `Owner or cs lead`."""
    for _, holes in match_phrase(RecipientWord, said):
        if "other" in holes:
            return [holes["first"], *_split_chain(holes["other"])]
    return [said]


def parse_someone(text: str, scope: Scope) -> Someone:
    """Return whom one name means; raises Mistaken for one that means nobody, or two things."""
    folded = " ".join(text.lower().split())
    if find_word(Choice, folded) is Choice.RESPONSIBLE:
        return Someone(responsible=True)
    named = [holes["name"] for _, holes in match_phrase(RecipientWord, folded) if "name" in holes]
    if named and named[0] in scope.people and folded not in scope.people:
        return Someone(person=scope.people[named[0]])
    is_person, is_column = folded in scope.people, has_column(scope, scope.table, text)
    if is_person and is_column:
        raise Mistaken(
            f"`{text}` is both a column of {scope.table} and a person or role.",
            f"{THIS}.{text}",
            f"Write `{THIS}.{text}` for the address in the row, or `{_PERSON}{text}` for the person or role.",
        )
    if is_person:
        return Someone(person=scope.people[folded])
    value = None if is_column else _value_of(text, scope)
    if value is not None:
        return Someone(value=value)
    if is_column:
        return Someone(ref=_address_column(resolve_column(scope, scope.table, text)))
    if "@" in text:
        return _read_address(text)
    raise _nobody(text, scope)


def read_person(text: Text, scope: Scope, notes: Notes) -> str:
    """Return the person or role of `responsible:`, "" with the mistake noted."""
    folded = " ".join(text.value.lower().split())
    if folded in scope.people:
        return scope.people[folded]
    near = did_you_mean(text.value, scope.people.values())
    known = ", ".join(sorted(scope.people.values()))
    notes.mistake(
        text.place,
        f"`{text.value}` is not a person or role of the shop." + (f" Did you mean `{near}`?" if near else ""),
        suggestion=notes.corrected(text.place, text.value, near) if near else "",
        fix=f"Known are {known}." if known else "People and roles stand in config.yaml under `people`.",
    )
    return ""


def _part_of_chain(said: str, part: str, scope: Scope) -> Someone:
    try:
        return parse_someone(part, scope)
    except Mistaken as mistaken:
        suggestion = said.replace(part, mistaken.suggestion, 1) if mistaken.suggestion else ""
        raise Mistaken(mistaken.what, suggestion, mistaken.fix) from None


def _is_known(text: str, scope: Scope) -> bool:
    return " ".join(text.lower().split()) in scope.people or has_column(scope, scope.table, text)


def _address_column(ref: ColumnRef) -> ColumnRef:
    if ref.figure:
        raise Mistaken(f"`{ref.name}` is a figure; nobody can be mailed by it.")
    if ref.column.kind not in _HOLDS_ADDRESSES:
        raise Mistaken(
            f"{ref.name} holds {KIND_WORDS[ref.column.kind]}; nobody can be mailed by it.",
            fix="Write a column of kind email or person.",
        )
    return ref


def _read_address(text: str) -> Someone:
    if _ADDRESS.fullmatch(text):
        return Someone(address=text)
    named = _NAMED.fullmatch(text)
    if named and _ADDRESS.fullmatch(named[1]):
        raise Mistaken("An address stands here without a name and without `<` `>`.", named[1])
    tidy = re.sub(r"\s*(@|\.)\s*", r"\1", text.strip(" .,;<>")).replace("..", ".").replace("@@", "@")
    tidy = tidy.replace(",", ".")
    suggestion = tidy if tidy != text and _ADDRESS.fullmatch(tidy) else ""
    raise Mistaken(f"`{text}` is not an email address; one looks like `anna@example.com`.", suggestion)


def _value_of(text: str, scope: Scope) -> Value | None:
    """Return the value that names somebody: `next of ROLE`, `setting NAME`, `same as COLUMN`."""
    for word, holes in match_phrase(ValueWord, text):
        if word is ValueWord.NEXT_OF:
            return _next_of(holes["name"], scope)
        if word is ValueWord.SETTING:
            return read_setting(scope, holes["name"], Column("The recipient"))
        if word is ValueWord.SAME_AS:
            return SameAs(_address_column(resolve_column(scope, scope.table, holes["column"])))
    return None


def _next_of(name: str, scope: Scope) -> NextOf:
    folded = " ".join(name.lower().split())
    if folded in scope.people:
        return NextOf(scope.people[folded])
    near = did_you_mean(name, scope.people.values())
    raise Mistaken(
        f"`{name}` is not a role of the shop." + (f" Did you mean `{near}`?" if near else ""),
        f"next of {near}" if near else "",
        f"People and roles: {', '.join(sorted(scope.people.values()))}.",
    )


def _nobody(text: str, scope: Scope) -> Mistaken:
    known = [*columns_of(scope, scope.table), *scope.people.values(), spelled(Choice.RESPONSIBLE)]
    near = did_you_mean(text, known)
    people = ", ".join(sorted(scope.people.values()))
    return Mistaken(
        f"`{text}` is neither a column of {scope.table or 'the table'} nor a person or role."
        + (f" Did you mean `{near}`?" if near else ""),
        near,
        f"People and roles: {people}." if people else "People and roles stand in config.yaml under `people`.",
    )
