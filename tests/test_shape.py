"""A frozen dataclass is the shape of a block: what fits becomes a value, what does not is told with its place."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import time
from enum import StrEnum
from typing import Literal

import pytest

from rowcall.duration import Span, Unit
from rowcall.errors import Place
from rowcall.language.document import Block, Node, Text, parse
from rowcall.language.notes import Notes
from rowcall.language.shape import describe_shape, help_field, read_parts, read_shape


class State(StrEnum):
    ON = "on"
    OFF = "off"


@dataclass(frozen=True, slots=True)
class Part:
    count: int
    note: str = "none"


@dataclass(frozen=True)
class Colour:
    name: str


@dataclass(frozen=True, slots=True)
class Rule:
    rule: str = help_field("The title.")
    place: Place = Place()  # noqa: RUF009 - frozen
    from_: tuple[str, ...] = help_field("Who sent it.", ())
    check_every: Span | None = None
    state: State = State.ON
    first_run: Literal["ask", "only new ones"] = "ask"
    urgent: bool = False
    share: float = 0.0
    at: time | None = None
    part: Part | None = None
    parts: Mapping[str, Part] = field(default_factory=dict)
    colour: Colour = field(default=Colour("red"), metadata={"key": "paint"})
    anything: Node | None = None


def read(source: str) -> tuple[Rule | None, Notes]:
    block, notes = parse(source, "r.yaml")
    assert block is not None
    return read_shape(Rule, block, notes, {Colour: read_colour}), notes


def read_colour(node: Node, notes: Notes) -> Colour | None:
    if isinstance(node, Text) and node.value in ("red", "blue"):
        return Colour(node.value)
    notes.mistake(node.place, "That is no colour.")
    return None


@pytest.mark.parametrize(
    ("line", "name", "value"),
    [
        ("From: [a, b]", "from_", ("a", "b")),
        ("FROM: a", "from_", ("a",)),
        ("check every: 30 minutes", "check_every", Span(30, Unit.MINUTE)),
        ("Check_Every: 1 working hour", "check_every", Span(1, Unit.HOUR, working=True)),
        ("check-every: 2小时", "check_every", Span(2, Unit.HOUR)),
        ("state: Off", "state", State.OFF),
        ("first run: Only_new ones", "first_run", "only new ones"),
        ("urgent: yes", "urgent", True),
        ("urgent: 是", "urgent", True),
        ("urgent: off", "urgent", False),
        ("share: 2.5", "share", 2.5),
        ("at: 08:30", "at", time(8, 30)),
        ("part: {count: 3}", "part", Part(3)),
        (
            "parts: {One: {count: 1}, two_x: {count: 2, note: y}}",
            "parts",
            {"One": Part(1), "two_x": Part(2, "y")},
        ),
        ("paint: blue", "colour", Colour("blue")),
        ("anything: x", "anything", Text("x", Place("r.yaml", 2, 11))),
    ],
)
def test_a_line_becomes_a_typed_value(line: str, name: str, value: object) -> None:
    rule, notes = read(f"rule: NO\n{line}\n")
    assert not notes.problems
    assert rule is not None
    assert rule.rule == "NO"
    assert getattr(rule, name) == value


def test_the_place_of_the_block_is_kept() -> None:
    rule, _ = read("# remark\nrule: x\n")
    assert rule is not None
    assert rule.place == Place("r.yaml", 2, 1)


@pytest.mark.parametrize(
    ("source", "place", "what", "suggestion"),
    [
        ("rule: x\nstaet: on\n", "2:1", "Did you mean `state`?", "state: on"),
        ("rule: x\nzzz: on\n", "2:1", "`zzz:` is not known here; possible are `rule`, `from`", ""),
        ("from: x\n", "1:1", "`rule:` is missing here", ""),
        ("ruel: x\n", "1:1", "Did you mean `rule`?", "rule: x"),
        ("rule: x\nstate:\n", "2:1", "Nothing stands behind `state:`", ""),
        ("rule: x\nstate: Offf\n", "2:8", "Did you mean `off`?", "state: off"),
        ("rule: x\nfirst run: aks\n", "2:12", "possible are `ask`, `only new ones`", "first run: ask"),
        ("rule: x\nurgent: yse\n", "2:9", "is not `yes` or `no`", "urgent: yes"),
        ("rule: x\nurgent: [yes]\n", "2:9", "must stand here, not a list", ""),
        ("rule: x\ncheck every: 3 dyas\n", "2:14", "is not a duration", "check every: 3 days"),
        ("rule: x\nat: 25:00\n", "2:5", "is not a time of day", ""),
        ("rule: x\nshare: 1,5\n", "2:8", "is not a number", ""),
        ("rule: x\npart: {count: 1.5}\n", "2:15", "is not a whole number", ""),
        ("rule: x\npart: 3\n", "2:7", "with the keys `count`, `note`", ""),
        ("rule: x\nparts: {a: {cuont: 1}}\n", "2:13", "Did you mean `count`?", "parts: {a: {count: 1}}"),
        ("rule: x\nparts: [a]\n", "2:8", "not a list", ""),
        ("rule: {a: b}\n", "1:7", "A text must stand here", ""),
        (
            "rule: x\ncheck every: 1 day\nCheck_every: 2 days\n",
            "3:1",
            "stands here twice (`check every:` in line 2)",
            "",
        ),
        ("rule: x\npaint: green\n", "2:8", "That is no colour.", ""),
    ],
)
def test_what_does_not_fit_is_told_once_with_its_place(
    source: str, place: str, what: str, suggestion: str
) -> None:
    rule, notes = read(source)
    assert rule is None
    assert [str(problem.place) for problem in notes.problems] == [f"r.yaml:{place}"]
    assert what in notes.problems[0].what
    assert notes.problems[0].suggestion == suggestion


def test_all_mistakes_of_a_block_are_told() -> None:
    _, notes = read("state: x\nurgent: y\nat: z\nparts: {a: {count: b}}\n")
    assert [problem.place.line for problem in notes.problems] == [1, 1, 2, 3, 4]


def test_keys_that_the_caller_reads_are_known() -> None:
    block, notes = parse("count: 1\nwhen: x\nwehn: y\n", "r.yaml")
    assert block is not None
    assert read_shape(Part, block, notes, besides=("when",)) is None
    assert [problem.suggestion for problem in notes.problems] == ["when: y"]


@dataclass(frozen=True, slots=True)
class Lenient:
    name: str = help_field("The name.", "", required=True)
    count: int = 0
    block: Block | None = None


def test_parts_are_read_though_others_can_not_be() -> None:
    block, notes = parse("count: x\nblock: {a: b}\n", "r.yaml")
    assert block is not None
    read = read_parts(Lenient, block, notes)
    assert (read.name, read.count) == ("", 0)
    assert read.block is not None
    assert [problem.what for problem in notes.problems] == [
        "`name:` is missing here.",
        "`x` is not a whole number (`25`).",
    ]


def test_a_shape_is_described_for_the_reference() -> None:
    keys = {key.key: key for key in describe_shape(Rule)}
    assert list(keys) == [
        "rule", "from", "check every", "state", "first run", "urgent", "share", "at", "part", "parts", "paint",
        "anything",
    ]  # fmt: skip
    assert (keys["rule"].required, keys["rule"].help, keys["rule"].kind) == (True, "The title.", "a text")
    assert (keys["from"].required, keys["from"].kind) == (False, "a text, or a list of such")
    assert (keys["state"].choices, keys["state"].default) == (("on", "off"), "on")
    assert keys["urgent"].default == "no"
    assert keys["part"].inside is Part
    assert keys["parts"].inside is Part
    assert keys["anything"].inside is None
    assert [key.required for key in describe_shape(Lenient)] == [True, False, False]


def test_a_type_without_reader_is_a_slip_of_ours() -> None:
    @dataclass(frozen=True)
    class Odd:
        size: complex

    block, notes = parse("size: 1\n", "r.yaml")
    assert block is not None
    with pytest.raises(TypeError, match="give read_shape a reader"):
        read_shape(Odd, block, notes)


@dataclass(frozen=True, slots=True)
class Spoken:
    language: Literal["en", "zh"] | None = None


def test_one_of_a_few_words_or_nothing_at_all() -> None:
    block, notes = parse("language: zh\n", "x.yaml")
    assert block is not None
    assert read_shape(Spoken, block, notes) == Spoken("zh")
    wrong, notes = parse("language: zhh\n", "x.yaml")
    assert wrong is not None
    read_shape(Spoken, wrong, notes)
    assert "zh" in str(notes.problems[0])
