"""When do the rows of a mail go out together, and do the keys of a mail fit each other?"""

from collections.abc import Sequence
from dataclasses import fields

from rowcall.errors import Severity
from rowcall.language.answers import MOST_CHOICES
from rowcall.language.document import Lines, Node, Text
from rowcall.language.mistaken import Hints, Mistaken, note_mistakes
from rowcall.language.names import resolve_column
from rowcall.language.notes import Notes
from rowcall.language.plain import parse_time
from rowcall.language.ref import ColumnRef
from rowcall.language.rule import Entry
from rowcall.language.scheduling import read_schedules
from rowcall.language.scope import Scope
from rowcall.language.value import (
    AnswerChoices,
    AnswerColumn,
    Attachment,
    Attachments,
    Buttons,
    Digest,
    GroupBy,
    Scale,
)
from rowcall.table import Kind

WEB_PART = False
"""Whether there is a web part already, in which buttons can be pressed."""


def read_digest(node: Node, scope: Scope, notes: Notes) -> Digest | None:
    """Return when the collected rows go out, or None with every mistake noted."""
    if not scope.table:
        what = "A digest collects rows, but this rule looks at no table; its `schedule` says when the mail goes out."
        notes.mistake(node.place, what, fix="Leave the line out, or write `look at: TABLE`.")
        return None
    parts = node.parts if isinstance(node, Lines) else (node,)
    for part in parts:
        if isinstance(part, Text) and parse_time(part.value) is not None:
            notes.mistake(
                part.place,
                f"`{part.value}` is a time of day; a digest also says on which days.",
                suggestion=notes.corrected(part.place, part.value, f"every day at {part.value.strip():0>5}"),
                fix="For example `every day at 08:30`, or `weekdays at 08:30 and 14:00`.",
            )
            return None
    schedules = read_schedules(node, scope, notes)
    return None if schedules is None else Digest(schedules, node.place, scope.working_hours)


def read_group_by(node: Node, scope: Scope, notes: Notes) -> GroupBy | None:
    """Return the column each of whose values gets a mail of its own, or None with the mistake noted."""
    if not isinstance(node, Text):
        notes.mistake(
            node.place, "Behind `group by:` stands one column.", fix="For example `group by: Supplier`."
        )
        return None

    def read(_: Hints) -> ColumnRef:
        ref = resolve_column(scope, scope.table, node.value)
        if ref.figure:
            raise Mistaken(f"`{node.value}` is a figure; rows are grouped by a column.")
        return ref

    ref = note_mistakes(notes, node.place, node.value, read)
    return None if ref is None else GroupBy(ref, node.place)


def check_mail(params: object, answer: ColumnRef | None, notes: Notes) -> bool:
    """Note keys of a mail that don't go together, and say whether they do."""
    group_by, digest = _part(params, GroupBy), _part(params, Digest)
    if isinstance(group_by, GroupBy) and digest is None:
        what = "`group by:` says how a digest is divided, but there is no `digest:` here."
        notes.mistake(
            group_by.place, what, fix="Add for example `digest: weekdays at 08:30`, or leave the line out."
        )
        return False
    attachments = _part(params, Attachments)
    rows = [one for one in (attachments.all if isinstance(attachments, Attachments) else ()) if _is_rows(one)]
    if rows and digest is None:
        what = "`rows` are those of a digest, but there is no `digest:` here."
        notes.mistake(rows[0].place, what, fix="Add for example `digest: weekdays at 08:30`, or name a list.")
        return False
    return answer is None or _check_answers(params, answer, notes)


def note_no_buttons(entries: Sequence[Entry], scope: Scope, notes: Notes) -> None:
    """Tell once a rule that its mails carry no buttons yet, because nobody could press them."""
    acts = [act for entry in entries for act in entry.acts]
    found = (_part(act.params, Buttons) or _part(act.params, AnswerColumn) for act in acts)
    first = next((one for one in found if isinstance(one, Buttons | AnswerColumn)), None)
    if first is not None and not (WEB_PART and scope.public_url):
        what = "Mails carry no buttons yet: there is no web part that could take a press."
        fix = "The mail goes out without them; say in its text where in the sheet the answer is typed."
        notes.mistake(first.place, what, fix=fix, severity=Severity.NOTE)


def _check_answers(params: object, answer: ColumnRef, notes: Notes) -> bool:
    if not _check_comment(params, notes):
        return False
    choices, scale, column = _part(params, AnswerChoices), _part(params, Scale), _part(params, AnswerColumn)
    place = column.place if isinstance(column, AnswerColumn) else None
    if isinstance(choices, AnswerChoices) and isinstance(scale, Scale):
        notes.mistake(
            scale.place, "An `ask` has either `choices:` or `rate:`, not both.", fix="Leave one out."
        )
        return False
    offered = answer.column.kind is Kind.YES_NO or 1 < len(answer.column.choices) <= MOST_CHOICES
    if choices is None and scale is None and not offered and place is not None:
        what = f"`ask` needs `choices:` or `rate:`: {answer.name} has no list of values of its own to offer."
        notes.mistake(place, what, fix="For example `choices: [Approved, Rejected]`, or `rate: 1 to 5`.")
        return False
    return True


def _check_comment(params: object, notes: Notes) -> bool:
    columns = [getattr(params, one.name) for one in fields(params) if one.name == "comment"]  # type: ignore[arg-type] # as in _part
    for column in columns:
        if isinstance(column, AnswerColumn) and column.ref.column.kind is not Kind.TEXT:
            what = f"{column.ref.name} is a {column.ref.column.kind} column; a comment is written to a text column."
            notes.mistake(column.place, what)
            return False
    return True


def _part(params: object, kind: type) -> object | None:
    values = (getattr(params, one.name) for one in fields(params))  # type: ignore[arg-type] # Params of a leaf are dataclasses
    return next((value for value in values if isinstance(value, kind)), None)


def _is_rows(one: Attachment) -> bool:
    return not one.figure and not one.file
