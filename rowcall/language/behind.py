"""What stands behind a colon or a dash in one line, and which slips are in it?"""

import re
from dataclasses import dataclass
from enum import Enum

from rowcall.errors import Severity
from rowcall.language.brackets import closing, mend_brackets
from rowcall.language.draft import Draft
from rowcall.language.unquoted import end_of_quoted, judge, mend_glued, quote, short, split_remark

# `>5` would be a text indented by five blanks: here it is a comparison.
_BLOCK_TEXT = re.compile(r"(\|([+-]?[1-9]?|[1-9][+-])|>[+-]?)\s*(#.*)?")
_KEY_LIKE = re.compile(r"\s*(- )?[^\s\"'#][^\"'#]*:(\s|$)")


class Sort(Enum):
    """What sort of value stands in a line."""

    NOTHING = "nothing: it may follow in the next lines"
    TEXT = "a text without quotes"
    CLOSED = "a text in quotes, or something in brackets"
    LONG_TEXT = "a text in the lines that follow, after `|` or `>`"


@dataclass(frozen=True, slots=True)
class Behind:
    """What was found: its sort, and the last line that belongs to it."""

    sort: Sort
    line: int


def mend_value(draft: Draft, line: int, position: int, floor: int, depth: int) -> Behind:
    """Mend the value that begins at or behind `position`; floor and depth are those of `mend_brackets`."""
    text = draft.lines[line]
    position += len(text[position:]) - len(text[position:].lstrip())
    rest = text[position:]
    if not rest or (rest.startswith("#") and not split_remark(rest)[1]):
        return Behind(Sort.NOTHING, line)
    if _BLOCK_TEXT.fullmatch(rest):
        return Behind(Sort.LONG_TEXT, line)
    if rest[0] in "\"'":
        return Behind(Sort.CLOSED, _mend_quoted(draft, line, position, floor))
    if rest[0] in "[{" and not rest.startswith(("{{", "{%", "{#")) and _only_brackets(rest):
        line, position = mend_brackets(draft, line, position, floor, depth)
        _mend_after(draft, line, position)
        return Behind(Sort.CLOSED, line)
    return _mend_text(draft, line, position, floor, depth)


def _only_brackets(rest: str) -> bool:
    """Tell whether the brackets are all of the value, and not `[Total] / [Orders]`."""
    behind = closing(rest, 0)
    after = rest[behind:].strip() if behind > 0 else ""
    return after == "" or after[0] in "#,]}" or (rest[behind].isspace() and after.startswith("#"))


def _mend_text(draft: Draft, line: int, position: int, floor: int, depth: int) -> Behind:
    rest = draft.lines[line][position:].rstrip()
    remark, glued = split_remark(rest)
    if glued:
        return _mend_remark(draft, line, position, rest)
    text = rest[:remark].rstrip()
    verdict = judge(text, inside=False)
    if verdict is None:
        return Behind(Sort.TEXT, line)
    end = position + len(text)
    if verdict.severity is Severity.WARNING:
        suggestion = draft.lines[line][:position] + verdict.written + draft.lines[line][end:]
        draft.note(
            line, position, verdict.what, fix=verdict.fix, severity=verdict.severity, suggestion=suggestion
        )
        return Behind(Sort.TEXT, line)
    if verdict.what:
        draft.note(line, position, verdict.what, fix=verdict.fix)
    draft.splice(line, position, end, verdict.written)
    if verdict.written == "":
        return Behind(Sort.NOTHING, line)
    if verdict.written[0] in "[{":
        return mend_value(draft, line, position, floor, depth)
    return Behind(Sort.CLOSED if verdict.written[0] in "\"'" else Sort.TEXT, line)


def _mend_remark(draft: Draft, line: int, position: int, rest: str) -> Behind:
    remark, _ = split_remark(rest)
    draft.note(
        line,
        position + remark,
        f"`{short(rest[remark:])}` would be taken for a remark, because of the ` #`.",
        fix="A text with ` #` needs quotes; a remark has a blank behind the `#`.",
    )
    mended, is_text = mend_glued(rest)
    draft.splice(line, position, position + len(rest), mended)
    if is_text:
        return Behind(Sort.CLOSED, line)
    return mend_value(draft, line, position, 0, 0) if remark else Behind(Sort.NOTHING, line)


def _mend_quoted(draft: Draft, line: int, position: int, floor: int) -> int:
    """Return the line in which the quoted text ends; one without an end is closed in its own line."""
    text = draft.lines[line]
    end = end_of_quoted(text, position)
    if end > 0:
        _mend_after_quoted(draft, line, position, end)
        return line
    last = _line_of_closing(draft, line, position, floor)
    if last is not None:
        return last
    content = text[position:].rstrip()
    draft.note(
        line,
        position,
        "The quote that opens here is not closed.",
        fix="Write it again at the end of the text.",
    )
    draft.splice(line, position, position + len(content), quote(content[1:]))
    return line


def _line_of_closing(draft: Draft, line: int, position: int, floor: int) -> int | None:
    """Return the line in which a quoted text of several lines ends, if it plainly is one."""
    mark = draft.lines[line][position]
    for number in range(line + 1, len(draft.lines)):
        text = draft.lines[number]
        stripped = text.strip()
        if not stripped:
            continue
        if len(text) - len(text.lstrip()) <= floor or _KEY_LIKE.match(text):
            return None
        end = end_of_quoted(mark + text, 0) - 1
        if end > 0:
            return number if text[end:].strip() == "" or text[end:].lstrip().startswith("#") else None
    return None


def _mend_after_quoted(draft: Draft, line: int, position: int, end: int) -> None:
    after = draft.lines[line][end:].strip()
    if not after or (after.startswith("#") and draft.lines[line][end].isspace()):
        return
    text = draft.lines[line][position:].rstrip()
    remark, glued = split_remark(text)
    text = text if glued else text[:remark].rstrip()
    draft.note(
        line, end, f"The quotes end before `{short(after)}`: put the whole text in quotes.",
        fix='Within double quotes write \\" for a quote, or use single quotes around the whole.',
    )  # fmt: skip
    draft.splice(line, position, position + len(text), quote(text))


def _mend_after(draft: Draft, line: int, position: int) -> None:
    after = draft.lines[line][position:].strip()
    if not after or (after.startswith("#") and draft.lines[line][position].isspace()):
        return
    draft.note(
        line, position, f"`{short(after)}` stands behind the closing bracket; nothing may follow there."
    )
    draft.splice(line, position, len(draft.lines[line]), "")
