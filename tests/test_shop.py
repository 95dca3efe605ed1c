"""What is in the shop's folder, and what of it is read again?"""

import shutil
from collections.abc import Mapping
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from rowcall.home import shipped
from rowcall.sample import write_sample
from rowcall.shop import RuleShelf, Shop, load_rules, open_shop, rule_files
from rowcall.snapshots import take_snapshot
from rowcall.table import Table


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    shutil.copy(shipped("config.example.yaml"), tmp_path / "config.yaml")
    shutil.copytree(shipped("templates"), tmp_path / "templates")
    (tmp_path / "rules").mkdir()
    for path in shipped("rules").glob("*.yaml"):
        shutil.copy(path, tmp_path / "rules")
    write_sample(tmp_path / "shop.xlsx", "en", date(2026, 3, 2))
    return open_shop(tmp_path / "config.yaml", {"SMTP_PASSWORD": "x"})


@pytest.fixture
def tables(shop: Shop) -> Mapping[str, Table]:
    about = shop.config.shop
    now = datetime(2026, 3, 2, 8, tzinfo=UTC)
    schemas = shop.config.tables.values()
    return take_snapshot(shop.workbooks, schemas, now, language=about.language, zone=about.zone).tables


def test_files_that_only_look_like_rules_are_named_and_not_read(
    shop: Shop, tables: Mapping[str, Table]
) -> None:
    good = [path.name for path in rule_files(shop.folder)]
    for name in ("a.yaml.txt", "b.yml", "c - copy.yaml"):
        (shop.folder / "rules" / name).write_text("rule: X\n")
    (shop.folder / "rules" / "d.test.yaml").write_text("test: X\n")
    (shop.folder / "rules" / "e.yaml").mkdir()
    assert [path.name for path in rule_files(shop.folder)] == good
    named = [
        problem.place.file
        for problem in load_rules(shop, tables).problems
        if "looks like a rule" in problem.what
    ]
    assert named == ["rules/a.yaml.txt", "rules/b.yml", "rules/c - copy.yaml"]


def test_a_rule_is_read_again_when_its_text_or_a_name_has_changed(
    shop: Shop, tables: Mapping[str, Table]
) -> None:
    shelf = RuleShelf()
    first = load_rules(shop, tables, shelf)
    again = load_rules(shop, tables, shelf)
    assert all(one is other for one, other in zip(first.rules, again.rules, strict=True))
    path = shop.folder / "rules" / "low-stock.yaml"
    path.write_text(path.read_text().replace("for: 30 minutes", "for: 20 minutes"))
    edited = load_rules(shop, tables, shelf)
    changed = [one.id for one, other in zip(first.rules, edited.rules, strict=True) if one is not other]
    assert changed == ["low-stock"]
    (shop.folder / "templates" / "low-stock.html").unlink()
    assert "low-stock" in load_rules(shop, tables, shelf).broken


def test_one_broken_rule_harms_no_other(shop: Shop, tables: Mapping[str, Table]) -> None:
    (shop.folder / "rules" / "broken.yaml").write_text("rule: Broken\nlook at: Ordesr\nthen: []\n")
    rules = load_rules(shop, tables)
    assert rules.broken == ("broken",)
    assert len(rules.rules) == 4
    assert any("Orders" in str(problem) for problem in rules.mistakes)
