"""How are the values of a rule written down again: cells, recipients, buttons, attachments?"""

from collections.abc import Iterable
from functools import reduce

from rowcall.language.condition import Literal, Moment, OfSetting
from rowcall.language.printing.blocks import Listed
from rowcall.language.printing.conditions import print_column, print_conditions
from rowcall.language.printing.tongue import Tongue
from rowcall.language.ref import THIS, ColumnRef
from rowcall.language.value import (
    Attachment,
    Button,
    ByColumn,
    Choice,
    Computation,
    DueMoment,
    EmptyValue,
    FirstThatFits,
    Increase,
    Length,
    NextOf,
    Recipients,
    SameAs,
    Shifted,
    Someone,
    Target,
    TextOf,
    Value,
)
from rowcall.language.words import (
    AttachForm,
    AttachRows,
    AttachWord,
    ButtonKey,
    RecipientWord,
    ValueKey,
    ValueWord,
    find_word,
)
from rowcall.language.words import Choice as ChoiceWord

_MOMENTS = {0: ValueWord.TODAY, -1: ValueWord.YESTERDAY, 1: ValueWord.TOMORROW}


def print_value(value: Value, tongue: Tongue) -> object:
    """Return a value as a text, or as lines."""
    match value:
        case ByColumn():
            return _by_column(value, tongue)
        case FirstThatFits():
            return _first_that_fits(value, tongue)
        case _:
            return _print_word(value, tongue)


def _print_word(value: Value, tongue: Tongue) -> str:
    match value:
        case Literal(text=text):
            return tongue(ValueWord.EXACTLY, value=text)
        case EmptyValue():
            return tongue(ValueWord.EMPTY)
        case Moment(now=True):
            return tongue(ValueWord.NOW)
        case Moment(days=days):
            return tongue(_MOMENTS[days])
        case SameAs(ref=ref):
            return tongue(ValueWord.SAME_AS, column=print_column(ref, tongue))
        case OfSetting(name=name):
            return tongue(ValueWord.SETTING, name=name)
        case Shifted(base=base, span=span, back=back):
            word = ValueWord.SPAN_BEFORE if back else ValueWord.SPAN_AFTER
            return tongue(word, span=tongue.span(span), column=_base(base, tongue))
        case _:
            return _print_later(value, tongue)


def _print_later(value: Value, tongue: Tongue) -> str:
    match value:
        case DueMoment():
            return tongue(ValueWord.DUE)
        case Length(span=span):
            return tongue.span(span)
        case NextOf(role=role):
            return tongue(ValueWord.NEXT_OF, name=role)
        case Increase(by=by, back=back):
            word = ValueWord.DECREASE_BY if back else ValueWord.INCREASE_BY
            inner = by.text if isinstance(by, Literal) else str(print_value(by, tongue))
            return tongue(word, number=inner)
        case Computation(formula=formula):
            return formula.text
        case TextOf(source=source):
            return source
        case _:
            raise TypeError(value)


def print_targets(targets: Iterable[Target], tongue: Tongue) -> list[tuple[str, object]]:
    """Return columns and the values they get."""
    return [(print_column(one.ref, tongue), print_value(one.value, tongue)) for one in targets]


def print_recipients(recipients: Recipients, tongue: Tongue) -> object:
    """Return whom a mail goes to."""
    chains = [_chain(chain, tongue) for chain in recipients.anyone]
    return chains[0] if len(chains) == 1 else Listed(chains)


def _chain(chain: tuple[Someone, ...], tongue: Tongue) -> object:
    if chain[0].value is not None:
        return print_value(chain[0].value, tongue)
    return reduce(
        lambda first, other: tongue(RecipientWord.OR, first=first, other=other),
        (_someone(one, tongue) for one in chain),
    )


def print_button(button: Button, tongue: Tongue) -> list[tuple[str, object]]:
    """Return a button as it is written in place."""
    lines: list[tuple[str, object]] = [(tongue(ButtonKey.LABEL), button.label)]
    if button.cells is not None:
        lines.append((tongue(ButtonKey.SET), print_targets(button.cells.targets, tongue)))
    if button.snooze is not None:
        lines.append((tongue(ButtonKey.SNOOZE), tongue.span(button.snooze)))
    if button.stop:
        lines.append((tongue(ButtonKey.STOP), tongue(ChoiceWord.YES)))
    if button.rate is not None:
        lines.append((tongue(ButtonKey.RATE), print_column(button.rate, tongue)))
        lines += [(tongue(ButtonKey.FROM), str(button.low)), (tongue(ButtonKey.TO), str(button.high))]
    if button.comment is not None:
        lines.append((tongue(ButtonKey.COMMENT), print_column(button.comment, tongue)))
    return lines


def print_attachment(attachment: Attachment, tongue: Tongue) -> str:
    """Return one line of `attach`."""
    figure = attachment.figure or tongue(AttachRows.ROWS)
    return attachment.file or tongue(AttachWord.LIST_AS, figure=figure, form=_form(attachment.form, tongue))


def _form(form: str, tongue: Tongue) -> str:
    word = find_word(AttachForm, form)
    return form if word is None else tongue(word)


def _by_column(value: ByColumn, tongue: Tongue) -> list[tuple[str, object]]:
    lines: list[tuple[str, object]] = [
        (tongue(ValueKey.BY_COLUMN), tongue.listed([print_column(ref, tongue) for ref in value.refs]))
    ]
    lines += [(tongue.listed(texts), print_value(one, tongue)) for texts, one in value.rows]
    if value.otherwise is not None:
        lines.append((tongue(ValueKey.EVERYTHING_ELSE), print_value(value.otherwise, tongue)))
    return lines


def _first_that_fits(value: FirstThatFits, tongue: Tongue) -> list[tuple[str, object]]:
    choices = Listed(_choice(one, tongue) for one in value.choices)
    lines: list[tuple[str, object]] = [(tongue(ValueKey.FIRST_THAT_FITS), choices)]
    if value.go_down_after is not None:
        lines.append((tongue(ValueKey.GO_DOWN), tongue.span(value.go_down_after)))
    return lines


def _choice(choice: Choice, tongue: Tongue) -> list[tuple[str, object]]:
    lines = [(tongue(ValueKey.VALUE), print_value(choice.value, tongue))]
    if choice.when is not None:
        lines.append((tongue(ValueKey.WHEN), print_conditions(choice.when, tongue)))
    return lines


def _base(base: ColumnRef | Moment | DueMoment, tongue: Tongue) -> str:
    return print_column(base, tongue) if isinstance(base, ColumnRef) else _print_word(base, tongue)


def _someone(someone: Someone, tongue: Tongue) -> str:
    if someone.responsible:
        return tongue(ChoiceWord.RESPONSIBLE)
    if someone.ref is not None:
        return print_column(someone.ref, tongue).removeprefix(f"{THIS}.")
    return someone.person or someone.address
