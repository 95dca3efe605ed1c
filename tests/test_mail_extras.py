"""Are digests, attached files, buttons and questions read as they were meant, and slips told with the way out?"""

from dataclasses import replace

import pytest

from rowcall.actions import ask, email
from rowcall.duration import Span, Unit
from rowcall.errors import Problem, Severity
from rowcall.language.document import Block, parse
from rowcall.language.rule import Rule
from rowcall.language.rule_file import read_rule
from rowcall.language.sentence import sentence
from rowcall.language.value import Attachment, Button, Cells
from tests.tea_shop import ACTIONS, FILE, SCOPE

BUTTONS = """\
buttons:
  Take it: {set: {Status: Paid, Note: now}}
  Later: {snooze: 2 hours}
  Done: {stop: yes}
  Stars: {rate: Lines, from: 1, to: 5, comment: Note}
  Nothing: {label: Nothing}
  Misspelt: {set: {Stauts: Paid}}
"""
RULE = """\
rule: Test
look at: Orders
figures:
  Revenue: {{in: Orders, sum of: Total}}
  Big orders: {{in: Orders, list: [Order No, Total]}}
  By status: {{in: Orders, count: rows, by: Status}}
then:
  - {action}:
      to: anna
      subject: Hello
      text: Hi
      {line}
"""
LINE = 12


def config_buttons() -> dict[str, Block]:
    block, _ = parse(BUTTONS, "config.yaml")
    assert block is not None
    inside = block.pairs[0].value
    assert isinstance(inside, Block)
    return {pair.key.value: pair.value for pair in inside if isinstance(pair.value, Block)}


HERE = replace(SCOPE, buttons=config_buttons(), attachments=("price-list.pdf", "leaflet.pdf"))


def read(line: str, action: str = "email", scope: object = HERE) -> tuple[Rule | None, tuple[Problem, ...]]:
    assert isinstance(scope, type(HERE))
    return read_rule(RULE.format(action=action, line=line), FILE, scope, ACTIONS)


def params(line: str, action: str = "email") -> email.Params | ask.Params:
    rule, problems = read(line, action)
    assert rule is not None, "\n".join(map(str, problems))
    found = rule.entries[0].acts[0].params
    assert isinstance(found, email.Params | ask.Params)
    return found


def mail(line: str) -> email.Params:
    found = params(line)
    assert isinstance(found, email.Params)
    return found


def question(line: str) -> ask.Params:
    found = params(line, "ask")
    assert isinstance(found, ask.Params)
    return found


def buttons(line: str) -> tuple[Button, ...]:
    found = mail(line).buttons
    assert found is not None
    return found.all


@pytest.mark.parametrize(
    ("line", "texts", "group"),
    [
        ("digest: weekdays at 08:30 and 14:00", ["weekdays at 08:30 and 14:00"], ""),
        ("digest: [every day at 08:30, Fridays at 16:00]", ["every day at 08:30", "Fridays at 16:00"], ""),
        ("digest: every day at 08:30\n      group by: Buyer.Tier", ["every day at 08:30"], "Buyer.Tier"),
        ("Digest: every day at 08:30\n      Group-by: Status", ["every day at 08:30"], "Status"),
    ],
)
def test_a_digest_and_its_groups(line: str, texts: list[str], group: str) -> None:
    found = mail(line)
    assert found.digest is not None
    assert [one.text for one in found.digest.schedules] == texts
    assert (found.group_by.ref.name if found.group_by else "") == group


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("attach: Big orders as xlsx", [("Big orders", "xlsx", "")]),
        (
            "attach: [By status as csv, price-list.pdf]",
            [("By status", "csv", ""), ("", "", "price-list.pdf")],
        ),
        ("attach: rows as csv\n      digest: every day at 08:30", [("", "csv", "")]),
    ],
)
def test_what_a_mail_carries(line: str, found: list[tuple[str, str, str]]) -> None:
    attach = mail(line).attach
    assert attach is not None
    assert [(one.figure, one.form, one.file) for one in attach.all] == found
    assert all(isinstance(one, Attachment) for one in attach.all)


