"""A file of the shop becomes text with positions; every slip is told with its place and the line to copy."""

import random
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest
import yaml
from hypothesis import example, given, settings
from hypothesis import strategies as st

from rowcall.errors import Place, Severity
from rowcall.language.document import Blank, Block, Lines, Node, Text, parse, read_file
from rowcall.language.near import did_you_mean
from rowcall.language.notes import Notes
from rowcall.language.unquoted import quote

type_as_typed = "NO on off yes true null ~ 007 0778 1e5 22:30 2024-03-05 1_000 0x1F .5 1,299.00 =SUM(A1) 订单"

Plain = str | None | Sequence["Plain"] | Mapping[str, "Plain"]


def plain(node: Node | None) -> Plain:
    """The node as texts, lists and dicts, to compare with."""
    match node:
        case Text():
            return node.value
        case Block():
            return {pair.key.value: plain(pair.value) for pair in node}
        case Lines():
            return [plain(part) for part in node]
        case _:
            return None


def told(source: str | bytes) -> list[str]:
    return [str(problem) for problem in parse(source, "r.yaml")[1].problems]


@pytest.mark.parametrize("text", type_as_typed.split())
def test_a_text_stays_as_typed(text: str) -> None:
    block, notes = parse(f"in block: {text}\nin list:\n  - {text}\nin brackets: [{quote(text)}]\n", "r.yaml")
    assert not notes.problems
    assert plain(block) == {"in block": text, "in list": [text], "in brackets": [text]}


def test_places_count_from_one_and_lead_to_each_text() -> None:
    block, _ = parse('rule: Low stock\nwhen:\n  状态: "Paid"\n  A: [x,  y]\n  B:\n', "r.yaml")
    assert block is not None
    when = block.pairs[1].value
    assert isinstance(when, Block)
    first, listed, blank = (pair.value for pair in when)
    assert first == Text("Paid", Place("r.yaml", 3, 7), quoted=True)
    assert isinstance(listed, Lines)
    assert [str(part.place) for part in listed] == ["r.yaml:4:7", "r.yaml:4:11"]
    assert isinstance(blank, Blank)


def test_places_behind_a_mended_slip_are_those_of_the_file() -> None:
    block, _ = parse("a: {b:1, c: x}\n", "r.yaml")
    assert block is not None
    inner = block.pairs[0].value
    assert isinstance(inner, Block)
    assert [(pair.key.value, pair.key.place.column) for pair in inner] == [("b", 5), ("c", 10)]


