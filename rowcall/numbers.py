"""Which number does a cell's text say, and how is a number written into a cell?

Accepted: `1299`, `1,299.00`, `1 299.00`, `1'299.00`, `1E+05`, full-width digits, a currency before or after
(`€80.00`, `EUR 12`, `99元`), `12%`. A decimal comma (`1.299,00`, `12,5`) is refused: in an English or Chinese
shop it may as well be a slip of the thousands comma.

A bare number in a percent column is what a spreadsheet stores: 0.92 is 92%. Above 10 (1000%) it is refused,
because `92` typed by hand means 92% and in a file 9200%; with its sign, `92%`, it is always clear.
"""

import re
import unicodedata
from decimal import ROUND_HALF_UP, Decimal

import polars as pl

from rowcall.table import Kind

BLANKS = " \t\r\n\x0b\x0c\x1c\x1d\x1e\x1f\x85\xa0\u1680\u2028\u2029\u202f\u205f\u3000\ufeff\u200b" + "".join(
    chr(code) for code in range(0x2000, 0x200B)
)
"""What is trimmed from both ends of a cell: blanks of every width and a byte-order mark."""

BARE_PERCENT_LIMIT = 10
"""The largest number without a sign that a percent column accepts: 1000%."""

_CODES = (
    "EUR|USD|GBP|CNY|RMB|JPY|CHF|SEK|NOK|DKK|PLN|CZK|HUF|RON|TRY"
    "|AUD|CAD|NZD|HKD|TWD|SGD|KRW|INR|BRL|MXN|ZAR|THB"
)
_CURRENCY = rf"(?:US\$|HK\$|NT\$|CA\$|AU\$|R\$|[€$£¥₩₹₽₺]|{_CODES}|元|人民币)"
_LONGEST = 40
_NUMBER = re.compile(
    rf"(?P<sign>[+-])? ?(?P<before>{_CURRENCY})? ?(?P<inner>[+-])?"
    r"(?P<whole>[0-9]{1,3}(?:(?P<gap>[, '])[0-9]{3})(?:(?P=gap)[0-9]{3})*|[0-9]*)"
    r"(?P<fraction>\.[0-9]*)?(?P<power>[eE][+-]?[0-9]{1,2})?"
    rf" ?(?P<after>{_CURRENCY}|%)?",
    re.IGNORECASE | re.ASCII,
)
# What polars types as a whole column; never longer than _LONGEST.
_PLAIN = r"^-?[0-9]{1,19}(\.[0-9]{1,18})?$"
_COMMON = (
    rf"^(?<sign>-)?(?<before>{_CURRENCY})?(?<whole>[0-9]{{1,3}}(?:,[0-9]{{3}}){{1,4}}|[0-9]{{1,15}})"
    rf"(?<fraction>\.[0-9]{{1,12}})? ?(?<after>{_CURRENCY}|%)?$"
)
_DECIMAL_COMMA = re.compile(r"[^0-9]*(?:[0-9]{1,3}(?:[. '][0-9]{3})+|[0-9]+),[0-9]+[^0-9]*")


def parse_number(text: str, kind: Kind) -> Decimal | None:
    """Return the number that a cell of a number, money or percent column says, or None if it says none."""
    match = _NUMBER.fullmatch(_tidy(text)) if len(text) <= _LONGEST else None
    if match is None or not (match["whole"] or (match["fraction"] or ".") != "."):
        return None
    sign_twice = match["sign"] and match["inner"]
    currency_twice = match["before"] and match["after"]
    if sign_twice or currency_twice or not _suits(match["before"], match["after"], kind):
        return None
    whole = re.sub("[, ']", "", match["whole"])
    digits = f"{match['sign'] or match['inner'] or ''}{whole or '0'}{match['fraction'] or ''}"
    number = Decimal(f"{digits}{match['power'] or ''}")
    if match["after"] == "%":
        return number.scaleb(-2)
    return None if kind is Kind.PERCENT and abs(number) > BARE_PERCENT_LIMIT else number


def parse_numbers(texts: pl.Series, kind: Kind) -> pl.Series:
    """Return the same for a whole column of trimmed texts: Float64, null where a text says no number."""
    plain = texts.str.contains(_PLAIN)
    numbers = texts.set(~plain.fill_null(value=False), None).cast(pl.Float64, strict=False)
    if kind is Kind.PERCENT:
        numbers = numbers.set((numbers.abs() > BARE_PERCENT_LIMIT).fill_null(value=False), None)
    rest = (~plain).fill_null(value=False)
    if rest.any():
        slow = _parse_common(texts.filter(rest), kind)
        numbers = numbers.scatter(rest.arg_true(), slow)
    return numbers


