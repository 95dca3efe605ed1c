"""Where does a value in `{ }` or `[ ]` end, and which slips are in it?"""

import re

from rowcall.errors import Severity
from rowcall.language.draft import Draft
from rowcall.language.unquoted import end_of_quoted, glued_key, judge, mend_glued, quote, short, split_remark

DEEPEST = 20
"""How many levels may lie inside one another."""

_CLOSER = {"{": "}", "[": "]"}
_WIDE_COMMA_IN_MAP = re.compile("，[^，]*[:：]")
_BLANKS = re.compile(r"\s*")
_TEXT_ENDS = re.compile(r"[,\[\]{}]|:(?=[\s,\[\]{}]|$)|\s#")
_VALUE_ENDS = re.compile(r"[,\[\]{}]|\s#")


class TooDeep(Exception):
    """More brackets lie inside one another than anybody means."""


class _Unclosed(Exception):
    """The lines that can belong to the brackets have ended."""


def closing(text: str, start: int) -> int:
    """Return the position behind the bracket that closes the one at `start` in the same line, or -1."""
    depth, position = 0, start
    while position < len(text):
        sign = text[position]
        if sign in "\"'" and (end := end_of_quoted(text, position)) > 0 and text[position - 1] in " ,[{:":
            position = end
            continue
        depth += (sign in "[{") - (sign in "]}")
        position += 1
        if depth == 0:
            return position
    return -1


def mend_brackets(draft: Draft, line: int, position: int, floor: int, depth: int) -> tuple[int, int]:
    """Mend what stands in the brackets that open at `position`; return line and position behind them.

    floor: a following line belongs to them if it is indented further, or begins with a closing bracket.
    depth: how many levels lie around them already. Raises TooDeep.
    """
    reader = _Brackets(draft, line, position, floor)
    try:
        reader.read_brackets(depth)
    except _Unclosed:
        reader.close_all(line, position)
    return reader.line, reader.position


def _skip(text: str, position: int) -> int:
    blanks = _BLANKS.match(text, position)
    return blanks.end() if blanks else position


