"""How is a cell named: a column of the watched row, of a linked row, of another table, or a figure?"""

from dataclasses import dataclass

from rowcall.table import Column

THIS = "this"
"""The first link of a column of the watched row, where another table is searched: `this.Customer`."""
THIS_SPELLINGS = (THIS, "本行")
"""How that is written: English, Chinese."""
EACH = "each"
"""The first link of a column of a figure's list, where `for each` goes through it."""


@dataclass(frozen=True, slots=True)
class ColumnRef:
    """A column reached from the watched row: over `links` (names of links, in order) or directly.

    table: the table that the column belongs to, "" for a figure. figure: the id of the rule whose figure it is; the
    column then has the figure's name and kind.
    """

    column: Column
    table: str
    links: tuple[str, ...] = ()
    figure: str = ""

    @property
    def name(self) -> str:
        """The name as a rule writes it: `Order.Customer.Tier`."""
        return ".".join([*self.links, self.column.name])
