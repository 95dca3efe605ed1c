"""Which tables and columns may a test name, and how does it write their cells?"""

from collections.abc import Mapping
from dataclasses import dataclass

from rowcall.language.document import Blank, Block, Node, Text
from rowcall.language.near import did_you_mean
from rowcall.language.notes import Notes
from rowcall.table import Schema, clean_header

EMPTY = "empty"


@dataclass(frozen=True, slots=True)
class Names:
    """The shop's tables; watched: the table of the rule that is tested ("" = none).

    headers: table → every header of the live sheet, as far as it could be read.
    """

    schemas: Mapping[str, Schema]
    headers: Mapping[str, tuple[str, ...]]
    watched: str = ""

    def table(self, text: Text, notes: Notes) -> str:
        """Return the table that is named, "" with the mistake noted if there is none."""
        if text.value in self.schemas:
            return text.value
        near = did_you_mean(text.value, self.schemas)
        notes.mistake(
            text.place,
            f'there is no table "{text.value}"; the config has {", ".join(self.schemas)}'
            + (f' (did you mean "{near}"?)' if near else ""),
            suggestion=notes.corrected(text.place, text.value, near) if near else "",
        )
        return ""

    def own(self, word: str, key: Text, notes: Notes) -> str:
        """Return the watched table, "" with the mistake noted if the rule watches none."""
        if not self.watched:
            what = f"The rule looks at no table, so `{word}` must say of which one."
            notes.mistake(key.place, what, fix=f"Write `{word} TABLE`.")
        return self.watched

    def column(self, table: str, text: Text, notes: Notes) -> str:
        """Return the column that is named; a name that is near a known one and none itself is a mistake."""
        name = clean_header(text.value)
        if table not in self.schemas:
            return name
        schema = self.schemas[table]
        for column in schema.columns:
            if name in column.aliases:
                return column.name
        declared = [*schema.key, *(column.name for column in schema.columns)]
        known = dict.fromkeys([*declared, *self.headers.get(table, ())])
        near = did_you_mean(name, known)
        if name not in known and (near or table in self.headers):
            notes.mistake(
                text.place,
                f'{table} has no column "{name}"; its columns: {", ".join(known)}'
                + (f' (did you mean "{near}"?)' if near else ""),
                suggestion=notes.corrected(text.place, text.value, near) if near else "",
            )
        return name

    def cells(self, table: str, block: Block, notes: Notes) -> Mapping[str, str]:
        """Return the cells that a block names, as texts."""
        return {self.column(table, pair.key, notes): cell_text(pair.value, pair.key, notes) for pair in block}


def cell_text(node: Node, key: Text, notes: Notes) -> str:
    """Return what a cell holds: the text as it was typed; nothing, or the word `empty`, is an empty cell."""
    if isinstance(node, Blank):
        return ""
    if isinstance(node, Text):
        return "" if node.value.strip().lower() == EMPTY and not node.quoted else node.value
    notes.mistake(node.place, f"Behind `{key.value}:` the text of one cell must stand.")
    return ""
