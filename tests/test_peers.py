"""What people do between two reads, and where other tools lose orders or mail twice: on every kind of workbook."""

from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest

from rowcall.ports import CellChange, Wrote
from rowcall.reading import missing_columns, type_table
from rowcall.table import Column, Kind, Schema, Table
from tests.contract.benches import KINDS, ZONE, Bench, Rows, make_bench
from tests.plan_day import Day

SCHEMA = Schema(
    "Orders",
    "shop",
    "Orders",
    ("No",),
    (
        Column("No"),
        Column("Status", Kind.CHOICE, ("New", "Paid")),
        Column("Email", Kind.EMAIL),
        Column("Stock", Kind.NUMBER),
        Column("Gift", Kind.YES_NO),
    ),
)
HEADER = ("No", "Status", "Email", "Stock", "Gift")
NEW_ORDER = """
rule: New order
look at: Orders
when:
  Status: New
first run: only new ones
then:
  - email: {to: Email, subject: "{{ no }}", text: "Thank you."}
"""
EDGES = """
rule: Edges
look at: Orders
when:
  Stock: changed to 0
first run: only new ones
then:
  - email: {to: Email, subject: "{{ no }} sold out", text: "Sold out."}
"""
UNGIFT = """
rule: No gift
look at: Orders
when:
  Gift: changed to no
first run: only new ones
then:
  - email: {to: Email, subject: "{{ no }} no gift", text: "No gift."}
"""


@dataclass(slots=True)
class BookDay(Day):
    """A day whose every tick reads a real workbook."""

    bench: Bench = field(kw_only=True)

    def table(self, schema: Schema) -> Table:
        """Read the table through its connector."""
        reading = self.bench.open().read([schema])
        table = type_table(schema, reading.sheets[0][1], language="en", zone=ZONE)
        assert isinstance(table, Table), table
        return table

    def after(self, at: str, *rows: tuple[str, ...], header: tuple[str, ...] = HEADER) -> list[str]:
        """Let people save these rows, tick, and return the subjects of the mails that this brought."""
        known = len(self.mails)
        self.bench.save({"Orders": (header, *rows)})
        self.tick(f"2026-03-02 {at}")
        return sorted(mail.subject for mail in self.mails[known:])


def order(number: str, status: str = "New", stock: str = "5", gift: str = "yes") -> tuple[str, ...]:
    return (number, status, f"c{number}@example.com", stock, gift)


OLD = [order(f"{number:03}") for number in range(20)]


@pytest.fixture(params=KINDS)
def day(request: pytest.FixtureRequest, tmp_path: Path) -> BookDay:
    (tmp_path / "files").mkdir()
    rows = {"Orders": [dict.fromkeys(HEADER, "")]}
    bench = make_bench(request.param, tmp_path / "files")
    return BookDay(tmp_path, (SCHEMA,), rows, {"new-order": NEW_ORDER}, bench=bench)


EDITS: dict[str, tuple[list[tuple[str, ...]], list[str]]] = {
    "nothing": (OLD, []),
    "one row deleted, one appended": ([*OLD[1:], order("900")], ["900"]),
    "inserted in the middle": ([*OLD[:10], order("900"), *OLD[10:]], ["900"]),
    "inserted on top": ([order("900"), *OLD], ["900"]),
    "sorted": (OLD[::-1], []),
    "sorted, one more": ([*OLD[::-1], order("900")], ["900"]),
    "a blank row in the middle": ([*OLD[:10], ("",) * 5, *OLD[10:]], []),
    "blank rows at the end, then a new one": ([*OLD, ("",) * 5, ("",) * 5, order("900")], ["900"]),
    "a key renamed": ([("000-b", *OLD[0][1:]), *OLD[1:]], []),
    "a new row copied with its old key": ([*OLD, order("019"), order("900")], ["900"]),
    "a row without a key": ([*OLD, ("", *order("900")[1:]), order("901")], ["901"]),
}