class _Brackets:
    def __init__(self, draft: Draft, line: int, position: int, floor: int) -> None:
        self.draft, self.line, self.position, self.floor = draft, line, position, floor
        self.open: list[str] = []
        # Line, start and text of the last value that needed quotes because of its commas.
        self.joined: tuple[int, int | None, str] = (0, None, "")

    @property
    def text(self) -> str:
        return self.draft.lines[self.line]

    @property
    def sign(self) -> str:
        return self.text[self.position : self.position + 1]

    def read_brackets(self, depth: int) -> None:
        if depth >= DEEPEST:
            raise TooDeep
        opened = self.sign
        self.open.append(_CLOSER[opened])
        self.position += 1
        previous = None
        while not self._at_end(opened):
            if self.sign == ",":
                self._note_stray_comma()
                continue
            start = (self.line, self.position)
            previous = self._read_entry(opened, depth, previous)
            self._pass_comma(start)
        self.open.pop()

    def close_all(self, line: int, position: int) -> None:
        """Close what is open at the end of the last line that belongs to it."""
        sign = self.draft.lines[line][position]
        self.draft.note(
            line,
            position,
            f"The bracket `{sign}` that opens here is not closed.",
            fix=f"Write `{_CLOSER[sign]}` where it ends.",
            mended=self.line,
        )
        end = self._end_of_content()
        closers = "".join(reversed(self.open))
        self.draft.splice(self.line, end, end, closers)
        self.position = end + len(closers)

    def _end_of_content(self) -> int:
        before = self.text[: self.position].rstrip().rstrip(",")
        return len(before)

    def _at_end(self, opened: str) -> bool:
        self._pass_blanks()
        if self.sign not in ("]", "}"):
            return False
        if self.sign != _CLOSER[opened]:
            self.draft.note(
                self.line,
                self.position,
                f"`{opened}` is closed with `{self.sign}` instead of `{_CLOSER[opened]}`.",
            )
            self.draft.splice(self.line, self.position, self.position + 1, _CLOSER[opened])
        self.position += 1
        return True

    def _pass_blanks(self) -> None:
        while True:
            self.position = _skip(self.text, self.position)
            if self.sign and not (self.sign == "#" and self._is_remark()):
                return
            self._next_line()

    def _is_remark(self) -> bool:
        return self.position == 0 or self.text[self.position - 1].isspace()

    def _next_line(self) -> None:
        for number in range(self.line + 1, len(self.draft.lines)):
            content = self.draft.lines[number].strip()
            if not content or content.startswith("#"):
                continue
            indent = len(self.draft.lines[number]) - len(self.draft.lines[number].lstrip())
            if indent <= self.floor and content[0] not in "]}":
                break
            self.line, self.position = number, indent
            return
        raise _Unclosed

    def _read_entry(self, opened: str, depth: int, previous: int | None) -> int | None:
        """Read `key: value` or a value; return where a text without quotes began in this line, or None."""
        if self.sign in "[{" and not self._at_template():
            self.read_brackets(depth + 1)
            return None
        if self.sign in "\"'":
            self._pass_quoted()
            return self._read_behind_key(depth) if self._at_colon() else None
        start = self.position
        end, text = self._text(_TEXT_ENDS)
        if self._mend_commas(opened, text, start):
            return self._read_entry(opened, depth, previous)
        if self.text[end : end + 1] == ":":
            self._judge_name(start, end)
            return self._read_behind_key(depth)
        if found := glued_key(text):
            self._note_glued(found, start)
            return self._read_entry(opened, depth, previous)
        if opened == "{":
            return self._note_stray_text(previous, start, end)
        self._judge(start, end)
        return start

    def _judge_name(self, start: int, end: int) -> None:
        self._judge(start, end)
        self.position = _skip(self.text, self.position)

    def _at_colon(self) -> bool:
        colon = _skip(self.text, self.position)
        if not self.text.startswith(":", colon):
            return False
        self.position = colon
        return True

    def _read_behind_key(self, depth: int) -> int | None:
        self.position += 1
        self._pass_blanks()
        if self.sign in ",]}":
            return None
        if self.sign in "[{" and not self._at_template():
            behind = closing(self.text, self.position)
            after = self.text[behind:].lstrip()[:1] if behind > 0 else ""
            if after in ("", ",", "]", "}", "#"):
                self.read_brackets(depth + 1)
                return None
        if self.sign in "\"'":
            self._pass_quoted()
            return None
        start = self.position
        end, text = self._text(_VALUE_ENDS)
        if self._mend_commas("{", text, start):
            end, text = self._text(_VALUE_ENDS)
        self._judge(start, end)
        return start

    def _at_template(self) -> bool:
        return self.text.startswith(("{{", "{%"), self.position)

    def _text(self, ends: re.Pattern[str]) -> tuple[int, str]:
        """Return end and wording of the text without quotes here; brackets closed in it belong to it."""
        position = self.position
        while found := ends.search(self.text, position):
            behind = closing(self.text, found.start()) if found[0] in ("[", "{") else -1
            if found[0] in ("[", "{"):
                position = behind if behind > 0 else found.end()
            elif found[0].endswith("#") and self._glued_hash(found.end()):
                position = found.end()
            else:
                return self._trimmed(found.start())
        return self._trimmed(len(self.text))

    def _glued_hash(self, behind: int) -> bool:
        return self.text[behind : behind + 1].strip() not in ("", "#")

    def _trimmed(self, end: int) -> tuple[int, str]:
        text = self.text[self.position : end].rstrip()
        return self.position + len(text), text

    def _judge(self, start: int, end: int) -> None:
        """Note what is wrong with a text without quotes and put the right one in its place."""
        text = self.text[start:end]
        self.position = end
        remark, glued = split_remark(text)
        if glued and remark < len(text):
            self.draft.note(
                self.line,
                start + remark,
                f"`{short(text[remark:])}` would be taken for a remark, because of the ` #`.",
            )
            mended = mend_glued(text)[0]
            self._replace(start, end, mended if mended[:1] in "\"'" else quote(text))
            return
        verdict = judge(text, inside=True)
        if verdict is None:
            return
        if verdict.severity is Severity.WARNING:
            suggestion = self.text[:start] + verdict.written + self.text[end:]
            self.draft.note(
                self.line,
                start,
                verdict.what,
                fix=verdict.fix,
                severity=verdict.severity,
                suggestion=suggestion,
            )
            return
        if verdict.what:
            self.draft.note(self.line, start, verdict.what, fix=verdict.fix)
        self._replace(start, end, verdict.written)

    def _replace(self, start: int, end: int, new: str) -> None:
        self.draft.splice(self.line, start, end, new)
        self.position = start + len(new)

    def _mend_commas(self, opened: str, text: str, start: int) -> bool:
        between = _WIDE_COMMA_IN_MAP.search(text) if opened == "{" else re.search("，", text)
        if between is None:
            return False
        at = start + between.start()
        self.draft.note(
            self.line,
            at,
            "A full-width comma `，` stands here.",
            fix="If it belongs to the text, use quotes.",
        )
        self.draft.splice(self.line, at, at + 1, ", ")
        return True

    def _note_glued(self, found: re.Match[str], start: int) -> None:
        at = start + found.start("colon")
        if found["colon"].startswith("："):
            self.draft.note(
                self.line,
                at,
                f"Behind `{short(found['key'])}` stands a full-width colon `：` instead of `: `.",
            )
        else:
            self.draft.note(
                self.line, at, f"Behind the colon of `{short(found['key'])}:` a blank is missing."
            )
        self.draft.splice(self.line, at, start + found.end("colon"), ": ")

    def _note_stray_text(self, previous: int | None, start: int, end: int) -> int | None:
        text = self.text[start:end]
        if previous is not None and self.joined[:2] == (self.line, previous):
            return self._join(previous, end, f"{self.joined[2]}, {text}")
        if previous is None or self.text[previous : previous + 1] in "\"'":
            self.draft.note(
                self.line, start, f"`{short(text)}` stands in `{{ }}` without a colon and a value.", mended=-1,
                fix="Write `name: value`, or use `[ ]` for a list.",
            )  # fmt: skip
            self._replace(start, end, f"{quote(text)}: ")
            return None
        self.draft.note(
            self.line,
            start,
            f"The comma before `{short(text)}` ends the value: a value with a comma needs quotes.",
        )
        return self._join(previous, end, self.text[previous:end])

    def _join(self, start: int, end: int, value: str) -> int:
        """Put a value with commas into quotes; what stands behind its next comma belongs to it, too."""
        self._replace(start, end, quote(value))
        self.joined = (self.line, start, value)
        return start

    def _note_stray_comma(self) -> None:
        self.draft.note(self.line, self.position, "A comma stands here with nothing before it.")
        rest = self.text[self.position + 1 :]
        self.draft.splice(self.line, self.position, len(self.text) - len(rest.lstrip()), "")

    def _pass_quoted(self) -> None:
        end = end_of_quoted(self.text, self.position)
        if end < 0:
            body = self.text[self.position :].rstrip().rstrip("]},").rstrip()
            end = self.position + len(body)
            self.draft.note(self.line, self.position, "The quote that opens here is not closed.")
            self.draft.splice(self.line, self.position, end, quote(body[1:]))
            end = end_of_quoted(self.text, self.position)
        self.position = end

    def _pass_comma(self, start: tuple[int, int]) -> None:
        """Pass the comma behind an entry, or note that it is missing."""
        line, behind = self.line, self.position
        self._pass_blanks()
        if self.sign == ",":
            self.position += 1
        elif self.sign not in ("]", "}"):
            self.draft.note(
                line, behind, "A comma is missing here, between two parts of the brackets.", mended=line
            )
            self.draft.splice(line, behind, behind, ",")
            self.position += (self.line == line) * 1
        if (self.line, self.position) == start:
            raise TooDeep  # nothing was read: what stands here can't be brackets
