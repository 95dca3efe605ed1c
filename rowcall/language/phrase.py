"""What does the phrase behind a column say? From `at least 5` to a typed line of a condition.

The order decides: a declared choice, `exactly`, wordings that are not ours, our phrases, slips of the pen
from them, and only then a value.
"""

import re
from collections.abc import Mapping
from dataclasses import replace

from rowcall.errors import Place
from rowcall.language.comparison import (
    AGES,
    COMPARISONS,
    TEXT_TESTS,
    Written,
    equals,
    inside,
    read_comparison,
)
from rowcall.language.condition import Compare, Edge, EdgeHow, Line
from rowcall.language.literal import fitting, holds
from rowcall.language.mistaken import Hints, Mistaken
from rowcall.language.operand import Side
from rowcall.language.pattern import match_phrase, matched_spelling
from rowcall.language.slip import refuse_slips
from rowcall.language.wordings import column_of_template, has_template, reword, split_and
from rowcall.language.words import Phrase
from rowcall.numbers import parse_number
from rowcall.table import NUMERIC, TEMPORAL, Kind

_NUMBERS = NUMERIC | {Kind.DURATION}
_WORDS = frozenset({Kind.TEXT, Kind.CHOICE, Kind.EMAIL, Kind.PHONE, Kind.PERSON})
_MOST_TO = 5
_LONGEST = 2_000
_FREE = frozenset({Kind.TEXT, Kind.PERSON})
_EVERY = frozenset(Kind)
_EDGES = {
    Phrase.CHANGED: EdgeHow.CHANGED,
    Phrase.CHANGED_TO: EdgeHow.CHANGED_TO,
    Phrase.CHANGED_FROM_TO: EdgeHow.FROM_TO,
    Phrase.CHANGED_BY: EdgeHow.BY_PERCENT,
    Phrase.WENT_UP: EdgeHow.UP,
    Phrase.WENT_DOWN: EdgeHow.DOWN,
}
_DAY_WORDS = frozenset(
    {Phrase.BEFORE, Phrase.AFTER, Phrase.ON_OR_BEFORE, Phrase.ON_OR_AFTER, Phrase.TODAY, Phrase.YESTERDAY,
     Phrase.TOMORROW, Phrase.IN_THE_NEXT, Phrase.WITHIN_THE_LAST, Phrase.IN_THE_PERIOD, *AGES}
)  # fmt: skip
_PAIRED = frozenset({Phrase.BETWEEN, Phrase.CHANGED_BY})
_CONTRARY = {
    Phrase.BEFORE: "on or after",
    Phrase.AFTER: "on or before",
    Phrase.ON_OR_BEFORE: "after",
    Phrase.ON_OR_AFTER: "before",
}
_TOGETHER = {
    frozenset(_NUMBERS): "numbers, amounts, percentages and durations",
    frozenset(TEMPORAL): "dates",
    frozenset(_NUMBERS | TEMPORAL): "numbers and dates",
    _WORDS: "texts",
    frozenset({Kind.EMAIL, Kind.PHONE}): "email addresses and phone numbers",
}


def kinds_of(word: Phrase) -> frozenset[Kind]:
    """Return the kinds of columns that a phrase fits."""
    if word in _DAY_WORDS:
        return TEMPORAL
    if word in COMPARISONS:
        return _NUMBERS
    if word in TEXT_TESTS:
        return _WORDS
    if word in (Phrase.WENT_UP, Phrase.WENT_DOWN):
        return _NUMBERS | TEMPORAL | {Kind.CHOICE}
    if word in (Phrase.ANNIVERSARY_TODAY, Phrase.ANNIVERSARY_IN):
        return TEMPORAL | {Kind.TEXT}
    special = {
        Phrase.BETWEEN: _NUMBERS | TEMPORAL,
        Phrase.CHANGED_BY: _NUMBERS,
        Phrase.VALID: frozenset({Kind.EMAIL, Kind.PHONE}),
        Phrase.NOT_VALID: frozenset({Kind.EMAIL, Kind.PHONE}),
    }
    return special.get(word, _EVERY)