WRONG = [
    # (the wrong line below `when:`, column, what is said, how it is right)
    ("Status:Paid", 9, "a blank is missing", "Status: Paid"),
    ("Status：Paid", 9, "full-width colon", "Status: Paid"),
    ("状态：已付款", 5, "full-width colon", "状态: 已付款"),
    ("Status： Paid", 9, "full-width colon", "Status: Paid"),
    ("Status: !Paid", 11, "`not Paid`", "Status: not Paid"),
    ("Status: <>Paid", 11, "`not Paid`", "Status: not Paid"),
    ("Status: != Paid", 11, "`not Paid`", "Status: not Paid"),
    ("On hand: > 5", 12, "`more than 5`", "On hand: more than 5"),
    ("On hand: >5", 12, "`more than 5`", "On hand: more than 5"),
    ("On hand: >= 5", 12, "`at least 5`", "On hand: at least 5"),
    ("On hand: < 5", 12, "`less than 5`", "On hand: less than 5"),
    ("On hand: <= 5", 12, "`at most 5`", "On hand: at most 5"),
    ("On hand: ≥5", 12, "`at least 5`", "On hand: at least 5"),
    ("Name: *tea*", 9, "`contains tea`", "Name: contains tea"),
    ("Name: *tea", 9, "`ends with tea`", "Name: ends with tea"),
    ("Owner: @anna", 10, "without `@`", "Owner: anna"),
    ("Owner: &anna", 10, "can't begin with `&`", "Owner:"),
    ("Share: %5", 10, "needs quotes", 'Share: "%5"'),
    ("Name: Order #12", 15, "taken for a remark", 'Name: "Order #12"'),
    ("Name: red #sale", 13, "taken for a remark", 'Name: "red #sale"'),
    ("Name: red #a hint for us", 13, "taken for a remark", "Name: red # a hint for us"),
    ("Colour: #FF0000", 11, "taken for a remark", 'Colour: "#FF0000"'),
    ("Order #: not empty", 9, "taken for a remark", '"Order #": not empty'),
    ("Name: {{ name }} and more", 9, "`{{` needs quotes", 'Name: "{{ name }} and more"'),
    ("Name: Re: your order", 9, "second colon", 'Name: "Re: your order"'),
    ("Name: [Total] / [Orders]", 9, "needs quotes", 'Name: "[Total] / [Orders]"'),
    ('Name: "Tea', 9, "not closed", 'Name: "Tea"'),
    ("Name: 'n Sync", 9, "not closed", 'Name: "n Sync"'),
    ('Name: "Tea" and more', 14, "whole text in quotes", "Name: '\"Tea\" and more'"),
    ("Name: [Tea, Coffee", 9, "`[` that opens here is not closed", "Name: [Tea, Coffee]"),
    ("Name: {a: b, c: d", 9, "`{` that opens here is not closed", "Name: {a: b, c: d}"),
    ("Name: {a: b]", 14, "instead of `}`", "Name: {a: b}"),
    ("Name: {a: Acme, Ltd}", 19, "a comma needs quotes", 'Name: {a: "Acme, Ltd"}'),
    ("Name: {a: one of A, B, C}", 23, "a comma needs quotes", 'Name: {a: "one of A, B, C"}'),
    ("Name: {a: b, , c: d}", 16, "nothing before it", "Name: {a: b, c: d}"),
    ("Name: {a:b}", 11, "a blank is missing", "Name: {a: b}"),
    ("Name: [Paid，Shipped]", 14, "full-width comma", "Name: [Paid, Shipped]"),
    ("Name: {a: {{ b }}}", 13, "needs quotes", 'Name: {a: "{{ b }}"}'),
    ("Name: - Tea", 9, "can't begin behind the colon", "Name: [Tea]"),
    ("Name: !!str 007", 9, "not with `!`", 'Name: "007"'),
    ("Status\tPaid: x", 9, "A tab", "Status Paid: x"),
    ("Status:\u00a0Paid", 10, "unusual blank", "Status: Paid"),
    ('"Status":\u00a0Paid', 12, "unusual blank", '"Status": Paid'),
    ("Status: Pa\u200bid", 13, "invisible character (U+200B)", "Status: Paid"),
    ("[Total]: 5", 3, "without brackets", "Total: 5"),
    ("@anna: 5", 3, "needs quotes", '"@anna": 5'),
    ("Status:[Paid, New]", 9, "a blank is missing", "Status: [Paid, New]"),
    ('Status:"Paid"', 9, "a blank is missing", 'Status: "Paid"'),
    ("Status Paid", 9, "a colon is missing", "Status: Paid"),
    ("Status: | Paid", 11, "needs quotes", 'Status: "| Paid"'),
]


@pytest.mark.parametrize(("line", "column", "what", "right"), WRONG, ids=[line for line, *_ in WRONG])
def test_a_wrong_line_is_told_and_mended(line: str, column: int, what: str, right: str) -> None:
    block, notes = parse(f"rule: x\nwhen:\n  Sort: a\n  {line}\nthen: y\n", "r.yaml")
    assert [problem.place for problem in notes.problems] == [Place("r.yaml", 4, column)]
    problem = notes.problems[0]
    assert what in problem.what
    assert problem.suggestion == f"  {right}"
    assert problem.excerpt == f"  {line}"
    mended, rest = parse(f"rule: x\nwhen:\n  Sort: a\n  {right}\nthen: y\n", "r.yaml")
    assert not rest.problems
    assert plain(block) == plain(mended)


