"""Random rules that are valid: every key, phrase, time and value of the language, over one small shop."""

import random
from dataclasses import replace
from datetime import date, time
from decimal import Decimal
from typing import TypeVar
from zoneinfo import ZoneInfo

from rowcall.actions import add_row, email, set_cells
from rowcall.duration import Span, Unit
from rowcall.errors import Place
from rowcall.language.condition import (
    Ago,
    Ahead,
    AllOf,
    Anniversary,
    AnyOf,
    Between,
    Compare,
    Condition,
    Edge,
    EdgeHow,
    IsEmpty,
    Line,
    LinkMissing,
    Literal,
    Moment,
    NoneOf,
    OfColumn,
    OfSetting,
    OneOf,
    Operator,
    RowNew,
    TextHow,
    TextTest,
    ThereIs,
    Valid,
)
from rowcall.language.figure import Aggregate, Count, Figure, How, Listing, ShareWith, TimeBetween
from rowcall.language.fingerprint import version_of
from rowcall.language.ref import THIS, ColumnRef
from rowcall.language.rule import (
    Act,
    AfterColumn,
    AfterLast,
    AfterStart,
    AtDue,
    AtEnd,
    AtShare,
    AtStart,
    Due,
    Entry,
    Every,
    FirstRun,
    FromChange,
    FromStart,
    Limit,
    LimitOf,
    Rule,
    State,
    Timing,
    Window,
)
from rowcall.language.scope import Scope
from rowcall.language.timing import time_text
from rowcall.language.value import (
    ByColumn,
    Cells,
    Choice,
    EmptyValue,
    FirstThatFits,
    Increase,
    Length,
    Recipients,
    RowValues,
    SameAs,
    Shifted,
    Someone,
    Target,
    TextOf,
    Unless,
    Value,
)
from rowcall.table import NUMERIC, TEMPORAL, Column, Kind, Link, Schema

NOWHERE = Place()
STATUS = ("Open", "Waiting", "Shipped off", "Done")
TIER = ("Plain", "Silver", "Gold")
ORDERS = Schema(
    "Orders", "shop", "Orders", ("Code",),
    columns=(
        Column("Code"), Column("Remark"), Column("Stage", Kind.CHOICE, STATUS), Column("Total", Kind.MONEY),
        Column("Pieces", Kind.NUMBER), Column("Rebate", Kind.PERCENT), Column("Ordered", Kind.DATETIME),
        Column("Promised", Kind.DATE), Column("Gift", Kind.YES_NO), Column("Mail", Kind.EMAIL),
        Column("Telephone", Kind.PHONE), Column("Seller", Kind.PERSON), Column("Length", Kind.DURATION),
        Column("Buyer No"),
    ),
    links=(Link("Buyer", "Customers", "Buyer No"),),
)  # fmt: skip
CUSTOMERS = Schema(
    "Customers", "shop", "Customers", ("Buyer No",),
    columns=(Column("Buyer No"), Column("Tier", Kind.CHOICE, TIER), Column("Born", Kind.DATE), Column("Points", Kind.NUMBER)),
)  # fmt: skip
LINES = Schema(
    "Lines", "shop", "Lines", ("Line",), number="L-0001",
    columns=(Column("Line"), Column("Code"), Column("Pieces", Kind.NUMBER), Column("Packed", Kind.DATETIME), Column("Sent", Kind.DATETIME)),
)  # fmt: skip
SCOPE = Scope(
    schemas={one.table: one for one in (ORDERS, CUSTOMERS, LINES)},
    language="en",
    zone=ZoneInfo("Europe/Berlin"),
    people={"anna": "anna", "service desk": "service desk"},
    settings={"limit.total": "500", "limit.days": "3"},
    calendars=("desk",),
    working_hours="desk",
)
WORDS = {"email": "email", "set_cells": "set", "add_row": "add row"}
_NUMBERS = {Kind.NUMBER, Kind.MONEY}
_AMOUNTS = (Operator.AT_LEAST, Operator.AT_MOST, Operator.MORE, Operator.LESS)
Made = TypeVar("Made")


