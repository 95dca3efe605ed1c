"""Does `rowcall init` make a shop that loads and checks cleanly, whatever the workbook looks like?"""

import csv
import stat
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import openpyxl
import polars as pl
import pytest
from typer.testing import CliRunner

from rowcall.cli import app
from rowcall.cli.session import Session
from rowcall.clock import SetClock
from rowcall.sample import write_sample
from rowcall.sample.headers import Language
from rowcall.shop import load_rules, open_shop
from rowcall.snapshots import take_snapshot
from rowcall.start.answers import usual_account, usual_answers
from rowcall.start.column import guess_column
from rowcall.start.proposal import Proposal, propose
from rowcall.start.shop import TO_FILL_IN, make_own_shop, read_back
from rowcall.start.source import look_at
from rowcall.table import Kind, Schema, Sheet

NOW = datetime(2026, 3, 9, 9, tzinfo=UTC)
ZONE = ZoneInfo("Europe/Berlin")


def init(*words: str, typed: str = "") -> tuple[int, str]:
    """Run the command as a user does; returns its exit code and what it printed."""
    done = CliRunner().invoke(
        app, ["init", *words], input=typed, obj=Session(Path("config.yaml"), clock=SetClock(NOW))
    )
    return done.exit_code, done.output


def csv_folder(folder: Path, **tables: Sequence[Sequence[str]]) -> Path:
    folder.mkdir(parents=True)
    for name, rows in tables.items():
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows(rows)
    return folder


def excel_file(path: Path, tabs: Mapping[str, Sequence[Sequence[str]]]) -> None:
    book = openpyxl.Workbook(write_only=True)
    for name, rows in tabs.items():
        tab = book.create_sheet(name)
        for row in rows:
            tab.append([cell or None for cell in row])
    book.save(path)


def sheet(name: str, header: Sequence[str], *rows: Sequence[str]) -> Sheet:
    columns = {str(at): [row[at] or None for row in rows] for at in range(len(header))}
    return Sheet(name, tuple(header), pl.DataFrame(columns, schema=dict.fromkeys(columns, pl.String)))


def schemas(folder: Path) -> dict[str, Schema]:
    return dict(open_shop(folder / "config.yaml", {}).config.tables)


@pytest.fixture
def samples(tmp_path: Path) -> dict[Language, Path]:
    found: dict[Language, Path] = {"en": tmp_path / "en.xlsx", "zh": tmp_path / "zh.xlsx"}
    for language, path in found.items():
        write_sample(path, language, date(2026, 3, 9))
    return found


@pytest.mark.parametrize(
    ("header", "texts", "kind"),
    [
        ("Status", ["New", "Paid", "New", "Paid"], Kind.CHOICE),
        ("Customer name", ["Ann"] * 9, Kind.TEXT),
        ("Colour", ["red"] * 5 + ["blue"] * 5, Kind.CHOICE),
        ("Colour", ["red", "blue", "green", "red"], Kind.TEXT),
        ("Total", ["12", "1,299.00"], Kind.MONEY),
        ("Paid", ["€12.00", "€13.50"], Kind.MONEY),
        ("Quantity", ["1", "2.5"], Kind.NUMBER),
        ("Order No", ["1001", "1002"], Kind.TEXT),
        ("zip_code_prefix", ["8550", "1234"], Kind.TEXT),
        ("SKU", ["007", "12"], Kind.TEXT),
        ("Stock", ["007", "012"], Kind.TEXT),
        ("Parcel", ["1234567890123456"], Kind.TEXT),
        ("Done", ["10%", "92%"], Kind.PERCENT),
        ("Delivered on", ["2026-03-01", "5.3.2026"], Kind.DATE),
        ("Seen", ["2026-03-01 12:30", "2026-03-02"], Kind.DATETIME),
        ("Seen", ["2026-03-01 00:00:00"], Kind.DATE),
        ("Date", ["46086", "46087"], Kind.DATE),
        ("Weight", ["46086", "46087"], Kind.NUMBER),
        ("Active", ["yes", "no", ""], Kind.YES_NO),
        ("Count", ["1", "0", "1"], Kind.NUMBER),
        ("在售", ["是", "否"], Kind.YES_NO),
        ("Write to", ["a@example.com", "b@example.com"], Kind.EMAIL),
        ("Phone", ["030 23125 100"], Kind.PHONE),
        ("Call", ["+49 30 23125 100"], Kind.PHONE),
        ("Shipped at", [""], Kind.DATETIME),
        ("缺货日期", [""], Kind.DATE),
        ("Note", ["", ""], Kind.TEXT),
    ],
)
def test_a_columns_kind_is_guessed(header: str, texts: list[str], kind: Kind) -> None:
    assert guess_column(header, texts, ZONE).kind is kind


