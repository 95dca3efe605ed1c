"""How is a condition written down again?"""

from collections.abc import Sequence

from rowcall.duration import Span, Unit
from rowcall.language.condition import (
    Ago,
    Ahead,
    AllOf,
    Anniversary,
    AnyOf,
    Between,
    Compare,
    Condition,
    Edge,
    EdgeHow,
    FormulaTest,
    InPeriod,
    IsEmpty,
    Line,
    LinkMissing,
    Literal,
    Moment,
    NoneOf,
    OfColumn,
    OfSetting,
    OneOf,
    Operand,
    Operator,
    RowNew,
    TextHow,
    TextTest,
    ThereIs,
    Valid,
)
from rowcall.language.printing.blocks import Listed
from rowcall.language.printing.tongue import Tongue
from rowcall.language.ref import THIS, THIS_SPELLINGS, ColumnRef
from rowcall.language.words import BlockKey, Choice, FigureKey, Phrase
from rowcall.language.words import Operand as OperandWord
from rowcall.table import TEMPORAL

_NUMBERS = {
    Operator.AT_LEAST: Phrase.AT_LEAST,
    Operator.AT_MOST: Phrase.AT_MOST,
    Operator.MORE: Phrase.MORE_THAN,
    Operator.LESS: Phrase.LESS_THAN,
}
_DAYS = {
    Operator.AT_LEAST: Phrase.ON_OR_AFTER,
    Operator.AT_MOST: Phrase.ON_OR_BEFORE,
    Operator.MORE: Phrase.AFTER,
    Operator.LESS: Phrase.BEFORE,
}
_AGES = {
    Operator.AT_LEAST: Phrase.AT_LEAST_AGO,
    Operator.AT_MOST: Phrase.AT_MOST_AGO,
    Operator.MORE: Phrase.MORE_AGO,
    Operator.LESS: Phrase.LESS_AGO,
    Operator.EQUAL: Phrase.AGO,
}
_TEXTS = {
    TextHow.CONTAINS: (Phrase.CONTAINS, Phrase.NOT_CONTAINS),
    TextHow.STARTS: (Phrase.STARTS, Phrase.NOT_STARTS),
    TextHow.ENDS: (Phrase.ENDS, Phrase.NOT_ENDS),
    TextHow.MATCHES: (Phrase.MATCHES, Phrase.NOT_MATCHES),
}
_MOMENTS = {0: OperandWord.TODAY, -1: OperandWord.YESTERDAY, 1: OperandWord.TOMORROW}


def print_conditions(condition: Condition, tongue: Tongue) -> list[tuple[str, object]]:
    """Return a block of conditions as lines; several tests of one column stand in a list under it."""
    parts = condition.lines if isinstance(condition, AllOf) else (condition,)
    found: dict[str, list[object]] = {}
    for part in parts:
        key, said = _pair(part, tongue)
        found.setdefault(key, []).append(said)
    return [(key, said[0] if len(said) == 1 else Listed(said)) for key, said in found.items()]


def print_phrase(line: Line, tongue: Tongue) -> str:  # noqa: C901, PLR0912 - one arm for each phrase
    """Return what stands behind the column of a line."""
    match line:
        case Compare():
            return _comparison(line, tongue)
        case Between(low=low, high=high):
            return tongue(Phrase.BETWEEN, low=print_operand(low, tongue), high=print_operand(high, tongue))
        case OneOf(values=values, negated=negated):
            word = Phrase.NOT_ONE_OF if negated else Phrase.ONE_OF
            return tongue(word, values=tongue.listed([print_operand(one, tongue) for one in values]))
        case IsEmpty(negated=negated):
            return tongue(Phrase.NOT_EMPTY if negated else Phrase.EMPTY)
        case Ago(operator=operator, span=span):
            return tongue(_AGES[operator], span=tongue.span(span))
        case Ahead(span=span, back=back):
            return tongue(Phrase.WITHIN_THE_LAST if back else Phrase.IN_THE_NEXT, span=tongue.span(span))
        case Anniversary(days=0):
            return tongue(Phrase.ANNIVERSARY_TODAY)
        case Anniversary(days=days):
            return tongue(Phrase.ANNIVERSARY_IN, span=tongue.span(Span(days, Unit.DAY)))
        case TextTest():
            return _text_test(line, tongue)
        case Valid(negated=negated):
            return tongue(Phrase.NOT_VALID if negated else Phrase.VALID)
        case InPeriod():
            return tongue(Phrase.IN_THE_PERIOD)
        case Edge():
            return _edge(line, tongue)
        case _:
            raise TypeError(line)


