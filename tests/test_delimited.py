"""CSV at the level of characters and bytes: whatever is not written stays; what is written reads back."""

import csv
import io

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from rowcall.delimited import Line, Patch, decode, field_value, find_delimiter, read_cells, scan, write_field

# No lone surrogates: no encoding can hold them.
LETTERS = st.characters(codec="utf-8")
TEXTS = st.text(st.sampled_from("ab\";,\t|\n\r =+-@'é龙\ufeff\x00"), max_size=40)
VALUES = st.one_of(TEXTS, st.text(LETTERS, max_size=12))


@given(text=TEXTS, delimiter=st.sampled_from(",;\t|"))
@example(text='a,"b""c"x"y,\r\n"d\ne",f', delimiter=",")
@example(text='"never closed,\n1,2', delimiter=",")
def test_rows_are_told_apart_as_the_standard_library_does(text: str, delimiter: str) -> None:
    ours = [list(map(_plain, line.raw)) for line in scan(text, delimiter)]
    theirs = [row or [""] for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)]
    assert ours == theirs


def _plain(raw: str) -> str:
    """What csv finds in a field: without the rule for apostrophes, which is ours."""
    return next(csv.reader([raw], delimiter="\x01"), [""])[0] if raw else ""


@given(text=TEXTS, delimiter=st.sampled_from(",;\t|"))
def test_rows_cover_the_text_without_gap(text: str, delimiter: str) -> None:
    lines = list(scan(text, delimiter))
    assert "".join(delimiter.join(line.raw) + text[line.stop : line.end] for line in lines) == text
    for line in lines:
        assert [text[slice(*line.span(at))] for at in range(len(line.raw))] == line.raw


@given(text=TEXTS, delimiter=st.sampled_from(",;\t|"))
def test_all_cells_at_once_are_the_cells_one_by_one(text: str, delimiter: str) -> None:
    lines = list(scan(text, delimiter))
    cells = read_cells(text, delimiter, 0)
    if isinstance(cells, Line):
        assert not cells.closed
        return
    assert all(line.closed for line in lines)
    width = max((len(line.raw) for line in lines), default=0)
    expected = [
        tuple(field_value(raw) or None for raw in [*line.raw, *[""] * (width - len(line.raw))])
        for line in lines
    ]
    assert cells.rows() == expected


@given(value=VALUES, delimiter=st.sampled_from(",;\t|"), quoted=st.booleans())
def test_a_written_value_reads_back(value: str, delimiter: str, quoted: bool) -> None:
    raw = write_field(value, delimiter, quoted=quoted)
    (line,) = scan(f"{raw}{delimiter}", delimiter)
    assert [field_value(field) for field in line.raw] == [value, ""]


@st.composite
def files(draw: st.DrawFn) -> tuple[str, str]:
    """A CSV text as some program might have written it, and its delimiter."""
    delimiter = draw(st.sampled_from(",;\t|"))
    field = st.builds(
        lambda value, quoted: write_field(value, delimiter, quoted=quoted), VALUES, st.booleans()
    )
    rows = draw(st.lists(st.lists(field, min_size=1, max_size=4).map(delimiter.join), min_size=1, max_size=5))
    line_end = draw(st.sampled_from(["\n", "\r\n"]))
    return line_end.join(rows) + draw(st.sampled_from(["", line_end])), delimiter


@given(file=files(), encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "gb18030"]), data=st.data())
def test_every_byte_outside_the_written_field_stays(
    file: tuple[str, str], encoding: str, data: st.DataObject
) -> None:
    text, delimiter = file
    lines = list(scan(text, delimiter))
    assume(lines and not text.startswith("\ufeff"))
    content = text.encode(encoding)
    source = decode(content, encoding=encoding if encoding == "gb18030" else "")
    assert source is not None
    assert source.text == text
    assert source.encode(text) == content
    number = data.draw(st.integers(0, len(lines) - 1))
    position = data.draw(st.integers(0, len(lines[number].raw) + 1))
    value = data.draw(VALUES)
    patch = Patch(text, delimiter)
    assert patch.set_field(lines[number], position, value) == value
    new = source.encode(patch.new_text())
    written = list(scan(patch.new_text(), delimiter))
    assert [len(line.raw) for line in written[:number]] == [len(line.raw) for line in lines[:number]]
    assert field_value(written[number].raw[position]) == value
    stop = lines[number].span(position)[1] if position < len(lines[number].raw) else lines[number].stop
    start = lines[number].span(position)[0] if position < len(lines[number].raw) else lines[number].stop
    before, after = source.encode(text[:start]), text[stop:].encode(source.encoding)
    assert new.startswith(before)
    assert new.endswith(after)
    between = new[len(before) : len(new) - len(after)].decode(source.encoding)
    if position < len(lines[number].raw):
        assert field_value(between) == value


@pytest.mark.parametrize(
    ("text", "delimiter", "start"),
    [
        ("a,b\n1;2;3", ",", 0),
        ("a;b;c\n1,5;2,5;3", ";", 0),
        ("a\tb\n", "\t", 0),
        ('"Name, first";City;Zip\n', ";", 0),
        ("only\n1\n", ",", 0),
        ("sep=;\r\na;b\r\n", ";", 7),
        ("", ",", 0),
    ],
)
def test_the_delimiter_is_recognised(text: str, delimiter: str, start: int) -> None:
    assert find_delimiter(text) == (delimiter, start)


@pytest.mark.parametrize(
    ("content", "language", "encoding"),
    [
        (b"plain", "en", "utf-8"),
        ("Müller,Grüße".encode(), "en", "utf-8"),
        ("Müller,Grüße".encode("cp1252"), "en", "cp1252"),
        ("订单编号,状态\n已付款".encode("gb18030"), "en", "gb18030"),
        ("订单编号,状态\n已付款".encode("gb18030"), "zh", "gb18030"),
        ("a,b".encode("utf-8-sig"), "en", "utf-8"),
        ("订单".encode("utf-16"), "zh", "utf-16-le"),
    ],
)
def test_the_encoding_is_recognised(content: bytes, language: str, encoding: str) -> None:
    found = decode(content, language=language)
    assert found is not None
    assert found.encoding == encoding
    assert found.encode(found.text) == content


def test_bytes_of_no_encoding_named_are_told() -> None:
    assert decode(b"\xff\xfa\x80", encoding="utf-8") is None


@pytest.mark.parametrize(
    ("value", "raw"),
    [
        ("=1+1", "'=1+1"),
        ("+49 170 1", "'+49 170 1"),
        ("-", "'-"),
        ("@a", "'@a"),
        ("＝1", "'＝1"),
        ("'=1", "''=1"),
        ("-5", "-5"),
        ("-1,299.00", '"-1,299.00"'),
        ("'quoted'", "'quoted'"),
        ('say "hi"', '"say ""hi"""'),
    ],
)
def test_a_text_that_looks_like_a_formula_is_written_behind_an_apostrophe(value: str, raw: str) -> None:
    assert write_field(value, ",") == raw
