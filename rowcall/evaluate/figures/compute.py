"""What are the figures of a rule, for all its rows at once?"""

from collections.abc import Iterator
from dataclasses import dataclass, field

import polars as pl

from rowcall.errors import MistakesError, Place, Problem
from rowcall.evaluate.computed import Computed, nothing_known
from rowcall.evaluate.figures.found import Figures
from rowcall.evaluate.figures.listing import Breakdown, ListRows, list_rows, split_by
from rowcall.evaluate.figures.measure import measure, of_nothing
from rowcall.evaluate.figures.period import in_period, looks_at_period
from rowcall.evaluate.figures.pick import Picked, Question, pick
from rowcall.evaluate.formula.evaluate import compute_figure, compute_formula
from rowcall.evaluate.frame import Frame
from rowcall.evaluate.grounds import Grounds
from rowcall.evaluate.mask import answers_on
from rowcall.evaluate.search import Matches, figures_named, part
from rowcall.language.asking import watched_refs_of
from rowcall.language.condition import AllOf, Condition
from rowcall.language.figure import Figure, FormulaOf, Listing, ShareWith
from rowcall.language.formula.tree import figures_in
from rowcall.language.ref import ColumnRef
from rowcall.language.rule import Rule
from rowcall.period import Period


def compute_figures(rule: Rule, grounds: Grounds, frame: Frame | None = None) -> Figures:
    """Return the figures of a rule, at the moment of `grounds` (of a scheduled rule: its label).

    frame: the watched rows; None for a rule that looks at no table. Nothing is raised: what can't be computed is
    unknown and told among the problems.
    """
    now = _Round(rule, grounds, frame)
    now.compute_all()
    before: dict[str, Computed] = {}
    if rule.compare_with is not None:
        then = _Round(rule, grounds, frame, rule.compare_with)
        names = [name for name in now.values if looks_at_period(now.figures, name)]
        before = {name: then.value(name) for name in names}
    keys = None if frame is None else frame.keys
    problems = tuple(dict.fromkeys(now.problems))
    return Figures(rule.id, now.figures, now.values, before, now.lists, now.breakdowns, problems, keys)


