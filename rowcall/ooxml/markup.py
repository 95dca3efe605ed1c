"""How are tags, attributes and texts of a part's XML read and changed in place, as bytes?

Nothing is parsed into a tree: what is not meant stays byte for byte.
"""

import html
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

Edit = tuple[int, int, bytes]
"""Replace the bytes from start to end by others."""

_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_HEX_ESCAPE = re.compile(r"_x([0-9A-Fa-f]{4})_")
_ROOT = re.compile(rb"<([A-Za-z_][\w.-]*:)?([A-Za-z_][\w.-]*)[\s/>]")


@dataclass(frozen=True, slots=True)
class Element:
    """One element in a part: where it stands, its start tag, and where its content stands."""

    start: int
    end: int
    tag: bytes
    content_start: int
    content_end: int


def apply(xml: bytes, edits: Iterable[Edit]) -> bytes:
    """Return the bytes with all edits made; they must not overlap."""
    pieces: list[bytes | memoryview] = []
    at, view = 0, memoryview(xml)
    for start, end, new in sorted(edits, key=lambda edit: (edit[0], edit[1])):
        if start < at:
            raise ValueError("two edits overlap")
        pieces += (view[at:start], new)
        at = end
    return b"".join([*pieces, view[at:]]) if pieces else xml


def root_prefix(xml: bytes) -> bytes:
    """Return the namespace prefix of the root element with its colon, or b""."""
    found = _ROOT.search(xml)
    return (found[1] or b"") if found else b""


@cache
def start_tag(prefix: bytes, name: bytes) -> re.Pattern[bytes]:
    """Return what finds the start tags of that name."""
    return re.compile(rb"<" + re.escape(prefix + name) + rb"(?=[\s/>])(?:[^>\"']|\"[^\"]*\"|'[^']*')*>")


def elements(xml: bytes, prefix: bytes, name: bytes, start: int = 0, end: int | None = None) -> list[Element]:
    """Return all elements of that name between two offsets; elements inside one of them are skipped."""
    pattern, close = start_tag(prefix, name), b"</" + prefix + name
    found: list[Element] = []
    at, stop = start, len(xml) if end is None else end
    while match := pattern.search(xml, at, stop):
        tag = match[0]
        if tag.endswith(b"/>"):
            found.append(Element(match.start(), match.end(), tag, match.end(), match.end()))
            at = match.end()
            continue
        closing = xml.find(close, match.end(), stop)
        if closing < 0:
            raise ValueError(f"<{name.decode()}> never ends")
        at = xml.index(b">", closing) + 1
        found.append(Element(match.start(), at, tag, match.end(), closing))
    return found


@cache
def _attribute(name: str) -> re.Pattern[bytes]:
    return re.compile(rb"\s" + re.escape(name.encode()) + rb"\s*=\s*(?:\"([^\"]*)\"|'([^']*)')")


def attribute(tag: bytes, name: str) -> str | None:
    """Return an attribute of a start tag, or None."""
    found = _attribute(name).search(tag)
    if found is None:
        return None
    return unescape(found[1] if found[1] is not None else found[2])


def with_attribute(tag: bytes, name: str, value: str | None) -> bytes:
    """Return the start tag with the attribute set, or without it (None)."""
    new = b"" if value is None else b' %s="%s"' % (name.encode(), escape(value))
    found = _attribute(name).search(tag)
    if found:
        return tag[: found.start()] + new + tag[found.end() :]
    at = len(tag) - (2 if tag.endswith(b"/>") else 1)
    return tag[:at] + new + tag[at:]


def escape(text: str) -> bytes:
    """Return a text as it stands in XML, between tags or quotes."""
    return html.escape(text).encode()


def unescape(raw: bytes) -> str:
    """Return the text that XML means: entities, and line ends as XML reads them."""
    text = raw.decode("utf-8", "replace")
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return html.unescape(text) if "&" in text else text


def storable(text: str) -> str:
    """Return the text without characters that XML can't hold."""
    return _ILLEGAL.sub("", text)


def escape_cell_text(text: str) -> bytes:
    """Return a cell's text as Excel stores it (`_xHHHH_` is a character there: a literal one is escaped)."""
    text = _HEX_ESCAPE.sub(lambda found: f"_x005F_x{found[1]}_", storable(text))
    return escape(text.replace("\r", "_x000D_"))


def unescape_cell_text(raw: bytes) -> str:
    """Return the text of a cell from its XML."""
    text = unescape(raw)
    return _HEX_ESCAPE.sub(lambda found: chr(int(found[1], 16)), text) if "_x" in text else text
