"""Is the sample workbook lifelike, the same every time, and has each shipped rule something to do in it?"""

import zipfile
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from enum import Enum
from io import BytesIO
from pathlib import Path
from typing import Any, get_args
from warnings import catch_warnings, simplefilter
from zoneinfo import ZoneInfo

import fastexcel
import openpyxl
import polars as pl
import pytest
import yaml

from rowcall.evaluate.slugs import slug
from rowcall.kinds import action_words
from rowcall.language.entries import find_action
from rowcall.language.shape import find_key
from rowcall.language.words import EntryKey, Key, find_word, spelled
from rowcall.sample import write_sample
from rowcall.sample.headers import CHOICES, HEADERS, TABS, Language, choice, header, tab
from rowcall.template.templates import Templates
from tests.debian import convert

ROOT = Path(__file__).resolve().parent.parent
TODAY = date(2026, 3, 9)
LANGUAGES: tuple[Language, ...] = get_args(Language)
CONFIGS = {"en": "config.example.yaml", "zh": "config.example.zh.yaml"}
ACTIONS = {word: kind.params for word, kind in action_words().items()}
RULES = {"en": ROOT / "rules", "zh": ROOT / "rules" / "zh"}


@pytest.fixture(scope="module", params=LANGUAGES)
def language(request: pytest.FixtureRequest) -> Language:
    chosen: Language = request.param
    return chosen