def test_a_guess_tells_what_speaks_against_it() -> None:
    guess = guess_column("Total", ["12"] * 19 + ["on call"], ZONE)
    assert (guess.kind, guess.fits, guess.filled, guess.others) == (Kind.MONEY, 19, 20, ("on call",))


def test_choices_keep_their_order_of_appearance() -> None:
    guess = guess_column("Status", ["Paid", "New", "Paid", "New", "Sent", "Sent"], ZONE)
    assert guess.choices == ("Paid", "New", "Sent")


@pytest.mark.parametrize(
    ("header", "rows", "key", "number"),
    [
        (("Order No", "Total"), (("1", "9"), ("2", "9")), ("Order No",), ""),
        (("Total", "Ticket No"), (("1", "T-01"), ("2", "T-02")), ("Ticket No",), "T-01"),
        (("姓名", "编号"), (("安", "A1"), ("安", "A2")), ("编号",), "A1"),
        (("order_id", "item_id"), (("a", "1"), ("a", "2"), ("b", "1")), ("order_id", "item_id"), ""),
        (("Name", "Value"), (("a", "1"), ("b", "1")), ("Name",), ""),
        (("Day", "Sales"), (("2026-03-01", "9"), ("2026-03-02", "9")), (), ""),
        (("Colour", "Note"), (("red", "x"), ("red", "x")), (), ""),
        (("Order No", "Total"), (("HT-1-1", "1"), ("HT-1-2", "1")), ("Order No",), ""),
    ],
    ids=["numbers", "behind another", "chinese", "two together", "a name", "dates", "none", "no pattern"],
)
def test_a_key_is_proposed(
    header: Sequence[str], rows: Sequence[Sequence[str]], key: tuple[str, ...], number: str
) -> None:
    table = propose([sheet("T", header, *rows)], ZONE).tables[0]
    assert (table.key, table.number) == (key, number)


def test_a_nearly_unique_key_is_proposed_with_its_faults() -> None:
    rows = [(f"A{number}", "x") for number in range(58)] + [("A1", "x"), ("", "x")]
    table = propose([sheet("T", ("Order No", "Note"), *rows)], ZONE).tables[0]
    assert (table.key, table.blank, table.twice) == (("Order No",), 1, 2)


