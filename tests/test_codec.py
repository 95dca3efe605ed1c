"""Does a value come back from its JSON as it was?"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from enum import StrEnum
from typing import Any, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rowcall.codec import CodecError, decode, encode


class Fruit(StrEnum):
    APPLE = "apple"
    PEAR = "pear"


@dataclass(frozen=True, slots=True)
class Inner:
    name: str
    count: int | None = None


@dataclass(frozen=True, slots=True)
class Outer:
    inner: Inner
    value: str | Decimal | date | datetime | timedelta | bool | None
    either: Inner | Fruit
    many: tuple[Inner, ...] = ()
    pair: tuple[str, int] = ("", 0)
    texts: Mapping[str, Decimal] | None = None
    cells: Mapping[tuple[str, date], Fruit] | None = None
    some: frozenset[int] = frozenset()
    raw: bytes = b""
    ratio: float = 0.0
    way: Literal["in", "out"] = "in"


@dataclass(frozen=True, slots=True)
class Branch:
    name: str
    children: tuple["Branch", ...] = ()


zones = st.sampled_from([UTC, timezone(timedelta(hours=8)), timezone(timedelta(hours=-3, minutes=-30))])
moments = st.datetimes(min_value=datetime(1, 1, 3), max_value=datetime(9999, 12, 29), timezones=zones)
decimals = st.decimals(allow_nan=False, allow_infinity=True)
inners = st.builds(Inner, st.text(), st.none() | st.integers())
values = st.none() | st.text() | decimals | st.dates() | moments | st.timedeltas() | st.booleans()
outers = st.builds(
    Outer,
    inner=inners,
    value=values,
    either=inners | st.sampled_from(Fruit),
    many=st.lists(inners, max_size=3).map(tuple),
    pair=st.tuples(st.text(), st.integers()),
    texts=st.none() | st.dictionaries(st.text(), decimals, max_size=3),
    cells=st.none() | st.dictionaries(st.tuples(st.text(), st.dates()), st.sampled_from(Fruit), max_size=3),
    some=st.frozensets(st.integers(), max_size=3),
    raw=st.binary(),
    ratio=st.floats(allow_nan=False),
)


@given(outers)
def test_decoding_what_was_encoded_gives_the_same_value(value: Outer) -> None:
    back = decode(encode(value), Outer)
    assert back == value
    assert type(back.value) is type(value.value)


def test_a_type_may_contain_itself() -> None:
    tree = Branch("root", (Branch("leaf"),))
    assert decode(encode(tree), Branch) == tree


def test_a_field_that_the_json_lacks_gets_its_default() -> None:
    assert decode(b'{"name": "x"}', Inner) == Inner("x")


@pytest.mark.parametrize(
    ("data", "hint", "message"),
    [
        (b'{"name": "x", "colour": 1}', Inner, "Inner has no field colour"),
        (b'{"name": 5}', Inner, "5 is not str"),
        (b'{"count": 5}', Inner, "name"),
        (b'"plum"', Fruit, "plum"),
        (b"not json", Inner, "does not fit Inner"),
        (b'"2025-01-01T00:00:00"', datetime, "no time zone"),
        (b'"x"', Literal["a", "b"], "none of a, b"),
        (b"true", int, "True is not int"),
        (b'["Turnip", 1]', Inner | Fruit, "Turnip"),
    ],
)
def test_json_that_does_not_fit_is_refused(data: bytes, hint: Any, message: str) -> None:
    with pytest.raises(CodecError, match=message):
        decode(data, hint)


@pytest.mark.parametrize(
    ("value", "hint", "message"),
    [
        (datetime(2025, 1, 1), datetime, "no time zone"),
        (5, str, "5 is not str"),
        (True, int, "True is not int"),
        ("a\ud800", str, "can't be written"),
        (Inner("x"), Branch, "not Branch"),
        ({"a"}, set[str], "can't be kept"),
        (1.5, Inner | Fruit, "1.5 is none of Inner, Fruit"),
        ("x", tuple[str, ...] | tuple[int, ...], "told apart"),
    ],
)
def test_a_value_that_does_not_fit_is_refused(value: object, hint: Any, message: str) -> None:
    with pytest.raises(CodecError, match=message):
        encode(value, hint)


def test_the_field_of_an_unknown_type_is_named() -> None:
    @dataclass(frozen=True)
    class Odd:
        thing: object

    with pytest.raises(CodecError, match=r"Odd\.thing: the type object"):
        encode(Odd(1))