LAYOUT = [
    # (file, place, what is said, the line to copy)
    ("a:\n\tb: c\n", "2:1", "A tab stands at the beginning", "  b: c"),
    ("a:\n  b: c\n   d: e\n", "3:4", "3 blanks; it must be 2 blanks, like line 2", "  d: e"),
    ("a:\n  b: c\n d: e\n", "3:2", "1 blank; it must be 2 blanks", "  d: e"),
    ("a: b\n  c: d\n", "2:3", "2 blanks; it must be no blanks", "c: d"),
    ("a: one\n  two\n", "2:3", "goes on here", "a: one two"),
    ("a:\n  - email\n      to: x\n", "2:10", "a colon is missing", "  - email:"),
    ("a:\n  -email: x\n", "2:3", "Behind the dash", "  - email: x"),
    ("a:\n  – email: x\n", "2:3", "begins with `- `", "  - email: x"),
    ("a:\n  * email: x\n", "2:3", "begins with `- `", "  - email: x"),
    ("a:\n  - b\n  c\n", "3:3", "`- ` is missing", "  - c"),
    ("a:\n  - b: c\n  d:\n    e: f\n", "3:3", "`- ` is missing", "  - d:"),
    ("when\n  a: b\n", "1:5", "a colon is missing", "when:"),
    ("when：\n  a: b\n", "1:5", "full-width colon", "when:"),
    ("a: b\n  - c\n", "2:3", "has a value already", ""),
    ("b:\n  c: d\n  - e\n", "3:3", "is no list", ""),
    ("a: b\n---\nc: d\n", "2:1", "one file holds one rule", ""),
    ("%YAML 1.2\na: b\n", "1:1", "can't begin with `%`", ""),
    ("a: b\n<<: *c\n", "2:1", "write the lines out", ""),
    ("a: b\na: c\n", "2:1", "stands here twice (first in line 1)", ""),
    ("w:\n  S: b\n  S: c\n", "3:3", "stands here twice (first in line 2)", "  S: [b, c]"),
    ("a: |\n    one\n   two\n", "3:4", "indented less", "    two"),
    ("a:\n  {b: c,\n  d: e\nf: g\n", "2:3", "`{` that opens here is not closed", "  d: e}"),
]  # fmt: skip


@pytest.mark.parametrize(("source", "place", "what", "right"), LAYOUT, ids=[repr(row[0]) for row in LAYOUT])
def test_a_wrong_layout_is_told(source: str, place: str, what: str, right: str) -> None:
    _, notes = parse(source, "r.yaml")
    assert [str(problem.place) for problem in notes.problems] == [f"r.yaml:{place}"]
    assert what in notes.problems[0].what
    assert notes.problems[0].suggestion == right


def test_lines_below_a_mended_line_go_with_it() -> None:
    block, _ = parse("then:\n  - email:\n      to: x\n  set:\n    Low: now\n    High: no\n", "r.yaml")
    assert plain(block) == {"then": [{"email": {"to": "x"}}, {"set": {"Low": "now", "High": "no"}}]}


def test_curly_quotes_are_a_warning_and_stay() -> None:
    block, notes = parse("Status: “Paid”\nName: “New” tea\n", "r.yaml")
    assert [(one.severity, one.suggestion) for one in notes.problems] == [
        (Severity.WARNING, 'Status: "Paid"')
    ]
    assert plain(block) == {"Status": "“Paid”", "Name": "“New” tea"}


def test_a_header_in_backticks_needs_no_quotes() -> None:
    block, notes = parse("when:\n  `Ship.date`: not empty\n  B: `C.d`\n", "r.yaml")
    assert not notes.problems
    assert plain(block) == {"when": {"`Ship.date`": "not empty", "B": "`C.d`"}}


def test_ten_mistakes_are_told_together_with_their_lines() -> None:
    source = (
        "rule：Low stock\nlook at: Orders #today\nwhen:\n  Status:Paid\n  On hand: > 5\n  Owner: @anna\n"
        "   Name: *tea*\nthen:\n  -email:\n      to: [Email, Owner\n      subject: {{ name }}\n      text: Hi: you\n"
    )
    _, notes = parse(source, "r.yaml")
    assert [problem.place.line for problem in notes.problems] == [1, 2, 4, 5, 6, 7, 7, 9, 10, 11, 12]
    assert [problem.suggestion for problem in notes.problems] == [
        "rule: Low stock", 'look at: "Orders #today"', "  Status: Paid", "  On hand: more than 5",
        "  Owner: anna", "  Name: contains tea", "  Name: contains tea", "  - email:",
        "      to: [Email, Owner]", '      subject: "{{ name }}"', '      text: "Hi: you"',
    ]  # fmt: skip


def test_no_message_speaks_of_yaml() -> None:
    jargon = ("mapping", "scalar", "token", "anchor", "alias", "sequence", "node", "YAML", "parse")
    for line, *_ in WRONG:
        text = " ".join(told(f"when:\n  {line}\n"))
        assert not [word for word in jargon if word in text], text
    for source, *_ in LAYOUT:
        text = " ".join(told(source))
        assert not [word for word in jargon if word in text.replace("%YAML", "")], text


