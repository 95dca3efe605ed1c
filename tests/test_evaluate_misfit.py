"""Is a condition whose two sides do not fit told why, and harms no other?"""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import polars as pl
import pytest

from rowcall.errors import Place
from rowcall.evaluate.frame import assemble
from rowcall.evaluate.mask import masks
from rowcall.language.condition import Compare, Condition, Edge, EdgeHow, Literal, Moment, OfColumn, Operator
from rowcall.language.ref import ColumnRef
from rowcall.table import CellValue, Snapshot
from tests.tables import BERLIN, make_schema, make_table

NOW = datetime(2026, 3, 8, 9, 30, tzinfo=UTC)
KINDS = {
    "No": "text",
    "Total": "number",
    "Day": "date",
    "Took": "duration",
    "Paid": "yes/no",
    "Rank": ["A", "B"],
}
SCHEMA = make_schema("Orders", "No", KINDS)
TABLE = make_table(SCHEMA, [{"No": "1", "Total": "7", "Day": "2026-03-08", "Rank": "A"}])
PLACE = Place("rules/x.yaml", 5, 3)


def ref(name: str) -> ColumnRef:
    return ColumnRef(SCHEMA.column(name), "Orders")


def compare(name: str, operator: Operator, value: CellValue) -> Compare:
    return Compare(ref(name), operator, Literal(str(value), value), PLACE, "")


MISFITS: dict[str, tuple[Condition, str]] = {
    "text above a number": (compare("No", Operator.MORE, Decimal(5)), 'kind text and can\'t be compared with "5"'),
    "number is a text": (compare("Total", Operator.EQUAL, "many"), '"many"'),
    "number is yes": (compare("Total", Operator.EQUAL, True), '"True"'),
    "day above a number": (compare("Day", Operator.MORE, Decimal(5)), "kind date"),
    "length above a day": (compare("Took", Operator.MORE, date(2026, 3, 8)), "kind duration"),
    "yes above a length": (compare("Paid", Operator.MORE, timedelta(hours=1)), "kind yes/no"),
    "a rank that is none": (compare("Rank", Operator.MORE, "C"), '"C"'),
    "number is today": (Compare(ref("Total"), Operator.EQUAL, Moment(), PLACE, ""), "a date"),
    "number above a day's column": (
        Compare(ref("Total"), Operator.MORE, OfColumn(ref("Day")), PLACE, ""),
        "Day, a column of kind date",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", MISFITS)
def test_a_misfit_is_told_and_harms_no_other(name: str) -> None:
    misfit, says = MISFITS[name]
    frame = assemble(TABLE, Snapshot(NOW, {"Orders": TABLE}), zone=BERLIN)
    asked = {"bad": misfit, "good": compare("Total", Operator.EQUAL, Decimal(7))}
    answers = masks(asked, frame, NOW, BERLIN)
    assert isinstance(answers["good"], pl.Series)
    assert answers["good"].to_list() == [True]
    assert isinstance(answers["bad"], str)
    assert says in answers["bad"]


@pytest.mark.parametrize("how", [EdgeHow.UP, EdgeHow.DOWN, EdgeHow.BY_PERCENT])
def test_what_has_no_order_does_not_go_up_or_down(how: EdgeHow) -> None:
    edge = Edge(ref("No"), how, PLACE, "")
    frame = assemble(TABLE, Snapshot(NOW, {"Orders": TABLE}), zone=BERLIN)
    answer = masks({"it": edge}, frame, NOW, BERLIN)["it"]
    assert isinstance(answer, str)
    assert "No is a column of kind text" in answer
