"""Which text does a number in the table of shared strings stand for?"""

from functools import cached_property

import polars as pl

from rowcall.ooxml.markup import elements, root_prefix, unescape_cell_text

_PLAIN = r'^<t(?: xml:space="preserve")?>([^<]*)</t>(?:</si>|$)'
# Entities, escaped characters, line ends: not simply the bytes between the tags.
_ODD = r"[&\r]|_x[0-9A-Fa-f]{4}_"


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
    def texts(self) -> pl.Series:
        """Return all texts, for who wants many."""
        if self._prefix or not self._raw:
            return pl.Series([self[number] for number in range(len(self._raw))], dtype=pl.String)
        raw = pl.Series(self._raw, dtype=pl.Binary).cast(pl.String, strict=False)
        texts = raw.str.extract(_PLAIN)
        odd = (texts.is_null() | texts.str.contains(_ODD)).arg_true().to_list()
        if not odd:
            return texts
        filled = texts.to_list()
        for number in odd:
            filled[number] = self[number]
        return pl.Series(filled, dtype=pl.String)

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
