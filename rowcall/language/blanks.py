"""Which blanks and invisible characters of a file can't be meant?"""

import re

from rowcall.language.draft import Draft
from rowcall.language.source import never_meant, without_invisible
from rowcall.language.unquoted import split_remark

_ODD_BLANKS = "\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000"
_LEADING = re.compile(f"[ \t{_ODD_BLANKS}]*")
_ODD_START = re.compile(f"[\t{_ODD_BLANKS}]")
# Behind the dash of a list and the colon of a name only: elsewhere it is part of a text.
_ODD_BEHIND_SIGN = re.compile(
    f"\\s*(?:- +)*+(?:-|(?:\"[^\"]*\"|'[^']*'|[^\"'#]*?):)(?P<odd>[{_ODD_BLANKS}]+)"
)


def mend_invisible(draft: Draft) -> None:
    """Take out the characters that nobody types on purpose, in every line."""
    for number, line in enumerate(draft.lines):
        found = never_meant(line)
        if not found:
            continue
        position, name = found[0]
        draft.note(number, position, f"An invisible character ({name}) stands here; delete it and type anew.")
        last = found[-1][0] + 1
        draft.splice(number, position, last, without_invisible(line[position:last]))


def mend_blanks(draft: Draft, number: int) -> None:
    """Mend tabs and unusual blanks of a line where they would be misread."""
    text = draft.lines[number]
    kept = text.rstrip()
    if kept != text:
        draft.splice(number, len(kept), len(text), "")
    if not kept or kept.lstrip().startswith("#"):
        draft.splice(number, 0, len(kept) - len(kept.lstrip()), "")
        return
    _mend_leading(draft, number)
    _mend_tabs(draft, number)
    found = _ODD_BEHIND_SIGN.match(draft.lines[number])
    if found:
        at, behind = found.span("odd")
        draft.note(number, at, "An unusual blank stands here; type it with the space bar.")
        draft.splice(number, at, behind, " ")


def _mend_leading(draft: Draft, number: int) -> None:
    leading = _LEADING.match(draft.lines[number])
    lead = leading[0] if leading else ""
    odd = _ODD_START.search(lead)
    if odd is None:
        return
    called = "A tab stands" if odd[0] == "\t" else "An unusual blank stands"
    draft.note(number, odd.start(), f"{called} at the beginning of this line; indent with the space bar.")
    wide = "".join("  " if sign in "\t\u3000" else " " for sign in lead)
    draft.splice(number, 0, len(lead), wide)


def _mend_tabs(draft: Draft, number: int) -> None:
    text = draft.lines[number]
    remark, glued = split_remark(text)
    at = text.find("\t", 0, len(text) if glued else remark)
    if at < 0 or not text[at:].strip():
        return
    draft.note(number, at, "A tab stands in this line; write a blank with the space bar.")
    draft.splice(number, at, len(text), text[at:].replace("\t", " "))