def read_phrase(side: Side, text: str, place: Place, hints: Hints, *, edges: bool = True) -> Line:
    """Return the line that a phrase says of a column; raises Mistaken.

    hints: gets what may be meant otherwise. edges: whether the phrase may ask what has changed.
    """
    written = Written(text, place, hints)
    _refuse_size(text)
    exact = _read_exact(side, text, written)
    if exact is not None:
        return exact
    _refuse_wordings(side, text)
    found = list(match_phrase(Phrase, text))
    refuse_slips(side, text, [word for word, _ in found], hints, Trial(side, place))
    misfit: Phrase | None = None
    for word, holes in found:
        if side.column.kind not in kinds_of(word):
            misfit = misfit or word
        elif word is not Phrase.NOT or misfit is None:
            return _read(side, word, holes, written, edges=edges)
    if misfit is not None:
        raise _misfit(side, text, misfit)
    return equals(side, text, written, negated=False)


class Trial:
    """Tries whether a text could be read as a phrase."""

    def __init__(self, side: Side, place: Place) -> None:
        self.side, self.place = side, place

    def __call__(self, text: str) -> bool:
        """Say whether the text is understood."""
        try:
            read_phrase(self.side, text, self.place, [])
        except Mistaken:
            return False
        return True


def _refuse_size(text: str) -> None:
    if not text.strip():
        fix = "For a cell without content write `empty`."
        raise Mistaken("Nothing stands between the quotes.", "empty", fix)
    if len(text) > _LONGEST:
        raise Mistaken(f"A phrase of {len(text):,} letters is too long; at most {_LONGEST:,} are read.")


def _read_exact(side: Side, text: str, written: Written) -> Line | None:
    """Read `exactly X`, and a declared choice, which needs no `exactly` unless it reads like a phrase."""
    words = dict(match_phrase(Phrase, text))
    if Phrase.EXACTLY in words:
        return equals(side, words[Phrase.EXACTLY]["value"], written, negated=False)
    if Phrase.NOT_EXACTLY in words:
        return equals(side, words[Phrase.NOT_EXACTLY]["value"], written, negated=True)
    if text.lower() not in {choice.lower() for choice in side.column.choices}:
        return None
    double = next((word for word in words if side.column.kind in kinds_of(word)), None)
    if double is not None:
        raise Mistaken(
            f"`{text}` is a choice of {side.left.name} and also a phrase of the language.",
            f"exactly {text}",
            f"For the choice write `exactly {text}`.",
        )
    return equals(side, text, written, negated=False)


def _refuse_wordings(side: Side, text: str) -> None:
    name = side.left.name
    if has_template(text):
        column = column_of_template(side, text)
        raise Mistaken(
            "`{{ }}` stands in texts of mails only, not in conditions.",
            f"same as {column}" if column else "",
            "Compare with another column by `same as COLUMN`.",
        )
    if (
        text.startswith("=")
        and any(sign in text for sign in "[(")
        and reword(side, text) not in ("today", "now")
    ):
        raise Mistaken(
            "A formula has a line of its own, under `formula:`.",
            fix=f'For example `formula: "=[{name}] > 5"`; or here: {fitting(side.column)}',
        )
    better = reword(side, text)
    if better:
        exactly = _literally(text) if side.column.kind in _FREE else ""
        raise Mistaken(f"`{text}` is not a phrase of the language; write `{better}`.{exactly}", better)
    both = split_and(text)
    if both and side.column.choices and all(_is_choice(side, part) for part in both):
        raise Mistaken(
            f"A cell of {name} can't be both; write `one of {both[0]}, {both[1]}`.",
            f"one of {both[0]}, {both[1]}",
        )
    if both and (side.column.kind not in _FREE or _are_phrases(both)):
        raise Mistaken(
            f"`{text}` holds two tests of {name}; each needs its own line.",
            f"[{both[0]}, {both[1]}]" if "," not in text else "",
            f"Write them as a list under `{name}:`, one after a dash each; all of them must be true.",
        )


def _literally(text: str) -> str:
    """Return how the text is written that reads like a phrase and is none."""
    if text.lower().startswith("not "):
        return (
            f" For cells that hold something else than the text `{text[4:]}`, write `not exactly {text[4:]}`."
        )
    return f" If the cell really holds this text, write `exactly {text}`."


def _is_choice(side: Side, text: str) -> bool:
    return text.lower() in {choice.lower() for choice in side.column.choices}


def _are_phrases(texts: tuple[str, str]) -> bool:
    return all(any(match_phrase(Phrase, text)) for text in texts)


