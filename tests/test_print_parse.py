"""Is a rule that is written down and read again the same rule, and is every slip of the pen in it noticed?"""

import random
import re
from collections.abc import Iterator
from enum import Enum

import pytest

from rowcall.errors import Problem, Severity
from rowcall.kinds import action_words
from rowcall.language import words
from rowcall.language.printing.rules import print_rule
from rowcall.language.rule import Rule
from rowcall.language.rule_file import read_rule
from tests.random_rules import SCOPE, WORDS, Maker

ACTIONS = {word: kind.params for word, kind in action_words().items()}
PARTS = 10
RULES = 1_000
IN_CHINESE, WITH_SLIPS = 200, 80
TABLES = [
    words.Key, words.EntryKey, words.BlockKey, words.DueKey, words.CountedFrom, words.FigureKey, words.ValueKey,
    words.Phrase, words.Operand, words.ValueWord, words.Time, words.LimitWord,
]  # fmt: skip


def read(text: str) -> tuple[Rule | None, tuple[Problem, ...]]:
    return read_rule(text, "rules/random.yaml", SCOPE, ACTIONS)


@pytest.mark.parametrize("part", range(PARTS))
@pytest.mark.parametrize("chinese", [False, True], ids=["English", "Chinese"])
def test_a_rule_written_down_and_read_again_is_the_same(part: int, *, chinese: bool) -> None:
    for seed in range(part, IN_CHINESE if chinese else RULES, PARTS):
        rule = Maker(seed).rule()
        text = print_rule(rule, WORDS, chinese=chinese)
        again, problems = read(text)
        mistakes = [str(one) for one in problems if one.severity is Severity.ERROR]
        assert again is not None, f"seed {seed}:\n{text}\n" + "\n".join(mistakes)
        assert print_rule(again, WORDS, chinese=chinese) == text
        assert again.version == rule.version, f"seed {seed}:\n{text}"


@pytest.mark.parametrize("part", range(PARTS))
def test_a_slip_of_the_pen_is_noticed_or_changes_nothing(part: int) -> None:
    for seed in range(part, WITH_SLIPS, PARTS):
        dice = random.Random(seed)
        rule = Maker(seed).rule()
        text = print_rule(rule, WORDS)
        known = read(text)[1]
        for slipped, said in slips(text, dice):
            again, problems = read(slipped)
            same = again is not None and again.version == rule.version
            assert same or again is None or len(problems) > len(known), f"seed {seed}, {said}:\n{slipped}"


def slips(text: str, dice: random.Random) -> Iterator[tuple[str, str]]:
    """Yield the text with one letter of one of our own words changed, a few times."""
    places = [found for word in OUR_WORDS for found in re.finditer(rf"(?<!\w){re.escape(word)}(?!\w)", text)]
    for found in dice.sample(places, min(6, len(places))):
        at = dice.randrange(found.start(), found.end())
        if not text[at].isalpha():
            continue
        letter = dice.choice("abcdefghijklmnopqrstuvwxyz".replace(text[at].lower(), ""))
        new = dice.choice((letter, "", text[at] * 2))
        yield text[:at] + new + text[at + 1 :], f"{found.group()!r} with {new!r} for {text[at]!r}"


def pieces(table: type[Enum]) -> Iterator[str]:
    for word in table:
        for piece in re.split(r"\{\w+\}%?", words.spelled(word)):
            if len(piece.strip()) > 3:
                yield piece.strip()


OUR_WORDS = sorted({piece for table in TABLES for piece in pieces(table)})
