"""What does a label of a schedule mean for the rows: which get a fresh occasion, and what becomes of the last one?"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from rowcall.episode import Episode, Phase
from rowcall.memory import RuleMemory
from rowcall.plan.episodes import EpisodeStep, Sight, end_episodes, stilled, true_keys, value_of


def follow_occasions(sight: Sight, label: datetime | None, number: int) -> EpisodeStep:
    """Return what becomes of a scheduled rule's episodes; every label is a fresh occasion.

    Between labels an occasion ends as any episode does. At a label each row that matters opens number `number`,
    and what the occasion before had still to do is dropped.
    """
    step = EpisodeStep()
    open_now = [
        one for one in sight.episodes.values() if one.phase is Phase.OPEN and one.key in sight.position
    ]
    if label is None:
        end_episodes(sight, step, open_now)
        return step
    chosen = _chosen(sight)
    for episode in open_now:
        step.ended.append(episode.key)
        step.put(stilled(replace(episode, phase=Phase.ENDED, since=sight.now)))
    for key in chosen:
        opened = Episode(sight.rule.id, key, number, Phase.OPEN, sight.now, label)
        step.put(opened)
        step.opened.append(opened)
    return step


def follow_kept(sight: Sight, differing: Iterable[str], *, baseline: bool) -> EpisodeStep:
    """Return what becomes of the episodes of a rule with `keep`: each time a cell is to differ is a fresh occasion.

    baseline: the rule looks for the first time; the cells are put right, but `then` has nothing to do.
    """
    step = EpisodeStep()
    fresh = list(differing)
    known = [one for one in sight.episodes.values() if one.phase is Phase.OPEN and one.key in sight.position]
    end_episodes(sight, step, [one for one in known if one.key not in set(fresh)])
    for key in fresh:
        before = sight.episodes.get(key)
        number = (before.n if before is not None else sight.used.get(key, 0)) + 1
        opened = Episode(sight.rule.id, key, number, Phase.OPEN, sight.now, sight.now, baseline=baseline)
        step.put(opened)
        step.opened.append(opened)
        step.ended += [key] if before is not None and before.phase is Phase.OPEN else []
    return step


def next_number(memory: RuleMemory, sight: Sight) -> int:
    """Return the number of the next occasion: the same for all its rows, and above every number used before."""
    used = [memory.occasion, *memory.used.values(), *(one.n for one in sight.episodes.values())]
    return max(used) + 1


def _chosen(sight: Sight) -> list[str]:
    """Return the rows that matter at this label, in the order of the table; unknown never acts."""
    return [
        key
        for key in true_keys(sight, sight.masks.when)
        if key not in sight.settling
        and key not in sight.paused
        and (sight.masks.stop is None or value_of(sight, sight.masks.stop, key) is False)
        and not (sight.rule.once_per_row and key in sight.episodes)
    ]