class Maker:
    """Makes rules from one seed, each unlike the others."""

    def __init__(self, seed: int) -> None:
        self.dice = random.Random(seed)
        self.seed = seed

    def rule(self) -> Rule:
        """Return a rule whose version is that of a file that says it."""
        dice = self.dice
        figures = self._figures() if dice.random() < 0.3 else ()
        due = self._due() if dice.random() < 0.4 else None
        entries = self._entries(has_due=due is not None)
        made = Rule(
            id="random",
            title=f"Number {self.seed}",
            table="Orders",
            entries=entries,
            version="",
            place=NOWHERE,
            when=self._block(edges=True),
            about=self._maybe("") or "",
            responsible=self._maybe("anna") or "",
            hold_for=self._maybe(self._span()),
            again_only_when=self._maybe(self._block()),
            once_per_row=dice.random() < 0.2,
            stop_when=self._maybe(self._block()),
            send_only=self._maybe(self._window()),
            limits=self._limits(),
            first_run=dice.choice(tuple(FirstRun)),
            expires_after=self._maybe(Span(dice.randint(1, 9), Unit.DAY)),
            state=dice.choice((State.ON, State.ON, State.WATCH)),
            due=due,
            pause_while=self._maybe(self._block()),
            working_hours="desk",
            figures=figures,
        )
        return replace(made, version=version_of(made))

    def _maybe(self, value: Made) -> Made | None:
        return value if self.dice.random() < 0.25 else None

    # Conditions

    def _block(self, *, edges: bool = False, depth: int = 0) -> AllOf:
        dice = self.dice
        lines: list[Condition] = []
        taken: set[str] = set()
        for _ in range(dice.randint(1, 3)):
            line = self._line(edges=edges)
            name = getattr(line, "ref", None)
            key = name.name if name is not None else type(line).__name__
            if key not in taken:
                taken.add(key)
                lines.append(line)
        if depth < 2 and dice.random() < 0.3:
            blocks = tuple(self._block(depth=depth + 1) for _ in range(dice.randint(1, 3)))
            lines.append(dice.choice((AnyOf, NoneOf))(blocks, NOWHERE))
        return AllOf(tuple(lines), NOWHERE)

    def _line(self, *, edges: bool = False) -> Line:
        dice = self.dice
        special = dice.random()
        if edges and special < 0.15:
            return self._edge()
        if special < 0.2:
            return LinkMissing(("Buyer",), NOWHERE, "", negated=dice.random() < 0.5)
        if special < 0.27:
            return self._there_is()
        return self._about(self._ref())

    def _ref(self, kinds: frozenset[Kind] | None = None) -> ColumnRef:
        own = [ColumnRef(one, "Orders") for one in ORDERS.columns]
        linked = [ColumnRef(one, "Customers", ("Buyer",)) for one in CUSTOMERS.columns]
        return self.dice.choice([ref for ref in own + linked if kinds is None or ref.column.kind in kinds])

    def _about(self, ref: ColumnRef) -> Line:
        dice, kind = self.dice, ref.column.kind
        if dice.random() < 0.15:
            return IsEmpty(ref, NOWHERE, "", negated=dice.random() < 0.5)
        if kind in TEMPORAL:
            return self._in_time(ref)
        if kind in NUMERIC or kind is Kind.DURATION:
            return self._amount(ref)
        if kind in (Kind.EMAIL, Kind.PHONE):
            return Valid(ref, NOWHERE, "", negated=dice.random() < 0.5)
        if kind is Kind.CHOICE and dice.random() < 0.5:
            values = tuple(Literal(one, one) for one in dice.sample(ref.column.choices, 2))
            return OneOf(ref, values, NOWHERE, "", negated=dice.random() < 0.5)
        if kind is Kind.TEXT and dice.random() < 0.5:
            return self._text(ref)
        return Compare(
            ref, Operator.EQUAL, self._literal(ref.column), NOWHERE, "", negated=dice.random() < 0.3
        )

    def _in_time(self, ref: ColumnRef) -> Line:
        dice = self.dice
        span = self._span(whole_days=ref.column.kind is Kind.DATE)
        match dice.randint(0, 4):
            case 0:
                return Ago(ref, dice.choice((*_AMOUNTS, Operator.EQUAL)), self._on_clock(span), NOWHERE, "")
            case 1:
                return Ahead(ref, self._on_clock(span), NOWHERE, "", back=dice.random() < 0.5)
            case 2:
                return Anniversary(ref, dice.choice((0, 3)), NOWHERE, "")
            case 3:
                day = dice.choice((Moment(), Moment(days=-1), Moment(days=1), Moment(now=True)))
                return Compare(ref, dice.choice(_AMOUNTS), day, NOWHERE, "")
            case _:
                literal = self._literal(ref.column)
                return Compare(ref, dice.choice((*_AMOUNTS, Operator.EQUAL)), literal, NOWHERE, "")

    def _amount(self, ref: ColumnRef) -> Line:
        dice = self.dice
        literal = self._literal(ref.column)
        if dice.random() < 0.2:
            low, high = Decimal(dice.randint(1, 40)), Decimal(dice.randint(41, 90))
            if ref.column.kind in _NUMBERS:
                return Between(ref, Literal(str(low), low), Literal(str(high), high), NOWHERE, "")
        if ref.column.kind in _NUMBERS and dice.random() < 0.4:
            other = self._ref(frozenset({ref.column.kind}))
            changed = dice.choice(
                (
                    OfColumn(other),
                    OfColumn(other, factor=1.2),
                    OfColumn(other, plus=5.0),
                    OfSetting("limit.total"),
                )
            )
            return Compare(ref, dice.choice(_AMOUNTS), changed, NOWHERE, "")
        return Compare(ref, dice.choice((*_AMOUNTS, Operator.EQUAL)), literal, NOWHERE, "")

    def _text(self, ref: ColumnRef) -> TextTest:
        dice = self.dice
        how = dice.choice(tuple(TextHow))
        texts = ("tea",) if how is not TextHow.CONTAINS else dice.choice((("tea",), ("tea", "cake")))
        return TextTest(ref, how, texts, NOWHERE, "", negated=dice.random() < 0.5)

    def _there_is(self) -> ThereIs:
        code = next(one for one in LINES.columns if one.name == "Code")
        mine = ColumnRef(ORDERS.columns[0], "Orders", (THIS,))
        same = Compare(ColumnRef(code, "Lines"), Operator.EQUAL, OfColumn(mine), NOWHERE, "")
        more = Compare(
            ColumnRef(LINES.columns[2], "Lines"), Operator.AT_LEAST, Literal("2", Decimal(2)), NOWHERE, ""
        )
        return ThereIs("Lines", AllOf((same, more), NOWHERE), NOWHERE, "", negated=self.dice.random() < 0.5)

    def _edge(self) -> Line:
        dice = self.dice
        stage = next(ColumnRef(one, "Orders") for one in ORDERS.columns if one.name == "Stage")
        done = Compare(stage, Operator.EQUAL, Literal("Done", "Done"), NOWHERE, "")
        amount = self._ref(frozenset({Kind.MONEY}))
        return dice.choice(
            (
                RowNew(NOWHERE, ""),
                Edge(stage, EdgeHow.CHANGED, NOWHERE, ""),
                Edge(stage, EdgeHow.CHANGED_TO, NOWHERE, "", after=done),
                Edge(stage, EdgeHow.UP, NOWHERE, ""),
                Edge(amount, EdgeHow.DOWN, NOWHERE, ""),
                Edge(amount, EdgeHow.BY_PERCENT, NOWHERE, "", percent=20.0),
            )
        )

    def _literal(self, column: Column) -> Literal:
        dice = self.dice
        match column.kind:
            case Kind.CHOICE:
                text = dice.choice(column.choices)
                return Literal(text, text)
            case Kind.NUMBER | Kind.MONEY:
                number = Decimal(dice.randint(1, 900))
                return Literal(str(number), number)
            case Kind.PERCENT:
                share = dice.randint(1, 90)
                return Literal(f"{share}%", Decimal(share) / 100)
            case Kind.DATE | Kind.DATETIME:
                day = date(2026, dice.randint(1, 12), dice.randint(1, 28))
                return Literal(day.isoformat(), day)
            case Kind.DURATION:
                span = Span(dice.randint(2, 9), Unit.HOUR)
                return Literal(str(span), span.exact)
            case Kind.YES_NO:
                yes = dice.random() < 0.5
                return Literal("yes" if yes else "no", yes)
            case Kind.EMAIL:
                return Literal("kim@example.com", "kim@example.com")
            case Kind.PHONE:
                return Literal("+86 138 0013 8000", "+86 138 0013 8000")
            case _:
                text = dice.choice(("Lemon 12", "Mint", "Bulk box"))
                return Literal(text, text)

    def _span(self, *, whole_days: bool = False) -> Span:
        dice = self.dice
        units = (Unit.DAY,) if whole_days else (Unit.MINUTE, Unit.HOUR, Unit.DAY)
        return Span(dice.randint(1, 9), dice.choice(units), working=dice.random() < 0.3)

    def _on_clock(self, span: Span) -> Span:
        return replace(span, working=False)

    # Entries

    def _entries(self, *, has_due: bool) -> tuple[Entry, ...]:
        seen: dict[str, int] = {}
        entries = []
        for number in range(self.dice.randint(1, 3)):
            timing = AtStart() if number == 0 else self._timing(has_due=has_due)
            name = time_text(timing)
            seen[name] = seen.get(name, 0) + 1
            when = self._block() if self.dice.random() < 0.2 else None
            acts = tuple(self._act(kind) for kind in self._kinds())
            entries.append(Entry(f"{name}#{seen[name]}", timing, acts, NOWHERE, when))
        return tuple(entries)

    def _kinds(self) -> list[str]:
        return self.dice.sample(["email", "set_cells", "add_row"], self.dice.randint(1, 2))

    def _timing(self, *, has_due: bool) -> Timing:
        dice, span = self.dice, self._span()
        ordered = next(ColumnRef(one, "Orders") for one in ORDERS.columns if one.name == "Ordered")
        choices: list[Timing] = [
            AfterStart(span),
            AfterLast(span),
            AfterColumn(span, ordered, back=dice.random() < 0.5),
            AtEnd(),
            Every(span, at_most=dice.randint(2, 5), until=self._block()),
            Every(span),
        ]
        if has_due:
            choices += [AtDue(), AtDue(span), AtDue(span, back=True), AtShare(75.0)]
        return dice.choice(choices)

    def _act(self, kind: str) -> Act:
        match kind:
            case "email":
                mail = Recipients(((Someone(person="anna"), Someone(responsible=True)),), NOWHERE, "")
                text = TextOf("Hello {{ code }}", NOWHERE)
                params: object = email.Params(to=mail, subject=TextOf("About {{ code }}", NOWHERE), text=text)
            case "set_cells":
                params = set_cells.Params(Cells(tuple(self._targets()), NOWHERE))
            case _:
                ref = ColumnRef(LINES.columns[1], "Lines")
                code = Target(ref, SameAs(ColumnRef(ORDERS.columns[0], "Orders")), NOWHERE)
                same = Compare(
                    ref,
                    Operator.EQUAL,
                    OfColumn(ColumnRef(ORDERS.columns[0], "Orders", (THIS,))),
                    NOWHERE,
                    "",
                )
                unless = Unless("Lines", AllOf((same,), NOWHERE)) if self.dice.random() < 0.5 else None
                values = RowValues("Lines", (code,), NOWHERE)
                params = add_row.Params(to="Lines", values=values, unless_there_is=unless)
        return Act(kind, params, NOWHERE)

    def _targets(self) -> list[Target]:
        chosen = self.dice.sample([one for one in ORDERS.columns if one.name not in ("Code", "Buyer No")], 2)
        return [Target(ColumnRef(one, "Orders"), self._value(one, depth=0), NOWHERE) for one in chosen]

    def _value(self, column: Column, depth: int) -> Value:
        dice, kind = self.dice, column.kind
        choice = dice.randint(0, 5)
        if choice == 0:
            return EmptyValue()
        if choice == 1 and depth == 0:
            stage = next(ColumnRef(one, "Orders") for one in ORDERS.columns if one.name == "Stage")
            rows = (((STATUS[0],), self._value(column, 1)), ((STATUS[3],), self._value(column, 1)))
            return ByColumn((stage,), rows, self._value(column, 1), NOWHERE)
        if choice == 2 and depth == 0:
            first = Choice(self._value(column, 1), self._block())
            return FirstThatFits((first, Choice(self._value(column, 1))), NOWHERE)
        if choice == 3 and kind is Kind.NUMBER and depth == 0:
            return Increase(Literal("2", Decimal(2)), back=dice.random() < 0.5)
        if kind in TEMPORAL:
            return self._moment(column)
        return self._literal(column)

    def _moment(self, column: Column) -> Value:
        base = dice_ref = self._ref(frozenset({column.kind}))
        span = self._span(whole_days=True)
        working = "desk" if span.working else ""
        return self.dice.choice(
            (Moment(now=True), Moment(), SameAs(dice_ref), Shifted(base, span, calendar=working))
        )

    # Deadlines, figures, bounds

    def _due(self) -> Due:
        ordered = next(ColumnRef(one, "Orders") for one in ORDERS.columns if one.name == "Ordered")
        stage = next(ColumnRef(one, "Orders") for one in ORDERS.columns if one.name == "Stage")
        bases = (ordered, FromStart(), FromChange(stage))
        if self.dice.random() < 0.2:
            return Due(ordered, NOWHERE)
        rows = (((STATUS[0],), Length(self._span())),)
        within = self.dice.choice(
            (Length(self._span()), ByColumn((stage,), rows, Length(self._span()), NOWHERE))
        )
        return Due(self.dice.choice(bases), NOWHERE, within)

    def _figures(self) -> tuple[Figure, ...]:
        code, pieces = ColumnRef(LINES.columns[1], "Lines"), ColumnRef(LINES.columns[2], "Lines")
        times = [ColumnRef(one, "Lines") for one in LINES.columns[3:]]
        where = AllOf(
            (
                Compare(
                    code,
                    Operator.EQUAL,
                    OfColumn(ColumnRef(ORDERS.columns[0], "Orders", (THIS,))),
                    NOWHERE,
                    "",
                ),
            ),
            NOWHERE,
        )
        more = AllOf((Compare(pieces, Operator.MORE, Literal("3", Decimal(3)), NOWHERE, ""),), NOWHERE)
        made = [
            Figure("How many", Count(), NOWHERE, "Lines", where),
            Figure("Sum up", Aggregate(self.dice.choice((How.SUM, How.MEDIAN, How.HIGHEST)), pieces), NOWHERE, "Lines", where),
            Figure("Part", ShareWith(more), NOWHERE, "Lines", where, kind=Kind.PERCENT),
            Figure("Took", TimeBetween(How.AVERAGE, times[0], times[1], self.dice.choice(("", "desk"))), NOWHERE, "Lines", where, kind=Kind.DURATION),
            Figure("Those", Listing((code, pieces), ((pieces, True),), 5), NOWHERE, "Lines", where, kind=Kind.TEXT),
        ]  # fmt: skip
        chosen = self.dice.sample(made, self.dice.randint(1, 3))
        return tuple(replace(one, place=Place(line=line)) for line, one in enumerate(chosen, 1))

    def _window(self) -> Window:
        days = frozenset(self.dice.sample(range(7), self.dice.randint(1, 7)))
        return Window(time(9), time(17, 30), days, drop=self.dice.random() < 0.3)

    def _limits(self) -> tuple[Limit, ...]:
        hour, week = Span(1, Unit.HOUR), Span(1, Unit.WEEK)
        limits = [
            Limit(LimitOf.EMAILS, 50.0, "", NOWHERE, hour),
            Limit(LimitOf.ROWS, 40.0, "", NOWHERE),
            Limit(LimitOf.SHARE, 10.0, "", NOWHERE),
            Limit(LimitOf.PER_CUSTOMER, 1.0, "", NOWHERE, week),
        ]
        return tuple(self.dice.sample(limits, self.dice.randint(0, 2)))
