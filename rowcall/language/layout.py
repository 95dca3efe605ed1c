"""Which line belongs to which, and how is a file written whose lines do not fit together?

One pass over the lines, from top to bottom, that never stops at a mistake: each is noted and mended, so that
the next lines are read as they were meant.
"""

import re

from rowcall.language.behind import Behind, Sort, mend_value
from rowcall.language.blanks import mend_blanks, mend_invisible
from rowcall.language.brackets import DEEPEST, TooDeep
from rowcall.language.draft import Draft
from rowcall.language.levels import Last, Level, blanks, indent_of, nearest_level
from rowcall.language.name import mend_name
from rowcall.language.unquoted import judge, quote, short, split_remark

_BULLET = re.compile(r"(?:[–—•·*]\s+|[–—•](?=\S))(?=\S)")
_GLUED_DASH = re.compile(r"-(?=[^\s-])")
_BORDER = re.compile(r"(---|\.\.\.)(\s|$)")


def mend_layout(draft: Draft) -> None:
    """Mend all lines of a draft; raises TooManyMistakes."""
    mend_invisible(draft)
    layout = _Layout(draft)
    number = 0
    while number < len(draft.lines):
        number = layout.mend_line(number) + 1


class _Layout:
    def __init__(self, draft: Draft) -> None:
        self.draft = draft
        self.levels: list[Level] = []
        self.last: Last | None = None
        self.shifts: list[tuple[int, int]] = []
        self.dropped: int | None = None
        self.long_indent = 0
        self.raw = 0  # how far the line is indented in the file, before it was moved with what it belongs to

    def mend_line(self, number: int) -> int:
        """Mend one line, and those that its value takes up; return the number of the last of them."""
        if self._in_long_text(number):
            return number
        mend_blanks(self.draft, number)
        text = self.draft.lines[number]
        if not text or text.startswith("#") or self._in_dropped(number):
            return number
        if _BORDER.match(text) or text.startswith("%"):
            return self._pass_border(number)
        self._shift(number)
        try:
            return self._mend_content(number)
        except TooDeep:
            self._drop(number, f"More than {DEEPEST} levels lie inside one another here.")
            return number

    def _in_long_text(self, number: int) -> bool:
        """Tell whether the line belongs to a text after `|` or `>`; it is taken as it stands."""
        if self.last is None or self.last.sort is not Sort.LONG_TEXT:
            return False
        text = self.draft.lines[number]
        if not text.strip():
            return True
        indent = len(text) - len(text.lstrip(" "))
        if indent <= self.last.column:
            return False
        self.long_indent = self.long_indent or indent
        if indent < self.long_indent:
            self.draft.note(number, indent, "This line is indented less than the first line of its text.")
            self.draft.splice(number, 0, indent, " " * self.long_indent)
        return True

    def _in_dropped(self, number: int) -> bool:
        if self.dropped is None or indent_of(self.draft.lines[number]) <= self.dropped:
            self.dropped = None
            return False
        self.draft.drop(number)
        return True

    def _pass_border(self, number: int) -> int:
        text = self.draft.lines[number]
        if text == "---" and not self.levels:
            self.draft.drop(number)
            return number
        if text.startswith("%"):
            self.draft.note(number, 0, "A line can't begin with `%`.", mended=-1, fix="Remove the line.")
            self.draft.drop(number)
            return number
        self.draft.note(
            number, 0, f"`{text[:3]}` ends the file here: one file holds one rule, what follows is not read.",
            mended=-1, fix="Remove the line, or move what follows to a file of its own.",
        )  # fmt: skip
        for rest in range(number, len(self.draft.lines)):
            self.draft.drop(rest)
        return len(self.draft.lines)

    def _shift(self, number: int) -> None:
        """Move a line as the line was moved to which it belongs."""
        self.raw = indent_of(self.draft.lines[number])
        while self.shifts and self.shifts[-1][0] >= self.raw:
            self.shifts.pop()
        if self.shifts:
            self._indent_by(number, self.shifts[-1][1])

    def _shift_inner(self, count: int) -> None:
        """Remember to move the lines that belong to the present one as it was moved."""
        self.shifts.append((self.raw, count + (self.shifts[-1][1] if self.shifts else 0)))

    def _indent_by(self, number: int, count: int) -> None:
        if count >= 0:
            self.draft.splice(number, 0, 0, " " * count)
        else:
            self.draft.splice(number, 0, min(-count, indent_of(self.draft.lines[number])), "")

    def _mend_content(self, number: int) -> int:
        self._mend_bullet(number)
        text = self.draft.lines[number]
        column = indent_of(text)
        if self._is_dash(text, column):
            return self._mend_dash(number, column)
        behind_name = mend_name(self.draft, number, column)
        if behind_name is None:
            return self._mend_text_line(number, column)
        fitted = self._fit(number, column, dash=False)
        if fitted is None:
            return number
        if self._is_dash(self.draft.lines[number], fitted):
            return self._mend_dash(number, fitted, placed=True)
        return self._mend_pair(number, fitted)

    def _mend_bullet(self, number: int) -> None:
        text = self.draft.lines[number]
        column = indent_of(text)
        bullet = _BULLET.match(text, column)
        if bullet:
            self.draft.note(number, column, f"A list line begins with `- `, not with `{bullet[0].strip()}`.")
            self.draft.splice(number, column, bullet.end(), "- ")
        elif _GLUED_DASH.match(text, column):
            self.draft.note(number, column, "Behind the dash a blank is missing.")
            self.draft.splice(number, column, column + 1, "- ")

    @staticmethod
    def _is_dash(text: str, position: int) -> bool:
        return text[position : position + 1] == "-" and text[position + 1 : position + 2] in ("", " ")

    def _mend_dash(self, number: int, column: int, *, placed: bool = False) -> int:
        fitted = column if placed else self._fit(number, column, dash=True)
        if fitted is None:
            return number
        text = self.draft.lines[number]
        inner = fitted + 1 + indent_of(text[fitted + 1 :])
        if inner >= len(text) or (text[inner] == "#" and not split_remark(text[inner:])[1]):
            self.last = Last(number, fitted, inner, Sort.NOTHING, dash=True)
            return number
        if self._is_dash(text, inner):
            self._push(inner, dashes=True, line=number)
            return self._mend_dash(number, inner, placed=True)
        if mend_name(self.draft, number, inner) is not None:
            self._push(inner, dashes=False, line=number)
            return self._mend_pair(number, inner)
        behind = self._value(number, inner, fitted)
        self.last = Last(behind.line, fitted, inner, behind.sort, bare=True, dash=True)
        return behind.line

    def _mend_pair(self, number: int, column: int) -> int:
        if self._is_merge(number, column):
            self._drop(number, "`<<` would copy lines from elsewhere; write the lines out here.")
            return number
        # The name was mended before: looking for it again only finds its end.
        position = mend_name(self.draft, number, column) or len(self.draft.lines[number])
        behind = self._value(number, position, column)
        value_at = position + indent_of(self.draft.lines[number][position:])
        self.last = Last(behind.line, column, value_at, behind.sort)
        return behind.line

    def _is_merge(self, number: int, column: int) -> bool:
        return re.match(r"<<\s*:", self.draft.lines[number][column:]) is not None

    def _value(self, number: int, position: int, floor: int) -> Behind:
        self.long_indent = 0
        return mend_value(self.draft, number, position, floor, len(self.levels))

    def _mend_text_line(self, number: int, column: int) -> int:
        """Mend a line without a name: a value by itself, the rest of a text, or a colon is missing."""
        last = self.last
        if last and column > last.column and last.sort is Sort.NOTHING:
            behind = self._value(number, column, last.column)
            self.last = Last(behind.line, last.column, column, behind.sort, dash=last.dash)
            return behind.line
        if last and column > last.column and last.sort is Sort.TEXT:
            self._join(number, last)
            return number
        if last and column > last.column:
            self._drop(number, "This line belongs to nothing: the value before it has ended.")
            return number
        if self._among_dashes(column):
            fitted = self._fit(number, column, dash=False)
            return number if fitted is None else self._mend_dash(number, fitted, placed=True)
        return self._add_colon(number, column)

    def _among_dashes(self, column: int) -> bool:
        level = next((level for level in reversed(self.levels) if level.column <= column), None)
        return level is not None and level.dashes and level.column == column

    def _add_colon(self, number: int, column: int) -> int:
        text = self.draft.lines[number]
        remark, _ = split_remark(text)
        content = text[column:remark].rstrip()
        if text[column] in "\"'[{":
            self._drop(number, f"`{short(content)}` stands here without a name and a colon before it.")
            return number
        word = content.split()[0]
        whole = self._opens_block(number, column) or word == content
        at = column + len(content if whole else word)
        self.draft.note(number, at, "In this line a colon is missing: lines are `name: value`.")
        self.draft.splice(number, at, at, ":")
        if mend_name(self.draft, number, column) is None:
            self.draft.drop(number)
            return number
        return self._mend_content(number)

    def _opens_block(self, number: int, column: int) -> bool:
        following = (text for text in self.draft.lines[number + 1 :] if text.strip())
        return indent_of(next(following, "")) > column

    def _join(self, number: int, last: Last) -> None:
        """Put the rest of a text behind its first line."""
        first = self.draft.lines[last.line]
        start = last.value_at
        end = start + len(first[start : start + split_remark(first[start:])[0]].rstrip())
        more = self.draft.lines[number].strip()
        joined = f"{first[start:end]} {more}"
        needs_quotes = judge(joined, inside=False) is not None or split_remark(joined)[0] < len(joined)
        self.draft.note(
            number, indent_of(self.draft.lines[number]),
            f"The text of line {last.line + 1} goes on here; a text stands in one line.", mended=last.line,
            fix="For a longer text write `|` behind the colon, and the whole text indented below it.",
        )  # fmt: skip
        self.draft.splice(last.line, start, end, quote(joined) if needs_quotes else joined)
        self.draft.drop(number)
        if needs_quotes:
            self.last = Last(last.line, last.column, start, Sort.CLOSED, last.bare, last.dash)

    def _push(self, column: int, *, dashes: bool, line: int) -> None:
        if len(self.levels) >= DEEPEST:
            raise TooDeep
        self.levels.append(Level(column, dashes, line))

    def _fit(self, number: int, column: int, *, dash: bool) -> int | None:
        """Find the level of a line, moving it if it fits none; return its column, None if it is left out."""
        if not self.levels or self._may_open(column, dash=dash):
            self._push(column, dashes=dash, line=number)
            return column
        if self._add_colon_before(column):
            self._push(column, dashes=dash, line=number)
            return column
        popped: list[Level] = []
        while self.levels and self.levels[-1].column > column:
            popped.append(self.levels.pop())
        top = self.levels[-1] if self.levels else None
        if top is None or top.column != column:
            return self._move(number, column, popped, dash=dash)
        if top.dashes == dash:
            return column
        if top.dashes and self._list_stands_below_its_name():
            self.levels.pop()
            return column
        return self._mend_kind(number, column, dash=dash)

    def _may_open(self, column: int, *, dash: bool) -> bool:
        last = self.last
        if last is None or last.sort is not Sort.NOTHING:
            return False
        return column > last.column or (dash and column == last.column and not last.dash)

    def _add_colon_before(self, column: int) -> bool:
        """Mend `- email` with indented lines below it: its colon is missing."""
        last = self.last
        if last is None or not last.bare or last.sort is not Sort.TEXT or column <= last.column:
            return False
        text = self.draft.lines[last.line]
        end = len(text[: last.value_at + split_remark(text[last.value_at :])[0]].rstrip())
        name = text[last.value_at : end]
        self.draft.note(
            last.line, end, f"Behind `{short(name)}` a colon is missing: lines that belong to it follow."
        )
        self.draft.splice(last.line, end, end, ":")
        if column > last.value_at:
            self._push(last.value_at, dashes=False, line=last.line)
        return True

    def _list_stands_below_its_name(self) -> bool:
        return len(self.levels) > 1 and self.levels[-2].column == self.levels[-1].column

    def _mend_kind(self, number: int, column: int, *, dash: bool) -> int | None:
        if dash:
            where = f" (line {self.last.line + 1})" if self.last else ""
            self._drop(number, f"A list line stands here, but what is before it{where} is no list.")
            return None
        self.draft.note(
            number, column, "Here `- ` is missing: this line stands among the lines of a list.",
            fix="Or indent it further, if it belongs to the part before it.",
        )  # fmt: skip
        self.draft.splice(number, column, column, "- ")
        self._shift_inner(2)
        return column

    def _move(self, number: int, column: int, popped: list[Level], *, dash: bool) -> int | None:
        """Move a line that fits no level to the nearest one of its kind."""
        target = nearest_level(column, self.levels, popped, dash=dash)
        if dash and not popped and (target is None or target not in self.levels[-1:]):
            self._drop(number, "A list begins here, but the line before it has a value already.")
            return None
        if target is None:
            self._drop(number, f"This line is indented by {blanks(column)}, but no line before it is.")
            return None
        self.levels = [level for level in [*self.levels, *reversed(popped)] if level.column < target.column]
        self.levels.append(target)
        self.draft.note(
            number, column, f"This line is indented by {blanks(column)}; "
            f"it must be {blanks(target.column)}, like line {target.line + 1}.",
        )  # fmt: skip
        self._indent_by(number, target.column - column)
        return target.column

    def _drop(self, number: int, what: str) -> None:
        """Leave out a line and those that belong to it."""
        column = indent_of(self.draft.lines[number])
        self.draft.note(number, column, what, mended=-1)
        self.draft.silence(number)
        if self.last:
            self.draft.silence(self.last.line)
        self.draft.drop(number)
        self.dropped = self.raw
