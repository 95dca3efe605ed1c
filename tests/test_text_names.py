"""Which names may texts of deadlines, reports and lists use? `check` names the others."""

import json
from pathlib import Path

import pytest

from tests.shop_folder import ShopFolder

CONFIG = """
shop: {name: Tea, timezone: Europe/Berlin, responsible: anna}
people: {anna: {name: Anna, email: anna@example.com}}
workbooks: {book: {connector: csv_folder, path: book}}
tables:
  Orders: {key: No, columns: {No: text, Total: money, Due on: date}}
  Notes: {key: No, number: N-1, columns: {No: text, Note: text}}
"""
ROWS = "look at: Orders\ndue: Due on\nfigures: {Revenue: {in: Orders, sum of: Total}}\n"
REPORT = """schedule: Mondays at 07:45
period: last week
figures:
  Revenue: {in: Orders, sum of: Total}
  Late ones: {in: Orders, list: [No, Total]}
"""


@pytest.fixture
def folder(tmp_path: Path) -> ShopFolder:
    (tmp_path / "config.yaml").write_text(CONFIG, encoding="utf-8")
    for name in ("book", "rules"):
        (tmp_path / name).mkdir()
    (tmp_path / "book" / "Orders.csv").write_text("No,Total,Due on\n1,5.00,2026-03-09\n", encoding="utf-8")
    (tmp_path / "book" / "Notes.csv").write_text("No,Note\nN-1,tea\n", encoding="utf-8")
    return ShopFolder(tmp_path)


def unknown(folder: ShopFolder, head: str, action: str) -> list[str]:
    """Return the names that `check` does not know in a rule."""
    rule = f"rule: A\n{head}then:\n  - {action}\n"
    (folder.path / "rules" / "a.yaml").write_text(rule, encoding="utf-8")
    problems = json.loads(folder.call("check", "--format", "json").text)["problems"]
    errors = [one["what"] for one in problems if one["severity"] == "error"]
    assert all(what.startswith(("unknown name", '"')) for what in errors), errors
    return [what.split('"')[1] for what in errors]


@pytest.mark.parametrize(
    ("head", "text", "names"),
    [
        (ROWS, "{{ due }} {{ total }} {{ revenue }}", []),
        (ROWS.replace("due: Due on\n", ""), "{{ due }}", ["due"]),
        (ROWS, "{{ period.label }}", ["period"]),
        (REPORT, "{{ period.label }} {{ revenue }} {{ revenue_change }} {{ late_ones }} {{ now }}", []),
        (
            REPORT,
            "{% for one in figures %}{{ one.name }} {{ one.text }} {{ one.change_text }}{% endfor %}",
            [],
        ),
        (REPORT, "{% for one in late_ones %}{{ one.no }} {{ one.total }}{% endfor %}", []),
        (REPORT, "{% for one in late_ones %}{{ one.note }}{% endfor %}", ["late_ones"]),
        (REPORT, "{{ total }} {{ due }} {{ late_ones_change }}", ["total", "due", "late_ones_change"]),
    ],
)
def test_names_in_mails(folder: ShopFolder, head: str, text: str, names: list[str]) -> None:
    mail = f'email: {{to: anna, subject: A, text: "{text}"}}'
    assert unknown(folder, head, mail) == names


def test_names_of_each_line_of_a_list(folder: ShopFolder) -> None:
    added = 'add row: {to: Notes, for each: Late ones, values: {Note: "{{ no }} {{ total }} {{ customer }}"}}'
    assert unknown(folder, REPORT, added) == ["customer"]
