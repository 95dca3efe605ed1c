"""What does a formula in a rule file mean, and where in the file is it mistaken?"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

from rowcall.errors import Place
from rowcall.language.document import Text
from rowcall.language.formula.form import WORDS
from rowcall.language.formula.raw import FormulaMistake, MistakenFormula
from rowcall.language.formula.tree import Formula
from rowcall.language.formula.understand import read_formula
from rowcall.language.mistaken import Mistaken
from rowcall.language.names import columns_of, resolve_column, resolve_value
from rowcall.language.notes import Notes
from rowcall.language.ref import ColumnRef
from rowcall.language.scope import Scope
from rowcall.table import NUMERIC, TEMPORAL, Column, Kind


class _Kinds(Mapping[str, Kind]):
    """The kinds of figures by name, asked only when a formula names one; hidden: names that mean columns."""

    def __init__(self, figures: Mapping[str, Column], hidden: frozenset[str]) -> None:
        self.figures, self.hidden = figures, hidden

    def __getitem__(self, name: str) -> Kind:
        if name in self.hidden:
            raise KeyError(name)
        return self.figures[name].kind

    def __iter__(self) -> Iterator[str]:
        return (name for name in self.figures if name not in self.hidden)

    def __len__(self) -> int:
        return sum(1 for _ in self)


def is_formula(text: str) -> bool:
    """Say whether a text is meant as a formula."""
    return text.lstrip().startswith("=") and text.strip() != "="


def read_computation(text: Text, scope: Scope, notes: Notes, table: str | None = None) -> Formula | None:
    """Return the formula that a text says, or None with every mistake in it noted.

    table: the one that its plain columns belong to, if that is not the watched one.
    """
    try:
        return _read(text.value, scope, table)
    except MistakenFormula as mistaken:
        for one in mistaken.mistakes:
            place, suggestion = _spot(text, one, notes)
            notes.mistake(place, one.what, suggestion=suggestion, fix=one.fix)
    return None


def parse_computation(text: str, scope: Scope) -> Formula:
    """Return the formula that a part of a text says; raises Mistaken with its first mistake."""
    try:
        return _read(text, scope, None)
    except MistakenFormula as mistaken:
        first = mistaken.mistakes[0]
        raise Mistaken(first.what, first.suggestion, first.fix) from None


def why_unfit(formula: Formula, column: Column) -> str:
    """Return why the values of a formula can't stand in a column, or "" if they can."""
    given, wanted = formula.form.result, column.kind
    if wanted is Kind.TEXT or given is wanted or {given, wanted} <= NUMERIC or {given, wanted} <= TEMPORAL:
        return ""
    if wanted in _TEXTS and given in _TEXTS:
        return ""
    return f"the formula gives {WORDS[given]}"


def _read(text: str, scope: Scope, table: str | None) -> Formula:
    plain = replace(scope, figures={})
    at = scope.table if table is None else table
    hidden = frozenset(columns_of(scope, at)) if table is not None else frozenset[str]()
    return read_formula(text.strip(), plain, _Kinds(scope.figures, hidden), _resolver(plain, table))


def _resolver(scope: Scope, table: str | None) -> Callable[[str], ColumnRef] | None:
    if table is not None:
        return lambda name: resolve_column(scope, table, name)
    return (lambda name: resolve_value(scope, name)) if scope.each else None


def _spot(text: Text, mistake: FormulaMistake, notes: Notes) -> tuple[Place, str]:
    """Return the place of a mistake in the file, and the corrected line."""
    place, body = text.place, text.value.strip()
    line = notes.line(place.line)
    start = line.find(body, max(place.column - 1, 0))
    suggestion = notes.corrected(place, body, mistake.suggestion) if mistake.suggestion else ""
    if start < 0:
        return place, suggestion
    return notes.place(place.line, start + mistake.at + 1), suggestion


_TEXTS = frozenset({Kind.TEXT, Kind.CHOICE, Kind.EMAIL, Kind.PHONE, Kind.PERSON})