def test_links_lead_to_keys_and_not_to_any_equal_number() -> None:
    customers = sheet("Customers", ("Customer No", "City"), ("C-1", "Bonn"), ("C-2", "Kiel"))
    ratings = sheet("Ratings", ("Rating ID", "Means"), ("1", "bad"), ("2", "good"))
    orders = sheet(
        "Orders",
        ("Order No", "Customer No", "Score"),
        ("O-1", "C-2", "1"),
        ("O-2", "C-2", "2"),
        ("O-3", "C-1", "2"),
    )
    links = propose([orders, customers, ratings], ZONE).tables[0].links
    assert [(link.name, link.table, link.by) for link in links] == [("Customer", "Customers", "Customer No")]


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_sample_workbook_is_understood(
    samples: dict[Language, Path], tmp_path: Path, language: Language
) -> None:
    code, said = init(str(tmp_path / "shop"), "--from", str(samples[language]), "--yes")
    assert code == 0, said
    found = schemas(tmp_path / "shop")
    orders, name = found[{"en": "Orders", "zh": "订单"}[language]], {"en": "Total", "zh": "总金额"}[language]
    assert orders.key == ({"en": "Order No", "zh": "订单编号"}[language],)
    assert (orders.number, orders.column(name).kind) == ("HT-1001", Kind.MONEY)
    assert [link.table for link in orders.links] == [{"en": "Customers", "zh": "客户"}[language]]
    assert open_shop(tmp_path / "shop" / "config.yaml", {}).config.shop.language == language
    assert {"en": "Overview", "zh": "概览"}[language] not in found
    assert read_back(tmp_path / "shop", {}, NOW) == ()


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_sample_workbooks_kinds_are_those_of_its_own_config(
    samples: dict[Language, Path], tmp_path: Path, language: Language
) -> None:
    init(str(tmp_path / "demo"), "--demo", "--lang", language)
    init(str(tmp_path / "shop"), "--from", str(samples[language]), "--yes")
    ours, guessed = schemas(tmp_path / "demo"), schemas(tmp_path / "shop")
    differing = {
        (table, column.name): (str(column.kind), str(guessed[table].column(column.name).kind))
        for table, schema in ours.items()
        for column in schema.columns
        if guessed[table].column(column.name).kind is not column.kind
    }
    assert set(differing.values()) <= {("person", "text")}, differing


BOOK = {
    "Orders": [
        ["Order No", "Ordered on", "Customer", "Email", "Status", "Total"],
        ["0001", "2026-03-02 09:12", "C-01", "c1@example.com", "Delivered", "1,299.00"],
        ["0002", "2026-03-03 18:40", "C-02", "c2@example.com", "Paid", "45.50"],
        ["0003", "2026-03-03 19:01", "C-02", "", "Paid", "12.00"],
    ],
    "Customers": [["Customer", "Email", "Tier"], ["C-01", "c1@example.com", "Gold"], ["C-02", "", ""]],
    "KPI history": [["Week", "Revenue", "Share"], ["2026-W08", "812.00", "0.92"]],
}


def test_a_folder_of_csv_files_is_understood(tmp_path: Path) -> None:
    book = csv_folder(tmp_path / "book", **BOOK)
    code, said = init(str(tmp_path / "shop"), "--from", str(book), "--yes")
    assert code == 0, said
    found = schemas(tmp_path / "shop")
    assert found["Orders"].column("Order No").kind is Kind.TEXT
    assert found["Customers"].key == ("Customer",)
    assert found["KPI history"].key == ()
    assert "connector: csv_folder" in (tmp_path / "shop" / "config.yaml").read_text(encoding="utf-8")


def test_one_csv_file_is_one_table(tmp_path: Path) -> None:
    book = csv_folder(tmp_path / "book", **BOOK)
    assert init(str(tmp_path / "shop"), "--from", str(book / "Orders.csv"), "--yes")[0] == 0
    assert list(schemas(tmp_path / "shop")) == ["Orders"]


