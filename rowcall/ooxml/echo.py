"""Does the file hold what was written into it?"""

from dataclasses import replace
from functools import cached_property

from rowcall.ooxml.book import Book
from rowcall.ooxml.sheet import SheetXml
from rowcall.ooxml.text import CellReader
from rowcall.ooxml.writing import TAKEN, Known, Outcome, Spot, Writer


class Echo:
    """Compares what was to be written with what the file holds now."""

    def __init__(self, book: Book, writer: Writer) -> None:
        self._book = book
        self._writer = writer
        self._sheets: dict[int, tuple[SheetXml, CellReader]] = {}

    def checked(self, outcome: Outcome) -> Outcome:
        """Return the outcome with the text that stands there; TAKEN when it is not ours any more."""
        texts = [self._text(spot) for spot in outcome.spots]
        wrong = [(spot, text) for spot, text in zip(outcome.spots, texts, strict=True) if spot.text != text]
        if wrong:
            spot, text = wrong[0]
            detail = f'written, but right after it the cell held "{text}" instead of "{spot.text}"'
            return replace(outcome, how=TAKEN, after=text, detail=detail)
        return outcome

    @cached_property
    def _grids(self) -> frozenset[int]:
        return frozenset(number for number, tab in enumerate(self._book.tabs) if tab.is_grid)

    def known(self, sha256: str) -> Known:
        """Return what is known of the file after it was read back."""
        return self._writer.known_after(
            sha256, self._book, {number: sheet for number, (sheet, _) in self._sheets.items()}
        )

    def _text(self, spot: Spot) -> str:
        if spot.tab not in self._grids:
            return ""
        if spot.tab not in self._sheets:
            part = self._book.tabs[spot.tab].part
            sheet = self._writer.as_written(part, spot.tab, self._book.archive.read(part))
            reader = CellReader(self._book.strings, self._book.styles, self._book.since_1904, sheet.prefix)
            self._sheets[spot.tab] = sheet, reader
        sheet, reader = self._sheets[spot.tab]
        cell = sheet.cell(spot.row, spot.column)
        return reader.text(cell) if cell else ""
