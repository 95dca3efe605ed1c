"""A small shop for tests of the rule language: its tables, people and settings, and short cuts into the readers."""

from zoneinfo import ZoneInfo

from rowcall.errors import Problem
from rowcall.kinds import action_words
from rowcall.language.condition import Condition
from rowcall.language.conditions import Asked, read_conditions
from rowcall.language.document import parse
from rowcall.language.rule import Rule
from rowcall.language.rule_file import read_rule
from rowcall.language.scope import Scope
from rowcall.table import Column, Kind, Link, Schema

FILE = "rules/test.yaml"
ACTIONS = {word: kind.params for word, kind in action_words().items()}

ORDERS = Schema(
    table="Orders",
    workbook="shop",
    sheet="Orders",
    key=("Order No",),
    columns=(
        Column("Order No"),
        Column("Ordered on", Kind.DATETIME),
        Column("Status", Kind.CHOICE, ("New", "Paid", "Shipped", "Delivered", "Cancelled")),
        Column("Total", Kind.MONEY, aliases=("Sum",)),
        Column("Freight", Kind.MONEY),
        Column("Lines", Kind.NUMBER),
        Column("Discount", Kind.PERCENT),
        Column("Delivered on", Kind.DATE),
        Column("Promised on", Kind.DATE),
        Column("Marketing consent", Kind.YES_NO),
        Column("Email", Kind.EMAIL),
        Column("Phone", Kind.PHONE),
        Column("Owner", Kind.PERSON),
        Column("Handling", Kind.DURATION),
        Column("Note"),
        Column("Product"),
        Column("Anna"),
        Column("Ship.to"),
    ),
    links=(Link("Buyer", "Customers", "Order No"),),
)
CUSTOMERS = Schema(
    table="Customers",
    workbook="shop",
    sheet="Customers",
    key=("Customer",),
    columns=(
        Column("Customer"),
        Column("Email", Kind.EMAIL),
        Column("Tier", Kind.CHOICE, ("Standard", "Silver", "Gold")),
        Column("Birthday"),
        Column("Order No"),
    ),
    links=(Link("Region", "Regions", "Customer"),),
)
REGIONS = Schema(
    "Regions", "shop", "Regions", ("Region",), (Column("Region"), Column("Manager", Kind.PERSON))
)
TICKETS = Schema(
    table="Tickets",
    workbook="shop",
    sheet="Tickets",
    key=("Ticket No",),
    columns=(Column("Ticket No"), Column("Order No"), Column("Subject"), Column("Opened at", Kind.DATETIME)),
    number="T-0001",
)
SCOPE = Scope(
    schemas={one.table: one for one in (ORDERS, CUSTOMERS, REGIONS, TICKETS)},
    language="en",
    zone=ZoneInfo("Europe/Berlin"),
    headers={"Orders": (*(column.name for column in ORDERS.columns), "Gift wrap")},
    people={"anna": "anna", "ben": "ben", "cs lead": "cs lead", "warehouse": "warehouse"},
    settings={"Large order": "500", "Courier": "DHL", "Broken": "a lot"},
    rules=("test", "birthday", "win-back"),
    table="Orders",
)


def read_when(text: str, *, edges: bool = True) -> tuple[Condition | None, tuple[Problem, ...]]:
    """Read a block of conditions as it stands in a file, two blanks in: its first line is line 2."""
    source = "when:\n" + "".join(f"  {line}\n" for line in text.splitlines())
    block, notes = parse(source, FILE)
    if block is None:
        return None, notes.problems
    found = read_conditions(block.pairs[0].value, Asked(SCOPE, SCOPE.table, edges), notes)
    return (None if notes.errors else found), notes.problems


def read(source: str, *templates: str) -> tuple[Rule | None, tuple[Problem, ...]]:
    """Read a rule file of the shop."""
    names = (lambda: templates) if templates else None
    return read_rule(source, FILE, SCOPE, ACTIONS, templates=names)


def understood(source: str) -> Rule:
    """Read a rule file that must be right."""
    rule, problems = read(source)
    assert rule is not None, "\n".join(str(one) for one in problems)
    return rule


def letters_of(marked: str) -> tuple[str, list[int]]:
    """Return a marked text without its «marks», and the places of the letters between them."""
    plain, places, inside = "", [], False
    for letter in marked:
        if letter in "«»":
            inside = letter == "«"
            continue
        places += [len(plain)] if inside else []
        plain += letter
    return plain, places
