"""How does a mail of a rule read inside an English sentence: to whom, in which digest, with which files and buttons?"""

from collections.abc import Iterator, Sequence

from rowcall.language.spoken import join_words, say_column
from rowcall.language.spoken_times import say_schedules
from rowcall.language.spoken_values import say_recipients, say_targets
from rowcall.language.value import (
    AnswerChoices,
    AnswerColumn,
    Attachment,
    Attachments,
    Button,
    Buttons,
    Digest,
    GroupBy,
    Recipients,
    Scale,
    TemplateName,
    TextOf,
)

_ROLES = {"cc": "with a copy to", "reply_to": "with answers to"}


def say_mail(parts: Sequence[tuple[str, object]]) -> str:
    """Return the sentence part for an action that sends mails; parts: its fields that say something."""
    fields = dict(parts)
    said = _say_to(parts)
    subject, text, template = fields.get("subject"), fields.get("text"), fields.get("template")
    if isinstance(subject, TextOf):
        said += f' with the subject "{subject.source.strip()}"'
    if isinstance(template, TemplateName):
        said += f" and the template {template.name}"
    elif isinstance(text, TextOf):
        said += " and the text written in the rule"
    said += "".join(f", {extra}" for extra in _say_extras([value for _, value in parts]))
    return said + (", also during quiet hours" if fields.get("urgent") is True else "")


def _say_to(parts: Sequence[tuple[str, object]]) -> str:
    recipients = [(name, value) for name, value in parts if isinstance(value, Recipients)]
    fields = dict(parts)
    answer, digest, group = fields.get("answer"), fields.get("digest"), fields.get("group_by")
    to = say_recipients(recipients[0][1])
    said = f"send an email to {to}"
    if isinstance(answer, AnswerColumn):
        said = f"ask {to}"
    elif isinstance(digest, Digest):
        each = f", one for each {say_column(group.ref)}," if isinstance(group, GroupBy) else ""
        said = f"collect the row for an email to {to} {say_schedules(digest.schedules)}{each}"
    for name, value in recipients[1:]:
        said += f", {_ROLES.get(name, name.replace('_', ' '))} {say_recipients(value)}"
    return said


def _say_extras(values: Sequence[object]) -> Iterator[str]:
    for value in values:
        if isinstance(value, Attachments):
            yield f"carrying {join_words([_say_attachment(one) for one in value.all], 'and')}"
        elif isinstance(value, Buttons):
            noun = "button" if len(value.all) == 1 else "buttons"
            yield f"with the {noun} {join_words([_say_button(one) for one in value.all], 'and')}"
    answer = next((one for one in values if isinstance(one, AnswerColumn)), None)
    if answer is not None:
        yield _say_answer(answer, values)


def _say_attachment(one: Attachment) -> str:
    return f"the file {one.file}" if one.file else f"{one.figure or 'the rows'} as {one.form}"


def _say_button(button: Button) -> str:
    does = [f"sets {say_targets(button.cells.targets)}"] if button.cells else []
    does += [f"waits {button.snooze}"] if button.snooze else []
    does += ["ends it"] if button.stop else []
    does += [f"sets {say_column(button.rate)} from {button.low} to {button.high}"] if button.rate else []
    does += [f"asks for a comment into {say_column(button.comment)}"] if button.comment else []
    return f'"{button.label}" ({join_words(does, "and")})'


def _say_answer(answer: AnswerColumn, values: Sequence[object]) -> str:
    choices = next((one for one in values if isinstance(one, AnswerChoices)), None)
    scale = next((one for one in values if isinstance(one, Scale)), None)
    column = say_column(answer.ref)
    if scale is not None:
        return f"and write the answer from {scale.low} to {scale.high} into {column}"
    texts = (
        [one.text for one in choices.answers] if choices else list(answer.ref.column.choices) or ["yes", "no"]
    )
    said = join_words([f'"{text}"' for text in texts], "or")
    return f"and write the answer {said} into {column}"
