"""Is the reference page about formulas what the code says, and does every example in it run?"""

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from rowcall.evaluate.formula.evaluate import compute_formula
from rowcall.evaluate.frame import assemble
from rowcall.language.formula import parse
from rowcall.language.formula.functions import FUNCTIONS, INSTEAD
from rowcall.language.formula.reference import write_reference
from rowcall.language.formula.understand import read_formula
from rowcall.language.scope import Scope
from rowcall.table import Snapshot
from tests.tables import BERLIN, make_schema, make_table

PAGE = Path(__file__).resolve().parent.parent / "docs" / "reference" / "formulas.md"
NOW = datetime(2026, 3, 8, 9, tzinfo=UTC)
LISTED = """
IF IFS AND OR NOT ISBLANK IFERROR SUM AVERAGE MIN MAX COUNT COUNTA SUMIFS COUNTIFS AVERAGEIFS MAXIFS MINIFS XLOOKUP
ROUND ROUNDUP ROUNDDOWN INT ABS MOD TODAY NOW DATE YEAR MONTH DAY HOUR WEEKDAY WEEKNUM DAYS EDATE EOMONTH NETWORKDAYS
WORKDAY DATEDIF LEFT RIGHT MID LEN TRIM UPPER LOWER CONCAT TEXT VALUE SUBSTITUTE SEARCH REGEXMATCH
"""
RULES = LISTED.split()
SCHEMAS = {
    "Orders": make_schema(
        "Orders", "Order No",
        {"Order No": "text", "Total": "money", "Freight": "money", "Qty": "number", "Paid": "yes/no", "Paid on": "date",
         "Paid at": "datetime", "Shipped on": "date", "Ordered on": "date", "Opened at": "datetime", "Due": "date",
         "Customer": "text", "Customer since": "date", "Product": "text", "Postcode": "text", "Note": "text",
         "Name": "text", "First name": "text", "Last name": "text", "Country": "text", "Email": "email",
         "Phone": "phone"},
    ),
    "Order lines": make_schema("Order lines", "Id", {"Id": "text", "Order No": "text", "Line total": "money"}),
    "Stock": make_schema("Stock", "SKU", {"SKU": "text", "Supplier": "text"}),
    "Holidays": make_schema("Holidays", "Day", {"Day": "date"}),
}  # fmt: skip
SCOPE = Scope(SCHEMAS, "en", BERLIN, table="Orders")
ROW = {
    "Order No": "HT-0001", "Total": "60", "Qty": "5", "Paid": "yes", "Ordered on": "2026-03-02", "Customer": "Ann",
    "Paid at": "2026-03-03 10:00", "Opened at": "2026-03-02 09:00", "Shipped on": "2026-03-04", "Product": "tea",
    "Customer since": "2020-01-01", "Note": "a gift", "Due": "2026-03-09",
}  # fmt: skip
TABLES = {
    "Orders": make_table(SCHEMAS["Orders"], [ROW]),
    "Order lines": make_table(
        SCHEMAS["Order lines"], [{"Id": "1", "Order No": "HT-0001", "Line total": "60"}]
    ),
    "Stock": make_table(SCHEMAS["Stock"], [{"SKU": "Tea", "Supplier": "Acme"}]),
    "Holidays": make_table(SCHEMAS["Holidays"], [{"Day": "2026-01-01"}]),
}


def test_the_page_is_what_the_code_says() -> None:
    assert PAGE.read_text(encoding="utf-8") == write_reference(), "write it anew: see write_reference"


def test_the_functions_are_those_of_the_language() -> None:
    assert list(FUNCTIONS) == RULES
    assert {meant for meant, _ in INSTEAD.values()} <= {*FUNCTIONS, "^"}
    assert not set(INSTEAD) & set(FUNCTIONS)


def test_every_function_has_a_heading() -> None:
    assert re.findall(r"^### (\w+)$", PAGE.read_text(encoding="utf-8"), re.MULTILINE) == RULES


@pytest.mark.parametrize("name", RULES)
def test_the_example_runs(name: str) -> None:
    formula = read_formula(f"={FUNCTIONS[name].example}", SCOPE)
    assert name in formula.text
    found = compute_formula(formula, assemble(TABLES["Orders"], Snapshot(NOW, TABLES), zone=BERLIN), NOW)
    assert not found.unknown.any()


def test_the_grammar_lies_beside_its_reader() -> None:
    assert Path(parse.__file__).with_name("formula.lark").is_file()
