"""What do formulas give where no referee is asked: other rows, unknown cells, figures, clocks, and results as columns?"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import polars as pl
import pytest

from rowcall.errors import MistakesError, Place, Problem
from rowcall.evaluate.computed import Computed
from rowcall.evaluate.formula.evaluate import OPERATIONS, compute_figure, compute_formula
from rowcall.evaluate.frame import Frame, assemble
from rowcall.language.formula.functions import FUNCTIONS
from rowcall.language.formula.understand import read_formula
from rowcall.language.scope import Scope
from rowcall.table import Kind, Snapshot
from tests.referee.cases import CASES
from tests.referee.cells import SCOPE as REFEREE_SCOPE
from tests.referee.cells import frame as referee_frame
from tests.referee.compare import Answer, our_answers
from tests.tables import BERLIN, make_schema, make_table

NOW = datetime(2026, 3, 8, 22, 30, tzinfo=UTC)  # 23:30 in Berlin
UNKNOWN = "–"

SCHEMAS = {
    "Orders": make_schema(
        "Orders", "No",
        {"No": "text", "Total": "money", "Qty": "number", "Day": "date", "At": "datetime", "Took": "duration",
         "Paid": "yes/no", "Email": "email", "SKU": "text", "Note": "text"},
        {"Customer": ("Customers", "Email")},
    ),
    "Customers": make_schema("Customers", "Email", {"Email": "email", "Tier": ["Gold", "Silver"], "Since": "date"}),
    "Stock": make_schema(
        "Stock", "Id", {"Id": "text", "SKU": "text", "Supplier": "text", "From": "number", "Price": "money", "Day": "date"}
    ),
}  # fmt: skip
ROWS = {
    "Orders": [
        {"No": "A-1", "Total": "20", "Qty": "3", "Day": "2026-03-02", "At": "2026-03-28 02:30", "Took": "36:00",
         "Paid": "yes", "Email": "ann@example.com", "SKU": "tea-1", "Note": "HT-0001"},
        {"No": "A-2", "Total": "n/a", "Qty": "12", "Email": "bob@example.com", "SKU": "T*", "Note": "ht-2"},
        {"No": "A-3", "Total": "5", "SKU": "cup", "Note": "x HT-1234 y", "Paid": "perhaps"},
    ],
    "Customers": [{"Email": "ann@example.com", "Tier": "Gold"}],
    "Stock": [
        {"Id": "1", "SKU": "TEA-1", "Supplier": "Acme", "From": "1", "Price": "9", "Day": "2026-01-01"},
        {"Id": "2", "SKU": "cup", "From": "5", "Price": "n/a"},
        {"Id": "3", "SKU": "tea-1", "Supplier": "Bolt", "From": "10", "Price": "7"},
        {"Id": "4", "Supplier": "Nobody", "From": "20", "Price": "6"},
    ],
}  # fmt: skip
TABLES = {name: make_table(schema, ROWS[name]) for name, schema in SCHEMAS.items()}
SCOPE = Scope(SCHEMAS, "en", BERLIN, table="Orders")
FIGURES = {
    "Revenue": Computed(Kind.MONEY, pl.Series([250.0]), pl.Series([False])),
    "Per row": Computed(Kind.NUMBER, pl.Series([1.0, None, 3.0]), pl.Series([False, False, True])),
    "Lost": Computed(Kind.NUMBER, pl.Series([None], dtype=pl.Float64), pl.Series([True])),
    "Last day": Computed(Kind.DATE, pl.Series([date(2026, 3, 1)]), pl.Series([False])),
}


def frame(language: str = "en") -> Frame:
    return assemble(TABLES["Orders"], Snapshot(NOW, TABLES), zone=BERLIN, language=language)


def answers(text: str, rows: Frame | None = None, now: datetime = NOW) -> list[object]:
    kinds = {name: figure.kind for name, figure in FIGURES.items()}
    found = compute_formula(read_formula(text, SCOPE, kinds), rows or frame(), now, FIGURES)
    return [UNKNOWN if lost else value for value, lost in zip(found.value, found.unknown, strict=True)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # XLOOKUP: Calc 7.4 has none
        ("XLOOKUP([SKU],Stock[SKU],Stock[Supplier])", ["Acme", UNKNOWN, None]),
        ('XLOOKUP([SKU],Stock[SKU],Stock[Supplier],"?")', ["Acme", "?", None]),
        ("XLOOKUP([SKU],Stock[SKU],Stock[Supplier],[No],0,-1)", ["Bolt", "A-2", None]),
        ("XLOOKUP([SKU],Stock[SKU],Stock[Price],0)", [9, 0, UNKNOWN]),
        ("IFERROR(XLOOKUP([SKU],Stock[SKU],Stock[Price]),-1)", [9, -1, -1]),
        ("XLOOKUP([Qty],Stock[From],Stock[Price],0,-1)", [9, 7, 0]),
        ("XLOOKUP([Qty],Stock[From],Stock[Price],0,1)", [UNKNOWN, 6, 0]),
        ("XLOOKUP(10,Stock[From],Stock[Price])", [7, 7, 7]),
        ('XLOOKUP([Day],Stock[Day],Stock[Supplier],"",-1)', ["Acme", None, None]),
        ('XLOOKUP([Note],Stock[SKU],Stock[Day],"")', [None, None, None]),
        ("XLOOKUP(1/0,Stock[SKU],Stock[Price],5)", [UNKNOWN] * 3),
        # REGEXMATCH
        ('REGEXMATCH([Note],"^HT-[0-9]{4}$")', [True, False, False]),
        ('REGEXMATCH([Note],"HT-[0-9]{4}")', [True, False, True]),
        ('REGEXMATCH([Note],"(?i)^ht")', [True, True, False]),
        ('REGEXMATCH([Qty],"^1")', [False, True, False]),
        # the clock is the shop's
        ("TODAY()", [date(2026, 3, 8)] * 3),
        ("NOW()", [NOW] * 3),
        ("HOUR(NOW())", [23] * 3),
        ("TODAY()-[Day]", [6, 46089, 46089]),
        # linked rows: a row that is not there is unknown
        ("[Customer.Tier]", ["Gold", UNKNOWN, UNKNOWN]),
        ('IFERROR([Customer.Tier],"none")', ["Gold", "none", "none"]),
        ("ISBLANK([Customer.Since])", [True, False, False]),
        ('[Customer.Tier]="gold"', [True, UNKNOWN, UNKNOWN]),
        # unreadable cells are errors, empty ones are nothing
        ("[Total]", [20, UNKNOWN, 5]),
        ("[Qty]", [3, 12, None]),
        ("[Qty]+0", [3, 12, 0]),
        ("[Paid]", [True, False, UNKNOWN]),
        ("IF([Paid],1,0)", [1, 0, UNKNOWN]),
        ("IF([Qty]>5,[Total],0)", [0, UNKNOWN, 0]),
        ("SUM(Stock[Price])", [UNKNOWN] * 3),
        ("COUNT(Stock[Price])", [3] * 3),
        ("COUNTA(Stock[Price])", [4] * 3),
        ("SUMIFS(Stock[Price],Stock[SKU],[SKU])", [16, 0, UNKNOWN]),
        ('SUMIFS(Stock[Price],Stock[From],">"&[Total])', [0, UNKNOWN, 13]),
        ('IF([Qty]>5,[Total],"")', [None, UNKNOWN, None]),
        ('IF([Qty]>1,[Qty],"few")', ["3", "12", "few"]),
        # a star in a cell is a star
        ("COUNTIFS(Stock[SKU],[SKU])", [2, 0, 1]),
        ('COUNTIFS(Stock[SKU],[SKU]&"*")', [2, 0, 1]),
        ('COUNTIFS(Stock[SKU],"T*")', [2] * 3),
        ("SEARCH([SKU],[SKU])", [1, 1, 1]),
        # results as columns
        ("[Day]+1.5", [date(2026, 3, 3), date(1899, 12, 31), date(1899, 12, 31)]),
        ('IF(ISBLANK([Day]),"",[Day]+1)', [date(2026, 3, 3), None, None]),
        ("[Took]*2", [timedelta(days=3), timedelta(0), timedelta(0)]),
        ('[Took]&""', ["36:00", None, None]),
        ("DATE(2026,3,8)+[Took]", [datetime(2026, 3, 9, 11, tzinfo=UTC)] + [datetime(2026, 3, 7, 23, tzinfo=UTC)] * 2),
        ("[At]", [datetime(2026, 3, 28, 1, 30, tzinfo=UTC), None, None]),
        ('IF(ISBLANK([At]),"",[At]+1)', [UNKNOWN, None, None]),  # 02:30 on the day it does not exist
        ("[Total]>1E300*1E300", [UNKNOWN] * 3),
        ("[Day]*1000", [46083000.0, 0, 0]),
        ("EDATE([Day],200000)", [UNKNOWN] * 3),
        ("WORKDAY([Day],1E9)", [UNKNOWN] * 3),
        ("DATE(1E18,1E18,1E18)", [UNKNOWN] * 3),
        ("ROUND([Qty],1E9)", [3, 12, 0]),
        ("MID([Note],1E18,1E18)", [None, None, None]),
        # figures
        ("[Revenue]/2", [125.0] * 3),
        ("[Per row]+1", [2, 1, UNKNOWN]),
        ("IFERROR([Lost],7)", [7] * 3),
        ("TODAY()-[Last day]", [7] * 3),
    ],
)  # fmt: skip
def test_answers(text: str, expected: list[object]) -> None:
    assert answers(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('TEXT(DATE(2026,3,8),"mmmm")', "三月"),
        ('TEXT(DATE(2026,3,8),"yyyy年m月d日 dddd")', "2026年3月8日 星期日"),
        ('TEXT(DATE(2026,3,9),"ddd")', "周一"),
    ],
)
def test_a_chinese_shop_reads_chinese_names(text: str, expected: str) -> None:
    assert answers(text, frame("zh"))[0] == expected


def test_a_figure_needs_no_rows() -> None:
    scope = Scope(SCHEMAS, "en", BERLIN)
    formula = read_formula(
        "=IFERROR([Revenue]/COUNTA(Orders[No]),0)+[Lost]*0",
        scope,
        {"Revenue": Kind.MONEY, "Lost": Kind.NUMBER},
    )
    found = compute_figure(formula, Snapshot(NOW, TABLES), NOW, BERLIN, FIGURES)
    assert (found.value.to_list(), found.unknown.to_list()) == ([None], [True])
    formula = read_formula("=ROUND([Revenue]/COUNTA(Orders[No]),2)", scope, {"Revenue": Kind.MONEY})
    found = compute_figure(formula, Snapshot(NOW, TABLES), NOW, BERLIN, FIGURES)
    assert (found.kind, found.value.to_list()) == (Kind.MONEY, [83.33])


def test_a_table_that_cannot_be_used_is_said() -> None:
    formula = read_formula("=SUM(Stock[From])", SCOPE)
    gone = Snapshot(
        NOW, {"Orders": TABLES["Orders"]}, {"Stock": Problem(Place(table="Stock"), "no such tab")}
    )
    with pytest.raises(MistakesError, match="no such tab"):
        compute_formula(formula, assemble(TABLES["Orders"], gone, zone=BERLIN), NOW)
    with pytest.raises(MistakesError, match="a formula reads it"):
        compute_formula(formula, assemble(TABLES["Orders"], replace(gone, broken={}), zone=BERLIN), NOW)


def test_every_function_is_computed() -> None:
    assert set(FUNCTIONS) <= set(OPERATIONS)
    assert {name for name in OPERATIONS if name[0].isalpha()} == set(FUNCTIONS)


ROW_CASES = [text for cases in CASES.values() for text in cases if "Orders[" not in text][::2]


@pytest.fixture(scope="module")
def together() -> Mapping[str, list[Answer]]:
    rows = referee_frame()
    return {text: our_answers(read_formula(text, REFEREE_SCOPE), rows) for text in ROW_CASES}


@pytest.mark.parametrize(
    ("keys", "places"),
    [((), ()), (("HT-6",), (5,)), (("HT-5", "ht-3"), (4, 2))],
    ids=["no row", "one", "two"],
)
def test_a_row_answers_alone_as_among_others(
    keys: tuple[str, ...], places: tuple[int, ...], together: Mapping[str, list[Answer]]
) -> None:
    alone = referee_frame().only(keys)
    wrong: Mapping[str, object] = {
        text: got
        for text in ROW_CASES
        for got in [our_answers(read_formula(text, REFEREE_SCOPE), alone)]
        if got != [together[text][place] for place in places]
    }
    assert not wrong


def test_deep_formulas_take_no_long() -> None:
    chain = "+".join(["[Qty]"] * 199)
    assert answers(chain) == [597, 2388, 0]
    nested = "IF([Qty]>1," * 50 + "[Total]" + ",0)" * 50
    assert answers(nested) == [20, UNKNOWN, 0]
