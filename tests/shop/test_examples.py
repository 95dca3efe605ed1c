"""Do the six example rules run as they stand: clean, read back rightly, and for days as people expect?"""

from collections.abc import Iterator

import pytest

from rowcall.errors import Severity
from rowcall.language.sentence import sentence
from rowcall.shop import load_rules, open_shop
from tests.golden import Golden
from tests.shop.example import EXAMPLES, Edit, Week
from tests.shop.folder import Postbox

RULES = ("customer-tiers", "low-stock", "new-order", "overdue-ticket", "survey-due", "weekly-figures")
EDITS = [
    Edit("2026-03-09 10:00", "Orders", "0005", {"Ordered on": "2026-03-09 09:58", "Customer": "C-02", "Email": "c2@example.com", "Status": "Paid", "Total": "25.00"}),
    Edit("2026-03-09 11:00", "Orders", "0003", {"Status": "Paid", "Total": "60.00"}),
    Edit("2026-03-11 09:00", "Orders", "0003", {"Status": "Shipped"}),
    Edit("2026-03-11 12:00", "Orders", "0003", {"Status": "Paid"}),
    Edit("2026-03-09 09:00", "Stock", "A-2", {"On hand": "15"}),
    Edit("2026-03-10 09:00", "Stock", "007", {"Purchase order": "PO-12"}),
    Edit("2026-03-10 10:00", "Stock", "A-2", {"On hand": "22"}),
    Edit("2026-03-11 10:00", "Stock", "A-2", {"On hand": "18"}),
    Edit("2026-03-12 10:00", "Stock", "A-2", {"On hand": "30"}),
    Edit("2026-03-13 10:00", "Stock", "A-2", {"On hand": "10"}),
    Edit("2026-03-09 10:00", "Tickets", "T-4", {"Opened at": "2026-03-09 10:00", "Customer": "C-01", "Priority": "Urgent", "Status": "New", "Assigned to": "ben"}),
    Edit("2026-03-09 10:00", "Tickets", "T-5", {"Opened at": "2026-03-09 10:00", "Customer": "C-02", "Priority": "High", "Status": "New", "Assigned to": "carla"}),
    Edit("2026-03-09 14:00", "Tickets", "T-5", {"First reply at": "2026-03-09 14:00", "Status": "Open"}),
    Edit("2026-03-10 09:30", "Tickets", "T-3", {"Status": "Open"}),
    Edit("2026-03-11 09:00", "Tickets", "T-4", {"Status": "Waiting for customer"}),
    Edit("2026-03-18 11:00", "Orders", "0001", {"Review score": "5"}),
]  # fmt: skip
ANSWERS = {"2026-03-09 08:00": "low-stock"}


@pytest.fixture(scope="module")
def week(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Week]:
    with Postbox() as box:
        week = Week(tmp_path_factory.mktemp("example"), box, box.port)
        week.run("2026-03-09 05:30", "2026-03-19 19:30", EDITS, ANSWERS)
        yield week
        week.close()


@pytest.mark.parametrize("rule", RULES)
def test_a_golden_week(week: Week, rule: str, golden: Golden) -> None:
    golden.check(f"{rule}.txt", "\n".join(week.lines[rule]) + "\n")


def test_nothing_else_happened(week: Week) -> None:
    assert sorted(week.lines) == sorted(RULES)


def test_the_example_is_clean_and_read_back(golden: Golden) -> None:
    rules = load_rules(open_shop(EXAMPLES / "config.yaml", {}), {})
    assert [str(one) for one in rules.problems if one.severity is not Severity.NOTE] == []
    for language in ("en", "zh"):
        said = "\n\n".join(f"{rule.id}\n{sentence(rule, language)}" for rule in rules.rules)
        golden.check(f"sentences.{language}.txt", said + "\n")
