"""Does `check` find everything that is wrong, with its place and the remedy, and read the rules back?"""

from pathlib import Path

import pytest

from tests.golden import Golden
from tests.shop_folder import NINE, ShopFolder, make_shop

WRONG = """\
rule: Paid orders
look at: Orders
when:
  Status: Payed
  Totl: above 500
  Order No: not empty
then:
  - email:
      to: Email
      subject: "Thanks {{ custmer_name }}"
      text: Thank you
"""


@pytest.fixture
def shop(tmp_path: Path) -> ShopFolder:
    return make_shop(tmp_path / "shop", rules=("new-order",))


def test_the_shipped_shop_is_in_order(tmp_path: Path) -> None:
    shop = make_shop(tmp_path / "shop")
    found = shop.json("check", "check")
    assert [rule["id"] for rule in found["rules"]] == [
        "low-stock",
        "new-order",
        "overdue-ticket",
        "survey-due",
    ]
    assert {problem["severity"] for problem in found["problems"]} <= {"note"}


def test_all_mistakes_with_excerpt_and_caret(shop: ShopFolder, golden: Golden) -> None:
    shop.rule("paid", WRONG)
    ran = shop.call("check")
    assert ran.code == 1
    golden.check("mistakes.txt", ran.text)


def test_mistakes_as_json(shop: ShopFolder) -> None:
    shop.rule("paid", WRONG)
    found = shop.json("check", "check", code=1)
    totl = next(one for one in found["problems"] if "Totl" in one["what"])
    assert (totl["file"], totl["line"], totl["column"], totl["severity"]) == (
        "rules/paid.yaml",
        5,
        3,
        "error",
    )
    assert "Total" in totl["suggestion"]
    assert [rule["id"] for rule in found["rules"]] == ["new-order"]


def test_a_file_that_lies_elsewhere(shop: ShopFolder, tmp_path: Path) -> None:
    draft = tmp_path / "draft.yaml"
    draft.write_text(WRONG.replace("Payed", "Paid").replace("Totl", "Total").replace("custmer", "customer"))
    found = shop.json("check", "check", str(draft))
    assert [rule["id"] for rule in found["rules"]] == ["draft"]


def test_a_name_that_no_text_knows(shop: ShopFolder) -> None:
    shop.rule("paid", WRONG.replace("Payed", "Paid").replace("Totl", "Total"))
    found = shop.json("check", "check", "paid", code=1)
    [problem] = [one for one in found["problems"] if one["severity"] == "error"]
    assert (problem["file"], problem["line"]) == ("rules/paid.yaml", 10)
    assert "custmer_name" in problem["what"]
    assert "customer_name" in problem["suggestion"] + problem["what"]


@pytest.mark.parametrize(
    "name",
    [
        "paid.yml",
        "paid.yaml.txt",
        "paid - copy.yaml",
        "paid - Copy (2).yaml",
        "paid (1).yaml",
        "Copy of paid.yaml",
        "Kopie von paid.yaml",
        "paid - 副本.yaml",
        "paid.YAML",
    ],
)
def test_files_that_look_like_rules_are_named(shop: ShopFolder, name: str) -> None:
    (shop.path / "rules" / name).write_text("rule: x")
    found = shop.json("check", "check")
    [problem] = [one for one in found["problems"] if one["severity"] == "warning"]
    assert problem["file"] == f"rules/{name}"


@pytest.mark.parametrize("name", ["._paid.yaml", ".paid.yaml", "~paid.yaml"])
def test_what_a_computer_keeps_beside_a_rule_is_no_rule(shop: ShopFolder, name: str) -> None:
    before = shop.json("check", "check")
    (shop.path / "rules" / name).write_text("rule: x")
    assert shop.json("check", "check") == before


def test_two_rules_that_set_one_cell(shop: ShopFolder) -> None:
    for name, value in (("one", "first"), ("two", "second")):
        shop.rule(
            name,
            f"rule: {name}\nlook at: Orders\nwhen:\n  Status: Paid\nthen:\n  - set:\n      Note: {value}\n",
        )
    for words in ((), ("one",), ("two",)):
        found = shop.json("check", "check", *words)
        assert any("Note is set here" in one["what"] for one in found["problems"]), words
    assert not any("Note" in one["what"] for one in shop.json("check", "check", "new-order")["problems"])


def test_live_rows_are_looked_at(shop: ShopFolder) -> None:
    shop.rule(
        "note",
        "rule: N\nlook at: Orders\nwhen:\n  Channel: one of Phon, Store\nthen:\n  - set:\n      Note: x\n",
    )
    ran = shop.call("check", "note")
    assert "Phone" in ran.text


def test_data_problems_are_warnings(shop: ShopFolder) -> None:
    shop.set_cell("Orders", "HT-1036", "Total", "N/A")
    found = shop.json("check", "check")
    [problem] = [one for one in found["problems"] if "N/A" in one["what"] and one["file"] is None]
    assert problem["severity"] == "warning"
    assert problem["what"].startswith("Orders!Total")


def test_a_workbook_that_can_t_be_read_is_a_note(shop: ShopFolder) -> None:
    (shop.path / "shop.xlsx").unlink()
    found = shop.json("check", "check")
    assert {one["severity"] for one in found["problems"]} == {"note"}
    told = " ".join(one["what"] for one in found["problems"])
    assert "workbook shop can't be read now" in told
    assert "Staff can't be read now, so this could not be checked: `service desk`" in told


def test_people_and_settings_are_known_from_the_last_look(shop: ShopFolder) -> None:
    shop.call("run", "--once", "--at", NINE)
    (shop.path / "shop.xlsx").unlink()
    found = shop.json("check", "check")
    assert [rule["id"] for rule in found["rules"]] == ["new-order"]
    assert len(found["problems"]) == 1


def test_check_remembers_nothing(shop: ShopFolder) -> None:
    before = shop.bytes()
    shop.call("check")
    assert shop.bytes() == before