def _misfit(side: Side, text: str, word: Phrase) -> Mistaken:
    kinds = kinds_of(word)
    called = _TOGETHER.get(kinds, "other columns")
    if side.column.kind in _WORDS:
        return Mistaken(
            f"`{text}` is a phrase for {called}; {holds(side.column)}.",
            f"exactly {text}" if side.column.kind is Kind.TEXT else "",
            f"Declare the kind of {side.left.name} in config.yaml; for the text write `exactly {text}`.",
        )
    return Mistaken(f"`{text}` is a phrase for {called}; {holds(side.column)}.", fix=fitting(side.column))


def _read(side: Side, word: Phrase, holes: Mapping[str, str], written: Written, *, edges: bool) -> Line:
    if word in _EDGES:
        if not edges:
            raise Mistaken(
                f"`{written.text}` asks what has changed; that can be asked only in `when`, for opening.",
                fix="Write what the cell holds instead.",
            )
        return _read_edge(side, word, holes, written)
    if word is Phrase.NOT:
        return _read_not(side, holes["value"], written)
    return read_comparison(side, word, holes, written)


def _read_not(side: Side, value: str, written: Written) -> Line:
    found = list(match_phrase(Phrase, value))
    words = [word for word, _ in found]
    if any(
        word in COMPARISONS or word in _DAY_WORDS or word in TEXT_TESTS or word in _EDGES or word in _PAIRED
        for word in words
    ):
        if side.column.kind in TEMPORAL and words[0] in (Phrase.TODAY, Phrase.YESTERDAY, Phrase.TOMORROW):
            day = read_comparison(side, words[0], {}, written)
            return replace(day, negated=True) if isinstance(day, Compare) else day
        raise Mistaken(
            f"`not` stands before a value, not before `{value}`.",
            next((f"{_CONTRARY[word]} {holes['day']}" for word, holes in found if word in _CONTRARY), ""),
            f"Say the contrary, or put `{side.left.name}: {value}` under `none of:`.",
        )
    return equals(side, value, written, negated=True)


def _read_edge(side: Side, word: Phrase, holes: Mapping[str, str], written: Written) -> Edge:
    ref, text, how = side.left, written.text, _EDGES[word]
    if word is Phrase.CHANGED_BY:
        number = parse_number(holes["percent"].rstrip("% "), Kind.NUMBER)
        if number is None or not holes["percent"].endswith("%"):
            raise Mistaken(
                f"`{text}` needs a percentage.", f"changed by more than {holes['percent'].rstrip('% ')}%"
            )
        return Edge(ref, how, written.place, text, percent=float(number))
    if word is Phrase.CHANGED_TO:
        return Edge(ref, how, written.place, text, after=_side_of_edge(side, holes["after"], written))
    if word is Phrase.CHANGED_FROM_TO:
        before, after = _split_edge(side, text, written)
        return Edge(
            ref,
            how,
            written.place,
            text,
            _side_of_edge(side, before, written),
            _side_of_edge(side, after, written),
        )
    return Edge(ref, how, written.place, text)


def _side_of_edge(side: Side, part: str, written: Written) -> Line:
    return inside(
        written.text,
        part,
        lambda hints: read_phrase(side, part, written.place, hints, edges=False),
        written.hints,
    )


def _split_edge(side: Side, text: str, written: Written) -> tuple[str, str]:
    """Return both sides of `changed from X to Y`; values that hold ` to ` themselves make several ways."""
    template = matched_spelling(Phrase.CHANGED_FROM_TO, text)
    start, middle = template.partition("{before}")[0], template.partition("{before}")[2].partition("{")[0]
    pieces = re.split(re.escape(middle), text[len(start) :], maxsplit=_MOST_TO, flags=re.IGNORECASE)
    ways = [(middle.join(pieces[:n]).strip(), middle.join(pieces[n:]).strip()) for n in range(1, len(pieces))]
    fitting_ways = [way for way in ways if all(Trial(side, written.place)(part) for part in way)]
    if len(fitting_ways) > 1:
        raise Mistaken(
            f"`{text}` can be split at more than one `{middle.strip()}`.",
            fix="Declare the choices of the column in config.yaml, or use `changed to …`.",
        )
    return fitting_ways[0] if fitting_ways else ways[0]