@dataclass(slots=True)
class _Round:
    """The figures of one rule in one period; what a figure needs of others is computed first."""

    rule: Rule
    grounds: Grounds
    frame: Frame | None
    period: Period | None = None
    figures: dict[str, Figure] = field(init=False)
    values: dict[str, Computed] = field(default_factory=dict)
    lists: dict[str, ListRows] = field(default_factory=dict)
    breakdowns: dict[str, Breakdown] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    matches: Matches = field(init=False)
    open: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.matches = Matches(self.grounds.joins)
        self.figures = {figure.name: figure for figure in self.rule.figures}

    def compute_all(self) -> None:
        """Compute every figure of the rule."""
        self._ask_together()
        for figure in self.figures.values():
            if isinstance(figure.measure, Listing) or figure.by is not None:
                self._list(figure)
            else:
                self.value(figure.name)

    def value(self, name: str) -> Computed:
        """Return a figure's values, computed once."""
        if name not in self.values:
            figure = self.figures[name]
            if name in self.open:
                return self._give_up(figure, f"the figure {name} needs itself")
            self.open.add(name)
            try:
                self.values[name] = self._compute(figure)
            except (MistakesError, pl.exceptions.PolarsError) as error:
                self.values[name] = self._give_up(figure, error)
            self.open.discard(name)
        return self.values[name]

    def _compute(self, figure: Figure) -> Computed:
        how = figure.measure
        if isinstance(how, FormulaOf):
            needed = {name: self.value(name) for name in sorted(figures_in(how.formula))}
            now = self.grounds.now
            if self.frame is not None:
                return compute_formula(how.formula, self.frame, now, needed)
            grounds = self.grounds
            return compute_figure(how.formula, grounds.snapshot, now, grounds.zone, needed, grounds.language)
        picked = self._pick(figure)
        if picked.is_unsure:
            return nothing_known(figure.kind)
        found = measure(picked, how, figure.kind)
        self._tell(figure, found.left_out, picked, found.header)
        return _of_watched(found.value, picked, figure)

    def _list(self, figure: Figure) -> None:
        try:
            picked = self._pick(figure)
            if isinstance(figure.measure, Listing):
                self.lists[figure.name] = list_rows(picked, figure.measure)
            elif figure.by is not None:
                self._break_down(figure, figure.by, picked)
        except (MistakesError, pl.exceptions.PolarsError) as error:
            self._give_up(figure, error)

    def _break_down(self, figure: Figure, ref: ColumnRef, picked: Picked) -> None:
        lines_of_each, lines, left_out = split_by(picked, ref)
        self._tell(figure, left_out, picked, ref.name)
        found = measure(lines_of_each, figure.measure, figure.kind)
        self._tell(figure, found.left_out, picked, found.header)
        groups = None if picked.groups is None else lines["group"]
        self.breakdowns[figure.name] = Breakdown(
            picked.ground, ref, lines["row"], found.value, groups, picked.watched
        )

    def _pick(self, figure: Figure) -> Picked:
        picked = pick(self._question(figure))
        if picked.left_out is not None and picked.left_out.any():
            self._tell(figure, picked.left_out.arg_true(), picked, "")
        return picked

    def _question(self, figure: Figure) -> Question:
        where, share = self._conditions(figure)
        for condition in (where, share):
            for name in _figures_of(condition, self.rule.id):
                self.value(name)
        frame, rule = self.frame, self.rule.id
        watched = None if frame is None else self.grounds.of_frame(frame.with_figures(rule, self.values))
        named = dict.fromkeys((*_figures_of(where, rule), *_figures_of(share, rule)))
        figures = {(rule, name): self.values[name] for name in named}
        return Question(
            self.grounds, figure.table, where, share, watched, figures, self.matches, answers_on, figure.place
        )

    def _conditions(self, figure: Figure) -> tuple[Condition | None, Condition | None]:
        share = figure.measure.condition if isinstance(figure.measure, ShareWith) else None
        if self.period is None:
            return figure.where, share
        return tuple(one and in_period(one, self.period) for one in (figure.where, share))  # type: ignore[return-value] # two

    def _ask_together(self) -> None:
        """Ask the conditions of all figures of a table at once, so that lines they share are asked once."""
        asked: dict[str, dict[tuple[Condition, ...], None]] = {}
        for figure in self.figures.values():
            for condition in self._conditions(figure):
                if condition is None or any(True for _ in _figures_of(condition, self.rule.id)):
                    continue
                own = part(condition, self.frame).own
                if own:
                    asked.setdefault(figure.table, {})[own] = None
        for table, conditions in asked.items():
            try:
                ground = self.grounds.of(table)
            except MistakesError:
                continue  # each of its figures will say so
            new = {
                str(number): own for number, own in enumerate(conditions) if ("own", own) not in ground.made
            }
            found = answers_on(ground, {name: AllOf(own, own[0].place) for name, own in new.items()})
            ground.made.update({("own", own): found[name] for name, own in new.items()})

    def _tell(self, figure: Figure, rows: pl.Series | None, picked: Picked, header: str) -> None:
        """Tell which rows are left out, because a cell of theirs is unreadable."""
        if rows is None or not len(rows):
            return
        key = picked.ground.frame.keys[int(rows[0])] or ""
        first = f" (the first: {key})" if key else ""
        many = f"{len(rows)} rows of {figure.table} are" if len(rows) > 1 else f"1 row of {figure.table} is"
        what = f"{many} left out of the figure {figure.name}, because a cell can't be read{first}"
        fix = "mend the cells, or leave such rows out with a line under `where`"
        self.problems.append(Problem(Place(table=figure.table, header=header), what, fix=fix))

    def _give_up(self, figure: Figure, why: Exception | str) -> Computed:
        what = f"the figure {figure.name} can't be computed: {why}"
        self.problems.append(Problem(figure.place, what))
        return nothing_known(figure.kind)


def _of_watched(value: pl.Series, picked: Picked, figure: Figure) -> Computed:
    """Return the values of the groups for each watched row; where there are no rows, sums and counts are 0."""
    if picked.watched is not None:
        value = value.gather(picked.watched)
        value = of_nothing(value, figure.measure)
    unsure = picked.unsure
    if unsure is None:
        return Computed(figure.kind, value, pl.repeat(value=False, n=len(value), eager=True))
    if len(value) != len(unsure):
        value = value.new_from_index(0, len(unsure))
    return Computed(figure.kind, value.set(unsure, None), unsure)


def _figures_of(condition: Condition | None, rule: str) -> Iterator[str]:
    if condition is not None:
        yield from (ref.column.name for ref in watched_refs_of(condition) if ref.figure == rule)
        yield from (one.name for one in figures_named(condition) if one.rule in (rule, ""))
