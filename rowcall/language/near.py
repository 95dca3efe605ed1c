"""Which of the known words did somebody mean who wrote another one?"""

import unicodedata
from collections.abc import Iterable

_NEAR_ENOUGH = 0.65


def did_you_mean(word: str, known: Iterable[str], cutoff: float = _NEAR_ENOUGH) -> str:
    """Return the known word that is nearest to `word`, or "" if none is near enough.

    Case, blanks, `_` and `-` make no difference, and swapped neighbours count as one slip.
    cutoff: the share of the longer word that must agree, 0 to 1; one slip in three letters or more is near.
    """
    seen = _plain(word)
    if not seen:
        return ""
    best, best_score = "", 0.0
    for candidate in known:
        score = _likeness(seen, _plain(candidate), cutoff)
        if score > best_score:
            best, best_score = candidate, score
    return best


def slips(one: str, other: str) -> int:
    """Count the slips between two words: a letter more, less or other, or two swapped."""
    before_last: list[int] = []
    last = list(range(len(other) + 1))
    for row, letter in enumerate(one, 1):
        current = [row]
        for column, wanted in enumerate(other, 1):
            cost = min(last[column] + 1, current[-1] + 1, last[column - 1] + (letter != wanted))
            swapped = row > 1 and column > 1 and letter == other[column - 2] and one[row - 2] == wanted
            if swapped:
                cost = min(cost, before_last[column - 2] + 1)
            current.append(cost)
        before_last, last = last, current
    return last[-1]


def _likeness(seen: str, candidate: str, cutoff: float) -> float:
    longer, shorter = max(len(seen), len(candidate)), min(len(seen), len(candidate))
    if longer == 0 or longer > 80 or shorter / longer < cutoff / 2:  # noqa: PLR2004 - no name is that long
        return 0.0
    if seen == candidate:
        return 1.0
    count = slips(seen, candidate)
    likeness = 1 - count / longer
    single = count == 1 and shorter > 2  # noqa: PLR2004 - one slip in `to` makes any other word
    swapped = count == 1 and sorted(seen) == sorted(candidate)
    return likeness if likeness >= cutoff or single or swapped else 0.0


def _plain(word: str) -> str:
    folded = unicodedata.normalize("NFKC", word).casefold()
    return " ".join(folded.replace("_", " ").replace("-", " ").split())
