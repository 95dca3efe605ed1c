"""One cell: what its text means in each kind, and the laws that hold cell, column and writing together."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import polars as pl
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from rowcall.cells import Unreadable, format_cell, parse_cell, type_column
from rowcall.table import NUMERIC, CellValue, Column, Kind

BERLIN = ZoneInfo("Europe/Berlin")
ZONES = (BERLIN, ZoneInfo("Asia/Shanghai"), ZoneInfo("America/Sao_Paulo"), ZoneInfo("Australia/Lord_Howe"))
COLUMNS = {kind: Column("C", kind) for kind in Kind} | {
    Kind.CHOICE: Column("C", Kind.CHOICE, ("New", "Paid", "On Hold", "已付款"))
}


def parsed(kind: Kind, text: str) -> CellValue | Unreadable:
    return parse_cell(COLUMNS[kind], text, language="en", zone=BERLIN)


def d(text: str) -> Decimal:
    return Decimal(text)


READABLE: list[tuple[Kind, str, CellValue]] = [
    (Kind.NUMBER, "0", d("0")),
    (Kind.NUMBER, "1,299.00", d("1299.00")),
    (Kind.NUMBER, "1 299.00", d("1299.00")),
    (Kind.NUMBER, "1'299", d("1299")),
    (Kind.NUMBER, "１２３", d("123")),
    (Kind.NUMBER, "\u22125", d("-5")),
    (Kind.NUMBER, ".5", d("0.5")),
    (Kind.NUMBER, "1e5", d("100000")),
    (Kind.NUMBER, "8.0858E+15", d("8.0858E+15")),
    (Kind.NUMBER, "12%", d("0.12")),
    (Kind.NUMBER, "\u3000 7 \ufeff", d("7")),
    (Kind.MONEY, "€80.00", d("80.00")),
    (Kind.MONEY, "￥99", d("99")),
    (Kind.MONEY, "¥1,000", d("1000")),
    (Kind.MONEY, "EUR 12", d("12")),
    (Kind.MONEY, "12 EUR", d("12")),
    (Kind.MONEY, "99元", d("99")),
    (Kind.MONEY, "-$5.50", d("-5.50")),
    (Kind.MONEY, "$-5.50", d("-5.50")),
    (Kind.PERCENT, "0.92", d("0.92")),
    (Kind.PERCENT, "92%", d("0.92")),
    (Kind.PERCENT, "12.7 %", d("0.127")),
    (Kind.PERCENT, "１００％", d("1")),
    (Kind.PERCENT, "1.5", d("1.5")),
    (Kind.PERCENT, "150%", d("1.5")),
    (Kind.DATE, "2026-03-05", date(2026, 3, 5)),
    (Kind.DATE, "2026/3/5", date(2026, 3, 5)),
    (Kind.DATE, "2026.3.5", date(2026, 3, 5)),
    (Kind.DATE, "2026年3月5日", date(2026, 3, 5)),
    (Kind.DATE, "20260305", date(2026, 3, 5)),
    (Kind.DATE, "5.3.2026", date(2026, 3, 5)),
    (Kind.DATE, "25/03/2026", date(2026, 3, 25)),
    (Kind.DATE, "03/25/2026", date(2026, 3, 25)),
    (Kind.DATE, "05/05/2026", date(2026, 5, 5)),
    (Kind.DATE, "5 Mar 2026", date(2026, 3, 5)),
    (Kind.DATE, "March 5, 2026", date(2026, 3, 5)),
    (Kind.DATE, "46086", date(2026, 3, 5)),
    (Kind.DATE, "46086.9375", date(2026, 3, 5)),
    (Kind.DATE, "2026-03-05 22:30", date(2026, 3, 5)),
    (Kind.DATE, "2026-03-05 00:00:00", date(2026, 3, 5)),
    (Kind.DATE, "2026-03-05T23:30:00Z", date(2026, 3, 6)),
    (Kind.DATE, "9999-12-31", date(9999, 12, 31)),
    (Kind.DATETIME, "2026-03-05 22:30", datetime(2026, 3, 5, 21, 30, tzinfo=UTC)),
    (Kind.DATETIME, "2026-03-05", datetime(2026, 3, 4, 23, tzinfo=UTC)),
    (Kind.DATETIME, "2026/3/5 22:30", datetime(2026, 3, 5, 21, 30, tzinfo=UTC)),
    (Kind.DATETIME, "2026-03-05 22:30:15", datetime(2026, 3, 5, 21, 30, 15, tzinfo=UTC)),
    (Kind.DATETIME, "2026-03-05T22:30:15.250", datetime(2026, 3, 5, 21, 30, 15, 250_000, tzinfo=UTC)),
    (Kind.DATETIME, "2026-03-05T22:30Z", datetime(2026, 3, 5, 22, 30, tzinfo=UTC)),
    (Kind.DATETIME, "2026-03-05 22:30+08:00", datetime(2026, 3, 5, 14, 30, tzinfo=UTC)),
    (Kind.DATETIME, "5.3.2026 9:05", datetime(2026, 3, 5, 8, 5, tzinfo=UTC)),
    (Kind.DATETIME, "2026年3月5日 22时30分", datetime(2026, 3, 5, 21, 30, tzinfo=UTC)),
    (Kind.DATETIME, "2026年3月5日下午3：05", datetime(2026, 3, 5, 14, 5, tzinfo=UTC)),
    (Kind.DATETIME, "March 5, 2026 12:10 am", datetime(2026, 3, 4, 23, 10, tzinfo=UTC)),
    (Kind.DATETIME, "46086.9375", datetime(2026, 3, 5, 21, 30, tzinfo=UTC)),
    (Kind.DATETIME, "46086.93767361111", datetime(2026, 3, 5, 21, 30, 15, tzinfo=UTC)),
    # 02:30 does not exist on 29 March: the end of the gap; it occurs twice on 25 October: the first one.
    (Kind.DATETIME, "2026-03-29 02:30", datetime(2026, 3, 29, 1, 0, tzinfo=UTC)),
    (Kind.DATETIME, "2026-10-25 02:30", datetime(2026, 10, 25, 0, 30, tzinfo=UTC)),
    (Kind.YES_NO, "Yes", True),
    (Kind.YES_NO, "TRUE", True),
    (Kind.YES_NO, "1", True),
    (Kind.YES_NO, "x", True),
    (Kind.YES_NO, "✓", True),
    (Kind.YES_NO, "是", True),
    (Kind.YES_NO, "NO", False),
    (Kind.YES_NO, "0", False),
    (Kind.YES_NO, "FALSE", False),
    (Kind.YES_NO, "无", False),
    (Kind.YES_NO, "  ", False),
    (Kind.CHOICE, " paid ", "Paid"),
    (Kind.CHOICE, "ON HOLD", "On Hold"),
    (Kind.CHOICE, "已付款", "已付款"),
    (Kind.TEXT, "007", "007"),
    (Kind.TEXT, "NO", "NO"),
    (Kind.TEXT, "1e5", "1e5"),
    (Kind.TEXT, " N/A ", "N/A"),
    (Kind.TEXT, "", None),
    (Kind.EMAIL, " no address ", "no address"),
    (Kind.DURATION, "30 minutes", timedelta(minutes=30)),
    (Kind.DURATION, "1:30", timedelta(hours=1, minutes=30)),
    (Kind.DURATION, "2 days", timedelta(days=2)),
    (Kind.DURATION, "2小时", timedelta(hours=2)),
    (Kind.DURATION, "1个小时30分钟", timedelta(hours=1, minutes=30)),
    (Kind.DURATION, "2h 30m", timedelta(hours=2, minutes=30)),
    (Kind.DURATION, "1.5 hours", timedelta(hours=1, minutes=30)),
]


@pytest.mark.parametrize(("kind", "text", "value"), READABLE, ids=[f"{k}-{t}" for k, t, _ in READABLE])
def test_text_means_value(kind: Kind, text: str, value: CellValue) -> None:
    assert parsed(kind, text) == value
    assert type(parsed(kind, text)) is type(value)


UNREADABLE: list[tuple[Kind, str, str]] = [
    (Kind.MONEY, "N/A", "write an amount such as 1,299.00"),
    (Kind.MONEY, "1.299,00", "it looks like a decimal comma; write 1299.00"),
    (Kind.MONEY, "12,5", "it looks like a decimal comma; write 12.5"),
    (Kind.MONEY, "€ 1 299,00", "it looks like a decimal comma; write 1299.00"),
    (Kind.MONEY, "(12)", "write an amount such as 1,299.00"),
    (Kind.MONEY, "12%", "a percentage is no amount of money; write an amount such as 1,299.00"),
    (Kind.NUMBER, "1,29,9", "write a number such as 12 or 0.5"),
    (Kind.NUMBER, "12 kg", "write a number such as 12 or 0.5"),
    (Kind.NUMBER, "inf", "write a number such as 12 or 0.5"),
    (Kind.NUMBER, "nan", "write a number such as 12 or 0.5"),
    (Kind.NUMBER, ".", "write a number such as 12 or 0.5"),
    (Kind.NUMBER, "--5", "write a number such as 12 or 0.5"),
    (Kind.PERCENT, "92", "it could mean 92% or 9200%; write 92%"),
    (Kind.PERCENT, "€5", "write a percentage such as 92% or 0.92"),
    (Kind.DATE, "05/03/2026", "it could be 2026-03-05 or 2026-05-03; write the year first"),
    (Kind.DATE, "5-3-2026", "it could be 2026-03-05 or 2026-05-03; write the year first"),
    (Kind.DATE, "2026-02-30", "there is no such day or time; write it as 2026-03-05"),
    (Kind.DATE, "5.3.26", "the year needs four digits; write it as 2026-03-05"),
    (Kind.DATE, "2026", "write it as 2026-03-05"),
    (Kind.DATE, "0026-03-05", "there is no such day or time; write it as 2026-03-05"),
    (Kind.DATETIME, "tomorrow", "write it as 2026-03-05 22:30"),
    (Kind.DATETIME, "22:30:15", "write it as 2026-03-05 22:30"),
    (Kind.DATETIME, "2026-03-05 25:00", "there is no such day or time; write it as 2026-03-05 22:30"),
    (Kind.DATETIME, "2026-03-0522:30", "there is no such day or time; write it as 2026-03-05 22:30"),
    (Kind.YES_NO, "maybe", "write yes or no (empty is no)"),
    (Kind.CHOICE, "Payed", "it is not one of New, Paid, On Hold, 已付款"),
    (Kind.DURATION, "30", "the unit is missing; write 30 minutes, 30 hours or 30 days"),
    (Kind.DURATION, "1 month", "1 month has no fixed length; write it in days"),
    (Kind.DURATION, "2 working hours", "working time is for rules; write 1:30 or 30 minutes"),
    (Kind.DURATION, "soon", "write 1:30 (hours:minutes), 30 minutes or 2 days"),
    *((kind, "#N/A", "#N/A is the error of a formula; mend the formula") for kind in Kind),
    (
        Kind.TEXT,
        "#STALE!",
        "its formula has not been computed yet; open and save the file in a spreadsheet program",
    ),
]


@pytest.mark.parametrize(("kind", "text", "why"), UNREADABLE, ids=[f"{k}-{t}" for k, t, _ in UNREADABLE])
def test_text_means_nothing_and_says_why(kind: Kind, text: str, why: str) -> None:
    result = parsed(kind, text)
    assert isinstance(result, Unreadable)
    assert result.why == why


def test_a_near_miss_of_a_choice_suggests_the_choice() -> None:
    result = parsed(Kind.CHOICE, "Payed")
    assert isinstance(result, Unreadable)
    assert result.suggestion == "Paid"


STYLES: list[tuple[Kind, CellValue, str, str]] = [
    (Kind.MONEY, d("2.675"), "", "2.68"),
    (Kind.MONEY, d("-0.005"), "", "-0.01"),
    (Kind.MONEY, d("1299"), "€1,000.00", "€1,299.00"),
    (Kind.NUMBER, d("1E+5"), "", "100000"),
    (Kind.NUMBER, d("0.500"), "", "0.5"),
    (Kind.NUMBER, d("12000"), "9,000", "12,000"),
    (Kind.PERCENT, d("0.92"), "", "0.92"),
    (Kind.PERCENT, d("0.92"), "5%", "92%"),
    (Kind.PERCENT, d("12"), "", "1200%"),
    (Kind.DATE, date(2026, 3, 5), "", "2026-03-05"),
    (Kind.DATE, date(2026, 3, 5), "2026/1/12", "2026/3/5"),
    (Kind.DATE, date(2026, 3, 5), "2026/01/12", "2026/03/05"),
    (Kind.DATE, date(2026, 3, 5), "2026年1月12日", "2026年3月5日"),
    (Kind.DATE, datetime(2026, 3, 5, 23, 30, tzinfo=UTC), "", "2026-03-06"),
    (Kind.DATETIME, datetime(2026, 3, 5, 21, 30, 15, tzinfo=UTC), "", "2026-03-05 22:30"),
    (
        Kind.DATETIME,
        datetime(2026, 3, 5, 21, 30, 15, tzinfo=UTC),
        "2026/1/1 00:00:00",
        "2026/3/5 22:30:15",
    ),
    (Kind.DATETIME, datetime(2026, 10, 25, 1, 30, tzinfo=UTC), "", "2026-10-25 02:30+01:00"),
    (Kind.YES_NO, True, "", "yes"),
    (Kind.YES_NO, True, "FALSE", "TRUE"),
    (Kind.YES_NO, False, "x", ""),
    (Kind.YES_NO, False, "是", "否"),
    (Kind.DURATION, timedelta(days=2), "", "2 days"),
    (Kind.DURATION, timedelta(hours=26, minutes=5), "", "26:05"),
    (Kind.TEXT, d("7.10"), "", "7.1"),
    (Kind.TEXT, None, "old", ""),
]


@pytest.mark.parametrize(
    ("kind", "value", "like", "text"), STYLES, ids=[f"{k}-{v}-{like}" for k, v, like, _ in STYLES]
)
def test_a_value_is_written_in_the_style_of_the_cell(
    kind: Kind, value: CellValue, like: str, text: str
) -> None:
    assert format_cell(COLUMNS[kind], value, language="en", zone=BERLIN, like=like) == text


def test_a_chinese_shop_writes_yes_and_days_in_chinese() -> None:
    assert format_cell(COLUMNS[Kind.YES_NO], True, language="zh", zone=BERLIN) == "是"
    assert format_cell(COLUMNS[Kind.DURATION], timedelta(days=2), language="zh", zone=BERLIN) == "2天"


# Texts near the grammar find more than arbitrary ones.
WORDS = """0 1 2 3 5 9 2026 03 - / . , : T Z e E+ % € EUR ￥ 年 月 日 ５ +01:00 pm 上午 ' x yes 是 paid h
    days 小时 #N/A inf nan 46086 2026-03-05 22:30 5.3.2026 March 1,299 ( ) ²"""
