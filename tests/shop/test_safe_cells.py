"""Is no cell of a person harmed, and nothing owed to a row lost, when people edit, lock, rename and delete?"""

from pathlib import Path
from typing import ClassVar

import openpyxl
import pytest

from rowcall.episode import DeliveryState
from rowcall.store import Desk, Worker
from tests.shop.folder import BOOKS, HEADER, Open, Postbox, Rows, ShopFolder, order

CONFIRM = """
rule: Confirm
look at: Orders
when: {Status: Paid}
first run: only new ones
then:
  - set: {Copy: done}
  - email: {to: Email, subject: "Order {{ order_no }}", text: "Thank you."}
"""
IN_ORDER = """
rule: Confirm
look at: Orders
when: {Status: Paid}
first run: only new ones
then:
  - set: {Copy: done}
    email: {to: Email, subject: "Order {{ order_no }}", text: "Thank you."}
"""
books = pytest.mark.parametrize("connector", BOOKS)
FORMULAS = ['=HYPERLINK("http://evil.example","click")', "+1", "@x", "-2+3", "=1+1"]


def start(shop: ShopFolder, *numbers: str) -> None:
    shop.run("09:00")
    shop.pay(*numbers)


class TestTexts:
    RULE = """
rule: Copy
look at: Orders
when: {Status: Paid}
first run: only new ones
then:
  - set: {Copy: "{{ note }}"}
  - add row: {to: Log, values: {Order: same as Order No, Text: "{{ note }}"}}
"""

    @books
    @pytest.mark.parametrize("evil", FORMULAS)
    def test_text_never_becomes_a_formula(self, evil: str, connector: str, open_folder: Open) -> None:
        orders = [order("1", note=evil), order("2")]
        shop = open_folder({"copy": self.RULE}, *orders, connector=connector, tabs={"Log": LOG})
        if connector == "csv_folder":  # as a person's program shields it
            shop.book.edit("1", "Note", f"'{evil}")
        start(shop, "1")
        shop.run("09:01")
        assert shop.states() == [DeliveryState.SENT, DeliveryState.SENT]
        texts = [shop.book.cell("1", "Copy"), shop.book.cell("L-1", "Text", "Log")]
        if connector == "xlsx":
            assert texts == [evil, evil]
            book = openpyxl.load_workbook(shop.book.path)
            cells = [book["Orders"].cell(2, HEADER.index("Copy") + 1), book["Log"].cell(2, 3)]
            assert [cell.data_type for cell in cells] == ["s", "s"]
        else:
            shielded = evil if evil == "+1" else f"'{evil}"  # a number is no formula
            assert texts == [shielded, shielded]
        before = shop.book.tabs()
        assert shop.run("09:02").firings == ()
        assert shop.book.tabs() == before


LOG: Rows = [["No", "Order", "Text"]]