def why_no_number(text: str, kind: Kind) -> str:
    """Return what is wrong with a text that says no number, and how to write it."""
    tidy = _tidy(text)
    if _DECIMAL_COMMA.fullmatch(tidy):
        fixed = re.sub(r"[. ']", "", re.sub(r"[^0-9.,' -]", "", tidy)).replace(",", ".").strip()
        return f"it looks like a decimal comma; write {fixed}"
    if kind is Kind.PERCENT and re.fullmatch(r"-?[0-9]+(\.[0-9]+)?", tidy):
        return f"it could mean {tidy}% or {Decimal(tidy) * 100:f}%; write {tidy}%"
    if kind is Kind.MONEY and tidy.endswith("%"):
        return "a percentage is no amount of money; write an amount such as 1,299.00"
    if kind is Kind.PERCENT:
        return "write a percentage such as 92% or 0.92"
    return f"write {'an amount such as 1,299.00' if kind is Kind.MONEY else 'a number such as 12 or 0.5'}"


def format_number(value: Decimal, kind: Kind, *, like: str = "") -> str:
    """Return the text to write for a number, in the style of the text that stood there before.

    Money has two decimals, rounded half up; other numbers are as short as they can be.
    """
    style = _NUMBER.fullmatch(_tidy(like)) if like else None
    if kind is Kind.PERCENT:
        signed = (style is not None and style["after"] == "%") or abs(value) > BARE_PERCENT_LIMIT
        return f"{_shortest(value.scaleb(2))}%" if signed else _shortest(value)
    text = f"{value.quantize(Decimal('0.01'), ROUND_HALF_UP):f}" if kind is Kind.MONEY else _shortest(value)
    if style is None:
        return text
    if style["gap"] == ",":
        whole, _, fraction = text.partition(".")
        text = f"{int(whole):,}" + (f".{fraction}" if fraction else "")
        text = f"-{text}" if whole == "-0" else text
    return f"{style['before']}{text}" if style["before"] and not text.startswith("-") else text


def _tidy(text: str) -> str:
    plain = unicodedata.normalize("NFKC", text).replace("\u2212", "-").replace("\u2019", "'")
    return " ".join(plain.strip(BLANKS).split())


def _suits(before: str | None, after: str | None, kind: Kind) -> bool:
    if kind is Kind.PERCENT:
        return before is None and after in (None, "%")
    return after != "%" or (kind is Kind.NUMBER and before is None)


def _shortest(value: Decimal) -> str:
    text = f"{value:f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


def _parse_common(texts: pl.Series, kind: Kind) -> pl.Series:
    """Type currencies, thousands and percent signs as a column; what is rarer goes one by one."""
    found = texts.str.extract_groups(_COMMON).struct.unnest()
    percent = pl.col("after").eq_missing("%")
    allowed = {
        Kind.NUMBER: pl.col("before").is_null() | pl.col("after").is_null(),
        Kind.MONEY: ~percent & (pl.col("before").is_null() | pl.col("after").is_null()),
    }.get(kind, percent & pl.col("before").is_null())
    digits = pl.concat_str(
        pl.col("sign").fill_null(""),
        pl.col("whole").str.replace_all(",", "", literal=True),
        pl.col("fraction").fill_null(""),
        # "12.7e-2" is read exactly; 12.7 / 100 would be rounded twice.
        pl.when(percent).then(pl.lit("e-2")).otherwise(pl.lit("")),
    ).cast(pl.Float64, strict=False)
    numbers = found.select(pl.when(allowed).then(digits).otherwise(None).alias("n")).to_series()
    rare = numbers.is_null()
    if not rare.any():
        return numbers
    return numbers.scatter(rare.arg_true(), _parse_each(texts.filter(rare), kind))


def _parse_each(texts: pl.Series, kind: Kind) -> pl.Series:
    distinct = texts.unique()
    parsed = [parse_number(text, kind) for text in distinct]  # distinct texts that no pattern above fits: few
    values = pl.Series([None if number is None else float(number) for number in parsed], dtype=pl.Float64)
    return texts.replace_strict(distinct, values, return_dtype=pl.Float64)