class TestButtons:
    def test_those_of_the_config_by_name(self) -> None:
        take, later, done, stars = buttons("buttons: [Take it, later, DONE, Stars]")
        assert isinstance(take.cells, Cells)
        assert [one.ref.name for one in take.cells.targets] == ["Status", "Note"]
        assert later.snooze == Span(2, Unit.HOUR)
        assert done.stop
        assert stars.rate is not None
        assert stars.comment is not None
        assert (stars.label, stars.rate.name, stars.low, stars.high, stars.comment.name) == (
            "Stars", "Lines", 1, 5, "Note",
        )  # fmt: skip

    def test_those_in_place(self) -> None:
        ship, rate = buttons(
            "buttons:\n        - {label: Ship it, set: {Status: Shipped}, stop: yes}\n        - {rate: Lines}"
        )
        assert (ship.label, ship.stop) == ("Ship it", True)
        assert (rate.label, rate.low, rate.high) == ("Rate 1 to 5", 1, 5)

    def test_a_mistake_in_the_config_is_told_there_with_the_rule_that_uses_it(self) -> None:
        rule, problems = read("buttons: Misspelt")
        assert rule is None
        (problem,) = [one for one in problems if one.severity is Severity.ERROR]
        assert (problem.place.file, problem.place.line) == ("config.yaml", 7)
        assert "Did you mean `Status`?" in problem.what
        assert f"(button `Misspelt` of {FILE}:{LINE}:16)" in problem.what

    def test_that_mails_carry_none_yet_is_told_once_for_a_rule(self) -> None:
        source = RULE.format(action="email", line="buttons: [Done]")
        source += "  - ask: {to: anna, subject: Well?, text: Hi, answer: Status, choices: [Paid, New]}\n"
        _, problems = read_rule(source, FILE, HERE, ACTIONS)
        notes = [one for one in problems if "carry no buttons yet" in one.what]
        assert [(one.severity, one.place.line) for one in notes] == [(Severity.NOTE, LINE)]

    def test_rules_without_buttons_are_told_nothing(self) -> None:
        assert read("urgent: no")[1] == ()


class TestAsk:
    def test_choices_are_buttons_that_write_the_answer(self) -> None:
        found = ask.buttons(question("answer: Status\n      choices: [Paid, Cancelled]\n      comment: Note"))
        assert [one.label for one in found.all] == ["Paid", "Cancelled"]
        (target,) = found.all[0].cells.targets if found.all[0].cells else ()
        assert target.ref.name == "Status"
        assert found.all[1].comment is not None

    def test_a_scale_is_one_button(self) -> None:
        (one,) = ask.buttons(question("answer: Lines\n      rate: 1 to 5")).all
        assert (one.label, one.low, one.high) == ("Rate 1 to 5", 1, 5)
        assert one.rate is not None

    @pytest.mark.parametrize(
        ("column", "labels"),
        [
            ("Status", ["New", "Paid", "Shipped", "Delivered", "Cancelled"]),
            ("Marketing consent", ["yes", "no"]),
        ],
    )
    def test_without_choices_those_of_the_column_are_offered(self, column: str, labels: list[str]) -> None:
        assert [one.label for one in ask.buttons(question(f"answer: {column}")).all] == labels


