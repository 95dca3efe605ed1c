"""Does a rule file become the rule that was meant, and does every mistake in it get its answer?"""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rowcall.duration import Span, Unit
from rowcall.errors import Problem, Severity
from rowcall.home import shipped
from rowcall.language.condition import AllOf, Compare, Literal, OfColumn
from rowcall.language.crosscheck import conflicts
from rowcall.language.ref import ColumnRef
from rowcall.language.rule import AfterColumn, Every, FirstRun, LimitOf, State
from rowcall.language.rule_file import read_rule
from rowcall.language.scope import Scope
from rowcall.language.value import Cells, RowValues, Unless
from rowcall.sample.headers import CHOICES, HEADERS, ROLES
from rowcall.table import Column, Kind, Schema
from tests.tea_shop import ACTIONS, FILE, SCOPE, letters_of, read, understood

MAIL = "  - email: {to: Email, subject: Hello, text: Hi}\n"
START = "rule: Test\nlook at: Orders\n"
DO = "then:\n" + MAIL
THEN = "then:\n  - "
SET = "\n    set: {Note: a}\n"
WINDOW = "send only: Sundays between 9:00 and 18:00"
EVERY_DAY = "send only: between 09:00 and 19:00"
ADD = "- add row: {to: Tickets, values: {}}"
WARNING, NOTE = Severity.WARNING, Severity.NOTE

TEN = """\
rule: Confirm orders
responsibel: anna
look at: Orders
period: previous week

when:
  Stauts: Paid
  Total: bellow 500
  Delivered on: older than 3 days
  Status: Payed
for: 30 minuts
then:
  - email:
      to: anna or cs laed
      subjekt: "Hello"
      template: order.html
    set:
      Status: shiped
  - at: 3 days after begining
    email:
      to: info@example,com
      subject: "Hello"
      text: "Hello"
send only: weekdays 9-17
"""
TEN_FOUND = [
    (2, 1, "responsible: anna"),
    (4, 9, "period: last week"),
    (7, 3, "Status: Paid"),
    (8, 10, "Total: below 500"),
    (9, 17, "Delivered on: more than 3 days ago"),
    (10, 11, "Status: Paid"),
    (11, 6, "for: 30 minutes"),
    (14, 11, "to: anna or cs lead"),
    (15, 7, 'subject: "Hello"'),
    (18, 15, "Status: Shipped"),
    (19, 9, "- at: 3 days after start"),
    (21, 11, "to: info@example.com"),
    (24, 12, "send only: weekdays between 09:00 and 17:00"),
]

# Every word of the language stands between « »: the law below changes one letter of one of them.
MARKED = """\
«rule»: Test
«about»: Something
«responsible»: anna
«look at»: Orders
«when»:
  Status: «one of» Paid, Shipped
  Total: «at least» 5
  Lines: «between» 5 «and» 10
  Delivered on:
    - «at least» 3 days «ago»
    - «on or after» 2026-01-01
    - «not empty»
  Promised on: «in the next» 3 days
  Note:
    - «contains» tea
    - «does not contain» coffee
    - «not one of» A, B
    - «not» C
    - «same as» Product
    - «changed»
  Product:
    - «changed from» A «to» B
    - «exactly» D
    - «setting» Courier
  Gift wrap: «empty»
  «none of»:
    - Total: «changed by more than» 10%
  «row»: «new»
«for»: 30 «minutes»
«once per row»: «yes»
«first run»: «only new ones»
«send only»: «weekdays» «between» 09:00 «and» 19:00
«limits»:
  - 50 «emails» an «hour»
«then»:
  - «email»:
      «to»: anna «or» ben
      «subject»: Hello
      «text»: Hi
    «set»:
      Note: «same as» Product
      Delivered on: «today»
  - «at»: 3 «days» «after last»
    «set»: {Product: «empty»}
  - «every»: 3 «days»
    «at most»: 4 «times»
    «email»: {to: responsible, subject: Hello, text: Hi}
"""


PLAIN, LETTERS = letters_of(MARKED)
MEANT = understood(PLAIN)


def only(problems: tuple[Problem, ...]) -> Problem:
    assert len(problems) == 1, [str(one) for one in problems]
    return problems[0]


def test_a_file_with_many_mistakes_gets_as_many_answers() -> None:
    rule, problems = read(TEN)
    assert rule is None
    assert [(one.place.line, one.place.column, one.suggestion.strip()) for one in problems] == TEN_FOUND
    lines = TEN.splitlines()
    assert all(one.excerpt == lines[one.place.line - 1] and one.place.file == FILE for one in problems)