class TestPeople:
    @books
    def test_an_edit_between_plan_and_write_wins_and_is_told_once(
        self, connector: str, open_folder: Open, box: Postbox
    ) -> None:
        shop = open_folder({"confirm": IN_ORDER}, order("1"), order("2"), connector=connector)
        start(shop, "1", "2")
        shop.tick("09:01")
        shop.book.edit("1", "Copy", "mine")
        shop.deliver("09:01")
        for minute in range(2, 6):
            shop.run(f"09:0{minute}")
        assert [shop.book.cell(number, "Copy") for number in ("1", "2")] == ["mine", "done"]
        assert box.told("c1@example.com") == []
        assert box.told("c2@example.com") == ["Order 2"]
        assert box.told("dora@shop.example") == ["Confirm: row 1 was left to a person's edit"]
        assert 'somebody wrote "mine" meanwhile' in next(
            one.text() for one in box.received if one.recipient == "dora@shop.example"
        )

    @books
    def test_a_locked_workbook_is_written_once_it_is_free(
        self, connector: str, open_folder: Open, box: Postbox
    ) -> None:
        shop = open_folder({"confirm": IN_ORDER}, order("1"), connector=connector)
        start(shop, "1")
        with shop.book.locked():
            content = shop.book.path.read_bytes()
            shop.run("09:01")
            shop.walk("09:05", "10:00", ticks=True)
            assert shop.book.path.read_bytes() == content
            assert box.received == []
            assert "is open in" in shop.listed()[0].reason
            assert "delete the leftover lock file" in shop.listed()[0].reason
        shop.walk("10:05", "10:25", ticks=True)
        assert (shop.book.cell("1", "Copy"), box.subjects()) == ("done", ["Order 1"])

    @books
    def test_rows_sorted_between_plan_and_write(self, connector: str, open_folder: Open) -> None:
        orders = [order(str(number), note=f"note {number}") for number in range(9)]
        shop = open_folder({"confirm": CONFIRM}, *orders, connector=connector)
        start(shop, "2", "5")
        shop.tick("09:01")
        shop.book.change(lambda rows: [rows[0], *rows[:0:-1]])
        shop.deliver("09:01")
        done = {row[0]: row[HEADER.index("Copy")] for row in shop.book.tabs()["Orders"][1:]}
        assert {key for key, text in done.items() if text} == {"2", "5"}
        assert shop.book.tabs()["Orders"][1][HEADER.index("Note")] == "note 8"

    @books
    def test_a_row_deleted_between_plan_and_write_is_told_once(
        self, connector: str, open_folder: Open, box: Postbox
    ) -> None:
        shop = open_folder({"confirm": IN_ORDER}, order("1"), order("2"), connector=connector)
        start(shop, "1", "2")
        shop.tick("09:01")
        shop.book.change(lambda rows: [row for row in rows if row[0] != "1"])
        shop.deliver("09:01")
        for minute in range(2, 9):
            shop.run(f"09:0{minute}")
        assert [row[0] for row in shop.book.tabs()["Orders"]] == ["Order No", "2"]
        assert box.told("c1@example.com") == []
        assert box.told("c2@example.com") == ["Order 2"]
        assert box.told("dora@shop.example") == ["Confirm: row 1 was left to a person's edit"]

    @books
    def test_a_row_cut_and_pasted_back_is_written_after_all(
        self, connector: str, open_folder: Open, box: Postbox
    ) -> None:
        shop = open_folder({"confirm": IN_ORDER}, order("1"), order("2"), connector=connector)
        start(shop, "1")
        shop.tick("09:01")
        cut: Rows = []

        def take(rows: Rows) -> Rows:
            cut.extend(row for row in rows if row[0] == "1")
            return [row for row in rows if row[0] != "1"]

        shop.book.change(take)
        shop.deliver("09:01")
        shop.book.change(lambda rows: [*rows, *cut])
        shop.walk("09:02", "09:20", 2, ticks=True)
        assert (shop.book.cell("1", "Copy"), box.subjects()) == ("done", ["Order 1"])

    @books
    def test_a_row_renamed_before_the_write_gets_it_under_its_new_key(
        self, connector: str, open_folder: Open, box: Postbox
    ) -> None:
        shop = open_folder({"confirm": IN_ORDER}, order("1", note="a"), order("2"), connector=connector)
        start(shop, "1")
        shop.tick("09:01")
        shop.book.edit("1", "Order No", "1-b")
        shop.deliver("09:01")
        shop.walk("09:02", "09:20", 2, ticks=True)
        assert (shop.book.cell("1-b", "Copy"), shop.book.cell("2", "Copy")) == ("done", "")
        assert box.subjects() == ["Order 1"]

    @books
    def test_a_row_renamed_while_the_workbook_is_locked(
        self, connector: str, open_folder: Open, box: Postbox
    ) -> None:
        shop = open_folder({"confirm": IN_ORDER}, order("1", note="a"), order("2"), connector=connector)
        start(shop, "1")
        with shop.book.locked():
            shop.run("09:01")
            shop.book.edit("1", "Order No", "1-b")
            shop.run("09:02")
            shop.run("09:20")
        shop.walk("09:25", "09:50", ticks=True)
        assert shop.book.cell("1-b", "Copy") == "done"
        assert box.subjects() == ["Order 1"]


