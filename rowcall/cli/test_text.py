"""How does a failed test read: what was expected beside what happened, the differing words marked?"""

import re
from difflib import SequenceMatcher

from rich.text import Text

from rowcall.cli.screen import Page
from rowcall.ruletest.judge import Failure

_WORDS = re.compile(r"\s+|\w+|[^\w\s]+")


def show_failure(page: Page, failure: Failure, *, with_others: bool = True) -> None:
    """Print one failure with its place, and what else happened."""
    page.parts((f"{failure.place}: ", "bold"), (failure.what, ""), indent=2)
    if failure.expected or failure.actual:
        left, right = marked(failure.expected, failure.actual)
        page.side_by_side(("expected", left), ("happened", right), indent=4)
    if failure.others and with_others:
        page.line("What happened since the step before:", "dim", indent=4)
        for line in failure.others:
            page.line(line, "dim", indent=6)


def marked(expected: str, actual: str) -> tuple[Text, Text]:
    """Return two texts with the words marked in which they differ."""
    left, right = Text(expected), Text(actual)
    if not expected or not actual:
        return left, right
    old, new = _WORDS.findall(expected), _WORDS.findall(actual)
    for tag, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag != "equal":
            _mark(left, old, a, b, "bold red")
            _mark(right, new, c, d, "bold green")
    return left, right


def _mark(text: Text, words: list[str], first: int, last: int, style: str) -> None:
    start = sum(map(len, words[:first]))
    end = start + sum(map(len, words[first:last]))
    if words[first:last] and "".join(words[first:last]).strip():
        text.stylize(f"{style} underline", start, end)
