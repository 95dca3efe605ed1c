"""Who is meant by a name: which addresses does a person, a role or an address stand for today?"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

import re2

_ADDRESS = re2.compile(r"[^\s@<>,;\"'()\[\]]+@[^\s@<>,;\"'()\[\]]+\.[^\s@<>,;\"'()\[\].]+")


@dataclass(frozen=True, slots=True)
class Address:
    """A mail address with the name shown beside it; person: the name in the config, "" for a customer."""

    email: str
    name: str = ""
    person: str = ""
    language: str = ""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who works in the shop; away: first and last day of an absence; backup: who stands in."""

    name: str
    email: str
    shown: str = ""
    language: str = ""
    active: bool = True
    away_from: date | None = None
    away_to: date | None = None
    backup: str = ""

    def is_there(self, day: date) -> bool:
        """Say whether the person works on that day."""
        if not self.active:
            return False
        if self.away_from is None and self.away_to is None:
            return True
        return not (self.away_from or date.min) <= day <= (self.away_to or date.max)


@dataclass(frozen=True, slots=True)
class People:
    """Everyone the shop knows, by folded name: persons, and roles as lists of persons' names."""

    persons: Mapping[str, Person] = field(default_factory=dict)
    roles: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def person(self, name: str) -> Person | None:
        """Return the person of that name (letter case and stray blanks do not matter) or address."""
        folded = fold_name(name)
        if folded in self.persons:
            return self.persons[folded]
        return next((one for one in self.persons.values() if one.email.lower() == folded), None)

    def addresses(self, name: str, day: date) -> tuple[Address, ...]:
        """Return where mail for a person or a role goes on that day; empty when nobody is there."""
        folded = fold_name(name)
        members = self.roles.get(folded, (name,) if folded in self.persons else ())
        found: dict[str, Address] = {}
        for member in members:
            for address in self._reach(member, day):
                found.setdefault(address.email.lower(), address)
        return tuple(found.values())

    def _reach(self, name: str, day: date) -> tuple[Address, ...]:
        seen: set[str] = set()
        folded = fold_name(name)
        while folded not in seen:  # two people may stand in for each other
            seen.add(folded)
            if folded in self.roles:
                return self.addresses(folded, day)
            person = self.persons.get(folded)
            if person is None:
                return ()
            if person.is_there(day):
                return (address_of(person),) if person.email else ()
            folded = fold_name(person.backup)
        return ()

    def is_staff(self, email: str) -> bool:
        """Say whether an address belongs to somebody who works in the shop."""
        folded = email.strip().lower()
        return any(person.email.lower() == folded for person in self.persons.values())


def fold_name(name: str) -> str:
    """Return a person's or role's name in its one spelling."""
    return " ".join(name.lower().split())


def address_of(person: Person) -> Address:
    """Return the person's address as mails show it."""
    return Address(person.email, person.shown or person.name, person.name, person.language)


def is_address(text: str) -> bool:
    """Say whether a text is one plain mail address."""
    return _ADDRESS.fullmatch(text.strip()) is not None
