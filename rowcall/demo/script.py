"""How is a step of the demo written down, once for both languages?

Everything is written in English names; `Names` says them in the workbook's language.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from rowcall.demo.employee import Edit, NewLine, Sorted, Typed
from rowcall.ports import CellValue
from rowcall.sample.catalogue import PRODUCTS
from rowcall.sample.headers import CHOICES, Language, choice, header, tab
from rowcall.sample.people import CUSTOMERS, STAFF

NEW_ORDER, LOW_STOCK, TICKETS, SURVEY = "new-order", "low-stock", "overdue-ticket", "survey-due"
RULES = (NEW_ORDER, LOW_STOCK, TICKETS, SURVEY)


@dataclass(frozen=True, slots=True)
class AwaitedMail:
    """A mail that must arrive: whose rule, at which address, and what its subject must name."""

    rule: str
    to: str
    about: str


@dataclass(frozen=True, slots=True)
class AwaitedCell:
    """A cell that Rowcall must write, with the text that it must hold then."""

    rule: str
    table: str
    key: str
    column: str
    text: str


@dataclass(frozen=True, slots=True)
class Step:
    """One moment: what people do, then one look of Rowcall, and what must come of it.

    people: one sentence for each thing done. says: what this moment shows.
    """

    at: datetime
    says: str
    people: tuple[str, ...] = ()
    edits: tuple[Edit, ...] = ()
    mails: tuple[AwaitedMail, ...] = ()
    cells: tuple[AwaitedCell, ...] = ()
    restart: bool = False
    leave: str = ""


@dataclass(frozen=True, slots=True)
class Names:
    """The sample shop's words in one language, and its days."""

    language: Language
    monday: date
    zone: ZoneInfo

    def say(self, english: str, chinese: str) -> str:
        """Return the sentence in the shop's language."""
        return english if self.language == "en" else chinese

    def at(self, day: int, clock: str) -> datetime:
        """Return a moment of the shop's time, days counted from the first Monday."""
        return datetime.combine(self.monday + timedelta(days=day), time.fromisoformat(clock), self.zone)

    def typed(self, table: str, key: str, column: str, value: CellValue) -> Typed:
        """Return a cell that is typed, everything by its English name."""
        name, title = tab(table, self.language), header(table, column, self.language)
        return Typed(name, key, title, self._value(table, column, value))

    def line(self, table: str, key: str, **values: CellValue) -> NewLine:
        """Return a new row; columns with `_` for blanks."""
        named = {name.replace("_", " "): value for name, value in values.items()}
        cells = {
            header(table, name, self.language): self._value(table, name, one) for name, one in named.items()
        }
        return NewLine(tab(table, self.language), key, cells)

    def sort(self, table: str, column: str, *, descending: bool = False) -> Sorted:
        """Return a tab that is sorted."""
        return Sorted(tab(table, self.language), header(table, column, self.language), descending)

    def cell(self, rule: str, table: str, key: str, column: str, text: str) -> AwaitedCell:
        """Return a cell that must be written."""
        name, title = tab(table, self.language), header(table, column, self.language)
        return AwaitedCell(rule, name, key, title, str(self._value(table, column, text)))

    def product(self, sku: str) -> str:
        """Return what a product is called."""
        found = next(product for product in PRODUCTS if product.sku == sku)
        return found.english if self.language == "en" else found.chinese

    def customer(self, number: int) -> str:
        """Return a customer's address."""
        return CUSTOMERS[self.language][number - 1].email

    def customer_name(self, number: int) -> str:
        """Return a customer's name."""
        return CUSTOMERS[self.language][number - 1].name

    def staff(self, number: int) -> str:
        """Return an employee's address, counted from 1."""
        return STAFF[self.language][number - 1].email

    def name(self, number: int) -> str:
        """Return an employee's name, counted from 1."""
        return STAFF[self.language][number - 1].name

    def _value(self, table: str, column: str, value: CellValue) -> CellValue:
        if isinstance(value, str) and value and (table, column) in CHOICES:
            return choice(table, column, value, self.language)
        return value
