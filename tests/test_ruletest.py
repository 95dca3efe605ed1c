"""Do tests of rules pass when they should, fail when they should, and say what is wrong?"""

import shutil
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from rowcall.cli.test_text import marked
from rowcall.home import shipped
from rowcall.ruletest.run import find_tests, run_tests
from rowcall.ruletest.times import NoMoment, read_at, read_start
from rowcall.shop import open_shop
from tests.shop_folder import Ran, ShopFolder, make_shop

ZONE = ZoneInfo("Europe/Berlin")
CONFIG = """
shop: {name: Harbour Tea, timezone: Europe/Berlin, language: en, currency: EUR, responsible: dora}
workbooks:
  shop: {connector: csv_folder, path: book}
tables:
  Stock:
    key: SKU
    columns: {SKU: text, Product: text, Supplier: text, On hand: number, Reorder point: number, Active: yes/no,
      Low since: date, Purchase order: text, Checked at: datetime, Score: number}
  Log:
    key: No
    number: L-1
    columns: {No: text, SKU: text, Text: text}
people:
  ben: {name: Ben, email: ben@example.com}
  carla: {name: Carla, email: carla@example.com}
  dora: {name: Dora, email: dora@example.com}
  warehouse: {members: [ben, carla]}
buttons:
  Take it: {set: {Purchase order: ordered, Checked at: now}}
  Later: {snooze: 2 hours}
  Done: {stop: yes}
"""
LOW = """
rule: Low stock
responsible: dora
look at: Stock
when:
  Active: yes
  On hand: at most Reorder point
for: 30 minutes
again only when:
  On hand: at least 120% of Reorder point
stop when:
  Purchase order: not empty
then:
  - set:
      Low since: today
  - email:
      to: warehouse
      cc: dora
      subject: "Low: {{ sku }}"
      text: "{{ sku }} is low: {{ on_hand }} left. Please order soon."
      buttons: [Take it, Later, Done]
  - add row:
      to: Log
      values: {SKU: "{{ sku }}", Text: low}
  - at: 1 day after start
    email: {to: responsible, subject: "Still low: {{ sku }}", text: x}
limits: [2 rows at once]
"""
TABLE = """start: 2025-03-03 08:00
table Stock:
  - {SKU: A-1, On hand: 12, Reorder point: 10, Active: yes}
steps:
"""
FIRED = """
  - at: 09:00
    change: {A-1: {On hand: 9}}
  - at: 09:30
    expect:
      email: {to: warehouse, subject: "Low: A-1", cc: dora, text contains: Please order, rows: A-1}
      cells: {A-1: {Low since: 2025-03-03}}
      row added to Log: {SKU: A-1, Text: low}
"""


@pytest.fixture
def shop(tmp_path: Path) -> ShopFolder:
    folder = tmp_path / "shop"
    for name in ("rules", "book"):
        (folder / name).mkdir(parents=True)
    shutil.copytree(shipped("templates"), folder / "templates")
    (folder / "config.yaml").write_text(CONFIG)
    (folder / "rules" / "low.yaml").write_text(LOW)
    return ShopFolder(folder)


Play = Callable[..., list[str]]
"""Plays steps, and perhaps another head of the test."""


@pytest.fixture
def play(shop: ShopFolder) -> Play:
    """Return what fails in a test, as `line: what`."""

    def run(steps: str, head: str = TABLE) -> list[str]:
        (shop.path / "rules" / "low.test.yaml").write_text(f"test: One\n{head}{steps}")
        opened = open_shop(shop.path / "config.yaml", {})
        report = run_tests(opened, find_tests(opened.folder, []), datetime(2025, 3, 1, tzinfo=ZONE))
        problems = [*report.problems, *(one for played in report.played for one in played.problems)]
        assert not problems, "\n".join(map(str, problems))
        [played] = report.played
        return [f"{failure.place.line}: {failure.what}" for failure in played.failures]

    return run


