"""How is a part compressed so that after a small change only what changed is compressed again?

A part is compressed in pieces that know nothing of each other: each ends on a byte, so they join into one stream.
What was compressed for an earlier version of the part is used again where the content is the same, byte for byte.
"""

import os
import zlib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

_LEVEL = 2  # deflate: level 6 takes four times as long and saves a fifth
_PIECE = 256 << 10
_MARK = 64
"""So many bytes of a piece tell where it may begin now; the whole piece is compared then."""
_END = b"\x03\x00"
"""The last block of a stream, empty: RFC 1951 §3.2.6."""
_THREADS = min(4, os.cpu_count() or 1)


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a part: where it ends, how long it is, and its compressed bytes.

    is_new: compressed just now, so nobody has seen yet that it unpacks to what it was made of.
    """

    end: int
    length: int
    packed: bytes
    is_new: bool

    @property
    def start(self) -> int:
        """Return where the piece begins in the part."""
        return self.end - self.length


@dataclass(frozen=True, slots=True)
class Packed:
    """A part's content and the pieces of its stream."""

    content: bytes
    crc: int
    pieces: tuple[Piece, ...]

    @property
    def stream(self) -> bytes:
        """Return the compressed bytes."""
        return b"".join(piece.packed for piece in self.pieces) + _END

    def is_in(self, stream: memoryview) -> bool:
        """Tell whether a stream unpacks to the content: these very bytes, and what is new among them unpacked."""
        if self.stream != stream:
            return False
        new = [piece for piece in self.pieces if piece.is_new]
        with ThreadPoolExecutor(_THREADS) as threads:
            return all(threads.map(self._unpacks, new))

    def proven(self) -> "Packed":
        """Return the same, after `is_in` has said yes: no piece is new any more."""
        return replace(self, pieces=tuple(replace(piece, is_new=False) for piece in self.pieces))

    def _unpacks(self, piece: Piece) -> bool:
        unpacker = zlib.decompressobj(-zlib.MAX_WBITS)
        content = unpacker.decompress(piece.packed, piece.length + 1)
        return content == self.content[piece.start : piece.end] and not unpacker.unconsumed_tail


def pack(content: bytes, like: Packed | None = None) -> Packed:
    """Compress a part. like: an earlier version of it, whose stream is known to unpack to its content."""
    found = [] if like is None else list(_same_pieces(content, like))
    missing: list[tuple[int, int]] = []
    at = 0
    for start, end in (*((piece.start, piece.end) for piece in found), (len(content), len(content))):
        missing += _cut(at, start)
        at = end
    with ThreadPoolExecutor(_THREADS) as threads:
        made = threads.map(lambda ends: _packed(content, *ends), missing)
        crc = zlib.crc32(content)
        pieces = sorted((*found, *made), key=lambda piece: piece.end)
    return Packed(content, crc, tuple(pieces))


def _cut(start: int, stop: int) -> Iterator[tuple[int, int]]:
    """Yield the ends of pieces between two offsets; none becomes tiny, however often there is a change."""
    length = stop - start
    count = max(1, round(length / _PIECE)) if length else 0
    for number in range(count):
        yield start + length * number // count, start + length * (number + 1) // count


def _packed(content: bytes, start: int, end: int) -> Piece:
    packer = zlib.compressobj(_LEVEL, zlib.DEFLATED, -zlib.MAX_WBITS)
    packed = packer.compress(memoryview(content)[start:end]) + packer.flush(zlib.Z_SYNC_FLUSH)
    return Piece(end, end - start, packed, is_new=True)


def _same_pieces(content: bytes, like: Packed) -> Iterator[Piece]:
    """Yield the pieces of the earlier version that stand in the content, where they stand in it now."""
    at = expected = 0
    longer = len(content) - len(like.content)
    for old in like.pieces:
        then = like.content[old.start : old.end]
        likely = (
            expected,
            old.start + longer,
        )  # no change since the last piece, or none from here to the end
        start = next((one for one in likely if one >= at and content.startswith(then, one)), -1)
        if start < 0:
            start = _moved(content, then, at, expected)
        if start < 0:
            expected += old.length
            continue
        at = expected = start + old.length
        yield Piece(at, old.length, old.packed, is_new=False)


def _moved(content: bytes, then: bytes, at: int, expected: int) -> int:
    """Return where a piece begins that had a changed one before it, not far from where it was expected; or -1."""
    start = content.find(then[:_MARK], max(at, expected - _PIECE), expected + _PIECE)
    return start if start >= 0 and content.startswith(then, start) else -1
