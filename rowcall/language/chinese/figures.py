"""How do the figures of a rule, and the columns that it keeps, read in Chinese sentences?"""

from collections.abc import Iterable, Iterator

from rowcall.language.asking import lines_of
from rowcall.language.chinese.conditions import say_column, say_condition
from rowcall.language.chinese.values import formula_text, say_value
from rowcall.language.chinese.wording import listed, name
from rowcall.language.figure import (
    Aggregate,
    Count,
    Figure,
    FormulaOf,
    How,
    Kept,
    Listing,
    Measure,
    ShareWith,
    ShowAs,
    TimeBetween,
)

_HOWS = {
    How.SUM: "合计",
    How.AVERAGE: "平均值",
    How.MEDIAN: "中位数",
    How.P90: "第 90 百分位数",
    How.HIGHEST: "最大值",
    How.LOWEST: "最小值",
    How.DISTINCT: "不同值的个数",
}
_SHOWN = {ShowAs.MONEY: "金额", ShowAs.PERCENT: "百分比", ShowAs.DAYS: "天数", ShowAs.HOURS: "小时数"}


def say_figures(figures: Iterable[Figure]) -> Iterator[str]:
    """Yield a sentence for each figure, in the order in which they are written."""
    for figure in sorted(figures, key=lambda one: (one.place.line, one.place.column)):
        by = f"，按{say_column(figure.by)}分组" if figure.by is not None else ""
        shown = f"，显示为{_SHOWN[figure.show_as]}" if figure.show_as is not None else ""
        yield f"指标{name(figure.name)}是{_say_measure(figure.measure, figure)}{by}{shown}。"


def say_kept(kept: Iterable[Kept]) -> Iterator[str]:
    """Yield a sentence for each column that a rule keeps right."""
    for one in kept:
        yield f"{say_column(one.ref)}始终保持为{say_value(one.value)}。"


def _say_measure(measure: Measure, figure: Figure) -> str:
    rows = _say_rows(figure)
    match measure:
        case Count():
            return f"{rows}的行数"
        case Aggregate(how=how, ref=ref):
            return f"{rows}中{say_column(ref)}的{_HOWS[how]}"
        case TimeBetween(how=how, start=start, end=end, calendar=calendar):
            hours = f"（按{name(calendar)}的工作时间）" if calendar else ""
            return f"{rows}中从{say_column(start)}到{say_column(end)}所用时间{hours}的{_HOWS[how]}"
        case ShareWith(condition=condition):
            return f"{rows}中同时满足条件（{say_condition(condition)}）的比例"
        case Listing():
            return _say_list(measure, rows)
        case FormulaOf(formula=formula):
            return f"{name(formula_text(formula.text))}的结果"


def _say_list(listing: Listing, rows: str) -> str:
    said = f"{rows}的清单，列出{listed([say_column(ref) for ref in listing.refs])}"
    if listing.sort_by:
        ways = [f"{say_column(ref)}{'从大到小' if down else '从小到大'}" for ref, down in listing.sort_by]
        said += f"，按{listed(ways)}排序"
    return said + (f"，最多{name(str(listing.at_most))}行" if listing.at_most is not None else "")


def _say_rows(figure: Figure) -> str:
    table = f"{name(figure.table)}表"
    where = figure.where
    return (
        f"{table}中满足条件（{say_condition(where)}）的行" if where is not None and lines_of(where) else table
    )
