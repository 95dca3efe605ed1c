"""How is the story played from its first look to its last?"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

from rowcall.demo.script import RULES, Names, Step
from rowcall.demo.stage import Seen, Stage, start_day
from rowcall.demo.story import story
from rowcall.demo.verdict import Verdict, judge
from rowcall.memory import Answer
from rowcall.sample.headers import Language

_ZONES: dict[Language, str] = {"en": "Europe/Berlin", "zh": "Asia/Shanghai"}

Tell = Callable[[Step, Seen, Verdict], None]
"""Is told every step as soon as it was played."""


@dataclass(frozen=True, slots=True)
class Done:
    """One rule's whole account: how many mails arrived and how many cells hold what they should."""

    rule: str
    title: str
    mails: int
    cells: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """How the demo went; wrong: what did not happen as it should, empty when all is well."""

    folder: Path
    rules: tuple[Done, ...]
    wrong: tuple[str, ...]


def play(folder: Path, language: Language, tell: Tell) -> Outcome:
    """Play the whole story in a folder; raises UsageError when the folder is not free."""
    names = Names(language, start_day(), ZoneInfo(_ZONES[language]))
    steps = story(names)
    verdicts: list[Verdict] = []
    with Stage.set_up(folder, language, steps[0].at) as stage:
        for step in steps:
            if step.leave:
                stage.answer(step.leave, Answer.LEAVE)
            stage.edit(step.edits)
            if step.restart:
                stage.restart()
            seen = stage.look(step.at)
            verdicts.append(judge(step, seen))
            tell(step, seen, verdicts[-1])
        titles = {rule.id: rule.title for rule in stage.running.ticker.rules.rules}
    rules = tuple(_account(rule, titles.get(rule, rule), verdicts) for rule in RULES)
    wrong = [sentence for verdict in verdicts for sentence in verdict.wrong]
    wrong += [f"{one.rule}: no mail, or no cell" for one in rules if not (one.mails and one.cells)]
    return Outcome(folder, rules, tuple(wrong))


def _account(rule: str, title: str, verdicts: Sequence[Verdict]) -> Done:
    return Done(
        rule,
        title,
        sum(mail.rule == rule for verdict in verdicts for mail in verdict.mails),
        sum(cell.rule == rule for verdict in verdicts for cell in verdict.cells),
    )
