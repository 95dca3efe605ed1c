"""How does a mail of a rule read inside a Chinese sentence: to whom, in which digest, with which files and buttons?"""

from collections.abc import Iterator, Sequence

from rowcall.language.chinese.conditions import say_column
from rowcall.language.chinese.times import say_schedules
from rowcall.language.chinese.values import say_recipients, say_targets
from rowcall.language.chinese.wording import listed, name, quoted, span
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

_ROLES = {"cc": "抄送", "reply_to": "回复到"}


def say_mail(parts: Sequence[tuple[str, object]]) -> str:
    """Return the clause for an action that sends mails; parts: its fields that say something."""
    fields = dict(parts)
    said = _say_to(parts)
    subject, text, template = fields.get("subject"), fields.get("text"), fields.get("template")
    if isinstance(subject, TextOf):
        said += f"，主题为{quoted(subject.source.strip())}"
    if isinstance(template, TemplateName):
        said += f"，使用模板{name(template.name)}"
    elif isinstance(text, TextOf):
        said += "，正文写在规则里"
    said += "".join(f"，{extra}" for extra in _say_extras([value for _, value in parts]))
    return said + ("，免打扰时段也发送" if fields.get("urgent") is True else "")


def _say_to(parts: Sequence[tuple[str, object]]) -> str:
    recipients = [(key, value) for key, value in parts if isinstance(value, Recipients)]
    fields = dict(parts)
    answer, digest, group = fields.get("answer"), fields.get("digest"), fields.get("group_by")
    to = say_recipients(recipients[0][1])
    said = f"给{to}发邮件"
    if isinstance(answer, AnswerColumn):
        said = f"发邮件询问{to}"
    elif isinstance(digest, Digest):
        each = f"，每个{say_column(group.ref)}一封" if isinstance(group, GroupBy) else ""
        said = f"把这一行汇总进给{to}的邮件（{say_schedules(digest.schedules)}发出{each}）"
    for key, value in recipients[1:]:
        said += f"，{_ROLES.get(key, name(key))}{say_recipients(value)}"
    return said


def _say_extras(values: Sequence[object]) -> Iterator[str]:
    for value in values:
        if isinstance(value, Attachments):
            yield f"附上{listed([_say_attachment(one) for one in value.all])}"
        elif isinstance(value, Buttons):
            yield f"带有按钮{listed([_say_button(one) for one in value.all])}"
    answer = next((one for one in values if isinstance(one, AnswerColumn)), None)
    if answer is not None:
        yield _say_answer(answer, values)


def _say_attachment(one: Attachment) -> str:
    if one.file:
        return f"文件{name(one.file)}"
    return f"{name(one.figure or '各行')}（{name(one.form)}）"


def _say_button(button: Button) -> str:
    does = [say_targets(button.cells.targets)] if button.cells else []
    does += [f"推迟{span(button.snooze)}"] if button.snooze else []
    does += ["结束处理"] if button.stop else []
    if button.rate:
        does.append(f"把{name(str(button.low))}到{name(str(button.high))}的评分写入{say_column(button.rate)}")
    does += [f"把留言写入{say_column(button.comment)}"] if button.comment else []
    return f"{quoted(button.label)}（{'，'.join(does)}）"


def _say_answer(answer: AnswerColumn, values: Sequence[object]) -> str:
    choices = next((one for one in values if isinstance(one, AnswerChoices)), None)
    scale = next((one for one in values if isinstance(one, Scale)), None)
    column = say_column(answer.ref)
    if scale is not None:
        return f"并把{name(str(scale.low))}到{name(str(scale.high))}的答案写入{column}"
    texts = (
        [one.text for one in choices.answers] if choices else list(answer.ref.column.choices) or ["是", "否"]
    )
    return f"并把答案（{listed([quoted(text) for text in texts], '或')}）写入{column}"
