"""Who is meant by the recipients of a mail, seen from one row?"""

from dataclasses import dataclass

from rowcall.errors import Place, Problem
from rowcall.evaluate.row import Row
from rowcall.language.ref import ColumnRef
from rowcall.language.value import Recipients, Someone
from rowcall.language.words import Choice, spelled
from rowcall.people import Address, address_of, is_address
from rowcall.scene.surroundings import Surroundings
from rowcall.table import Kind


@dataclass(frozen=True, slots=True)
class Reach:
    """From where recipients are read: the row, and who is told when nobody else is meant."""

    around: Surroundings
    row: Row
    responsible: str

    def addresses(self, recipients: Recipients) -> tuple[tuple[Address, ...], tuple[Problem, ...]]:
        """Return everybody meant, without doubles; nobody at all → the responsible person and a data problem."""
        found: dict[str, Address] = {}
        for chain in recipients.anyone:
            for address in next(filter(None, map(self._reach, chain)), ()):
                found.setdefault(address.email.lower(), address)
        if found:
            return tuple(found.values()), ()
        return responsible_addresses(self.around, self.responsible), (self._nobody(recipients),)

    def _reach(self, someone: Someone) -> tuple[Address, ...]:
        around = self.around
        if someone.responsible:
            return responsible_addresses(self.around, self.responsible)
        if someone.address:
            person = around.people.person(someone.address)
            return (address_of(person) if person else Address(someone.address),)
        if someone.person:
            return around.people.addresses(someone.person, around.today)
        if someone.ref is None:
            return ()
        return self._reach_column(someone.ref)

    def _reach_column(self, ref: ColumnRef) -> tuple[Address, ...]:
        """Read addresses from a cell; only a `person` column may hold names, and only those of single persons."""
        found: list[Address] = []
        for part in self.row.text(ref).replace(";", ",").replace("；", ",").replace("，", ",").split(","):
            person = self.around.people.person(part)
            if ref.column.kind is Kind.PERSON and person is not None:
                found.extend(self.around.people.addresses(person.name, self.around.today))
            elif is_address(part):
                found.append(address_of(person) if person else Address(part.strip()))
        return tuple(found)

    def _nobody(self, recipients: Recipients) -> Problem:
        return Problem(
            Place(table=self.row.table, header=recipients.text, key=self.row.key),
            f'"{recipients.text}" names nobody who has an address, so the mail went to {self.responsible}',
            fix="write an address or a person's name into the cell, or name somebody in `people`",
        )


def someone_named(text: str) -> Someone:
    """Return whom a text names: the responsible person, an address, a person or a role."""
    name = text.strip()
    if name.lower() == spelled(Choice.RESPONSIBLE):
        return Someone(responsible=True)
    return Someone(address=name) if is_address(name) else Someone(person=name)


def responsible_addresses(around: Surroundings, responsible: str) -> tuple[Address, ...]:
    """Return where mail for a responsible person or role goes; who is away without a stand-in still gets it."""
    for name in (responsible, around.responsible):
        if not name:
            continue
        if reached := around.people.addresses(name, around.today):
            return reached
        person = around.people.person(name)
        if person is not None and person.email:
            return (address_of(person),)
        if is_address(name):
            return (Address(name),)
    return ()
