"""Whose turn is it, when `next of ROLE` goes round?"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from rowcall.people import People, Person, fold_name


@dataclass(slots=True)
class Turns:
    """Role → the member named last; shared by all rules of a tick, in their order, and goes on while it is planned.

    taken: the roles whose turn has gone on in this tick.
    """

    last: dict[str, str] = field(default_factory=dict)
    taken: set[str] = field(default_factory=set)

    def take(self, role: str, people: People, today: date) -> str:
        """Return the name of the next member who is there, whose turn it then was; "" when nobody is."""
        folded = fold_name(role)
        members = _members(people, folded, frozenset())
        names = [fold_name(one.name) for one in members]
        last = self.last.get(folded, "")
        start = names.index(last) + 1 if last in names else 0
        for place in range(len(members)):
            member = members[(start + place) % len(members)]
            if member.is_there(today):
                self.last[folded] = fold_name(member.name)
                self.taken.add(folded)
                return member.name
        return ""

    def changed(self) -> Mapping[str, str]:
        """Return the turns that this tick took."""
        return {role: self.last[role] for role in self.taken}


def _members(people: People, role: str, above: frozenset[str]) -> list[Person]:
    """Return the persons of a role, those of roles inside it included, each once."""
    found: dict[str, Person] = {}
    for name in people.roles.get(role, (role,)):
        folded = fold_name(name)
        if folded in people.persons:
            found.setdefault(folded, people.persons[folded])
        elif folded in people.roles and folded not in above:
            for one in _members(people, folded, above | {role}):
                found.setdefault(fold_name(one.name), one)
    return list(found.values())