PIECES = st.sampled_from([*WORDS.split(), " ", "\u00a0", "\ufeff", "\x1f"])
NEAR = st.lists(PIECES, max_size=9).map("".join)
SHAPES = st.one_of(
    st.from_regex(r"-?[€¥]?[0-9]{1,4}(,[0-9]{3}){0,2}(\.[0-9]{0,4})? ?(EUR|%|元)?", fullmatch=True),
    st.from_regex(
        r"(19[67]|20[0-4])[0-9][-/.][0-9]{1,2}[-/.][0-9]{1,2}([ T][0-9]{1,2}:[0-9]{2}(:[0-9]{2})?)?",
        fullmatch=True,
    ),
    st.from_regex(r"[0-9]{1,2}[./-][0-9]{1,2}[./-][0-9]{2,4}", fullmatch=True),
    st.from_regex(r"[0-9]{4,6}(\.[0-9]{1,11})?", fullmatch=True),
    st.from_regex(r"[0-9]{1,20}(\.[0-9]{1,20})?%?", fullmatch=True),
)


@given(
    texts=st.lists(st.one_of(NEAR, SHAPES, st.text(max_size=8), st.none()), max_size=12),
    zone=st.sampled_from(ZONES),
)
@example(texts=["2026-03-29 02:30", "2026-10-25 02:30:00", "2026-10-25"], zone=BERLIN)
@example(texts=["2026-10-04 02:15", "2026-04-05 01:45"], zone=ZoneInfo("Australia/Lord_Howe"))
@example(texts=["2018-11-04", "2018-11-04 00:30", "43408.02"], zone=ZoneInfo("America/Sao_Paulo"))
@example(texts=["90000", "2146-05-29 00:00"], zone=BERLIN)
@example(texts=["9999-12-31 23:59", "1900-01-01", "0000-00-00"], zone=ZoneInfo("America/Sao_Paulo"))
def test_a_column_reads_every_cell_as_the_cell_alone(texts: list[str | None], zone: ZoneInfo) -> None:
    series = pl.Series(texts, dtype=pl.String)
    for kind, column in COLUMNS.items():
        typed = type_column(column, series, zone).to_list()
        for text, value in zip(texts, typed, strict=True):
            alone = parse_cell(column, text, language="en", zone=zone)
            expected = None if isinstance(alone, Unreadable) else alone
            if isinstance(expected, Decimal):
                assert value == float(expected), (kind, text)
            else:
                assert value == expected, (kind, text)


