"""What does TEXT give: a number or a day written in a format?"""

import polars as pl

from rowcall.evaluate.formula.amounts import rounded
from rowcall.evaluate.formula.board import Board
from rowcall.evaluate.formula.convert import as_text, moment_of
from rowcall.evaluate.formula.texts import says_number
from rowcall.evaluate.formula.value import Value, any_error
from rowcall.language.formula.formats import FormatPart, TextFormat, parse_format
from rowcall.language.formula.tree import Apply, Constant

_CHINESE_MONTHS = (
    "一月",
    "二月",
    "三月",
    "四月",
    "五月",
    "六月",
    "七月",
    "八月",
    "九月",
    "十月",
    "十一月",
    "十二月",
)
_CHINESE_DAYS = ("一", "二", "三", "四", "五", "六", "日")
_LARGEST = 1e15


def write(board: Board, node: Apply) -> Value:
    """TEXT: return values written in a format; a text that says no number stays as it is."""
    arg, chosen = board.value(node.args[0]), node.args[1]
    style = parse_format(str(chosen.value)) if isinstance(chosen, Constant) else None
    if style is None:  # typing has refused it before
        return Value(node.form, as_text(arg), error=pl.lit(value=True), constant=arg.constant)
    plain = board.hold(as_text(arg), constant=arg.constant)
    said = pl.when(arg.blank).then(pl.lit(0.0)).otherwise(says_number(arg))
    number = board.hold(said, constant=arg.constant)
    if style.of_dates:
        written = _write_moment(number, style, board.language)
    else:
        scaled = number * 100 if style.percent else number
        near = board.hold(rounded(scaled, pl.lit(float(style.most))), constant=arg.constant)
        written = _write_number(near, _units(board, near, style, constant=arg.constant), style, plain)
    written = board.hold(written, constant=arg.constant)
    result = pl.when(number.is_null()).then(plain).otherwise(written)
    wrong = number.is_not_null() & written.is_null()
    return Value(node.form, result, error=any_error(arg.error, wrong), constant=arg.constant)


def _units(board: Board, near: pl.Expr, style: TextFormat, *, constant: bool) -> pl.Expr:
    """Return rounded numbers counted in their last decimal; null where they are too large to be written."""
    units = (near.abs() * 10**style.most).round()
    fits = (near.abs() < _LARGEST) & (units < _LARGEST * 1000)
    return board.hold(pl.when(fits).then(units).cast(pl.Int64, strict=False), constant=constant)


def _write_number(near: pl.Expr, whole: pl.Expr, style: TextFormat, plain: pl.Expr) -> pl.Expr:
    digits = _digits(whole // 10**style.most, whole % 10**style.most, style)
    parts = [_number_part(part, text, digits, plain) for part, text in style.parts]
    has_number = any(part is FormatPart.NUMBER for part, _ in style.parts)
    sign = pl.when((near < 0) & pl.lit(has_number)).then(pl.lit("-")).otherwise(pl.lit(""))
    return pl.concat_str([sign, *parts])


def _number_part(part: FormatPart, text: str, digits: pl.Expr, plain: pl.Expr) -> pl.Expr:
    if part is FormatPart.NUMBER:
        return digits
    return plain if part is FormatPart.WHOLE else pl.lit(text)


def _digits(whole: pl.Expr, fraction: pl.Expr, style: TextFormat) -> pl.Expr:
    shown = pl.when(whole == 0).then(pl.lit("")).otherwise(whole.cast(pl.String))
    shown = shown.str.pad_start(style.least_whole, "0")
    if style.grouped:
        shown = shown.str.reverse().str.replace_all(r"(\d{3})", "$1,").str.strip_chars_end(",").str.reverse()
    if not style.most:
        return shown
    behind = fraction.cast(pl.String).str.pad_start(style.most, "0")
    if style.least < style.most:
        head, tail = behind.str.head(style.least), behind.str.slice(style.least)
        behind = head + tail.str.strip_chars_end("0")
    point = pl.when(behind == "").then(pl.lit("")).otherwise(pl.lit("."))
    return shown + point + behind


def _write_moment(number: pl.Expr, style: TextFormat, language: str) -> pl.Expr:
    moment = moment_of(number)
    hours = (number * 24 + 1e-9).floor().cast(pl.Int64, strict=False)
    return pl.concat_str(
        [_moment_part(moment, hours, part, text, style, language) for part, text in style.parts]
    )


def _moment_part(
    moment: pl.Expr, hours: pl.Expr, part: FormatPart, text: str, style: TextFormat, language: str
) -> pl.Expr:
    if part is FormatPart.LITERAL:
        return pl.lit(text)
    if part is FormatPart.HOURS:
        return hours.cast(pl.String).str.pad_start(len(text) - 2, "0")
    if part in (FormatPart.MONTH, FormatPart.DAY) and len(text) > 2:  # noqa: PLR2004 - a name
        return _name(moment, part, text, language)
    code = {
        FormatPart.YEAR: "%Y" if len(text) > 2 else "%y",  # noqa: PLR2004 - yyyy
        FormatPart.MONTH: "%m",
        FormatPart.DAY: "%d",
        FormatPart.HOUR: "%I" if style.half else "%H",
        FormatPart.MINUTE: "%M",
        FormatPart.SECOND: "%S",
        FormatPart.HALF: "%p",
    }[part]
    is_short = len(text) == 1 and part is not FormatPart.YEAR
    return moment.dt.strftime(code.replace("%", "%-") if is_short else code)


def _name(moment: pl.Expr, part: FormatPart, text: str, language: str) -> pl.Expr:
    is_long = len(text) > 3  # noqa: PLR2004 - mmmm, dddd
    if language != "zh":
        codes = ("%B", "%b") if part is FormatPart.MONTH else ("%A", "%a")
        return moment.dt.strftime(codes[0] if is_long else codes[1])
    if part is FormatPart.MONTH:
        names = _CHINESE_MONTHS if is_long else tuple(f"{month}月" for month in range(1, 13))
        return _nth(moment.dt.month(), names)
    return _nth(moment.dt.weekday(), tuple(("星期" if is_long else "周") + day for day in _CHINESE_DAYS))


def _nth(number: pl.Expr, names: tuple[str, ...]) -> pl.Expr:
    numbers = list(range(1, len(names) + 1))
    return number.cast(pl.Int32).replace_strict(numbers, list(names), default=None, return_dtype=pl.String)
