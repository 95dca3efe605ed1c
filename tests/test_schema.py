"""Do the schemas for editors accept what Rowcall accepts, and mark what it refuses?"""

from pathlib import Path
from typing import Any

import pytest
import yaml

from rowcall.home import shipped
from tests.json_schema import misfits
from tests.shop_folder import ShopFolder, make_shop


class AsTyped(yaml.SafeLoader):
    """Reads every scalar as the text that was typed."""


AsTyped.yaml_implicit_resolvers = {}


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> ShopFolder:
    return make_shop(tmp_path_factory.mktemp("schema") / "shop")


@pytest.fixture(scope="module")
def rule(shop: ShopFolder) -> dict[str, Any]:
    return _printed(shop, "schema", "rule")


@pytest.fixture(scope="module")
def config(shop: ShopFolder) -> dict[str, Any]:
    return _printed(shop, "schema", "config")


def _printed(shop: ShopFolder, *words: str) -> dict[str, Any]:
    ran = shop.call(*words)
    assert ran.code == 0
    printed: dict[str, Any] = yaml.safe_load(ran.text)
    return printed


RULES = [path for path in sorted(shipped("rules").glob("*.yaml")) if not path.name.endswith(".test.yaml")]


@pytest.mark.parametrize("path", RULES, ids=lambda path: path.name)
def test_shipped_rules_fit(rule: dict[str, Any], path: Path) -> None:
    for loader in (yaml.SafeLoader, AsTyped):
        assert misfits(yaml.load(path.read_text(encoding="utf-8"), loader), rule) == []  # noqa: S506 - both are safe


@pytest.mark.parametrize("name", ["config.example.yaml", "config.example.zh.yaml"])
def test_shipped_configs_fit(config: dict[str, Any], name: str) -> None:
    text = shipped(name).read_text(encoding="utf-8")
    assert misfits(yaml.safe_load(text), config) == []


GOOD = {"rule": "x", "look at": "Orders", "when": {"Status": "Paid"}, "then": [{"set": {"Note": "x"}}]}


@pytest.mark.parametrize(
    ("change", "fits"),
    [
        ({}, True),
        ({"Stop_When": {"Status": "New"}}, True),
        ({"when": {"any of": [{"Status": "Paid"}, {"Total": ["above 5", "below 9"]}]}}, True),
        ({"when": {"Buyer.Tier": "Gold"}}, True),
        ({"whne": {}}, False),
        ({"look at": "Ordrs"}, False),
        ({"first run": "perhaps"}, False),
        ({"then": []}, False),
        ({"then": [{"emial": {"to": "Email"}}]}, False),
        ({"then": [{"email": {"to": "Email", "subject": "x", "template": "no-such.html"}}]}, False),
        (
            {
                "then": [
                    {"email": {"to": ["Email", "service desk"], "subject": "x", "text": "y", "urgent": True}}
                ]
            },
            True,
        ),
        ({"then": [{"email": {"subject": "x", "text": "y"}}]}, False),
        ({"figures": {"Spent": {"in": "Orders", "sum of": "Total", "where": {"Status": "Paid"}}}}, True),
        ({"figures": {"Spent": {"in": "Orders", "median_of": {"time between": ["A", "B"]}}}}, True),
        ({"figures": {"Spent": {"in": "Orders", "summ of": "Total"}}}, False),
        ({"figures": {"Spent": {"in": "Orders", "count": "all"}}}, False),
        ({"when": {"there is": {"in": "Orders", "Status": "Paid"}, "formula": ["=1=1", "=2=2"]}}, True),
        ({"when": {"there is": "Orders"}}, False),
        (
            {
                "keep": {
                    "Note": {"first that fits": [{"value": "a", "when": {"Status": "Paid"}}, {"value": "b"}]}
                }
            },
            True,
        ),
        ({"keep": {"Note": {"first that fits": [{"valeu": "a"}]}}}, False),
        ({"then": [{"set": {"Note": {"by column": "Status", "Paid": "a", "everything else": "b"}}}]}, True),
        ({"then": [{"set": {"Note": ["a", "b"]}}]}, False),
        (
            {
                "then": [
                    {"email": {"to": {"by column": "Status", "Paid": "Dora"}, "subject": "x", "text": "y"}}
                ]
            },
            True,
        ),
        ({"then": [{"at": "3 days after start", "when": {"Status": "Paid"}, "set": {"Note": 1}}]}, True),
    ],
)
def test_rules_for_editors(rule: dict[str, Any], change: dict[str, Any], fits: bool) -> None:
    assert (misfits({**GOOD, **change}, rule) == []) is fits


def test_the_shop_s_names_are_offered(rule: dict[str, Any]) -> None:
    assert "Orders" in rule["properties"]["look at"]["enum"]
    assert {"Status", "Buyer.Tier", "any of"} <= rule["$defs"]["conditions on Orders"]["properties"].keys()
    assert "service desk" in rule["properties"]["responsible"]["examples"]


def test_config_mistakes_are_marked(config: dict[str, Any]) -> None:
    known: dict[str, Any] = yaml.safe_load(shipped("config.example.yaml").read_text(encoding="utf-8"))
    assert misfits({**known, "shopp": {}}, config)
    assert misfits({**known, "workbooks": {"shop": {"connector": "xslx", "path": "a"}}}, config)
    assert misfits({**known, "workbooks": {"shop": {"connector": "xlsx"}}}, config)


def test_without_a_shop_the_schema_knows_the_language(tmp_path: Path) -> None:
    ran = ShopFolder(tmp_path).call("schema")
    assert ran.code == 0
    assert "knows no tables" in ran.errors
    assert misfits({**GOOD, "look at": "Anything"}, yaml.safe_load(ran.text)) == []