def test_a_claim_from_before_a_rename_is_void(open_folder: Open) -> None:
    shop = open_folder({"confirm": IN_ORDER}, order("1", note="a"), order("2"))
    start(shop, "1")
    shop.tick("09:01")
    other = Desk(shop.store, Worker("other"))
    (claimed,) = other.claim(shop.clock.now(), shop.clock.now(), "workbook:shop", 10)
    shop.book.edit("1", "Order No", "1-b")
    shop.tick("09:02")
    assert other.start([claimed], shop.clock.now(), shop.clock.now()) == []
    shop.deliver("09:02")
    assert shop.book.cell("1-b", "Copy") == "done"


def test_a_row_that_takes_a_key_of_an_earlier_row_still_acts(open_folder: Open, box: Postbox) -> None:
    shop = open_folder({"confirm": CONFIRM}, order("1", note="a"), order("2", note="b"))
    start(shop, "1")
    shop.run("09:01")
    shop.book.edit("1", "Order No", "1-b")
    shop.run("09:02")
    shop.book.edit("2", "Order No", "1")
    shop.run("09:03")
    shop.pay("1")
    shop.run("09:04")
    assert box.subjects() == ["Order 1", "Order 1"]
    assert box.asked == ["c1@example.com", "c2@example.com"]
    assert [shop.book.cell(key, "Copy") for key in ("1", "1-b")] == ["done", "done"]


class TestOwnWrites:
    RULES: ClassVar = {
        "stamp": """
rule: Stamp
look at: Orders
when: {Status: changed to Paid}
first run: only new ones
then:
  - set: {Status: Packed, Confirmed at: now}
""",
        "own": """
rule: Own
look at: Orders
when: {Status: changed}
first run: only new ones
then:
  - set: {Note: "seen {{ status }}", Status: Shipped}
""",
        "watcher": """
rule: Watcher
look at: Orders
when: {Note: changed}
first run: only new ones
then:
  - email: {to: anna, subject: "{{ order_no }} {{ note }}", text: "x"}
""",
    }

    @books
    @pytest.mark.parametrize("restarts", [False, True], ids=["runs on", "restarts at every step"])
    def test_a_write_is_no_edge_for_its_rule_but_for_another(
        self, restarts: bool, connector: str, open_folder: Open, box: Postbox
    ) -> None:
        rules = {name: self.RULES[name] for name in ("own", "watcher")}
        shop = open_folder(rules, order("1"), order("2"), connector=connector, restarts=restarts)
        start(shop, "1")
        for minute in range(1, 8):
            shop.run(f"09:0{minute}")
        assert shop.book.cell("1", "Note") == "seen Paid"
        assert [one.rule for plan in shop.plans for one in plan.firings] == ["own", "watcher"]
        assert box.subjects() == ["1 seen Paid"]
        shop.pay("1")
        for minute in range(10, 14):
            shop.run(f"09:{minute}")
        assert [one.rule for plan in shop.plans for one in plan.firings] == ["own", "watcher", "own"]

    @books
    def test_a_formatted_write_is_recognised_when_it_is_read_again(
        self, connector: str, open_folder: Open
    ) -> None:
        shop = open_folder({"stamp": self.RULES["stamp"]}, order("1"), connector=connector)
        start(shop, "1")
        for minute in range(1, 6):
            shop.run(f"09:0{minute}")
        assert shop.book.cell("1", "Status") == "Packed"
        assert sum(len(plan.firings) for plan in shop.plans) == 1


