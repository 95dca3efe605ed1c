"""Which text does a number in the table of shared strings stand for?"""

import re
from functools import cached_property

from rowcall.ooxml.markup import elements, root_prefix, unescape_cell_text

# Runs, entities, escaped characters, line ends: not simply the bytes between the tags.
_ODD = re.compile(rb"<r>|<rPh|&|_x[0-9A-Fa-f]|\r")


class SharedStrings:
    """The texts that cells share; decoded one by one, when somebody asks."""

    def __init__(self, xml: bytes) -> None:
        self.xml = xml
        self._prefix = root_prefix(xml)

    @cached_property
    def _raw(self) -> list[bytes]:
        mark = b"<" + self._prefix + b"si"
        if self.xml.count(mark + b" ") or not self.xml:
            return [
                self.xml[found.content_start : found.content_end]
                for found in elements(self.xml, self._prefix, b"si")
            ]
        return self.xml.replace(mark + b"/>", mark + b">").split(mark + b">")[1:]

    @cached_property
    def plain(self) -> list[str | None]:
        """Return all texts that need no thought, for who wants many; None for the others."""
        if self._prefix:
            return [None] * len(self._raw)
        return [
            raw[3:-9].decode()
            if raw[:3] == b"<t>" and raw[-9:] == b"</t></si>" and not _ODD.search(raw)
            else None
            for raw in self._raw
        ]

    def __getitem__(self, number: int) -> str:
        return text_of(self._raw[number], self._prefix) if number < len(self._raw) else ""


def text_of(xml: bytes, prefix: bytes) -> str:
    """Return the text of a string item: all its runs, without the reading aids of East Asian text."""
    if xml.count(b"<") <= 3 and not prefix:  # noqa: PLR2004 -- <t>…</t></si>: nearly all texts
        start, end = xml.find(b">"), xml.find(b"</t>")
        return unescape_cell_text(xml[start + 1 : end]) if xml.startswith(b"<t") and end >= 0 else ""
    aids = [(found.start, found.end) for found in elements(xml, prefix, b"rPh")]
    runs = (
        xml[found.content_start : found.content_end]
        for found in elements(xml, prefix, b"t")
        if not any(start <= found.start < end for start, end in aids)
    )
    return "".join(unescape_cell_text(run) for run in runs)