@settings(max_examples=120, deadline=None)
@given(
    st.sampled_from(LETTERS), st.sampled_from(["drop", "double", "other", "swap"]), st.sampled_from("aeqx")
)
def test_a_letter_wrong_in_a_word_of_ours_is_always_reported(at: int, how: str, letter: str) -> None:
    before, mine, after = PLAIN[:at], PLAIN[at], PLAIN[at + 1 :]
    changed = {
        "drop": before + after,
        "double": before + mine + mine + after,
        "other": before + letter + after,
        "swap": before + after[:1] + mine + after[1:] if at + 1 in LETTERS else before + after,
    }[how]
    rule, problems = read(changed)
    assert problems or (rule is not None and rule.version == MEANT.version), changed.splitlines()[
        before.count("\n")
    ]


def test_a_full_rule_is_typed() -> None:
    rule = understood(
        START
        + "about: Why\nresponsible: Anna\nwhen:\n  Status: Paid\nfor: 30 minutes\nagain only when: {Status: New}\n"
        "once per row: yes\nstop when: {Note: not empty}\n"
        "send only: Mondays and Fri between 22:00 and 06:00, otherwise drop\n"
        "limits:\n  - 50 emails an hour\n  - 40 rows at once\n  - 10% of rows\n"
        "  - 2 emails a week per customer over birthday, win-back\n"
        "first run: act on all\ncheck every: 5 minutes\nexpires after: 2 days\nstate: watch\nthen:\n" + MAIL
    )
    assert (rule.id, rule.title, rule.about, rule.responsible, rule.table) == (
        "test",
        "Test",
        "Why",
        "anna",
        "Orders",
    )
    assert (rule.hold_for, rule.check_every, rule.expires_after) == (
        Span(30, Unit.MINUTE),
        Span(5, Unit.MINUTE),
        Span(2, Unit.DAY),
    )
    assert (rule.once_per_row, rule.first_run, rule.state) == (True, FirstRun.ACT, State.WATCH)
    assert rule.send_only is not None
    assert (rule.send_only.days, rule.send_only.drop) == (frozenset({0, 4}), True)
    assert [(one.of, one.count) for one in rule.limits] == [
        (LimitOf.EMAILS, 50),
        (LimitOf.ROWS, 40),
        (LimitOf.SHARE, 10),
        (LimitOf.PER_CUSTOMER, 2),
    ]
    assert (rule.limits[0].span, rule.limits[3].rules) == (Span(1, Unit.HOUR), ("birthday", "win-back"))


def test_our_keys_ignore_case_blanks_and_strokes() -> None:
    rule = understood(
        "RULE: Test\nLook_At: Orders\nOnce-per-row: yes\nThen:\n  - Email: {TO: Email, Subject: A, text: B}\n"
    )
    assert rule.once_per_row
    assert rule.when == AllOf((), rule.when.place)


def test_entries_are_known_by_time_and_number() -> None:
    rule = understood(
        START + "then:\n" + MAIL + MAIL
        + "  - {at: 24  hours after START, set: {Note: a}}\n  - {at: 5 days after last, set: {Note: b}}\n"
        "  - {at: 5 days after last, set: {Note: c}}\n  - {at: 2 days before Promised on, set: {Note: d}}\n"
        "  - {every: 3 days, at most: 4 times, until: {Note: e}, set: {Note: e}}\n"
    )  # fmt: skip
    assert [entry.id for entry in rule.entries] == [
        "start#1",
        "start#2",
        "24 hours after start#1",
        "5 days after last#1",
        "5 days after last#2",
        "2 days before Promised on#1",
        "every 3 days#1",
    ]
    column, every = rule.entries[5].timing, rule.entries[6].timing
    assert isinstance(column, AfterColumn)
    assert column.back
    assert isinstance(every, Every)
    assert every.at_most == 4
    assert isinstance(every.until, AllOf)


