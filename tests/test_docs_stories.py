"""Do the stories of the how-to pages happen: the tests printed beside their rules, and the back-test of last month?"""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from docs.generate import ROOT
from rowcall.backtest.run import backtest, make_grid
from rowcall.ruletest.run import find_tests, run_tests
from rowcall.sample.workbook import write_sample
from rowcall.shop import open_shop

HOW_TO = ROOT / "docs" / "how-to"
FENCE = re.compile(r"^```(?P<kind>\w+)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)
NOW = datetime(2026, 3, 9, 8, tzinfo=UTC)


def fences(page: Path, kind: str) -> list[str]:
    """Return the examples of one kind on a page."""
    return [
        found["text"] for found in FENCE.finditer(page.read_text(encoding="utf-8")) if found["kind"] == kind
    ]


def has_rule(page: Path) -> bool:
    """Say whether a whole rule stands on the page."""
    return any(text.startswith("rule:") for text in fences(page, "yaml"))


PAGES = [page for page in sorted(HOW_TO.glob("*.md")) if fences(page, "test") and has_rule(page)]


def shop_of(page: Path, folder: Path) -> Path:
    """Write the sample shop with the page's rule, its test and its config."""
    config = (ROOT / "config.example.yaml").read_text(encoding="utf-8")
    for text in fences(page, "yaml"):
        key = text.partition(":")[0]
        if key == "calendars":
            config = re.sub(rf"^{key}:.*\n(?:(?:[ #].*)?\n)*", text, config, flags=re.MULTILINE)
    (folder / "config.yaml").write_text(config, encoding="utf-8")
    (folder / "rules").mkdir()
    rule = next(text for text in fences(page, "yaml") if text.startswith("rule:"))
    (folder / "rules" / "page.yaml").write_text(rule, encoding="utf-8")
    (folder / "rules" / "page.test.yaml").write_text(fences(page, "test")[0], encoding="utf-8")
    write_sample(folder / "shop.xlsx", "en", NOW.date())
    return folder


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_the_rule_of_a_page_passes_the_test_beside_it(page: Path, tmp_path: Path) -> None:
    folder = shop_of(page, tmp_path)
    shop = open_shop(folder / "config.yaml", {"SMTP_PASSWORD": "x"})
    report = run_tests(shop, find_tests(folder, []), NOW)
    wrong = [str(one) for played in report.played for one in (*played.failures, *played.problems)]
    assert wrong == []
    assert [str(one) for one in report.problems] == []
    assert len(report.played) == 1


def test_there_are_pages_with_tests() -> None:
    wanted = {"your-first-rule", "overdue-tickets-in-working-hours", "weekly-figures"}
    assert wanted <= {page.stem for page in PAGES}


def test_the_past_of_a_sheet_is_rebuilt_as_the_page_says(tmp_path: Path) -> None:
    page = HOW_TO / "try-a-rule-on-last-month.md"
    tables = fences(page, "text")[0]
    shop = "shop: {name: Tea, timezone: Europe/Berlin, language: en, currency: EUR, responsible: dora}\n"
    people = "people: {dora: {email: dora@example.com}}\n"
    book = "workbooks: {shop: {connector: csv_folder, path: book}}\n"
    mail = 'email: {from: "Tea <tea@example.com>", host: 127.0.0.1, port: 2525, security: none}\n'
    (tmp_path / "config.yaml").write_text(shop + people + book + mail + tables, encoding="utf-8")
    (tmp_path / "book").mkdir()
    (tmp_path / "book" / "Orders.csv").write_text(
        "Order No,Ordered on,Paid at,Delivered on,Status\n"
        "A-1,2026-02-02 10:00,2026-02-02 11:00,2026-02-05,Delivered\n"
        "A-2,2026-02-20 10:00,2026-02-20 11:00,2026-02-26,Delivered\n"
        "A-3,,,,New\n",
        encoding="utf-8",
    )
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules" / "survey-due.yaml").write_text(
        "rule: Ask\nlook at: Orders\nwhen:\n  Status: Delivered\n  Delivered on: at least 7 days ago\n"
        'then:\n  - email: {to: dora, subject: "Ask {{ order_no }}", text: Hi}\n',
        encoding="utf-8",
    )
    shop_of_page = open_shop(tmp_path / "config.yaml", {})
    zone = shop_of_page.config.shop.zone
    since, until = datetime(2026, 2, 1, tzinfo=zone), datetime(2026, 2, 28, 23, 30, tzinfo=zone)
    report = backtest(shop_of_page, "survey-due", make_grid(since, until, timedelta(minutes=30)), until)
    mails = {day.isoformat(): one.mails for day, one in report.tally.days.items() if one.mails}
    assert mails == {"2026-02-12": 1}  # A-2 was delivered on the 26th: a week later is March
    assert any("A-3" in str(note) or "1 row" in str(note) for note in report.notes)