class TestBroken:
    LOGGED = """
rule: Log
look at: Log
when: {Text: not empty}
first run: only new ones
then:
  - email: {to: anna, subject: "Log {{ no }}", text: "x"}
"""

    @books
    def test_an_optional_tab_that_is_missing_switches_its_rules_off(
        self, connector: str, open_folder: Open, box: Postbox
    ) -> None:
        rules = {"confirm": CONFIRM, "log": self.LOGGED}
        shop = open_folder(rules, order("1"), connector=connector)
        start(shop, "1")
        shop.run("09:01")
        assert box.subjects() == ["Order 1"]
        assert all(plan.problems == () for plan in shop.plans)
        shop.book.save({**shop.book.tabs(), "Log": [*LOG, ["L-1", "1", "x"]]})
        shop.run("09:02")
        shop.book.change(lambda rows: [*rows, ["L-2", "1", "y"]], "Log")
        shop.run("09:03")
        assert box.subjects() == ["Order 1", "Log L-2"]

    @books
    @pytest.mark.parametrize("restarts", [False, True], ids=["runs on", "restarts at every step"])
    def test_a_broken_header_holds_its_rule_and_loses_nothing(
        self, restarts: bool, connector: str, open_folder: Open, box: Postbox
    ) -> None:
        by_note = """
rule: By note
look at: Orders
when: {Note: not empty}
first run: only new ones
then:
  - email: {to: anna, subject: "Note {{ order_no }}", text: "x"}
"""
        rules = {"confirm": CONFIRM, "by-note": by_note}
        shop = open_folder(rules, order("1"), order("2"), order("3"), connector=connector, restarts=restarts)
        shop.run("09:00")
        header(shop, "Status", "Statuss")

        def paid(rows: Rows) -> None:
            rows[1][1] = "Paid"

        shop.book.change(paid)
        shop.book.edit("2", "Note", "hello")
        for minute in range(1, 6):
            shop.run(f"09:0{minute}")
        assert box.told("anna@shop.example") == ["Note 2"]
        assert box.told("c1@example.com") == []
        told = [one for one in box.received if one.recipient == "dora@shop.example"]
        assert len(told) == 1
        assert '"Confirm"' in told[0].text()
        assert "Status" in told[0].text()
        assert '"By note"' not in told[0].text()
        header(shop, "Statuss", "Status")
        for minute in range(6, 9):
            shop.run(f"09:0{minute}")
        assert box.told("c1@example.com") == ["Order 1"]
        assert len(box.received) == 3

    @books
    def test_a_missing_column_that_only_the_mail_needs_holds_the_rule_too(
        self, connector: str, open_folder: Open, box: Postbox
    ) -> None:
        shop = open_folder({"confirm": CONFIRM}, order("1"), order("2"), connector=connector)
        shop.run("09:00")
        header(shop, "Email", "E-mail adress")
        shop.pay("1")
        for minute in range(1, 4):
            shop.run(f"09:0{minute}")
        assert box.asked == ["dora@shop.example"]
        assert "Email" in box.received[0].text()
        assert shop.book.cell("1", "Copy") == ""
        header(shop, "E-mail adress", "Email")
        shop.run("09:04")
        assert box.asked[1:] == ["c1@example.com"]
        header(shop, "Email", "E-mail adress")
        shop.run("09:05")
        assert box.told("dora@shop.example") == ["Orders can't be read as it is now"] * 2

    @books
    def test_a_rule_that_adds_to_an_optional_tab_rests_without_it(
        self, connector: str, open_folder: Open, box: Postbox
    ) -> None:
        rules = {"copy": TestTexts.RULE, "confirm": CONFIRM.replace("set: {Copy: done}", "set: {Note: done}")}
        shop = open_folder(rules, order("1"), connector=connector)
        start(shop, "1")
        shop.run("09:01")
        assert box.subjects() == ["Order 1"]
        assert (shop.book.cell("1", "Note"), shop.book.cell("1", "Copy")) == ("done", "")

    def test_a_workbook_that_is_gone_is_told_once_and_nothing_is_lost(
        self, open_folder: Open, box: Postbox, tmp_path: Path
    ) -> None:
        shop = open_folder({"confirm": CONFIRM}, order("1"), connector="xlsx")
        start(shop, "1")
        away = tmp_path / "away.xlsx"
        shop.book.path.rename(away)
        for minute in range(1, 5):
            shop.run(f"09:0{minute}")
        assert box.told("dora@shop.example") == ["Orders can't be read as it is now"]
        away.rename(shop.book.path)
        shop.run("09:05")
        assert box.told("c1@example.com") == ["Order 1"]


def header(shop: ShopFolder, old: str, new: str) -> None:
    def renamed(rows: Rows) -> None:
        rows[0][rows[0].index(old)] = new

    shop.book.change(renamed)
