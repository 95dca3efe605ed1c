"""Which answers does an `ask` offer, and to which column do they go?"""

import re

from rowcall.language.buttons import check_scale, read_answer_column
from rowcall.language.condition import Literal
from rowcall.language.document import Lines, Node, Text
from rowcall.language.literal import read_literal
from rowcall.language.mistaken import note_mistakes
from rowcall.language.notes import Notes
from rowcall.language.pattern import match_phrase
from rowcall.language.plain import parse_whole
from rowcall.language.ref import ColumnRef
from rowcall.language.scope import Scope
from rowcall.language.value import AnswerChoices, AnswerColumn, Scale
from rowcall.language.words import ScaleWord
from rowcall.table import Kind

MOST_CHOICES = 8
"""So many buttons with answers stand in one mail."""

_ANSWERED = frozenset(kind for kind in Kind if kind is not Kind.DURATION)
_RATED = frozenset({Kind.NUMBER, Kind.TEXT, Kind.CHOICE})


def read_answer(node: Node, scope: Scope, notes: Notes) -> AnswerColumn | None:
    """Return the column that the answer of an `ask` goes to, or None with the mistake noted."""
    if not isinstance(node, Text):
        notes.mistake(node.place, "Behind `answer:` stands the column that the answer is written to.")
        return None
    ref = read_answer_column(node, _ANSWERED, "an answer", scope, notes)
    return None if ref is None else AnswerColumn(ref, node.place)


def read_choices(node: Node, answer: ColumnRef | None, scope: Scope, notes: Notes) -> AnswerChoices | None:
    """Return the answers to choose from, typed by the column that they go to; None with every mistake noted."""
    if answer is None:
        return None  # the mistake is in `answer`, and told there
    parts = node.parts if isinstance(node, Lines) else (node,)
    found: list[Literal | None] = []
    for part in parts:
        if not isinstance(part, Text) or not part.value.strip():
            notes.mistake(
                part.place, "Here stands an answer.", fix="For example `choices: [Approved, Rejected]`."
            )
            found.append(None)
            continue
        text = part.value.strip()
        found.append(
            note_mistakes(
                notes,
                part.place,
                part.value,
                lambda hints, text=text: read_literal(answer.column, text, scope, hints),  # type: ignore[misc] # a default binds the loop's text
            )
        )
    known = tuple(one for one in found if one is not None)
    if len(known) < len(found):
        return None
    if not 1 < len(known) <= MOST_CHOICES:
        notes.mistake(
            node.place, f"Between 2 and {MOST_CHOICES} answers can stand in a mail, not {len(known)}."
        )
        return None
    return AnswerChoices(known, node.place)


def read_scale(node: Node, answer: ColumnRef | None, notes: Notes) -> Scale | None:
    """Return the scale of a `rate: 1 to 5`, or None with the mistake noted."""
    said = node.value.strip() if isinstance(node, Text) else ""
    for _, holes in match_phrase(ScaleWord, said):
        low, high = parse_whole(holes["low"]), parse_whole(holes["high"])
        if low is not None and high is not None:
            if answer is not None and answer.column.kind not in _RATED:
                what = f"{answer.name} is a {answer.column.kind} column; a rating is a number."
                notes.mistake(node.place, what)
                return None
            return Scale(low, high, node.place) if check_scale(low, high, node.place, notes) else None
    ends = re.findall(r"\d+", said)
    meant = f"{ends[0]} to {ends[1]}" if len(ends) == 2 else ""  # noqa: PLR2004 - a low and a high end
    notes.mistake(
        node.place,
        f"`{said}` is no scale." if said else "Behind `rate:` stands a scale.",
        suggestion=notes.corrected(node.place, said, meant) if meant else "",
        fix="For example `rate: 1 to 5`.",
    )
    return None
