"""Ask somebody by mail: the answer that is clicked is written to a cell.

`choices` are the answers to approve or reject by, `rate: 1 to 5` is a scale; without either the column's own list of
values is offered. While mails carry no buttons, the mail goes out without them and the answer is typed into the sheet.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from rowcall.episode import Delivery
from rowcall.language.condition import Literal
from rowcall.language.shape import help_field
from rowcall.language.value import (
    AnswerChoices,
    AnswerColumn,
    Attachments,
    Button,
    Buttons,
    Cells,
    Recipients,
    Scale,
    Target,
    TemplateName,
    TextOf,
)
from rowcall.mailing import Payload, Wording, merge_mails, plan_mail, send_mails, show_mail
from rowcall.scene import Drafts, Scene
from rowcall.table import Kind
from rowcall.tools import Result, Tools

__all__ = ["WORD", "Params", "Payload", "buttons", "deliver", "merge", "plan", "show"]

WORD = "ask"


@dataclass(frozen=True, slots=True)
class Params:
    """The keys of `ask`."""

    chinese: ClassVar[str] = "询问|提问"

    one_needed: ClassVar[tuple[str, ...]] = ("template", "text")

    to: Recipients = help_field(
        "who is asked: a column, a person or role, `responsible`, or an address", zh="收件人|发给"
    )
    subject: TextOf = help_field("the subject line; `{{ }}` puts in values of the row", zh="主题")
    answer: AnswerColumn = help_field("the column that the answer is written to", zh="答案|答案列")
    choices: AnswerChoices | None = help_field(
        "the answers, `[Approved, Rejected]`: one button each", None, zh="选项"
    )
    rate: Scale | None = help_field("instead of choices: a scale, `1 to 5`", None, zh="评分")
    comment: AnswerColumn | None = help_field(
        "the column for a comment beside the answer", None, zh="留言|备注"
    )
    text: TextOf | None = help_field("the question itself, when no template is used", None, zh="正文")
    template: TemplateName | None = help_field("a file of the shop's templates folder", None, zh="模板")
    cc: Recipients | None = help_field("who gets a copy, and is seen to get it", None, zh="抄送")
    reply_to: Recipients | None = help_field("where answers by mail go", None, zh="回复到")
    attach: Attachments | None = help_field(
        "what it carries: a list, or a file of the attachments folder", None, zh="附件"
    )
    urgent: bool = help_field("`yes`: ignores quiet hours and the rule's window", default=False, zh="紧急")


def buttons(params: Params) -> Buttons:
    """Return the buttons that the question has: one for each answer, or one with a scale."""
    ref, place = params.answer.ref, params.answer.place
    comment = params.comment.ref if params.comment else None
    if params.rate is not None:
        low, high = params.rate.low, params.rate.high
        scale = Button(
            f"Rate {low} to {high}", params.rate.place, rate=ref, low=low, high=high, comment=comment
        )
        return Buttons((scale,), params.rate.place)
    answers = params.choices.answers if params.choices else _own_choices(params.answer)
    return Buttons(
        tuple(
            Button(one.text, place, Cells((Target(ref, one, place),), place), comment=comment)
            for one in answers
        ),
        place,
    )


def plan(params: Params, scene: Scene) -> Drafts:
    """Render the question for every recipient; raises TemplateError when a text can't be made."""
    wording = Wording(
        to=params.to,
        subject=params.subject,
        text=params.text,
        template=params.template,
        cc=params.cc,
        reply_to=params.reply_to,
        urgent=params.urgent,
        attach=params.attach,
    )
    return plan_mail(wording, scene)


def deliver(deliveries: Sequence[Delivery], tools: Tools) -> Sequence[Result]:
    """Send the questions; raises DeliveryError or DeliveryUncertain of the mailer."""
    return send_mails(deliveries, tools)


def show(payload: Payload) -> Mapping[str, object]:
    """Return the question as `preview` and `run` print it."""
    return show_mail(payload)


def merge(latest: Payload, earlier: Payload) -> Payload:
    """Return the latest question to a recipient, saying which earlier one it replaces."""
    return merge_mails(latest, earlier)


def _own_choices(answer: AnswerColumn) -> tuple[Literal, ...]:
    column = answer.ref.column
    if column.kind is Kind.YES_NO:
        return (Literal("yes", value=True), Literal("no", value=False))
    return tuple(Literal(choice, choice) for choice in column.choices)
