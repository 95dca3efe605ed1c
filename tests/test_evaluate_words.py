"""Do columns of few different texts, which are coded, answer as the texts themselves do?"""

from collections.abc import Callable
from datetime import UTC, datetime

import polars as pl
import pytest

from rowcall.errors import Place
from rowcall.evaluate.frame import assemble
from rowcall.evaluate.mask import masks
from rowcall.language.condition import Compare, Condition, Literal, OneOf, Operator, TextHow, TextTest
from rowcall.language.ref import ColumnRef
from rowcall.table import Snapshot
from tests.tables import BERLIN, make_schema, make_table

NOW = datetime(2026, 3, 8, 9, 30, tzinfo=UTC)
SCHEMA = make_schema("Orders", "No", {"No": "text", "City": "text"})
REF = ColumnRef(SCHEMA.column("City"), "Orders")
CITIES = [f"City {number}" for number in range(300)]
PLACE = Place()


def text_test(how: TextHow, *parts: str, negated: bool = False) -> TextTest:
    return TextTest(REF, how, parts, PLACE, "", negated=negated)


def equal(text: str) -> Compare:
    return Compare(REF, Operator.EQUAL, Literal(text, text), PLACE, "")


ASKED: list[tuple[str, Condition, Callable[[str], bool]]] = [
    ("none", text_test(TextHow.CONTAINS, "town"), lambda _: False),
    ("one", text_test(TextHow.ENDS, "Y 77"), lambda text: text == "city 77"),
    ("eleven", text_test(TextHow.CONTAINS, "y 17"), lambda text: "y 17" in text),
    ("hundred", text_test(TextHow.STARTS, "CITY 2"), lambda text: text.startswith("city 2")),
    ("two parts", text_test(TextHow.CONTAINS, "y 1", "9"), lambda text: "y 1" in text or "9" in text),
    ("all", text_test(TextHow.CONTAINS, "city"), lambda text: "city" in text),
    ("all but some", text_test(TextHow.MATCHES, "[^7]{2}$"), lambda text: len(text) > 1 and "7" not in text[-2:]),
    ("negated", text_test(TextHow.CONTAINS, "y 2", negated=True), lambda text: "y 2" not in text),
    ("equal", equal(" CITY 5"), lambda text: text == "city 5"),
    ("equal to nothing known", equal("Rome"), lambda _: False),
    (
        "one of many",
        OneOf(REF, tuple(Literal(city, city) for city in CITIES[:290]), PLACE, ""),
        lambda text: text in {city.lower() for city in CITIES[:290]},
    ),
]  # fmt: skip


@pytest.mark.parametrize("count", [300, 4_000], ids=["as they are", "coded"])
@pytest.mark.parametrize(("condition", "holds"), [row[1:] for row in ASKED], ids=[row[0] for row in ASKED])
def test_answers_are_those_of_the_texts(
    condition: Condition, holds: Callable[[str], bool], count: int
) -> None:
    texts = [CITIES[number * 7 % 300] for number in range(count)]
    texts[5::50], texts[9::50], texts[3::50] = (
        [""] * len(texts[5::50]),
        ["#N/A"] * len(texts[9::50]),
        [f" {text.upper()} " for text in texts[3::50]],
    )
    table = make_table(SCHEMA, [{"No": str(number), "City": text} for number, text in enumerate(texts)])
    frame = assemble(table, Snapshot(NOW, {"Orders": table}), zone=BERLIN)
    answer = masks({"it": condition}, frame, NOW, BERLIN)["it"]
    assert isinstance(answer, pl.Series), answer
    expected = [None if text == "#N/A" else holds(text.strip().lower()) for text in texts]
    assert answer.to_list() == expected


def test_what_was_coded_for_a_table_serves_no_part_of_it() -> None:
    texts = [CITIES[number * 7 % 300] for number in range(4_000)]
    table = make_table(SCHEMA, [{"No": str(number), "City": text} for number, text in enumerate(texts)])
    whole = assemble(table, Snapshot(NOW, {"Orders": table}), zone=BERLIN)
    some = [str(number) for number in range(3_999, 2_000, -1)]
    for frame, numbers in ((whole, range(4_000)), (whole.only(some), map(int, some)), (whole, range(4_000))):
        answer = masks({"it": equal("city 5")}, frame, NOW, BERLIN)["it"]
        assert isinstance(answer, pl.Series), answer
        assert answer.to_list() == [texts[number].lower() == "city 5" for number in numbers]