WRONG = [
    ("email", "digest: 8:30", "also says on which days", "      digest: every day at 08:30"),
    ("email", "digest: dayly at 08:30", "Did you mean `every day at 08:30`", "      digest: every day at 08:30"),
    ("email", "digest: []", "Here stand the times", None),
    ("email", "group by: Status", "there is no `digest:` here", None),
    ("email", "group by: Revenue\n      digest: every day at 08:30", "is a figure", None),
    ("email", "group by: Statsu\n      digest: every day at 08:30", "Did you mean `Status`", "      group by: Status"),
    ("email", "attach: Revenue", "is a single value", None),
    ("email", "attach: Revenue as xlsx", "is a single value", None),
    ("email", "attach: Big orders", "needs a form, `xlsx` or `csv`", "      attach: Big orders as xlsx"),
    ("email", "attach: Big ordres as csv", "Did you mean `Big orders`", "      attach: Big orders as csv"),
    ("email", "attach: Big orders as xls", "is no form of a list", "      attach: Big orders as xlsx"),
    ("email", "attach: Big orders as pdf", "is no form of a list", None),
    ("email", "attach: rows as xlsx", "there is no `digest:` here", None),
    ("email", "attach: ../secret.txt", "is a path", None),
    ("email", "attach: /etc/hostname", "is a path", None),
    ("email", "attach: C:\\secret.txt", "is a path", None),
    ("email", "attach: pricelist.pdf", "Did you mean `price-list.pdf`", "      attach: price-list.pdf"),
    ("email", 'attach: "{{ note }}.pdf"', "without `{{ }}`", None),
    ("email", "attach: []", "Nothing is named here", None),
    ("email", "buttons: [Take]", "There is no button `Take`", None),
    ("email", "buttons: [Latre]", "Did you mean `Later`", "      buttons: [Later]"),
    ("email", "buttons: Nothing", "The button `Nothing` does nothing", None),
    ("email", "buttons: [{label: Idle}]", "The button `Idle` does nothing", None),
    ("email", "buttons: [{set: {Status: Paid}}]", "has no `label:`", None),
    ("email", "buttons: [{label: A, snoze: 2 hours}]", "Did you mean `snooze`", "      buttons: [{label: A, snooze: 2 hours}]"),
    ("email", "buttons: [{label: A, snooze: soon}]", "soon", None),
    ("email", "buttons: [{label: A, snooze: 2 working hours}]", "working", None),
    ("email", "buttons: [{label: A, set: {Status: Payed}}]", "Payed", "      buttons: [{label: A, set: {Status: Paid}}]"),
    ("email", "buttons: [{label: A, rate: Email}]", "a number is written there", None),
    ("email", "buttons: [{label: A, rate: Lines, from: 5, to: 1}]", "A scale goes up", None),
    ("email", "buttons: [{label: A, rate: Lines, from: 1, to: 100}]", "100 buttons", None),
    ("email", "buttons: [{label: A, from: 1, stop: yes}]", "belongs to `rate", None),
    ("email", "buttons: [{label: A, stop: yes, comment: Total}]", "a text is written there", None),
    ("email", "buttons: [Done, done]", "Two buttons of this mail are called", None),
    ("ask", "urgent: no", "`answer:` is missing", None),
    ("ask", "answer: Note", "`ask` needs `choices:` or `rate:`", None),
    ("ask", "answer: Statsu", "Did you mean `Status`", "      answer: Status"),
    ("ask", "answer: Revenue", "is a figure", None),
    ("ask", "answer: Status\n      choices: [Payed, New]", "Payed", "      choices: [Paid, New]"),
    ("ask", "answer: Status\n      choices: [Paid]", "Between 2 and 8 answers", None),
    ("ask", "answer: Lines\n      rate: 1-5", "is no scale", "      rate: 1 to 5"),
    ("ask", "answer: Email\n      rate: 1 to 5", "a rating is a number", None),
    ("ask", "answer: Lines\n      rate: 1 to 5\n      choices: [1, 2]", "not both", None),
    ("ask", "answer: Status\n      comment: Total", "a comment is written to a text column", None),
    ("ask", "answer: Status\n      digest: every day at 08:30", "`digest:` is not known here", None),
]  # fmt: skip


@pytest.mark.parametrize(("action", "line", "what", "corrected"), WRONG, ids=[one[1] for one in WRONG])
def test_a_slip_is_told_with_the_way_out(action: str, line: str, what: str, corrected: str | None) -> None:
    rule, problems = read(line, action)
    assert rule is None
    errors = [one for one in problems if one.severity is Severity.ERROR]
    assert any(what in one.what for one in errors), [one.what for one in errors]
    assert all(one.place.line >= 1 and one.place.file for one in errors)
    if corrected is not None:
        assert corrected in [one.suggestion for one in errors]


def test_a_digest_needs_rows() -> None:
    source = "rule: T\nschedule: every day at 05:30\nthen:\n  - email: {to: anna, subject: A, text: B, digest: every day at 08:30}\n"
    rule, problems = read_rule(source, FILE, replace(HERE, table=""), ACTIONS)
    assert rule is None
    assert any("this rule looks at no table" in one.what for one in problems)


@pytest.mark.parametrize(
    ("action", "line", "said"),
    [
        (
            "email",
            "digest: weekdays at 08:30\n      group by: Status",
            'collect the row for an email to anna on weekdays at 08:30, one for each Status, with the subject "Hello"',
        ),
        ("email", "attach: [Big orders as xlsx, price-list.pdf]", "carrying Big orders as xlsx and the file price-list.pdf"),
        ("email", "buttons: [Later, Done]", 'with the buttons "Later" (waits 2 hours) and "Done" (ends it)'),
        ("email", "buttons: Stars", 'the button "Stars" (sets Lines from 1 to 5 and asks for a comment into Note)'),
        ("ask", "answer: Status\n      choices: [Paid, New]", 'and write the answer "Paid" or "New" into Status'),
        ("ask", "answer: Lines\n      rate: 1 to 5", "and write the answer from 1 to 5 into Lines"),
    ],
)  # fmt: skip
def test_it_is_read_back(action: str, line: str, said: str) -> None:
    rule, problems = read(line, action)
    assert rule is not None, problems
    assert said in sentence(rule, "en")


def test_a_rule_that_leaves_the_new_keys_out_keeps_its_version() -> None:
    plain, _ = read("urgent: no")
    bare, _ = read("")
    assert plain is not None
    assert bare is not None
    assert plain.version == bare.version