BOMBS = {
    "30,000 square brackets": "[" * 30_000,
    "30,000 curly brackets behind a name": "a: " + "{" * 30_000,
    "30,000 brackets, one a line": "[\n" * 30_000,
    "30,000 dashes": "- " * 30_000,
    "700 levels": "\n".join(" " * level + "a:" for level in range(700)),
    "5 MB": "a: b\n" * 1_000_000,
    "copies of copies": "a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n",
    "quotes": "a: '\n" * 50_000,
    "tabs": "a: x" + "\tb" * 100_000,
    "stars": "*" * 200_000,
}


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_is_a_mistake_in_under_a_second(name: str) -> None:
    started = time.process_time()
    _, notes = parse(BOMBS[name], "r.yaml")
    assert notes.errors
    assert time.process_time() - started < 1
    assert sum(len(str(problem)) for problem in notes.problems) < 500_000


BYTES = {
    "UTF-8 with byte-order mark": ("﻿a: 订单\n".encode(), None),
    "Windows line ends": ("a: 订单\r\n".encode(), None),
    "GB18030": ("a: 订单\n".encode("gb18030"), "saved as GB18030"),
    "UTF-16": ("a: 订单\n".encode("utf-16"), "saved as UTF-16"),
    "UTF-16 without mark": ("a: b\n".encode("utf-16-le"), "saved as UTF-16"),
    "no text": (b"a: \xff\xff\x81", "an encoding that is not known"),
}


@pytest.mark.parametrize("name", BYTES)
def test_bytes_are_read_as_utf8_or_refused(name: str, tmp_path: Path) -> None:
    content, what = BYTES[name]
    path = tmp_path / "r.yaml"
    path.write_bytes(content)
    block, notes = read_file(path, "rules/r.yaml")
    if what is None:
        assert plain(block) == {"a": "订单"}
        assert not notes.problems
    else:
        assert block is None
        assert what in notes.problems[0].what
        assert "UTF-8" in notes.problems[0].fix
        assert notes.problems[0].place.file == "rules/r.yaml"


@pytest.mark.parametrize(
    ("source", "what"),
    [("", "is empty"), ("# only a remark\n", "is empty"), ("- a\n- b\n", "must hold lines of `name: value`")],
)
def test_a_file_without_names(source: str, what: str) -> None:
    block, notes = parse(source, "r.yaml")
    assert block is None
    assert what in notes.problems[0].what


def test_a_file_over_256_kb_is_refused_whatever_it_holds(tmp_path: Path) -> None:
    (tmp_path / "big.yaml").write_bytes(b"#" * (256 * 1024 + 1))
    assert "longer than 256 KB" in read_file(tmp_path / "big.yaml", "big.yaml")[1].problems[0].what


def test_twenty_levels_are_read_and_one_more_is_not() -> None:
    assert not told("a: " + "[" * 19 + "x" + "]" * 19 + "\n")
    assert "More than 20 levels" in told("a: " + "[" * 20 + "x" + "]" * 20 + "\n")[0]


VALID = {
    "long texts": (
        "a: |\n  one: two #3\n\n    three\nb: >\n  x\n  y\n",
        {"a": "one: two #3\n\n  three\n", "b": "x y\n"},
    ),
    "quoted text over two lines": ('a: "one\n  two"\nb: c\n', {"a": "one two", "b": "c"}),
    "value on the next line": ("a:\n  one\nb: c\n", {"a": "one", "b": "c"}),
    "list below its name": ("a:\n- x\n- y\nb: c\n", {"a": ["x", "y"], "b": "c"}),
    "brackets over lines": (
        "a: {b: c,   # why\n    d: [e,\n      f]}\ng: h\n",
        {"a": {"b": "c", "d": ["e", "f"]}, "g": "h"},
    ),
    "opening line": ("---\na: b\n", {"a": "b"}),
    "web address": (
        "a: https://x.eu/#y\nb:\n  - sqlite:///x.db\n",
        {"a": "https://x.eu/#y", "b": ["sqlite:///x.db"]},
    ),
    "times in a list": ("a:\n  - 22:30\n", {"a": ["22:30"]}),
    "quoted names": ('"a: b": c\n"d" : e\n', {"a: b": "c", "d": "e"}),
}


@pytest.mark.parametrize("name", VALID)
def test_what_is_right_is_read_without_a_word(name: str) -> None:
    source, expected = VALID[name]
    block, notes = parse(source, "r.yaml")
    assert not notes.problems
    assert plain(block) == expected