HOSTILE: dict[str, list[list[str]]] = {
    "blank headers": [["No", "", "Total", ""], ["A1", "x", "2", ""], ["A2", "y", "3", ""]],
    "headers twice": [["No", "Total", "total", "Total"], ["A1", "1", "2", "3"], ["A2", "1", "2", "3"]],
    "no key": [["Colour", "Size"], ["red", "S"], ["red", "S"]],
    "one row": [["Order No", "Status"], ["A1", "New"]],
    "headers only": [["Order No", "Status", "Ordered on"]],
    "hundred columns": [
        [f"Column {number}" for number in range(100)],
        *[[f"{row}-{number}" for number in range(100)] for row in range(3)],
    ],
    "chinese": [["订单编号", "状态", "金额（元）"], ["D1", "新建", "￥99"], ["D2", "已付款", "￥12.50"]],
    "byte order mark": [["\ufeffOrder No", "Total"], ["A1", "1"], ["A2", "2"]],
    "yaml in headers": [
        [
            "Order #",
            "key: value",
            "{a}",
            "[b]",
            "'q'",
            '"d"',
            "- x",
            "yes",
            "%TAG",
            "a\\b",
            "*",
            "&c",
            "!d",
            "| e",
        ],
        *[[f"A{row}"] + ["x"] * 13 for row in range(3)],
    ],
    "yaml in choices": [
        ["No", "Status"],
        *[[f"A{row}", ["a, b", "x: #", "[", "no"][row % 4]] for row in range(20)],
    ],
    "templates in headers": [["Order No", "{{ 7*7 }}", "{% if %}"], ["A1", "1", "2"], ["A2", "1", "2"]],
    "slugs twice": [["Order No", "Total", "total!", "TOTAL?"], ["A1", "1", "2", "3"], ["A2", "1", "2", "3"]],
    "signs only": [["?", "!!", "№"], ["A1", "1", "2"], ["A2", "1", "2"]],
    "line breaks": [["Order\nNo", "Paid\r\non"], ["A1", "2026-03-01"], ["A2", "2026-03-02"]],
    "long and dotted": [["Order.No", "x" * 300], ["A1", "y" * 5000], ["A2", "z"]],
}


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_table_still_makes_a_config_that_loads(tmp_path: Path, name: str, kind: str) -> None:
    source = tmp_path / "Shop list.xlsx"
    if kind == "csv":
        source = csv_folder(tmp_path / "book", **{"Shop list": HOSTILE[name]})
    else:
        excel_file(source, {"Shop list": HOSTILE[name]})
    code, said = init(str(tmp_path / "shop"), "--from", str(source), "--yes")
    assert code == 0, said
    shop = open_shop(tmp_path / "shop" / "config.yaml", {})
    tables = take_snapshot(
        shop.workbooks, shop.config.tables.values(), NOW, language="en", zone=shop.config.shop.zone
    )
    assert not tables.broken
    assert not load_rules(shop, tables.tables).mistakes


def test_tabs_that_are_no_tables_are_named(tmp_path: Path) -> None:
    notes = [["Remember the milk", "", ""], ["", "a", "b"]]
    excel_file(tmp_path / "book.xlsx", {"Orders": BOOK["Orders"], "Empty": [], "Notes": notes})
    code, said = init(str(tmp_path / "shop"), "--from", str(tmp_path / "book.xlsx"), "--yes")
    assert code == 0, said
    assert "Empty: left out" in said
    assert "Notes: left out" in said
    assert list(schemas(tmp_path / "shop")) == ["Orders"]


@pytest.mark.parametrize(
    ("source", "told"),
    [
        ("https://docs.google.com/spreadsheets/d/abc/edit", "later version"),
        ("https://example.com/shop.xlsx", "web address"),
        ("missing.xlsx", "no file or folder"),
        ("old.xls", "Excel 97"),
        ("empty", "no tab that can be read"),
        ("broken.xlsx", "no Excel workbook"),
    ],
)
def test_what_can_not_be_read_is_told_plainly(tmp_path: Path, source: str, told: str) -> None:
    (tmp_path / "old.xls").write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")
    (tmp_path / "broken.xlsx").write_bytes(b"hello")
    (tmp_path / "empty").mkdir()
    named = source if "://" in source else str(tmp_path / source)
    code, said = init(str(tmp_path / "shop"), "--from", named, "--yes")
    assert code in (2, 3)
    assert told in said
    assert not (tmp_path / "shop").exists()


@pytest.mark.parametrize(
    "there", ["config.yaml", "rules/low-stock.yaml", "shop.xlsx", ".env", "templates/layout.html"]
)
def test_nothing_is_overwritten(tmp_path: Path, there: str) -> None:
    mine = tmp_path / there
    mine.parent.mkdir(exist_ok=True)
    mine.write_text("mine", encoding="utf-8")
    code, said = init(str(tmp_path), "--demo")
    assert code == 2
    assert there in said
    assert mine.read_text(encoding="utf-8") == "mine"
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == [mine]


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_sample_shop_is_ready(tmp_path: Path, language: Language) -> None:
    code, said = init(str(tmp_path / "shop"), "--demo", "--lang", language)
    assert code == 0, said
    names = {path.relative_to(tmp_path / "shop").as_posix() for path in (tmp_path / "shop").rglob("*")}
    assert {"config.yaml", ".env", "shop.xlsx", "rules/low-stock.yaml", "templates/because.html"} <= names
    assert not any(".zh." in name or name.startswith("rules/zh") for name in names)
    rules = (tmp_path / "shop" / "rules" / "low-stock.yaml").read_text(encoding="utf-8")
    assert ("库存不足" in rules) == (language == "zh")