LATER = "  - at: 09:45\n    expect: nothing\n"
STILL = "  - at: Tuesday 10:00\n    expect: {email: {to: dora, subject contains: Still low}}\n"
PASSING = {
    "nothing happens": "  - at: 08:00\n    expect: nothing\n",
    "what is expected, and no more": FIRED + LATER,
    "too short for `for`": """
  - at: 09:00
    change: {A-1: {On hand: 9}}
  - at: 09:15
    change: {A-1: {On hand: 30}}
  - at: +1 day
    expect: nothing
""",
    "a timer between two steps": FIRED + STILL,
    "people as a list, one mail each": FIRED.replace("to: warehouse", "to: [ben, carla@example.com]"),
    "a person is first, and nothing follows": FIRED
    + """
  - at: 10:00
    change: {A-1: {Purchase order: PO-7}}
  - at: +3 days
    expect: nothing
""",
    "a button writes, and ends the rest": FIRED
    + """
  - at: 10:00
    press: {button: take it, of: A-1}
    expect:
      cells: {A-1: {Purchase order: ordered, Checked at: 2025-03-03 10:00}}
  - at: +3 days
    expect: nothing
""",
    "snooze moves what is to come": FIRED
    + """
  - at: 10:00
    press: {button: Later, of: A-1}
  - at: Tuesday 10:00
    expect: nothing
  - at: Tuesday 11:30
    expect: {email: {to: dora, subject: "Still low: A-1"}}
""",
    "a button that stops": FIRED
    + """
  - at: 10:00
    press: {button: Done, of: A-1}
  - at: +3 days
    expect: nothing
""",
    "a restart changes nothing": FIRED + "  - restart: yes\n    expect: nothing\n" + STILL,
    "sorting and adding": """
  - at: 09:00
    add:
      - {SKU: B-1, On hand: 1, Reorder point: 5, Active: yes}
    sort: SKU descending
  - at: +30 minutes
    expect:
      email: {subject: "Low: B-1", to: warehouse}
      cells: {B-1: {Low since: 2025-03-03}}
      row added: {SKU: B-1}
""",
    "a deleted row has no reminders": FIRED + "  - at: 10:00\n    delete: A-1\n  - at: +2 days\n    expect: nothing\n",
    "a limit holds": """
  - at: 09:00
    add:
      - {SKU: B-1, On hand: 1, Reorder point: 5, Active: yes}
      - {SKU: B-2, On hand: 1, Reorder point: 5, Active: yes}
      - {SKU: B-3, On hand: 1, Reorder point: 5, Active: yes}
  - at: 09:30
    expect: {held: yes}
""",
    "a problem is told": """
  - at: 09:00
    change: {A-1: {On hand: many}}
    expect: {problem: many}
""",
    "two mails in a list": FIRED.replace("email: {to: warehouse", "email:\n        - {to: ben").replace(
        "rows: A-1}", 'rows: A-1}\n        - {to: carla, subject contains: [Low, "A-"]}'
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", PASSING)
def test_passes(name: str, play: Play) -> None:
    assert play(PASSING[name]) == []


FAILING = {
    "a mail that did not go out": (
        "  - at: 09:00\n    expect: {email: {to: ben, subject: Low}}\n",
        ["7: This mail did not go out."],
    ),
    "a mail that nobody expects": (
        FIRED + "  - at: +3 days\n    expect: nothing\n",
        ["15: A mail went out to dora@example.com that nobody expects."],
    ),
    "what happens after the last step's words": (
        FIRED + "  - at: +3 days\n",
        ["14: A mail went out to dora@example.com that nobody expects."],
    ),
    "another subject": (
        FIRED.replace('subject: "Low: A-1"', 'subject: "Low: A-2"'),
        ["11: The mail that went out is another one: its subject is another."] * 2,
    ),
    "another text": (
        FIRED.replace("Please order", "Please wait"),
        ['11: The mail that went out is another one: its text does not contain "Please wait".'] * 2,
    ),
    "a file that it does not carry": (
        FIRED.replace("rows: A-1", "attachment: list.xlsx"),
        ["11: The mail that went out is another one: it carries no file."] * 2,
    ),
    "another cell": (
        FIRED.replace("Low since: 2025-03-03", "Low since: 2025-03-04"),
        ["12: Stock!Low since, row A-1, holds something else."],
    ),
    "a cell that nobody expects": (
        FIRED.replace("      cells: {A-1: {Low since: 2025-03-03}}\n", ""),
        ["11: A cell was written that nobody expects: Stock!Low since, row A-1: (empty) → 2025-03-03."],
    ),
    "a row that nobody expects": (
        FIRED.replace("      row added to Log: {SKU: A-1, Text: low}\n", ""),
        ["11: A row was added that nobody expects: Log, row L-1."],
    ),
    "another row": (FIRED.replace("Text: low", "Text: high"), ["13: The row that was added is another one."]),
    "a button that is not there": (
        FIRED + "  - press: {button: Latr, of: A-1}\n",
        ['14: no mail of the rule has a button "Latr" (did you mean "Later"?)'],
    ),
    "a row that is not there": (
        "  - at: 09:00\n    change: {A-2: {On hand: 9}}\n",
        ['7: Stock has no row "A-2" at this moment, or more than one (did you mean "A-1"?)'],
    ),
    "no limit holds": ("  - at: 09:00\n    expect: {held: 3}\n", ["7: No limit holds anything."]),
}


@pytest.mark.parametrize("name", FAILING)
def test_fails(name: str, play: Play) -> None:
    steps, told = FAILING[name]
    assert play(steps) == told


def test_first_run_only_records(play: Play) -> None:
    head = TABLE.replace("On hand: 12", "On hand: 2").replace("start:", "first run: yes\nstart:")
    assert play("  - at: +3 days\n    expect: nothing\n", head) == []


def test_settle_as_the_test_says(play: Play) -> None:
    head = TABLE.replace("start:", "settle: 2 minutes\nstart:")
    steps = """
  - at: 09:00
    add: {SKU: B-1, On hand: 1, Reorder point: 5, Active: yes}
  - at: 09:31
    expect: nothing
  - at: 09:32
    expect:
      email: {to: warehouse}
      cells: {B-1: {Low since: 2025-03-03}}
      row added: {SKU: B-1}
"""
    assert play(steps, head) == []


# Reading


def read(shop: ShopFolder, text: str) -> list[str]:
    (shop.path / "rules" / "low.test.yaml").write_text(text)
    told = shop.json("test", "test", code=1)
    return [f"{one['line']}:{one['column']}: {one['what']}" for one in told["problems"]]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (f"test: A\n{TABLE}  - att: 09:00\n", "6:5: `att:` is not known here"),
        (f"test: A\n{TABLE}  - at: noon\n", "6:9: `noon` names no moment."),
        (f"test: A\n{TABLE}  - at: 07:00\n", "6:9: `07:00` lies before the step above it (2025-03-03 08:00)"),
        (f"test: A\n{TABLE}  - expect: something\n", "6:13: `something` is nothing that can be expected."),
        (f"test: A\n{TABLE}  - expect: {{emial: {{to: ben}}}}\n", "6:14: `emial:` is not known here"),
        (f"test: A\n{TABLE}  - expect: {{email: {{too: ben}}}}\n", "6:22: `too:` is not known here"),
        (
            f"test: A\n{TABLE}  - change: {{A-1: {{On hnd: 3}}}}\n",
            '6:20: Stock has no column "On hnd"; its columns:',
        ),
        (
            f"test: A\n{TABLE}  - change Stok: {{A-1: {{On hand: 3}}}}\n",
            '6:5: there is no table "Stok"',
        ),
        ("test: A\nstart: monday\nsteps: []\n", "2:8: `monday` is no day and time"),
        ("test: A\nsteps: []\n", "1:1: `start:` is missing here."),
        (f"test: A\n{TABLE}  - expect: {{held: many}}\n", "6:20: `many` must be `yes`"),
    ],
)  # fmt: skip
def test_mistakes_are_told_with_their_place(text: str, told: str, shop: ShopFolder) -> None:
    assert any(one.startswith(told) for one in read(shop, text)), read(shop, text)


