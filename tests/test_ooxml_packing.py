"""Does a part that is compressed in pieces always unpack to its content, and is nothing compressed twice in vain?"""

import random
import zipfile
import zlib
from dataclasses import replace
from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rowcall.ooxml.archive import Archive
from rowcall.ooxml.packing import Packed, pack


def rows(first: int, count: int) -> bytes:
    """Return XML of some rows, about 60 bytes each."""
    dice = random.Random(first)
    return b"".join(
        b'<row r="%d"><c r="A%d"><v>%d</v></c><c r="B%d"/></row>' % (n, n, dice.randrange(10**9), n)
        for n in range(first, first + count)
    )


SHEET = rows(1, 40_000)


def unpacked(packed: Packed) -> bytes:
    return zlib.decompress(packed.stream, -zlib.MAX_WBITS)


def again(old: bytes, new: bytes) -> Packed:
    return pack(new, pack(old).proven())


def cut(at: int, length: int, new: bytes) -> bytes:
    return SHEET[:at] + new + SHEET[at + length :]


@pytest.mark.parametrize(
    ("new", "most"),
    [
        (SHEET, 0),
        (cut(0, 0, b"more"), 1),
        (cut(1_000_000, 5, b"other"), 1),
        (cut(1_000_000, 5, b"a longer one"), 1),
        (cut(1_000_000, 500_000, b""), 3),
        (cut(1_000_000, 0, rows(90_000, 10_000)), 4),
        (SHEET + rows(40_001, 2), 1),
        (SHEET[:-100], 1),
        (b"".join(cut(n, 1, b"!")[n : n + 100_000] for n in range(0, len(SHEET), 100_000)), 99),
        (b"", 0),
        (b"x", 1),
    ],
    ids=[
        "same",
        "begin",
        "inside",
        "longer",
        "removed",
        "inserted",
        "appended",
        "shorter",
        "everywhere",
        "empty",
        "tiny",
    ],
)
def test_only_what_changed_is_compressed(new: bytes, most: int) -> None:
    packed = again(SHEET, new)
    assert unpacked(packed) == new
    assert packed.crc == zlib.crc32(new)
    assert sum(piece.is_new for piece in packed.pieces) <= most
    assert packed.is_in(memoryview(packed.stream))


EDITS = st.lists(
    st.tuples(st.integers(0, len(SHEET)), st.integers(0, 300_000), st.binary(max_size=400)), max_size=6
)


@settings(max_examples=30, deadline=None)
@given(edits=EDITS)
def test_any_edits_one_after_the_other(edits: list[tuple[int, int, bytes]]) -> None:
    packed = pack(SHEET)
    for at, length, new in edits:
        old = packed.content
        packed = pack(old[:at] + new + old[at + length :], packed.proven())
        assert unpacked(packed) == packed.content


def test_repetitions_are_no_reason_to_be_mistaken() -> None:
    old = b"<row/>" * 500_000
    for new in (
        b"<row/>" * 500_001,
        b"<row/>" * 100_000 + b"<c/>" + b"<row/>" * 300_000,
        b"<row/>" * 400_000,
    ):
        assert unpacked(again(old, new)) == new


def test_a_stream_is_proven_by_its_bytes_and_by_unpacking() -> None:
    packed = pack(SHEET)
    stream = packed.stream
    assert packed.is_in(memoryview(stream))
    assert not packed.is_in(memoryview(stream[:-1]))
    assert not packed.is_in(memoryview(stream[:5000] + bytes([stream[5000] ^ 1]) + stream[5001:]))
    lie = replace(packed, content=cut(1_000_000, 5, b"other"))
    assert not lie.is_in(memoryview(stream))
    short = replace(packed.pieces[3], packed=pack(SHEET[:1000]).pieces[0].packed)
    broken = replace(packed, pieces=(*packed.pieces[:3], short, *packed.pieces[4:]))
    assert not broken.is_in(memoryview(broken.stream))


def archive(content: bytes) -> Archive:
    held = BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as zipped:
        zipped.writestr("sheet.xml", content)
        zipped.writestr("other.xml", b"<other/>")
    return Archive(held.getvalue(), "Shop.xlsx")


def test_what_was_written_is_proven_when_it_is_read_back() -> None:
    packed = pack(SHEET)
    new = archive(b"old").rewritten({"sheet.xml": packed})
    back = Archive(new, "Shop.xlsx", {"sheet.xml": packed})
    assert back.read("sheet.xml") is packed.content
    assert not any(piece.is_new for piece in back.proven["sheet.xml"].pieces)
    with zipfile.ZipFile(BytesIO(new)) as zipped:
        assert zipped.read("sheet.xml") == SHEET
        assert zipped.read("other.xml") == b"<other/>"


@pytest.mark.parametrize("there", [b"another's", SHEET], ids=["another's content", "another's packing"])
def test_what_somebody_else_has_written_is_read_as_it_is(there: bytes) -> None:
    packed = pack(SHEET)
    back = Archive(archive(there)._content, "Shop.xlsx", {"sheet.xml": packed})
    assert back.read("sheet.xml") == there
    assert not back.proven