def test_actions_of_an_entry_keep_their_order_and_kind() -> None:
    rule = understood(
        START + "then:\n  - set: {Status: Paid, Buyer.Tier: Gold}\n    add row:\n      to: Tickets\n"
        "      values: {Order No: same as Order No, Opened at: now}\n"
        "      unless there is: {Order No: same as this.Order No, Subject: same as Order No}\n"
    )
    first, second = rule.entries[0].acts
    assert (first.kind, second.kind) == ("set_cells", "add_row")
    cells, values, unless = (getattr(act, name) for act, name in (
        (first.params, "cells"), (second.params, "values"), (second.params, "unless_there_is")))  # fmt: skip
    assert isinstance(cells, Cells)
    assert [target.ref.name for target in cells.targets] == ["Status", "Buyer.Tier"]
    assert isinstance(values, RowValues)
    assert values.table == "Tickets"
    assert [target.ref.table for target in values.targets] == ["Tickets", "Tickets"]
    assert isinstance(unless, Unless)
    assert isinstance(unless.condition, AllOf)
    rights = [
        line.right.ref
        for line in unless.condition.lines
        if isinstance(line, Compare) and isinstance(line.right, OfColumn)
    ]
    own = SCOPE.schemas["Tickets"].column("Order No")
    assert rights == [
        ColumnRef(SCOPE.schemas["Orders"].column("Order No"), "Orders", ("this",)),
        ColumnRef(own, "Tickets"),
    ]


@pytest.mark.parametrize(
    ("other", "same"),
    [
        (
            "# a\nrule: Test\nabout: b\nlook at: Orders\nwhen:\n    Total:  at least 1000  # c\nthen:\n"
            + MAIL,
            True,
        ),
        ("look at: Orders\nrule: Test\nthen:\n" + MAIL + "when: {Total: 'at least 1,000.00'}\n", True),
        (START + "when:\n  Total: above 1000\nthen:\n" + MAIL, False),
        (START + "when:\n  Total: at least 1001\nthen:\n" + MAIL, False),
        (START + "when:\n  Total: at least 1000\nthen:\n" + MAIL.replace("Hi", "Ho"), False),
        (START + "when:\n  Total: at least 1000\nonce per row: yes\nthen:\n" + MAIL, False),
    ],
    ids=["remarks and blanks", "order of keys, way of writing", "operator", "number", "text", "another key"],
)
def test_the_version_changes_when_and_only_when_the_meaning_does(other: str, same: bool) -> None:
    version = understood(START + "when:\n  Total: at least 1000\nthen:\n" + MAIL).version
    assert (understood(other).version == version) is same


def test_the_version_is_the_same_in_every_run_of_python() -> None:
    rule = understood(
        START + "when: {Status: Paid}\nsend only: weekdays between 09:00 and 19:00\nthen:\n" + MAIL
    )
    assert rule.version == "1024c0b55f0a8945d42c565c6c2b190f14ea07e424f0cc907aad99740ab0a784"


@pytest.mark.parametrize(
    ("source", "line", "what", "suggestion"),
    [
        ("look at: Orders\n" + DO, 1, "`rule:` is missing", ""),
        ("rule: Test\n" + DO, 1, "`look at:` is missing", ""),
        (START, 1, "`then:` is missing", ""),
        ("rule: Test\nlook at: Order\n" + DO, 2, "There is no table `Order`", "look at: Orders"),
    ],
)
def test_what_every_rule_needs_is_asked_for(source: str, line: int, what: str, suggestion: str) -> None:
    rule, problems = read(source)
    assert rule is None
    assert what in only(problems).what
    assert (only(problems).place.line, only(problems).suggestion) == (line, suggestion)


