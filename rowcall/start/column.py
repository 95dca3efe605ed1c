"""What do the cells of an unknown column seem to hold, and how many of them say so?"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import time
from zoneinfo import ZoneInfo

from rowcall.cells import NO_WORDS, YES_WORDS
from rowcall.dates import parse_day, parse_moment
from rowcall.numbers import BLANKS, parse_number
from rowcall.table import Kind

_SURE = 0.9
_SHOWN_EXCEPTIONS = 3
_LONG_NUMBER = 12
_CHOICES_AT_MOST, _LONGEST_CHOICE = 12, 30
_ROWS_A_CHOICE, _ROWS_A_LIKELY_CHOICE = 5, 2

_ID = re.compile(
    r"(?:^|[\s_.-])(?:no|nr|num|number|id|sku|code|key|ref|reference|isbn|ean|barcode)\.?$|#$|(?:编号|编码|单号|号码|代码|货号|条码|序号)$|^(?:工号|款号|型号)$",
    re.IGNORECASE,
)
_POSTAL = re.compile(r"\b(?:zip|postal|postcode|plz)|zip_code|邮编|邮政编码", re.IGNORECASE)
_PHONE = re.compile(r"\b(?:phone|telephone|tel|mobile|cell|fax)\b|电话|手机", re.IGNORECASE)
_MONEY = re.compile(
    r"price|total|amount|\bcost|\bfee|revenue|freight|payment_?value|\bvalue\b|balance|金额|价|总额|小计|费用|运费|余额|收入",
    re.IGNORECASE,
)
_DAY = re.compile(r"\b(?:date|day|on|since|until)\b|_date\b|日期|日$|时间", re.IGNORECASE)
_EMPTY_DAY = re.compile(r"(?:\b|_)(?:date|on|since|until)$|日期$", re.IGNORECASE)
_EMPTY_MOMENT = re.compile(r"(?:\b|_)at$|时间$", re.IGNORECASE)
_CHOICE = re.compile(
    r"status|state\b|type|channel|tier|priority|category|method|stage|level|sla|状态|类型|渠道|等级|优先级|类目|类别|方式|阶段|结果",
    re.IGNORECASE,
)
_NAME = re.compile(
    r"name|supplier|vendor|customer|client|buyer|city|product|title|subject|assigned|owner|note|comment|remark|about|roles?\b|address"
    r"|姓名|名称|供应商|客户|城市|商品|主题|标题|负责人|备注|说明|角色|地址",
    re.IGNORECASE,
)
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_PHONE_NUMBER = re.compile(r"\+?[\d ()/.-]{6,24}")
_INTERNATIONAL = re.compile(r"\+\d[\d ()/.-]{6,22}")
_CURRENCY = re.compile(r"^[+-]?\s?(?:[€$£¥￥₩₹]|[A-Z]{3}\s)|(?:[€元]|\s[A-Z]{3})$")
_BARE_NUMBER = re.compile(r"[+-]?[\d,.]+(?:[eE][+-]?\d+)?")


@dataclass(frozen=True, slots=True)
class Guess:
    """What a column seems to hold.

    fits: how many of the `filled` cells say so; others: some that don't. choices: in order of
    appearance; rarest: the one that the fewest rows have (of several the last).
    """

    header: str
    kind: Kind
    filled: int
    fits: int
    choices: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    rarest: str = ""


def looks_like_key(header: str) -> bool:
    """Tell whether a header is one that numbers and codes of rows usually have."""
    return bool(_ID.search(header))


def guess_column(header: str, cells: Sequence[str | None], zone: ZoneInfo) -> Guess:
    """Return what a column seems to hold, from its header and its texts."""
    texts = [text for cell in cells if (text := (cell or "").strip(BLANKS))]
    if not texts:
        return Guess(header, _by_header(header), 0, 0)
    if any(_must_stay_text(text) for text in texts) and not _PHONE.search(header):
        return Guess(header, Kind.TEXT, len(texts), len(texts))
    for kind, says in _tests(header, texts, zone).items():
        fits = [says(text) for text in texts]
        if sum(fits) >= _SURE * len(texts):
            others = dict.fromkeys(text for text, fit in zip(texts, fits, strict=True) if not fit)
            return Guess(header, kind, len(texts), sum(fits), (), tuple(others)[:_SHOWN_EXCEPTIONS])
    if choices := _choices(header, texts):
        rarest = min(reversed(choices), key=texts.count)
        return Guess(header, Kind.CHOICE, len(texts), len(texts), choices, rarest=rarest)
    return Guess(header, Kind.TEXT, len(texts), len(texts))


def _by_header(header: str) -> Kind:
    """Return what an empty column will hold: a moment or a day where its header says so, else text."""
    if _EMPTY_MOMENT.search(header):
        return Kind.DATETIME
    return Kind.DATE if _EMPTY_DAY.search(header) else Kind.TEXT


def _tests(header: str, texts: Sequence[str], zone: ZoneInfo) -> Mapping[Kind, Callable[[str], bool]]:
    """Return which kinds the header allows, the surest first, with the test of one text."""
    tests: dict[Kind, Callable[[str], bool]] = {Kind.EMAIL: lambda text: bool(_EMAIL.fullmatch(text))}
    if _PHONE.search(header):
        tests[Kind.PHONE] = lambda text: bool(_PHONE_NUMBER.fullmatch(text))
    else:
        tests[Kind.PHONE] = lambda text: bool(_INTERNATIONAL.fullmatch(text))
    if not all(text in {"0", "1"} for text in texts):
        tests[Kind.YES_NO] = lambda text: text.lower() in YES_WORDS | NO_WORDS
    days = [text for text in texts if _is_day(text, header, zone)]
    with_time = any(_has_time(text, zone) for text in days)
    tests[Kind.DATETIME if with_time else Kind.DATE] = lambda text: _is_day(text, header, zone)
    if not (_ID.search(header) or _POSTAL.search(header)):
        tests[Kind.PERCENT] = lambda text: text.endswith("%") and parse_number(text, Kind.PERCENT) is not None
        as_money = (
            _MONEY.search(header) or sum(bool(_CURRENCY.search(text)) for text in texts) > len(texts) / 2
        )
        kind = Kind.MONEY if as_money else Kind.NUMBER
        tests[kind] = lambda text: parse_number(text, kind) is not None
    return tests


def _must_stay_text(text: str) -> bool:
    """Tell whether a number would lose what is written: leading zeros, or more digits than a number keeps."""
    return text.isdigit() and ((len(text) > 1 and text.startswith("0")) or len(text) >= _LONG_NUMBER)


def _is_day(text: str, header: str, zone: ZoneInfo) -> bool:
    """Tell whether a text is a date; a bare number is one only under a header that says so."""
    if (
        _BARE_NUMBER.fullmatch(text)
        and text.count(".") <= 1
        and not (_DAY.search(header) and _is_recent(text))
    ):
        return False
    return parse_day(text, zone) is not None


def _is_recent(text: str) -> bool:
    """Tell whether a bare number reads as a day of these decades: `20260305`, or a spreadsheet's 46086."""
    return bool(re.fullmatch(r"20\d{6}|[34]\d{4}(\.\d+)?", text))


def _has_time(text: str, zone: ZoneInfo) -> bool:
    moment = parse_moment(text, zone)
    return moment is not None and moment.astimezone(zone).time() != time()


def _choices(header: str, texts: Sequence[str]) -> tuple[str, ...]:
    """Return the values of a column that repeats few of them; () if it does not."""
    values = tuple(dict.fromkeys(texts))
    folded = {value.casefold() for value in values}
    if (
        not 1 < len(values) <= _CHOICES_AT_MOST
        or len(folded) < len(values)
        or max(map(len, values)) > _LONGEST_CHOICE
    ):
        return ()
    if _ID.search(header) or (_NAME.search(header) and not _CHOICE.search(header)) or "\n" in "".join(values):
        return ()
    each = _ROWS_A_LIKELY_CHOICE if _CHOICE.search(header) else _ROWS_A_CHOICE
    return values if len(texts) >= each * len(values) else ()
