"""Is a text that is no phrase perhaps a phrase with a slip of the pen, and how sure is that?

On a column of free text any text may be a value, so what stands behind the words settles the doubt: if it fits
the phrase, it is a mistake; if not, the text is taken as a value and the doubt is told. `exactly` ends it.
"""

import re
from collections.abc import Callable, Sequence

from rowcall.language.mistaken import Hint, Hints, Mistaken
from rowcall.language.names import has_column
from rowcall.language.operand import Side
from rowcall.language.pattern import Slip, find_slips, is_whole, leading_words, matched_spelling
from rowcall.language.words import Phrase, is_chinese, spelled
from rowcall.table import Kind

_FREE = frozenset({Kind.TEXT, Kind.PERSON})
_WEAK = frozenset({Phrase.NOT, Phrase.ONE_OF, Phrase.SETTING, Phrase.SAME_AS, Phrase.BEFORE, Phrase.AFTER})
_AMOUNT = re.compile(r"[€$£¥]?-?\d|setting |today|now|yesterday|tomorrow|\d+% of", re.IGNORECASE)
_PAIRED = (Phrase.BETWEEN, Phrase.CHANGED_FROM_TO)


def refuse_slips(
    side: Side, text: str, found: Sequence[Phrase], hints: Hints, readable: Callable[[str], bool]
) -> None:
    """Raise Mistaken if the text is surely a slip from a phrase, hint at it if it may be one.

    found: the phrases that the text follows as it stands; only a phrase with more words than those is a slip.
    readable: says whether a corrected text could be read on this column.
    """
    longest = max((len(leading_words(matched_spelling(word, text))) for word in found), default=0)
    loose = not found or all(word in (Phrase.NOT, Phrase.CONTAINS, Phrase.NOT_CONTAINS) for word in found)
    for slip in find_slips(Phrase, text) if loose else ():
        if found and is_chinese(slip.words):
            continue  # `包含茶` is no slip from `不包含茶`
        if len(slip.words) > longest and not (found and slip.word is Phrase.NOT):
            _weigh(side, text, slip, hints, readable)
    if not found:
        _refuse_half(text)
        _refuse_tail(side, text, readable)


def _weigh(side: Side, text: str, slip: Slip, hints: Hints, readable: Callable[[str], bool]) -> None:
    corrected = slip.corrected
    if not is_whole(slip.word) and not slip.rest:
        return
    fits = readable(corrected)
    if side.column.kind not in _FREE:
        if fits:
            raise Mistaken(f"`{text}` is not understood. Did you mean `{corrected}`?", corrected)
        return
    sure = _is_sure(side, slip, fits=fits)
    what = f"`{text}` reads almost like `{corrected}`."
    if sure:
        raise Mistaken(
            f"{what} Did you mean that?",
            corrected,
            f"If the cell really holds this text, write `exactly {text}`.",
        )
    if fits:
        hints.append(Hint(f"{what} It is taken as a value; if so, write `exactly {text}`.", corrected))


def _is_sure(side: Side, slip: Slip, *, fits: bool) -> bool:
    if not fits:
        # A phrase for numbers or dates on a text column: a number or column behind it gives it away.
        return bool(_AMOUNT.match(slip.rest)) or (
            slip.rest != "" and has_column(side.scope, side.table, slip.rest)
        )
    if slip.word is Phrase.ONE_OF:
        return "," in slip.rest
    return slip.word in (Phrase.SETTING, Phrase.SAME_AS) or slip.word not in _WEAK


def _refuse_half(text: str) -> None:
    """`between 5 adn 10`: the first words are right, but the rest of the phrase is not there."""
    for word in _PAIRED:
        leading = leading_words(spelled(word))
        if text.lower().startswith(f"{leading} "):
            middle = "and" if word is Phrase.BETWEEN else "to"
            parts = text[len(leading) :].split()
            suggestion = f"{leading} {parts[0]} {middle} {parts[-1]}" if len(parts) > 1 else ""
            raise Mistaken(
                f"`{text}` lacks its `{middle}`: `{spelled(word).format_map(_Holes())}`.", suggestion
            )


def _refuse_tail(side: Side, text: str, readable: Callable[[str], bool]) -> None:
    """`3 days agoo`, `at least 3 days aog`: only the last word is wrong."""
    head, _, last = text.rpartition(" ")
    if side.column.kind not in _FREE and head and last != "ago" and readable(f"{head} ago"):
        raise Mistaken(f"`{text}` is not understood. Did you mean `{head} ago`?", f"{head} ago")


class _Holes(dict[str, str]):
    def __missing__(self, key: str) -> str:
        return "…"