def test_secrets_are_kept_to_their_owner(tmp_path: Path) -> None:
    init(str(tmp_path / "shop"), "--demo")
    env = tmp_path / "shop" / ".env"
    assert stat.S_IMODE(env.stat().st_mode) == 0o600
    assert TO_FILL_IN in env.read_text(encoding="utf-8")
    assert "${SMTP_PASSWORD}" in (tmp_path / "shop" / "config.yaml").read_text(encoding="utf-8")


def test_the_owner_is_asked(tmp_path: Path) -> None:
    book = csv_folder(tmp_path / "book", **BOOK)
    typed = (
        'en\nAda\'s "Tea": & Co\nMars/Base\nEurope/Paris\nAda\nada\nada@example.com\nshop@qq.com\n\n\n'
        "p4 ss'word"
    )
    code, said = init(str(tmp_path / "shop"), "--from", str(book), typed=f"{typed}\n")
    assert code == 0, said
    assert "p4 ss" not in said
    config = open_shop(tmp_path / "shop" / "config.yaml", {}).config
    assert (config.shop.name, config.shop.zone.key) == ('Ada\'s "Tea": & Co', "Europe/Paris")
    assert config.email is not None
    assert (config.email.sender, config.email.host, config.email.port, config.email.security) == (
        "shop@qq.com", "smtp.qq.com", 465, "ssl",
    )  # fmt: skip
    assert config.email.password.reveal() == "p4 ss'word"
    assert config.email.send_everything_to == "ada@example.com"
    assert "p4 ss" not in (tmp_path / "shop" / "config.yaml").read_text(encoding="utf-8")


def test_the_sample_shop_takes_answers_too(tmp_path: Path) -> None:
    typed = "en\nTea & Sons\nEurope/Paris\nada@example.com\nshop@example.com\n\n\nsecret!"
    code, said = init(str(tmp_path / "shop"), typed=f"{typed}\n")
    assert code == 0, said
    config = open_shop(tmp_path / "shop" / "config.yaml", {}).config
    assert (config.shop.name, config.shop.zone.key) == ("Tea & Sons", "Europe/Paris")
    assert config.email is not None
    assert (config.email.host, config.email.password.reveal()) == ("smtp.example.com", "secret!")


@pytest.mark.parametrize(
    ("address", "host", "port"),
    [
        ("a@gmail.com", "smtp.gmail.com", 587),
        ("a@163.com", "smtp.163.com", 465),
        ("a@tea.example", "smtp.tea.example", 587),
    ],
)
def test_a_mail_server_is_suggested(address: str, host: str, port: int) -> None:
    account = usual_account(address)
    assert (account.host, account.port) == (host, port)


def test_every_guess_carries_its_reason(tmp_path: Path) -> None:
    book = csv_folder(tmp_path / "book", T=[["Order No", "Total"], *[[f"A{row}", str(row)] for row in range(19)], ["A99", "soon"]])  # fmt: skip
    place, sheets = look_at(str(book), tmp_path / "shop", "en", ZONE)
    _, proposal = make_own_shop(tmp_path / "shop", place, sheets, usual_answers("en", tmp_path / "shop"))
    assert isinstance(proposal, Proposal)
    config = (tmp_path / "shop" / "config.yaml").read_text(encoding="utf-8")
    assert "# filled and different in all 20 rows" in config
    assert '# 19 of 20 cells; can\'t be read: "soon"' in config
    assert "path: " in config
