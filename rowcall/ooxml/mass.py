"""Which texts do very many cells hold, by the rules of `text`, a whole group of like cells at a time?

What has no fast way here (lengths of time, odd numbers, flags) is asked of `text` itself, each value once.
"""

from collections.abc import Callable

import polars as pl

from rowcall.ooxml.markup import attribute, unescape, unescape_cell_text
from rowcall.ooxml.styles import Shows
from rowcall.ooxml.text import CellReader

_DAY_MS = 86_400_000
_SURE_FROM, _SURE_TO = 61, 2_950_000
_UNIX_1900, _UNIX_1904 = 25_569, 24_107
_AS_IT_IS = r"^(?:0|-?[1-9][0-9]*|-?(?:0|[1-9][0-9]{0,5})\.[0-9]{0,8}[1-9])$"
_SMALLEST, _LARGEST, _NINE = 1e-4, 1e6, 1e9
_MARKS = r"[&\r]|_x[0-9A-Fa-f]{4}_"


def texts_of(values: pl.Series, look: str, reader: CellReader) -> pl.Series:
    """Return the texts of cells with these raw values and one look (the rest of their start tag)."""
    tag = f"<c {look}>".encode()
    kind, style = attribute(tag, "t") or "n", int(attribute(tag, "s") or 0)
    if kind == "s":
        return _shared(values, reader)
    if kind == "n":
        shows = reader.styles[style].shows
        sure = _numbers(values) if shows is Shows.PLAIN else _moments(values, shows, reader)
    elif kind == "inlineStr":
        return pl.repeat(None, len(values), dtype=pl.String, eager=True)
    else:
        sure = _words(values) if kind in ("str", "e") else values.clear(len(values))
    return _asked(sure, values, lambda raw: reader.plain_text(unescape(raw.encode()), kind, style))


def inside_texts(values: pl.Series) -> pl.Series:
    """Return the texts that stand in the cells themselves, from their raw XML."""
    return _asked(_words(values), values, lambda raw: unescape_cell_text(raw.encode()))


def _shared(values: pl.Series, reader: CellReader) -> pl.Series:
    strings = reader.strings.texts
    numbers = values.cast(pl.UInt32, strict=False)
    unknown = numbers >= len(strings)
    if unknown.any():
        numbers = numbers.set(unknown, None)
    return strings.gather(numbers)


def _words(values: pl.Series) -> pl.Series:
    odd = values.str.contains(_MARKS)
    return values.set(odd, None) if odd.any() else values


def _numbers(values: pl.Series) -> pl.Series:
    plain = values.str.contains(_AS_IT_IS)
    if plain.all():
        return values
    number = pl.col("value").cast(pl.Float64, strict=False)
    size, ninth = number.abs(), (number * _NINE).abs()
    # Halfway between two ninth decimals the last bit of the product decides: no guess is made there.
    clear = ((ninth - ninth.floor()) - 0.5).abs() > 0.2  # noqa: PLR2004
    sure = clear & (size >= _SMALLEST) & (size < _LARGEST)
    whole = pl.when(sure).then(ninth.round().cast(pl.Int64, strict=False))
    fraction = (whole % int(_NINE)).cast(pl.String).str.zfill(9)
    sign = pl.when(number < 0).then(pl.lit("-")).otherwise(pl.lit(""))
    plain_text = pl.concat_str(sign, whole // int(_NINE), pl.lit("."), fraction)
    short = plain_text.str.strip_chars_end("0").str.strip_suffix(".")
    frame = pl.DataFrame({"value": values, "plain": plain})
    return frame.select(text=pl.when("plain").then("value").otherwise(short)).to_series()


def _moments(values: pl.Series, shows: Shows, reader: CellReader) -> pl.Series:
    if shows is Shows.ELAPSED:
        return values.clear(len(values))
    serial = values.cast(pl.Float64, strict=False)
    sure = (serial >= _SURE_FROM) & (serial < _SURE_TO)
    unix = _UNIX_1904 if reader.since_1904 else _UNIX_1900
    ms = (serial.set(~sure, None) * _DAY_MS).round(0, "half_to_even").cast(pl.Int64)
    texts = (ms - unix * _DAY_MS).cast(pl.Datetime("ms")).dt.to_string("%Y-%m-%d %H:%M:%S")
    if shows is not Shows.DAY:
        return texts
    midnight = (ms % _DAY_MS == 0).fill_null(value=False)
    days = texts.str.head(10)
    return days if midnight.all() else days.zip_with(midnight, texts)


def _asked(sure: pl.Series, values: pl.Series, ask: Callable[[str], str]) -> pl.Series:
    """Return the texts known for sure, the others as a single cell would be read; each value once."""
    open_ = sure.is_null() & values.is_not_null()
    if not open_.any():
        return sure
    asked = values.filter(open_)
    raws = asked.unique()
    texts = [ask(raw) if raw else "" for raw in raws]
    answers = asked.replace_strict(raws, pl.Series(texts, dtype=pl.String), return_dtype=pl.String)
    if len(answers) == len(sure):
        return answers
    places = pl.repeat(0, len(sure), dtype=pl.UInt32, eager=True)
    places = places.scatter(open_.arg_true(), pl.arange(len(answers), dtype=pl.UInt32, eager=True))
    return answers.gather(places).zip_with(open_, sure)