LIKES = st.sampled_from(
    [
        "",
        "€1,000.00",
        "9,000",
        "5%",
        "2026/1/12",
        "2026/01/02 10:00:00",
        "2026年1月1日",
        "x",
        "TRUE",
        "是",
        "N/A",
        "1 000",
    ]
)
VALUES: dict[Kind, st.SearchStrategy[CellValue]] = {
    Kind.NUMBER: st.decimals(-(10**12), 10**12, places=4),
    Kind.MONEY: st.decimals(-(10**9), 10**9, places=2),
    Kind.PERCENT: st.decimals(-50, 50, places=4),
    Kind.DATE: st.dates(date(1900, 1, 1)),
    Kind.DATETIME: st.datetimes(datetime(1950, 1, 1), datetime(2200, 1, 1), timezones=st.just(UTC)).map(
        lambda moment: moment.replace(second=0, microsecond=0)
    ),
    Kind.YES_NO: st.booleans(),
    Kind.CHOICE: st.sampled_from(COLUMNS[Kind.CHOICE].choices),
    Kind.DURATION: st.timedeltas(timedelta(0), timedelta(days=900)).map(
        lambda length: timedelta(seconds=length // timedelta(seconds=1))
    ),
}


@given(data=st.data(), like=LIKES, language=st.sampled_from(["en", "zh"]), zone=st.sampled_from(ZONES))
@pytest.mark.parametrize("kind", VALUES, ids=str)
def test_what_is_written_reads_back_as_the_value(
    kind: Kind, data: st.DataObject, like: str, language: str, zone: ZoneInfo
) -> None:
    value = data.draw(VALUES[kind])
    text = format_cell(COLUMNS[kind], value, language=language, zone=zone, like=like)
    assert parse_cell(COLUMNS[kind], text, language=language, zone=zone) == value
    assert kind not in NUMERIC or len(text) < 30