@pytest.mark.parametrize(
    ("source", "line", "what", "suggestion"),
    [
        ("if: {Status: Paid}\n" + DO, 3, "Did you mean `when:`?", "when: {Status: Paid}"),
        ("whn: {Status: Paid}\n" + DO, 3, "Did you mean `when:`?", "when: {Status: Paid}"),
        ("email: {to: Email}\n" + DO, 3, "it stands in an entry under `then:`", ""),
        ("when: Paid\n" + DO, 3, "Conditions are lines", ""),
        ("when:\n" + DO, 3, "Nothing stands behind `when:`", ""),
        ("state: of\n" + DO, 3, "`of` is not known", "state: off"),
        ("first run: only new one\n" + DO, 3, "Did you mean", "first run: only new ones"),
        ("once per row: ys\n" + DO, 3, "is not `yes` or `no`", "once per row: yes"),
        ("responsible: Ana\n" + DO, 3, "Did you mean `anna`?", "responsible: anna"),
        ("limits: [50/hour]\n" + DO, 3, "is not a limit", "limits: [50 emails an hour]"),
        ("limits: [max 40 rows]\n" + DO, 3, "is not a limit", "limits: [40 rows at once]"),
        ("limits: [1 email a wek per customer]\n" + DO, 3, "is not a time", "limits: [1 email a week per customer]"),
        ("for: 0 minutes\n" + DO, 3, "is no time at all", ""),
        ("send only: Sundys between 9:00 and 18:00\n" + DO, 3, "not a day of the week", WINDOW),
        ("send only: between 9 and 19:00\n" + DO, 3, "`9` is not a time of day", EVERY_DAY),
        (THEN + "at: immediately" + SET, 4, "write `start`", "- at: start"),
        (THEN + "at: after 5 days" + SET, 4, "write `5 days after start`", "- at: 5 days after start"),
        (THEN + "at: 5 days after Promisd on" + SET, 4, "Did you mean", "- at: 5 days after Promised on"),
        (THEN + "at: 5 days after Total" + SET, 4, "can be counted from a date only", ""),
        (THEN + "at: 5 dys after start" + SET, 4, "is not a duration", "- at: 5 days after start"),
        (THEN + "at most: 4 times" + SET, 4, "needs an `every:`", ""),
        ("then:\n  - {at: start, every: 3 days, set: {Note: a}}\n", 4, "not both", ""),
        ("then:\n  - emial: {to: Email}\n", 4, "Did you mean `email`?", "- email: {to: Email}"),
        ("then:\n  - when: {Status: Paid}\n", 4, "This entry does nothing", ""),
        ("then:\n  - set: {Note: a}\n    subject: Hello\n", 5, "belongs to `email`", ""),
        ("then:\n  - set: {Note: a}\n    limits: [40 rows at once]\n", 5, "stands at the top of a rule", ""),
        ("then:\n  - add row: {to: Tickts, values: {}}\n", 4, "table `Tickts`", ADD),
        ("stop when: {Status: changed to Paid}\n" + DO, 3, "only in `when`", ""),
    ],
)  # fmt: skip
def test_a_mistake_in_a_rule_gets_its_answer(source: str, line: int, what: str, suggestion: str) -> None:
    rule, problems = read(START + source)
    assert rule is None
    found = only(problems)
    assert what in found.what
    assert (found.place.line, found.suggestion.strip()) == (line, suggestion)


@pytest.mark.parametrize(
    ("source", "line", "severity", "what", "suggestion"),
    [
        ("when: {Status: [Paid, Shipped]}\n" + DO, 3, WARNING, "never acts", "Status: one of Paid, Shipped"),
        ("when: {Total: between 10 and 5}\n" + DO, 3, WARNING, "begins above its end", "Total: between 5 and 10"),
        ("when: {Total: [above 10, below 5]}\n" + DO, 3, WARNING, "No value of Total", ""),
        ("when: {Note: [empty, not empty]}\n" + DO, 3, WARNING, "can't be empty and also", ""),
        ("when: {Status: Paid}\nagain only when: {Status: Paid}\n" + DO, 4, WARNING, "the same as `when`", ""),
        ("then:\n  - {at: 3 days after last, set: {Note: a}}\n", 4, WARNING, "the first", "at: 3 days after start"),
        ("when: {Status: Paid}\nthen:\n  - set: {Status: Shipped}\n", 5, NOTE, "own `when` false", ""),
        ("when: {Note: empty}\nthen:\n  - set: {Note: done}\n", 5, NOTE, "own `when` false", ""),
        ("then:\n  - set: {Note: a}\n  - set: {Note: b}\n", 5, WARNING, "to different values", ""),
    ],
)  # fmt: skip
def test_lines_that_do_not_fit_together_are_told(
    source: str, line: int, severity: Severity, what: str, suggestion: str
) -> None:
    rule, problems = read(START + source)
    assert rule is not None
    found = only(problems)
    assert what in found.what
    assert (found.place.line, found.severity, found.suggestion) == (line, severity, suggestion)
    assert found.excerpt


@pytest.mark.parametrize(
    "source",
    [
        "when:\n  Status: one of Paid, Shipped\n  Total: [above 5, below 10]\n" + DO,
        "when: {any of: [{Status: Paid}, {Status: Shipped}]}\nthen:\n" + MAIL,
        "then:\n  - {when: {Status: Paid}, set: {Note: a}}\n  - {when: {Status: New}, set: {Note: b}}\n",
        "then:\n  - set: {Note: a}\n  - {at: 1 day after start, set: {Note: b}}\n",
        "once per row: yes\nthen:\n  - {every: 3 days, email: {to: Email, subject: A, text: B}}\n",
    ],
)
def test_lines_that_fit_raise_nothing(source: str) -> None:
    rule, problems = read(START + source)
    assert rule is not None
    assert problems == ()