texts = st.text(
    st.characters(blacklist_categories=["Cs", "Cc", "Cf", "Zl", "Zp"]), min_size=1, max_size=20
).filter(lambda text: text == text.strip())
nodes = st.recursive(
    texts,
    lambda inner: (
        st.lists(inner, min_size=1, max_size=3) | st.dictionaries(texts, inner, min_size=1, max_size=3)
    ),
    max_leaves=12,
)


def printed(node: Plain, indent: str = "") -> str:
    """A small printer: every text in quotes, blocks and lists on lines of their own."""
    if isinstance(node, str):
        return f" {quote(node)}\n"
    if isinstance(node, Mapping):
        return "\n" + "".join(
            f"{indent}{quote(key)}:{printed(value, indent + '  ')}" for key, value in node.items()
        )
    return "\n" + "".join(f"{indent}-{printed(part, indent + '  ')}" for part in node or ())


@given(st.dictionaries(texts, nodes, min_size=1, max_size=4))
@example({"a": "-\u00a05"})
@example({"a": "5:\u00a06"})
@settings(max_examples=150, deadline=None)
def test_what_is_printed_is_read_back(document: Mapping[str, Plain]) -> None:
    block, notes = parse(printed(document), "r.yaml")
    assert [str(one) for one in notes.problems] == []
    assert plain(block) == document


SEED = (
    "rule: Low\nwhen:\n  Status: Paid\n  A: [b, {c: d}]\n"
    "then:\n  - email:\n      to: \"x\"\n    set: {a: 'b'}\n  - at: |\n      x\n"
)
PIECES = [*" \n:,-#{}[]\"'|>&*!%@`?\t：，中\\<=~", "{{", "}}", "- ", ": ", " #", "\n  ", "\n- ", "a", "b"]


@pytest.mark.parametrize("seed", range(8))
def test_whatever_is_accepted_is_what_a_yaml_reader_reads(seed: int) -> None:
    dice = random.Random(seed)
    accepted = 0
    for _ in range(60):
        source = SEED
        for _ in range(dice.randrange(3)):
            at = dice.randrange(len(source))
            source = source[:at] + dice.choice(PIECES) + source[at + dice.randrange(2) :]
        block, notes = parse(source, "r.yaml")
        assert block is not None or notes.errors
        if notes.errors or "`" in source or "\t" in source:
            continue
        accepted += 1
        assert _blanks_as_text(block) == yaml.load(source, Loader=yaml.BaseLoader), source  # noqa: S506 - texts only
    assert accepted


def _blanks_as_text(node: Node | None) -> Plain:
    match node:
        case Blank():
            return ""
        case Block():
            return {pair.key.value: _blanks_as_text(pair.value) for pair in node}
        case Lines():
            return [_blanks_as_text(part) for part in node]
        case _:
            return plain(node)


@given(st.binary(max_size=200) | st.lists(st.sampled_from(PIECES), max_size=80).map("".join).map(str.encode))
@settings(max_examples=300, deadline=None)
def test_no_bytes_crash(source: bytes) -> None:
    block, notes = parse(source, "r.yaml")
    assert block is not None or notes.errors


@pytest.mark.parametrize(
    ("word", "known", "meant"),
    [
        ("Stok", ["SKU", "Name", "Stock"], "Stock"),
        ("tehn", ["then", "when"], "then"),
        ("LOOK_AT", ["look at", "when"], "look at"),
        ("Payed", ["Paid", "Shipped"], ""),
        ("ot", ["to", "cc"], "to"),
        ("xyz", ["rule", "when"], ""),
        ("", ["rule"], ""),
        ("订单壮态", ["订单状态", "订单编号"], "订单状态"),
    ],
)
def test_did_you_mean(word: str, known: list[str], meant: str) -> None:
    assert did_you_mean(word, known) == meant


def test_notes_are_told_once_in_the_order_of_the_file() -> None:
    notes = Notes("r.yaml", ["first", "second hush-hush"])
    notes.hide("hush-hush")
    notes.mistake(notes.place(2, 1), "b: hush-hush")
    notes.mistake(notes.place(1, 1), "a", severity=Severity.WARNING)
    notes.mistake(notes.place(2, 1), "b: hush-hush")
    assert [(one.what, one.excerpt) for one in notes.problems] == [("a", "first"), ("b: ***", "second ***")]
    assert [one.what for one in notes.errors] == ["b: ***"]
    assert notes.corrected(notes.place(1, 1), "first", "new") == "new"
