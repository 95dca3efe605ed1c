"""Do the tests beside the rules pass: of the rules that ship, of the example shop, and of ten hard families?"""

import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest

from rowcall.ruletest.run import find_tests, run_tests
from rowcall.sample.headers import Language
from rowcall.shop import open_shop
from rowcall.start.shop import make_sample_shop
from tests.shop.example import EXAMPLES

HERE = Path(__file__).parent
NOW = datetime(2026, 3, 9, 8, tzinfo=UTC)


def failures(folder: Path) -> list[str]:
    """Play every test of a shop and return what failed."""
    shop = open_shop(folder / "config.yaml", {"SMTP_PASSWORD": "x"})
    report = run_tests(shop, find_tests(folder, []), NOW)
    assert report.played
    wrong = [
        f"{one.test.rule}: {failure}" for one in report.played for failure in (*one.failures, *one.problems)
    ]
    return [*wrong, *map(str, report.problems)]


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_shipped_rule_passes_its_tests(language: Language, tmp_path: Path) -> None:
    make_sample_shop(tmp_path, language, NOW.date(), None)
    rules = {path.name.partition(".")[0] for path in (tmp_path / "rules").glob("*.yaml")}
    tested = {path.name.partition(".")[0] for path in (tmp_path / "rules").glob("*.test.yaml")}
    assert rules == tested
    assert failures(tmp_path) == []


def test_the_example_rules_pass_theirs(tmp_path: Path) -> None:
    shutil.copytree(EXAMPLES, tmp_path / "shop")
    assert len(find_tests(tmp_path / "shop", [])) == 6
    assert failures(tmp_path / "shop") == []


def test_ten_hard_families_pass_theirs() -> None:
    assert failures(HERE / "families") == []
