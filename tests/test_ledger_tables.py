"""Can a shop look at what Rowcall itself has done, and write its own health mail?"""

from datetime import datetime
from pathlib import Path

import pytest

from rowcall.language.ledger import LEDGERS
from rowcall.memory import Plan
from rowcall.shop import load_rules, open_shop
from rowcall.tick import Ticker

HERE = Path(__file__).resolve().parent
CONFIG = """
shop: {name: Harbour Tea, timezone: Europe/Berlin, language: en, currency: EUR, responsible: dora}
workbooks:
  shop: {connector: csv_folder, path: book}
tables:
  Orders:
    key: Order No
    columns: {Order No: text, Email: email, Status: [New, Paid], Note: text}
people:
  dora: {name: Dora, email: dora@example.com}
email: {from: "orders@example.com", host: 127.0.0.1, port: 9, security: none}
state: sqlite:///rowcall.db
"""
CONFIRM = """
rule: Confirm
look at: Orders
when: {Status: Paid}
first run: act on all
then:
  - email: {to: Email, subject: "Order {{ order_no }}", text: Thank you}
"""
HEALTH = """
rule: Health
schedule: every day at 08:00
period: yesterday
figures:
  Planned: {in: Rowcall deliveries, count: rows, where: {Planned at: in the period, Action: email, Rule: confirm}}
  Waiting: {in: Rowcall deliveries, where: {State: ready}, list: [Rule, To, State]}
  Acted: {in: Rowcall firings, count: rows, where: {At: in the period}, by: Rule}
  Wrong: {in: Rowcall problems, list: [Where, What]}
then:
  - email: {to: dora, subject: "{{ planned }} planned", text: "{{ waiting }} {{ acted }} {{ wrong }}"}
"""
WATCH = """
rule: Watch
look at: Rowcall firings
when: {Rule: confirm}
first run: only new ones
then:
  - email: {to: dora, subject: "{{ rule.title }} saw {{ key }}", text: "{{ at }}"}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "config.yaml").write_text(CONFIG, encoding="utf-8")
    for name in ("rules", "book", "templates"):
        (tmp_path / name).mkdir()
    (tmp_path / "book" / "Orders.csv").write_text(
        "Order No,Email,Status,Note\n1,ann@example.com,Paid,\n2,bob@example.com,New,\n", encoding="utf-8"
    )
    (tmp_path / "rules" / "confirm.yaml").write_text(CONFIRM, encoding="utf-8")
    return tmp_path


def tick(folder: Path, at: str) -> Plan:
    shop = open_shop(folder / "config.yaml", {})
    store = shop.open_store()
    outcome = Ticker(shop, store).tick(datetime.fromisoformat(f"{at}+01:00"))
    store.close()
    return outcome


def mails(outcome: Plan, rule: str) -> list[tuple[str, str]]:
    found = [one.payload for firing in outcome.firings if firing.rule == rule for one in firing.deliveries]
    return [(mail.subject, mail.text) for mail in found]  # type: ignore[attr-defined] # payloads of mails


def test_a_health_mail_of_the_shops_own(folder: Path) -> None:
    (folder / "rules" / "health.yaml").write_text(HEALTH, encoding="utf-8")
    tick(folder, "2026-03-02T09:00")
    tick(folder, "2026-03-02T09:01")
    ((subject, text),) = mails(tick(folder, "2026-03-03T08:00"), "health")
    assert subject == "1 planned"
    assert "confirm  a…@example.com  ready" in text
    assert "confirm      1" in text
    assert "–" in text


def test_what_waits_for_a_person_is_a_problem(folder: Path) -> None:
    (folder / "rules" / "health.yaml").write_text(HEALTH, encoding="utf-8")
    (folder / "rules" / "confirm.yaml").write_text(
        f"{CONFIRM}limits: [0 rows at once]\n".replace("0 rows", "1 rows"), encoding="utf-8"
    )
    rows = "\n".join(f"{number},c{number}@example.com,Paid," for number in range(5))
    (folder / "book" / "Orders.csv").write_text(f"Order No,Email,Status,Note\n{rows}\n", encoding="utf-8")
    tick(folder, "2026-03-02T09:00")
    tick(folder, "2026-03-02T09:01")
    ((_, text),) = mails(tick(folder, "2026-03-03T08:00"), "health")
    assert 'confirm  5 rows wait because of "1 rows at once"' in text


def test_a_ledger_table_can_be_watched(folder: Path) -> None:
    (folder / "rules" / "watch.yaml").write_text(WATCH, encoding="utf-8")
    tick(folder, "2026-03-02T09:00")
    tick(folder, "2026-03-02T09:01")
    (folder / "book" / "Orders.csv").write_text(
        "Order No,Email,Status,Note\n1,ann@example.com,Paid,\n2,bob@example.com,Paid,\n", encoding="utf-8"
    )
    tick(folder, "2026-03-02T09:02")
    seen = [mails(tick(folder, f"2026-03-02T09:0{minute}"), "watch") for minute in (3, 4, 5)]
    assert [subject for found in seen for subject, _ in found] == ["Watch saw 2"]


@pytest.mark.parametrize(
    "action",
    [
        pytest.param('add row: {to: Rowcall problems, values: {What: "more"}}', id="a row"),
        pytest.param('set: {Reason: "because"}', id="a cell"),
    ],
)
def test_writing_into_a_ledger_table_is_a_mistake(folder: Path, action: str) -> None:
    rule = f"rule: Write\nlook at: Rowcall deliveries\nwhen: {{State: dead}}\nthen:\n  - {action}\n"
    (folder / "rules" / "write.yaml").write_text(rule, encoding="utf-8")
    rules = load_rules(open_shop(folder / "config.yaml", {}), {})
    assert rules.broken == ("write",)
    assert any("is kept by Rowcall itself" in problem.what for problem in rules.problems)


def test_nothing_is_read_from_the_state_when_no_rule_names_it(folder: Path) -> None:
    outcome = tick(folder, "2026-03-02T09:00")
    assert not any(name.startswith("Rowcall") for name in outcome.snapshots)


def test_the_rule_of_the_reference_page_works(folder: Path) -> None:
    page = (HERE.parent / "docs" / "reference" / "ledger-tables.md").read_text(encoding="utf-8")
    (folder / "rules" / "health.yaml").write_text(
        page.split("```yaml\n")[1].split("```")[0], encoding="utf-8"
    )
    tick(folder, "2026-03-02T09:00")
    assert mails(tick(folder, "2026-03-03T08:00"), "health") == [("Yesterday: 0 mails", "–")]
    assert all(column.name in page for schema in LEDGERS.values() for column in schema.columns)
