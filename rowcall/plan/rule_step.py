"""What does one tick mean for one rule: episodes, entries that act, rows recorded on first sight?"""

from dataclasses import replace

from rowcall.errors import Problem
from rowcall.language.rule import FirstRun
from rowcall.memory import Answer
from rowcall.plan.acting import act
from rowcall.plan.clocks import clocks_of, follow_clocks
from rowcall.plan.entries import inherit
from rowcall.plan.episodes import EpisodeStep, Sight, follow_episodes, record_baseline, start_baseline
from rowcall.plan.keeping import frame_once_kept, keep_columns
from rowcall.plan.kept_writes import write_kept
from rowcall.plan.labels import missed_problem
from rowcall.plan.occasions import follow_kept, follow_occasions, next_number
from rowcall.plan.rule_view import RuleStep, RuleView


def step_rule(view: RuleView) -> RuleStep:
    """Return what one tick means for one rule."""
    step = RuleStep(view.rule, view.memory, view.sight.episodes, len(view.table))
    view = _with_keeping(_with_clocks(view, step), step)
    if (
        view.struck is None
        and view.keeping is None
        and view.first
        and view.rule.first_run is not FirstRun.ACT
        and not view.given.as_if_new
    ):
        return _first_sight(view, step)
    if view.old is not None:
        view = _look_back(view, step)
    followed = _follow(view, step)
    _answer(view, step, followed)
    step.episodes |= followed.episodes
    step.forgotten += followed.forgotten
    step.ended += followed.ended
    step.opened += [episode.key for episode in followed.opened]
    act(view, step, followed)
    write_kept(view, step, followed)
    _tell_trouble(view, step)
    return step


def _follow(view: RuleView, step: RuleStep) -> EpisodeStep:
    """Return what becomes of the episodes: with a schedule every label is a fresh occasion."""
    if view.struck is None and view.keeping is not None:
        begins = view.first and view.rule.first_run is not FirstRun.ACT and not view.given.as_if_new
        return follow_kept(view.sight, view.keeping.cells, baseline=begins)
    if view.struck is None:
        return follow_episodes(view.sight)
    number = next_number(step.memory, view.sight)
    acts = view.struck.label is not None
    step.memory = replace(
        step.memory, label=view.struck.seen, occasion=number if acts else step.memory.occasion
    )
    problem = missed_problem(view.rule, view.struck, view.given)
    step.problems += [] if problem is None else [problem]
    step.missed = view.struck if problem is not None and view.struck.missed else None
    return follow_occasions(view.sight, view.struck.label, number)


def _first_sight(view: RuleView, step: RuleStep) -> RuleStep:
    found = EpisodeStep()
    step.baseline = record_baseline(view.sight, found)
    step.episodes = found.episodes
    step.asks = bool(step.baseline) and view.rule.first_run is FirstRun.ASK
    step.memory = replace(step.memory, asked=len(step.baseline) if step.asks else 0)
    _tell_trouble(view, step)
    return step


def _look_back(view: RuleView, step: RuleStep) -> RuleView:
    """Record what mattered only under the new text, or came to matter while the rule was off."""
    assert view.old is not None  # noqa: S101 - the caller has looked
    found = EpisodeStep()
    step.baseline = record_baseline(view.old, found)
    known = {key: inherit(view.rule, episode) for key, episode in view.sight.episodes.items()}
    step.episodes |= {key: one for key, one in known.items() if one != view.sight.episodes[key]}
    step.episodes |= found.episodes
    return replace(view, sight=replace(view.sight, episodes={**known, **found.episodes}))


def _answer(view: RuleView, step: RuleStep, followed: EpisodeStep) -> None:
    answer = view.given.memory.answers.get(view.rule.id)
    if answer is None:
        return
    step.answered = True
    step.memory = replace(step.memory, asked=0)
    if answer is Answer.ACT:
        episodes = {**view.sight.episodes, **followed.episodes}
        for episode in start_baseline(replace(view.sight, episodes=episodes)):
            followed.put(episode)
            followed.opened.append(episode)


def _with_clocks(view: RuleView, step: RuleStep) -> RuleView:
    """Look first whose clocks stand still: that decides which conditions are asked at all."""
    before = clocks_of(view.given, view.rule, view.frame, view.sight.position)
    presses = [one for one in view.given.memory.presses if one.rule == view.rule.id]
    clocks = follow_clocks(before, view.sight, view.past, presses)
    step.clocks = dict(clocks.changed)

    def told(sight: Sight) -> Sight:
        return replace(
            sight,
            paused=clocks.paused,
            stopped=clocks.stopped,
            row_time=clocks.row_time,
            under_way=view.under_way,
        )

    old = None if view.old is None else told(view.old)
    return replace(view, sight=told(view.sight), old=old, clocks=clocks)


def _with_keeping(view: RuleView, step: RuleStep) -> RuleView:
    """Find out which kept cells are to be different; from here on the rows are seen as they will be then."""
    if not view.rule.keep or (view.struck is not None and view.struck.label is None):
        return view
    keeping = keep_columns(view)
    step.problems += keeping.problems
    for key, clock in keeping.clocks.items():
        step.clocks[key] = replace(step.clocks.get(key, clock), lower=clock.lower)
    return replace(view, keeping=keeping, frame=frame_once_kept(view, keeping))


def _tell_trouble(view: RuleView, step: RuleStep) -> None:
    """Tell what can't be counted, once for a rule however many rows have it."""
    trouble = view.clocks.trouble if view.clocks is not None else {}
    if not trouble:
        return
    key, why = next(iter(trouble.items()))
    more = f" ({len(trouble) - 1} more rows have such times)" if len(trouble) > 1 else ""
    place = replace(view.rule.place, table=view.rule.table, key=key)
    fix = "look at the dates of the row, the durations of the rule and its `working hours`"
    step.problems.append(Problem(place, f"a time can't be counted: {why}{more}", fix=fix))
