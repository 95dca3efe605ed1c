"""Does `explain` say for the gates of time until when they are shut, and what would open them?"""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

import pytest

from rowcall.explain import explain
from tests.plan_day import ZONE, Day
from tests.test_plan_keep import CUSTOMERS

DAILY = (
    'rule: Daily\nschedule: every day at 08:00\nthen:\n  - email: {to: anna, subject: Daily, text: "Hello"}\n'
)
ROWS = DAILY.replace("schedule", "look at: Customers\nwhen: {Tier: Gold}\nschedule")
GRACE = """
rule: Tiers
look at: Customers
keep:
  Tier:
    first that fits:
      - {value: Gold, when: {Email: not empty}}
      - {value: Standard}
    go down only after: 90 days
"""


def ask(shop: Day, key: str, at: str) -> tuple[str, Mapping[str, tuple[bool, str]]]:
    store = shop.store()
    given = shop.given(datetime.fromisoformat(at).replace(tzinfo=ZONE), store, store.load())
    found = explain(given, given.rules[0], key, store.firings_of(given.rules[0].id, key))
    store.close()
    return found.outcome, {gate.gate: (gate.open, gate.detail) for gate in found.gates}


@pytest.fixture
def shop(tmp_path: Path) -> Day:
    row = {"Customer": "C1", "Email": "c@example.com", "Tier": "Gold"}
    return Day(tmp_path, (CUSTOMERS,), {"Customers": [row]}, {})


@pytest.mark.parametrize(("rule", "key", "word"), [(DAILY, "", "The"), (ROWS, "C1", "It matters; the")])
def test_a_schedule_says_its_next_time_and_what_happened_before(
    shop: Day, rule: str, key: str, word: str
) -> None:
    shop.rules["daily"] = rule
    shop.tick("2026-03-02 07:00")
    outcome, gates = ask(shop, key, "2026-03-02 07:30")
    assert outcome == f"{word} rule acts at the next time of its schedule."
    assert gates["schedule"] == (False, "it acts next at 2026-03-02 08:00; it has not acted yet")
    assert gates["baseline"] == (True, "a rule with a schedule has none")
    outcome, gates = ask(shop, key, "2026-03-02 08:01")
    assert outcome == "It acts at the next look: start."
    assert gates["schedule"] == (True, "its time of 2026-03-02 08:00 is acted on now")
    shop.tick("2026-03-02 08:01")
    shop.tick("2026-03-03 08:00")
    _, gates = ask(shop, key, "2026-03-03 09:00")
    told = "it acts next at 2026-03-04 08:00; it has acted 2 times, and every time up to 2026-03-03 08:00 is settled"
    assert gates["schedule"] == (False, told)


def test_a_lower_kept_value_says_until_when_it_waits(shop: Day) -> None:
    shop.rules["tiers"] = GRACE
    shop.tick("2026-03-02 09:00")
    assert "keep" not in ask(shop, "C1", "2026-03-02 09:30")[1]
    shop.row("Customers", "C1")["Email"] = ""
    shop.tick("2026-03-02 10:00")
    told = (
        "Tier would go down to Standard since 2026-03-02 10:00; it does so if that is still chosen on "
        "2026-05-31 10:00 (`go down only after: 90 days`)"
    )
    assert ask(shop, "C1", "2026-03-03 09:00")[1]["keep"] == (False, told)