@pytest.fixture(scope="module")
def sample(language: Language, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("sample") / "shop.xlsx"
    write_sample(path, language, TODAY)
    return path


def read(path: Path, table: str, language: Language) -> pl.DataFrame:
    """Read a tab with its English column names, as text."""
    frame = fastexcel.read_excel(path).load_sheet(tab(table, language), dtypes="string").to_polars()
    assert tuple(frame.columns) == tuple(header(table, name, language) for name, _ in HEADERS[table])
    return frame.rename({header(table, name, language): name for name, _ in HEADERS[table]})


def in_english(frame: pl.DataFrame, table: str, column: str, language: Language) -> pl.Series:
    words = {choice(table, column, value, language): value for value, _ in CHOICES[table, column]}
    return frame[column].replace_strict(words, default=None)


def test_two_builds_are_the_same_bytes(sample: Path, language: Language, tmp_path: Path) -> None:
    again = tmp_path / "again.xlsx"
    write_sample(again, language, TODAY)
    assert again.read_bytes() == sample.read_bytes()


def test_another_day_moves_every_date(sample: Path, language: Language, tmp_path: Path) -> None:
    later = tmp_path / "later.xlsx"
    write_sample(later, language, TODAY + timedelta(days=3))
    ordered = [
        read(path, "Orders", language)["Ordered on"].str.to_datetime("%Y-%m-%d %H:%M:%S")
        for path in (sample, later)
    ]
    assert (ordered[1] - ordered[0]).unique().to_list() == [timedelta(days=3)]


@pytest.mark.parametrize(
    ("table", "rows"),
    [("Orders", 40), ("Products", 25), ("Customers", 30), ("Tickets", 15), ("Staff", 7), ("Settings", 3)],
)
def test_rows(sample: Path, language: Language, table: str, rows: int) -> None:
    frame = read(sample, table, language)
    key = HEADERS[table][0][0]
    assert len(frame) == rows
    assert frame[key].null_count() == 0
    assert frame[key].n_unique() == rows


def test_no_time_lies_ahead(sample: Path, language: Language) -> None:
    morning = datetime(TODAY.year, TODAY.month, TODAY.day, 8, 30)
    book = openpyxl_book(sample)
    moments = [
        cell.value
        for name in ("Orders", "Products", "Customers", "Tickets")
        for row in book[tab(name, language)].iter_rows(min_row=2)
        for cell in row
        if isinstance(cell.value, datetime)
    ]
    assert len(moments) > 100
    assert max(moments) <= morning


def test_every_choice_is_one_of_the_list(sample: Path, language: Language) -> None:
    for table, column in CHOICES:
        frame = read(sample, table, language)
        known = in_english(frame, table, column, language)
        assert known.null_count() == frame[column].null_count(), f"{table}!{column}"


def test_lines_add_up_to_their_orders(sample: Path, language: Language) -> None:
    lines = read(sample, "Order lines", language).with_columns(pl.col("Line total").cast(pl.Float64))
    orders = read(sample, "Orders", language).with_columns(pl.col("Total").cast(pl.Float64))
    sums = orders.join(lines.group_by("Order No").agg(pl.col("Line total").sum()), on="Order No", how="left")
    assert sums.filter((pl.col("Total") - pl.col("Line total")).abs() > 0.001).is_empty()
    assert sums["Line total"].null_count() == 0
    assert set(lines["SKU"]) <= set(read(sample, "Products", language)["SKU"])


def test_addresses_are_examples(sample: Path, language: Language) -> None:
    for table in ("Orders", "Customers", "Staff"):
        for address in read(sample, table, language)["Email"].drop_nulls():
            assert address.endswith("@example.com")


def test_paid_orders_wait_for_their_confirmation(sample: Path, language: Language) -> None:
    orders = read(sample, "Orders", language)
    limit = float(read(sample, "Settings", language)["Value"][0])
    paid = orders.filter(in_english(orders, "Orders", "Status", language) == "Paid")
    waiting = paid.filter(pl.col("Email").is_not_null() & pl.col("Confirmed at").is_null())
    assert len(waiting.filter(pl.col("Total").cast(pl.Float64) <= limit)) == 2
    assert len(waiting.filter(pl.col("Total").cast(pl.Float64) > limit)) == 1
    assert len(paid.filter(pl.col("Email").is_null())) == 1


def test_products_run_low(sample: Path, language: Language) -> None:
    products = read(sample, "Products", language)
    low = products.filter(pl.col("On hand").cast(pl.Int64) <= pl.col("Reorder point").cast(pl.Int64))
    sold = low.filter(pl.col("Active").is_in(["yes", "是"]))
    assert sold.filter(pl.col("Purchase order").is_null())["SKU"].to_list() == [
        "GT-02",
        "GT-05",
        "BT-04",
        "HB-03",
    ]
    assert sold.filter(pl.col("Purchase order").is_not_null())["SKU"].to_list() == ["OL-02"]
    assert low.filter(~pl.col("Active").is_in(["yes", "是"]))["SKU"].to_list() == ["HB-05"]


def test_tickets_are_overdue(sample: Path, language: Language) -> None:
    tickets = read(sample, "Tickets", language)
    unanswered = tickets.filter(
        pl.col("First reply at").is_null()
        & in_english(tickets, "Tickets", "Status", language).is_in(["New", "Open"])
    )
    assert unanswered["Ticket No"].to_list() == ["T-311", "T-314", "T-315"]
    assert unanswered["Assigned to"].null_count() == 1
    staff = set(read(sample, "Staff", language)["Name"])
    assert set(tickets["Assigned to"].drop_nulls()) <= staff


def test_parcels_wait_for_a_review(sample: Path, language: Language) -> None:
    orders = read(sample, "Orders", language)
    days = (pl.lit(TODAY) - pl.col("Delivered on").str.slice(0, 10).str.to_date()).dt.total_days()
    recent = orders.filter(
        (in_english(orders, "Orders", "Status", language) == "Delivered") & days.is_between(7, 30)
    )
    agreed = recent.filter(
        pl.col("Marketing consent").is_in(["yes", "是"])
        & pl.col("Unsubscribed").is_null()
        & pl.col("Email").is_not_null()
    )
    assert len(agreed.filter(pl.col("Review score").is_null())) == 9
    assert len(recent) > len(agreed)  # some refused, some unsubscribed, one has no address
    assert agreed.filter(
        pl.col("Review asked on").is_not_null() & pl.col("Review score").is_null()
    ).is_empty()


def openpyxl_book(path: Path) -> openpyxl.Workbook:
    with pytest.warns(UserWarning, match="extension is not supported"):  # the data bar of Excel 2010
        return openpyxl.load_workbook(BytesIO(path.read_bytes()))


def results(path: Path) -> openpyxl.Workbook:
    """Open a workbook with the results of its formulas in their cells."""
    with catch_warnings():
        simplefilter("ignore")
        return openpyxl.load_workbook(BytesIO(path.read_bytes()), data_only=True)


def test_it_has_what_people_put_into_workbooks(sample: Path, language: Language) -> None:
    book = openpyxl_book(sample)
    orders = book[tab("Orders", language)]
    assert list(orders.tables) == [tab("Orders", language)]
    assert orders.tables[tab("Orders", language)].ref == "A1:Q41"
    assert list(book[tab("Products", language)].tables) == [tab("Products", language)]
    assert orders.freeze_panes == "B2"
    assert orders["B2"].number_format == "yyyy-mm-dd hh:mm"
    assert orders.data_validations.dataValidation[0].sqref
    assert len(orders.conditional_formatting) == 1
    assert orders["P1"].comment
    with zipfile.ZipFile(sample) as parts:
        assert "xl/charts/chart1.xml" in parts.namelist()
        assert b"x14:dataBar" in parts.read("xl/worksheets/sheet8.xml")
        # A patcher sets this mark; the sample must not carry it, or its formulas would count as stale.
        assert b"fullCalcOnLoad" not in parts.read("xl/workbook.xml")


def formulas(path: Path) -> Iterator[tuple[str, str]]:
    for sheet in openpyxl_book(path):
        for row in sheet.iter_rows():
            for cell in row:
                if cell.data_type == "f":
                    yield sheet.title, cell.coordinate


def test_formula_results_are_what_libreoffice_computes(sample: Path, tmp_path: Path) -> None:
    computed = results(convert(sample, "xlsx", tmp_path, recalculate=True))
    ours = results(sample)
    places = list(formulas(sample))
    assert len(places) > 70
    for sheet, cell in places:
        assert ours[sheet][cell].value == pytest.approx(computed[sheet][cell].value, abs=1e-6), (
            f"{sheet}!{cell}"
        )


def test_the_comparison_with_libreoffice_can_fail(tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.xlsx"
    write_sample(wrong, "en", TODAY)
    broken = tmp_path / "broken.xlsx"
    with zipfile.ZipFile(wrong) as parts, zipfile.ZipFile(broken, "w") as out:
        for part in parts.namelist():
            text = parts.read(part)
            if part == "xl/worksheets/sheet8.xml":
                assert b"<v>40</v>" in text
                text = text.replace(b"<v>40</v>", b"<v>41</v>")
            out.writestr(part, text)
    computed = results(convert(broken, "xlsx", tmp_path, recalculate=True))
    assert computed["Overview"]["B3"].value == 40


def test_the_example_config_declares_exactly_these_tabs(language: Language) -> None:
    config = yaml.safe_load((ROOT / CONFIGS[language]).read_text(encoding="utf-8"))
    declared = {table: tuple(given["columns"]) for table, given in config["tables"].items()}
    assert declared == {
        tab(table, language): tuple(header(table, name, language) for name, _ in HEADERS[table])
        for table in TABS
        if table != "Overview"
    }
    for (table, column), values in CHOICES.items():
        listed = config["tables"][tab(table, language)]["columns"][header(table, column, language)]
        assert listed == [choice(table, column, value, language) for value, _ in values]


def rules_in(language: Language) -> list[Path]:
    """Return the shipped rules of one language, without the tests beside them."""
    return [path for path in sorted(RULES[language].glob("*.yaml")) if not path.name.endswith(".test.yaml")]


def load_rule(path: Path) -> dict[str, Any]:
    """Return a rule file with our own keys in English, whatever language they are written in."""
    rule = {
        _english(Key, key): value for key, value in yaml.safe_load(path.read_text(encoding="utf-8")).items()
    }
    rule["then"] = [
        {_english(EntryKey, key): _action(key, value) for key, value in entry.items()}
        for entry in rule["then"]
    ]
    return rule


def _english(table: type[Enum], key: str) -> str:
    word = find_word(table, key)
    return spelled(word) if word is not None else find_action(key, ACTIONS) or key


def _action(key: str, value: Any) -> Any:
    word = find_action(key, ACTIONS)
    if not word or word == "set":
        return value
    named = ((find_key(ACTIONS[word], inner), what) for inner, what in value.items())
    return {one.key if one else "": what for one, what in named}


def test_the_shipped_rules_speak_of_columns_that_exist(language: Language) -> None:
    files = rules_in(language)
    assert [file.stem for file in files] == ["low-stock", "new-order", "overdue-ticket", "survey-due"]
    for file in files:
        rule = load_rule(file)
        table = next(name for name in HEADERS if tab(name, language) == rule["look at"])
        known = {header(table, name, language) for name, _ in HEADERS[table]}
        used = set(rule["when"]) | set(rule.get("stop when", {})) | set(rule.get("again only when", {}))
        written = {column for entry in rule["then"] for column in entry.get("set", {})}
        assert written, f"{file.name} writes nothing back"
        assert used | written <= known, file.name


def test_both_languages_have_the_same_rules() -> None:
    def shape(value: object) -> object:
        if isinstance(value, dict):
            return [shape(inner) for inner in value.values()]
        return [shape(inner) for inner in value] if isinstance(value, list) else None

    for english in rules_in("en"):
        both = [load_rule(RULES[language] / english.name) for language in LANGUAGES]
        assert list(both[0]) == list(both[1])
        assert shape(both[0]) == shape(both[1]), english.name


ENGINE_NAMES = {"because", "before", "elapsed", "now", "rule", "rows", "shop"}


@pytest.mark.parametrize("language", ["en", "zh"])
def test_texts_and_templates_of_the_shipped_rules_name_columns_that_exist(language: Language) -> None:
    templates = Templates(ROOT / "templates", language, ZoneInfo("UTC"), "EUR")
    for file in rules_in(language):
        rule = load_rule(file)
        table = next(name for name in HEADERS if tab(name, language) == rule["look at"])
        known = {slug(header(table, name, language)) for name, _ in HEADERS[table]} | ENGINE_NAMES
        for mail in (entry["email"] for entry in rule["then"] if "email" in entry):
            for text in (mail["subject"], mail.get("text", ""), mail.get("template", "")):
                assert templates.variables(text) <= known, f"{file.name}: {text}"
