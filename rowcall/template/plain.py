"""How does a mail read for somebody whose program shows no HTML, and a plain text for somebody whose does?"""

import re
import unicodedata
from dataclasses import dataclass, field
from html import escape
from html.parser import HTMLParser

_SKIPPED = frozenset({"head", "script", "style", "template", "title"})
_BLOCKS = frozenset(
    {
        "address",
        "article",
        "blockquote",
        "body",
        "center",
        "div",
        "dl",
        "dt",
        "footer",
        "h1",
        "h2",
        "h3",
        "h4",
    }
    | {"h5", "h6", "header", "html", "main", "ol", "p", "section", "table", "ul"}
)
_SPACED = frozenset({"p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "table", "blockquote"})
_VOID = frozenset({"br", "hr", "img", "input", "link", "meta"})
_GAP = "  "
_RULE = re.compile(r"-+(?:  -+)*")
_ADDRESS = re.compile(r"https?://(?:[^\s&<>()]|&amp;)+(?<![.,;:!?])")
_BLANK = re.compile(r"[ \t\r\n\f\xa0]+")


def text_of(html: str) -> str:
    """Return HTML as readable plain text.

    Paragraphs stay apart, list entries get a dash, links read `words (address)`, a table's rows are lines
    with their columns aligned, and what is hidden stays hidden.
    """
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return reader.text()


def html_of(text: str) -> str:
    """Return plain text as HTML: blank lines part paragraphs, line ends stay, web addresses become links."""
    paragraphs = [part for part in re.split(r"\n\s*\n", text.strip("\n")) if part.strip()]
    return "\n".join(map(_paragraph, paragraphs))


def _paragraph(text: str) -> str:
    """Return one paragraph; lines under a ruled head are a table, whose columns stay aligned."""
    lines = text.strip("\n").split("\n")
    said = _linked(escape(text.strip("\n")))
    if len(lines) > 1 and _RULE.fullmatch(lines[1].rstrip()):
        return f'<pre style="font-family: monospace; font-size: 14px">{said}</pre>'
    return f"<p>{_linked(escape(text.strip())).replace(chr(10), '<br>')}</p>"


def _linked(escaped: str) -> str:
    return _ADDRESS.sub(r'<a href="\g<0>">\g<0></a>', escaped)


@dataclass(slots=True)
class _Grid:
    """A table while it is read: finished rows and the cell that is open."""

    rows: list[list[str]] = field(default_factory=list)
    outer: list[str] = field(default_factory=list)


class _Reader(HTMLParser):
    """Collects blocks of text; a table is a block of its own, and tables may lie inside tables."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._pieces: list[str] = []
        self._grids: list[_Grid] = []
        self._links: list[tuple[str, int]] = []
        self._hidden: list[str] = []
        self._numbers: list[int] = []

    def text(self) -> str:
        """Return what was read, with no more than one blank line in a row."""
        while self._grids:
            self._end_table()
        return _tidy("".join(self._pieces))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Open a tag (the parser's protocol)."""
        given = dict(attrs)
        if self._hidden or tag in _SKIPPED or "display:none" in (given.get("style") or "").replace(" ", ""):
            if tag not in _VOID:
                self._hidden.append(tag)
            return
        if tag in _BLOCKS:
            self._pieces.append("\n\n" if tag in _SPACED else "\n")
        self._open(tag, given)

    def _open(self, tag: str, given: dict[str, str | None]) -> None:
        said = {"br": "\n", "hr": "\n\n---\n\n", "img": given.get("alt") or ""}.get(tag)
        if said is not None:
            self._pieces.append(said)
            return
        match tag:
            case "a":
                self._links.append((given.get("href") or "", len(self._pieces)))
            case "ul" | "ol":
                self._numbers.append(0 if tag == "ol" else -1)
            case "li":
                self._pieces.append(f"\n{self._bullet()} ")
            case "table":
                self._grids.append(_Grid(outer=self._pieces))
                self._pieces = []
            case "tr" if self._grids:
                self._grids[-1].rows.append([])
            case "td" | "th" if self._grids:
                self._pieces = []

    def handle_endtag(self, tag: str) -> None:
        """Close a tag (the parser's protocol)."""
        if self._hidden:
            if tag in self._hidden:
                del self._hidden[len(self._hidden) - 1 - self._hidden[::-1].index(tag) :]
            return
        match tag:
            case "a" if self._links:
                self._end_link()
            case "ul" | "ol" if self._numbers:
                self._numbers.pop()
            case "td" | "th" if self._grids and self._grids[-1].rows:
                self._grids[-1].rows[-1].append(_tidy("".join(self._pieces)))
                self._pieces = []
            case "table" if self._grids:
                self._end_table()
        if tag in _BLOCKS:
            self._pieces.append("\n\n" if tag in _SPACED else "\n")

    def handle_data(self, data: str) -> None:
        """Take text between tags (the parser's protocol)."""
        if not self._hidden:
            self._pieces.append(_BLANK.sub(" ", data))

    def _bullet(self) -> str:
        if not self._numbers or self._numbers[-1] < 0:
            return "-"
        self._numbers[-1] += 1
        return f"{self._numbers[-1]}."

    def _end_link(self) -> None:
        address, start = self._links.pop()
        address = address.removeprefix("mailto:")
        words = "".join(self._pieces[start:]).strip()
        if address and address != words and not address.startswith("#"):
            self._pieces.append(f" ({address})" if words else address)

    def _end_table(self) -> None:
        grid = self._grids.pop()
        if grid.rows and (unclosed := _tidy("".join(self._pieces))):
            grid.rows[-1].append(unclosed)
        self._pieces = [*grid.outer, "\n\n", _aligned(grid.rows), "\n\n"]


def _aligned(rows: list[list[str]]) -> str:
    """Return a table's rows as lines; a table that only arranges blocks is printed block by block."""
    rows = [row for row in rows if any(row)]
    if any("\n" in cell for row in rows for cell in row) or all(len(row) == 1 for row in rows):
        return "\n\n".join(cell for row in rows for cell in row if cell)
    columns = max(map(len, rows), default=0)
    full = [row + [""] * (columns - len(row)) for row in rows]
    widths = [max(width(row[place]) for row in full) for place in range(columns)]
    return "\n".join(
        _GAP.join(cell + " " * (wide - width(cell)) for cell, wide in zip(row, widths, strict=True)).rstrip()
        for row in full
    )


def width(text: str) -> int:
    """Return how many columns a text takes: a Chinese character takes two."""
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)


def _tidy(text: str) -> str:
    """Strip blanks around lines but for those that align a table; keep one blank line at most."""
    lines = [line.rstrip() for line in text.split("\n")]
    lines = [line.removeprefix(" ") for line in lines]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()