def test_a_rule_with_mistakes_can_not_be_tested(shop: ShopFolder) -> None:
    shop.rule("low", LOW.replace("Active: yes", "Actve: yes"))
    # The test names the watched table, as most do: nothing of it can be read without the rule.
    steps = "  - change: {A-1: {On hand: 3}}\n  - expect: {cells: {A-1: {Low since: 2025-03-03}}}\n"
    first, *mistakes = read(shop, f"test: A\n{TABLE}{steps}")
    assert 'the rule "low" has mistakes, so its tests were not played' in first
    assert any("Actve" in one for one in mistakes)


def test_a_rule_without_a_table_must_be_told_of_which_one(shop: ShopFolder) -> None:
    rule = "rule: Daily\nschedule: every day at 08:00\nthen:\n  - email: {to: dora, subject: A, text: B}\n"
    shop.rule("low", rule)
    steps = "  - change: {A-1: {On hand: 3}}\n  - expect: {cells: {A-1: {On hand: 3}}}\n"
    told = read(shop, f"test: A\n{TABLE}{steps}")
    assert told[0].startswith("6:5: The rule looks at no table, so `change` must say of which one.")
    assert told[1].startswith("7:14: The rule looks at no table, so `cells` must say of which one.")


def test_a_test_of_no_rule(shop: ShopFolder) -> None:
    (shop.path / "rules" / "lowe.test.yaml").write_text(f"test: A\n{TABLE}  - at: 09:00\n")
    told = shop.json("test", "test", code=1)
    assert 'did you mean "low"?' in told["problems"][0]["what"]