def test_two_rules_that_set_one_cell_are_told_unless_they_exclude_each_other() -> None:
    first = understood(START + "when: {Status: Paid}\nthen:\n  - set: {Note: a}\n")
    second = understood(START + "when: {Total: above 5}\nthen:\n  - set: {Note: b}\n")
    apart = understood(START + "when: {Status: New}\nthen:\n  - set: {Note: c}\n")
    agreed = understood(START + "when: {Total: above 7}\nthen:\n  - set: {Note: b}\n")
    found = only(tuple(conflicts([first, second])))
    assert "Note is set here and by the rule `test`" in found.what
    assert found.severity is Severity.WARNING
    assert conflicts([first, apart]) == []
    assert conflicts([second, agreed]) == []


def test_a_template_that_is_not_there_is_an_error() -> None:
    source = START + "then:\n  - email: {to: Email, subject: A, template: ordr.html}\n"
    rule, problems = read(source, "order.html", "stock.html")
    assert rule is None
    assert "There is no template `ordr.html`" in only(problems).what
    assert only(problems).suggestion == "order.html"
    assert read(source.replace("ordr", "order"), "order.html")[0] is not None


@pytest.mark.parametrize("name", ["../secret.html", "mails/a.html", "{{ name }}.html"])
def test_a_template_is_named_by_its_file_alone(name: str) -> None:
    rule, problems = read(START + f"then:\n  - email: {{to: Email, subject: A, template: '{name}'}}\n")
    assert rule is None
    assert "name of a file of the `templates` folder" in only(problems).what


SHIPPED = [path for path in sorted(shipped("rules").glob("*.yaml")) if not path.name.endswith(".test.yaml")]


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_the_rules_that_ship_are_clean(path: Path) -> None:
    rule, problems = read_rule(
        path.read_text(encoding="utf-8"), f"rules/{path.name}", _sample_scope(), ACTIONS
    )
    assert problems == ()
    assert rule is not None
    assert rule.id == path.stem


EXAMPLES = {
    "new-order": """\
rule: Confirm new orders
responsible: anna
look at: Orders

when:                              # every line must be true
  Status: Paid
  Email: not empty
once per row: yes
first run: only new ones           # never mail orders that were there before the rule

then:
  - email:
      to: Email
      reply to: warehouse
      subject: "Your order {{ order_no }} is confirmed"
      template: order-confirmation.html
    set:                           # only after the mail has gone out
      Ordered on: now

limits:
  - 50 emails an hour              # above this: hold and ask
""",
    "low-stock": """\
rule: Low stock
look at: Orders
when:
  Marketing consent: yes
  Lines: at most Total
for: 30 minutes
again only when:
  Lines: at least 120% of Total
stop when:
  Note: not empty
then:
  - set:
      Delivered on: today
  - every: 3 days
    at most: 4 times
    email:
      to: warehouse
      subject: "Still low: {{ product }}"
      text: "{{ product }} ({{ order_no }}): {{ lines }} left."
limits:
  - 40 rows at once
""",
}


@pytest.mark.parametrize("name", EXAMPLES)
def test_rules_as_a_shop_writes_them_are_clean(name: str) -> None:
    rule, problems = read(EXAMPLES[name])
    assert problems == ()
    assert rule is not None
    line = rule.when.lines[0] if isinstance(rule.when, AllOf) else None
    assert isinstance(line, Compare)
    assert isinstance(line.right, Literal)


KINDS = {
    Kind.DATETIME: ("Ordered on", "Confirmed at", "Opened at", "First reply at"),
    Kind.DATE: ("Delivered on", "Review asked on", "Low since"),
    Kind.YES_NO: ("Marketing consent", "Unsubscribed", "Active"),
    Kind.MONEY: ("Total", "Price", "Unit price", "Line total"),
    Kind.NUMBER: ("Review score", "On hand", "Reorder point", "Quantity"),
    Kind.EMAIL: ("Email",),
    Kind.PERSON: ("Assigned to",),
}


def _sample_scope() -> Scope:
    kinds = {name: kind for kind, names in KINDS.items() for name in names}
    schemas = {}
    for table, headers in HEADERS.items():
        columns = []
        for name, _ in headers:
            choices = tuple(english for english, _ in CHOICES.get((table, name), ()))
            columns.append(Column(name, Kind.CHOICE if choices else kinds.get(name, Kind.TEXT), choices))
        schemas[table] = Schema(table, "shop", table, (columns[0].name,), tuple(columns))
    people = {english: english for english, _ in ROLES}
    return Scope(schemas, "en", SCOPE.zone, people=people, settings={"Large order": "500"})