def print_operand(operand: Operand, tongue: Tongue) -> str:
    """Return what stands on the right side of a comparison."""
    match operand:
        case Literal(value=bool(value)):
            return tongue(Choice.YES if value else Choice.NO)
        case Literal(text=text):
            return text
        case OfSetting(name=name):
            return tongue(OperandWord.SETTING, name=name)
        case Moment(now=True):
            return tongue(OperandWord.NOW)
        case Moment(days=days):
            return tongue(_MOMENTS[days])
        case OfColumn(ref=ref, shift=Span() as shift, back=back):
            word = OperandWord.SPAN_BEFORE if back else OperandWord.SPAN_AFTER
            return tongue(word, span=tongue.span(shift), column=print_column(ref, tongue))
        case OfColumn(ref=ref, factor=factor, plus=plus):
            name = print_column(ref, tongue)
            if factor != 1:
                return tongue(OperandWord.PERCENT_OF, percent=f"{factor * 100:g}", column=name)
            return f"{name} {'-' if plus < 0 else '+'} {abs(plus):g}" if plus else name


def print_column(ref: ColumnRef, tongue: Tongue) -> str:
    """Return the name of a column with its links; a header that holds a dot stands in backticks."""
    links = [THIS_SPELLINGS[tongue.chinese] if link == THIS else link for link in ref.links]
    name = f"`{ref.column.name}`" if "." in ref.column.name else ref.column.name
    return ".".join([*links, name])


def _pair(condition: Condition, tongue: Tongue) -> tuple[str, object]:
    match condition:
        case AllOf():
            return tongue(BlockKey.ANY_OF), Listed([print_conditions(condition, tongue)])
        case AnyOf(blocks=blocks):
            return tongue(BlockKey.ANY_OF), Listed(print_conditions(block, tongue) for block in blocks)
        case NoneOf(blocks=blocks):
            return tongue(BlockKey.NONE_OF), Listed(print_conditions(block, tongue) for block in blocks)
        case RowNew():
            return tongue(BlockKey.ROW), tongue(Choice.NEW)
        case LinkMissing(links=links, negated=negated):
            return ".".join(links), tongue(Phrase.NOT_MISSING if negated else Phrase.MISSING)
        case FormulaTest(formula=formula):
            return tongue(BlockKey.FORMULA), formula.text
        case ThereIs(table=table, condition=inner, negated=negated):
            word = BlockKey.THERE_IS_NO if negated else BlockKey.THERE_IS
            lines = print_conditions(inner, tongue)
            return tongue(word), [(tongue(FigureKey.IN), table), *lines]
        case _:
            return print_column(condition.ref, tongue), print_phrase(condition, tongue)


def _comparison(line: Compare, tongue: Tongue) -> str:
    right = print_operand(line.right, tongue)
    if line.operator is not Operator.EQUAL:
        words = _DAYS if line.ref.column.kind in TEMPORAL else _NUMBERS
        return tongue(words[line.operator], number=right, day=right)
    match line.right:
        case OfColumn():
            return tongue(Phrase.NOT_SAME_AS if line.negated else Phrase.SAME_AS, column=right)
        case Literal(value=bool()) if not line.negated:
            return right
        case Literal():
            return tongue(Phrase.NOT_EXACTLY if line.negated else Phrase.EXACTLY, value=right)
        case _:
            return tongue(Phrase.NOT, value=right) if line.negated else right


def _text_test(line: TextTest, tongue: Tongue) -> str:
    if line.how is TextHow.CONTAINS and len(line.texts) > 1:
        word = Phrase.NOT_CONTAINS_ONE_OF if line.negated else Phrase.CONTAINS_ONE_OF
        return tongue(word, values=tongue.listed(line.texts))
    word = _TEXTS[line.how][line.negated]
    text = line.texts[0]
    return tongue(word, value=f"/{text}/" if line.how is TextHow.MATCHES else text)


def _edge(line: Edge, tongue: Tongue) -> str:
    match line.how:
        case EdgeHow.CHANGED:
            return tongue(Phrase.CHANGED)
        case EdgeHow.UP:
            return tongue(Phrase.WENT_UP)
        case EdgeHow.DOWN:
            return tongue(Phrase.WENT_DOWN)
        case EdgeHow.BY_PERCENT:
            return tongue(Phrase.CHANGED_BY, percent=f"{line.percent:g}%")
        case EdgeHow.CHANGED_TO:
            return tongue(Phrase.CHANGED_TO, after=_side(line.after, tongue))
        case EdgeHow.FROM_TO:
            return tongue(
                Phrase.CHANGED_FROM_TO, before=_side(line.before, tongue), after=_side(line.after, tongue)
            )


def _side(condition: Condition | None, tongue: Tongue) -> str:
    if condition is None or isinstance(condition, AllOf | AnyOf | NoneOf):
        raise TypeError(condition)
    said = print_phrase(condition, tongue)
    exact: Sequence[str] = (tongue(Phrase.EXACTLY, value=""),)
    return next((said.removeprefix(word) for word in exact if said.startswith(word)), said)