NOW = datetime(2025, 3, 3, 8, 0, tzinfo=ZONE)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("09:15", "2025-03-03 09:15"),
        ("9:15:30", "2025-03-03 09:15:30"),
        ("2025-03-04 09:15", "2025-03-04 09:15"),
        ("2025-03-04T09:15", "2025-03-04 09:15"),
        ("2025/3/4 9:15", "2025-03-04 09:15"),
        ("2025-03-04", "2025-03-04 08:00"),
        ("+1 day", "2025-03-04 08:00"),
        ("+30 minutes", "2025-03-03 08:30"),
        ("+1 week 07:00", "2025-03-10 07:00"),
        ("Tuesday", "2025-03-04 08:00"),
        ("Fri 17:00", "2025-03-07 17:00"),
        ("Monday 09:00", "2025-03-03 09:00"),
        ("Monday 07:00", "2025-03-10 07:00"),
        ("Monday", "2025-03-10 08:00"),
        ("周二 09:00", "2025-03-04 09:00"),
    ],
)
def test_moments(text: str, moment: str) -> None:
    assert read_at(text, NOW, ZONE) == datetime.fromisoformat(moment).replace(tzinfo=ZONE)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("07:59", "`07:59` lies before the step above it"),
        ("25:00", "`25:00` is no time of day"),
        ("+2 working days", "no length of time on the clock"),
        ("weekdays 09:00", "names no moment"),
        ("tomorrow", "names no moment"),
    ],
)
def test_no_moments(text: str, told: str) -> None:
    with pytest.raises(NoMoment, match=told):
        read_at(text, NOW, ZONE)


def test_a_start_needs_its_day() -> None:
    with pytest.raises(NoMoment, match="no day and time"):
        read_start("08:00", ZONE)


# The command


def call(shop: ShopFolder, steps: str, *words: str) -> Ran:
    (shop.path / "rules" / "low.test.yaml").write_text(f"test: One\n{TABLE}{steps}")
    return shop.call("test", *words)


def test_the_command_shows_both_texts(shop: ShopFolder) -> None:
    ran = call(shop, FIRED.replace('subject: "Low: A-1"', 'subject: "Low: A-2"'))
    assert ran.code == 1
    assert "rules/low.test.yaml:11:14:" in ran.text
    assert "subject: Low: A-2" in ran.text
    assert "subject: Low: A-1" in ran.text
    assert "mail to ben@example.com: Low: A-1" in ran.text
    assert "0 tests passed, 1 failed." in ran.text


def test_what_no_test_reached_is_named(shop: ShopFolder) -> None:
    ran = call(shop, FIRED)
    assert ran.code == 0, ran.text
    assert "rules/low.yaml:6: Active: yes  was never false" in ran.text
    assert "rules/low.yaml:12: Purchase order: not empty  was never true" in ran.text
    assert "1 day after start  this entry never acted" in ran.text
    assert "On hand: at most" not in ran.text


def test_the_command_as_json(shop: ShopFolder) -> None:
    call(shop, FIRED)
    told = shop.json("test", "test", "low")
    assert (told["passed"], told["failed"], told["problems"]) == (1, 0, [])
    call(shop, FAILING["another cell"][0])
    told = shop.json("test", "test", "low", code=1)
    [failure] = told["tests"][0]["failures"]
    assert (failure["line"], failure["expected"], failure["actual"]) == (12, "2025-03-04", "2025-03-03")


@pytest.mark.parametrize("word", ["low", "low.yaml", "rules/low.test.yaml", "rules"])
def test_tests_are_found_by_name(word: str, shop: ShopFolder) -> None:
    assert call(shop, PASSING["nothing happens"], word).code == 0


def test_a_name_without_tests_is_wrong_use(shop: ShopFolder) -> None:
    ran = call(shop, PASSING["nothing happens"], "lwo")
    assert ran.code == 2
    assert 'did you mean "low"?' in ran.errors


def test_no_tests_at_all(shop: ShopFolder) -> None:
    assert "There are no tests" in shop.call("test").text


def test_several_tests_in_a_file(shop: ShopFolder) -> None:
    one = "\n  ".join(f"- test: One\n{TABLE}{LATER}".splitlines())
    (shop.path / "rules" / "low.test.yaml").write_text(f"{one}\n{one}\n")
    assert "2 tests passed" in shop.call("test").text


def test_differing_words_are_marked() -> None:
    left, right = marked("Low: A-1 now", "Low: A-2 now")
    assert [left.plain[span.start : span.end] for span in left.spans] == ["1"]
    assert [right.plain[span.start : span.end] for span in right.spans] == ["2"]


def test_the_example_of_the_page_passes(tmp_path: Path) -> None:
    page = Path(__file__).parent.parent / "docs" / "how-to" / "test-a-rule.md"
    text = page.read_text(encoding="utf-8").partition("```test\n")[2].partition("```")[0]
    shop = make_shop(tmp_path / "shop")
    (shop.path / "rules" / "low-stock.test.yaml").write_text(text, encoding="utf-8")
    ran = shop.call("test", "low-stock")
    assert "1 test passed" in ran.text, ran.text