@pytest.mark.parametrize("name", EDITS)
def test_what_people_do_between_two_reads(day: BookDay, name: str) -> None:
    rows, subjects = EDITS[name]
    assert day.after("09:00", *OLD) == []
    assert day.after("09:01", *rows) == subjects
    assert day.after("09:02", *rows) == []
    assert day.after("09:03", *rows[::-1]) == []


ARCHIVED = [order(f"{number:03}") for number in range(30)]
FRESH = [order(f"9{number:02}") for number in range(8)]
GONE = "21 rows of Orders are gone"


def test_an_archive_of_most_rows_and_new_orders(day: BookDay) -> None:
    assert day.after("09:00", *ARCHIVED) == []
    assert day.after("09:01", *ARCHIVED[21:], *FRESH) == [GONE, *(row[0] for row in FRESH)]
    assert set(day.after("09:02", *ARCHIVED[21:], *FRESH)) <= {GONE}
    assert day.after("09:03", *ARCHIVED[21:], *FRESH) == []


def test_the_responsible_is_told_once_of_an_archive(day: BookDay) -> None:
    day.after("09:00", *ARCHIVED)
    for minute in range(1, 5):
        day.after(f"09:0{minute}", *ARCHIVED[21:])
    assert [mail.subject for mail in day.mails] == [GONE]


def test_a_row_typed_in_two_goes_acts_once_and_complete(day: BookDay) -> None:
    day.settle = timedelta(seconds=30)
    done = order("900")
    half = (done[0], done[1], "", "", "")
    assert day.after("09:00", *OLD) == []
    assert day.after("09:01", *OLD, half) == []
    assert day.after("09:01:20", *OLD, done) == []
    assert day.after("09:02", *OLD, done) == ["900"]
    assert day.mails[-1].to == "c900@example.com"
    assert day.after("09:03", *OLD, done) == []


def test_zero_and_false_are_values(day: BookDay) -> None:
    day.rules = {"edges": EDGES, "no-gift": UNGIFT}
    assert day.after("09:00", order("1"), order("2")) == []
    assert day.after("09:01", order("1", stock="0"), order("2", stock="")) == ["1 sold out"]
    assert day.after("09:02", order("1", stock="0", gift="FALSE"), order("2", stock="")) == ["1 no gift"]


def test_moved_columns_change_nothing(day: BookDay) -> None:
    assert day.after("09:00", *OLD) == []
    assert day.after("09:01", *(row[::-1] for row in OLD), header=HEADER[::-1]) == []


def test_a_doubled_and_a_blank_header_are_told_and_the_others_go_on(day: BookDay) -> None:
    header = (*HEADER, "Note", "Note", "")
    assert day.after("09:00", *((*row, "a", "b", "c") for row in OLD), header=header) == []
    rows = [(*row, "a", "b", "c") for row in [*OLD, order("900")]]
    assert day.after("09:01", *rows, header=header) == ["900"]
    assert [problem.place.header for problem in day.table(SCHEMA).problems] == ["Note", "H"]


def test_a_renamed_header_holds_the_rule_and_loses_nothing(day: BookDay) -> None:
    assert day.after("09:00", *OLD) == []
    renamed = ("No", "State", "Email", "Stock", "Gift")
    assert day.after("09:01", *OLD, order("900"), header=renamed) == ["Orders can't be read as it is now"]
    assert missing_columns(day.table(SCHEMA)) == {"Status"}
    assert day.after("09:02", *OLD, order("900"), order("901")) == ["900", "901"]


def test_a_row_moved_before_the_write_is_still_the_right_one(day: BookDay) -> None:
    before: Rows = (HEADER, *OLD)
    day.bench.save({"Orders": before})
    wish = CellChange(SCHEMA, ("003",), "Status", "New", "Paid")
    day.bench.save({"Orders": (HEADER, order("900"), *OLD[::-1])})
    (written,) = day.bench.open().write([wish])
    assert written.outcome is Wrote.WRITTEN
    paid = [row[0] for row in day.bench.look("Orders") if row[1] == "Paid"]
    assert paid == ["003"]
