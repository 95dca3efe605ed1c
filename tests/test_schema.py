"""Do the schemas for editors accept what Rowcall accepts, and mark what it refuses?"""

from pathlib import Path
from typing import Any

import pytest
import yaml

from rowcall.home import shipped
from rowcall.kinds import action_words
from rowcall.schema import Names, rule_schema
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


def rule_files(folder: Path) -> list[Path]:
    return [path for path in sorted(folder.glob("*.yaml")) if not path.name.endswith(".test.yaml")]


@pytest.mark.parametrize("path", rule_files(shipped("rules")), ids=lambda path: path.name)
def test_shipped_rules_fit(rule: dict[str, Any], path: Path) -> None:
    for loader in (yaml.SafeLoader, AsTyped):
        assert misfits(yaml.load(path.read_text(encoding="utf-8"), loader), rule) == []  # noqa: S506 - both are safe


FURTHER = [
    *rule_files(shipped("rules") / "zh"),
    *rule_files(Path(__file__).parent / "shop" / "families" / "rules"),
]


@pytest.mark.parametrize("path", FURTHER, ids=lambda path: f"{path.parent.parent.name}-{path.stem}")
def test_rules_of_other_shops_fit_a_schema_without_names(path: Path) -> None:
    schema = rule_schema({word: kind.params for word, kind in action_words().items()}, Names())
    text = path.read_text(encoding="utf-8")
    for loader in (yaml.SafeLoader, AsTyped):
        assert misfits(yaml.load(text, loader), schema) == []  # noqa: S506 - both are safe


CHINESE = {"规则": "试", "查看": "Orders", "当": {"Status": "为空"}, "那么": [{"填写": {"Note": "好"}}]}


@pytest.mark.parametrize(
    ("change", "fits"),
    [
        ({}, True),
        ({"每行一次": "是", "首次运行": "全部处理", "限额": ["每小时50封邮件"]}, True),
        ({"那么": [{"在": "到期时", "发邮件": {"收件人": "Email", "主题": "好", "正文": "好"}}]}, True),
        ({"那么": [{"添加行": {"表": "Tickets", "各列": {"Subject": "好"}}}]}, True),
        ({"期限": {"起算": "开始", "时限": "4小时"}, "停止条件": {"Note": "不为空"}}, True),
        ({"指标": {"Spent": {"表": "Orders", "合计": "Total", "显示为": "金额"}}}, True),
        ({"查看": "Ordrs"}, False),
        ({"当当": {}}, False),
        ({"首次运行": "也许"}, False),
        ({"那么": []}, False),
        ({"那么": [{"发邮箱": {"收件人": "Email"}}]}, False),
        ({"那么": [{"发邮件": {"主题": "好", "正文": "好"}}]}, False),
        ({"那么": [{"发邮件": {"收件人": "Email", "主题": "好", "模板": "no-such.html"}}]}, False),
        ({"期限": {"起算": "开始", "时": "4小时"}}, False),
        ({"指标": {"Spent": {"表": "Ordrs", "合计": "Total"}}}, False),
        ({"指标": {"Spent": {"表": "Orders", "显示为": "钱"}}}, False),
        ({"当": {"本行": "旧"}}, False),
        ({"每行一次": "也许"}, False),
        ({"状态": "关门"}, False),
        ({"发送时段": ["09:00到19:00"]}, False),
        ({"当": "付款"}, False),
        ({"then": "x"}, False),
    ],
)
def test_chinese_rules_for_editors(rule: dict[str, Any], change: dict[str, Any], fits: bool) -> None:
    assert (misfits({**CHINESE, **change}, rule) == []) is fits


def test_keys_and_columns_are_told_of(rule: dict[str, Any]) -> None:
    assert "`when` = `当`" in rule["properties"]["when"]["description"]
    assert rule["properties"]["当"] == rule["properties"]["when"]
    status = rule["$defs"]["conditions on Orders"]["properties"]["Status"]
    assert "Paid" in status["examples"]
    assert status["description"].startswith("A column of Orders: one of ")
    mail = rule["$defs"]["entry"]["properties"]["email"]["properties"]
    assert mail["to"]["description"].endswith("`to` = `收件人`")
    assert mail["to"] == mail["收件人"]


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
