"""Where does the name before a colon end in one line, and which slips are in it?"""

import re

from rowcall.errors import Severity
from rowcall.language.brackets import closing
from rowcall.language.draft import Draft
from rowcall.language.unquoted import end_of_quoted, glued_key, judge, quote, short, split_remark

_COLON = re.compile(r":(?=\s|$)")
_GLUED_VALUE = re.compile(r"[^\s:\"'\[{][^:\[{\"']*:(?=[\[{\"'])")


def mend_name(draft: Draft, line: int, start: int) -> int | None:
    """Mend the name that begins at `start`; return the position behind its colon, or None."""
    rest = draft.lines[line][start:]
    if rest[:1] in ('"', "'"):
        return _quoted_name(draft, line, start)
    if rest.startswith("[") and (behind := closing(rest, 0)) > 0 and _COLON.match(rest[behind:].lstrip()):
        return _bracketed_name(draft, line, start, behind)
    if rest[:1] in ("{", "["):
        return None
    if (tight := _GLUED_VALUE.match(rest)) and tight.end() <= split_remark(rest)[0]:
        draft.note(
            line, start + tight.end() - 1, f"Behind the colon of `{short(tight[0])}` a blank is missing."
        )
        draft.splice(line, start + tight.end(), start + tight.end(), " ")
        rest = draft.lines[line][start:]
    found = _COLON.search(rest)
    if found is None:
        return _glued_name(draft, line, start)
    remark, glued = split_remark(rest)
    if remark < found.start():
        if not glued:
            return None
        draft.note(
            line,
            start + remark,
            f"`{short(rest[remark:])}` would be taken for a remark, because of the ` #`.",
        )
        return _quote_name(draft, line, start, start + found.start())
    if "：" in rest[: found.start()]:
        return _glued_name(draft, line, start)
    return _judge_name(draft, line, start, start + found.start())


def _quoted_name(draft: Draft, line: int, start: int) -> int | None:
    text = draft.lines[line]
    end = end_of_quoted(text, start)
    if end < 0:
        return None
    colon = end + len(text[end:]) - len(text[end:].lstrip())
    if text[colon : colon + 1] not in (":", "："):
        return None
    behind = text[colon + 1 : colon + 2]
    if text[colon] == "：" or (behind and not behind.isspace()):
        draft.note(line, colon, f"Behind {short(text[start:end])} a colon `:` and a blank must stand.")
        draft.splice(line, colon, colon + 1, ": ")
    return colon + 1


def _bracketed_name(draft: Draft, line: int, start: int, length: int) -> int:
    inner = draft.lines[line][start + 1 : start + length - 1].strip()
    draft.note(line, start, f"`[{short(inner)}]`: before a colon names stand without brackets.")
    draft.splice(line, start, start + length, inner)
    return draft.lines[line].index(":", start + len(inner)) + 1


def _glued_name(draft: Draft, line: int, start: int) -> int | None:
    rest = draft.lines[line][start:]
    found = glued_key(rest)
    if found is None and rest.rstrip().endswith("：") and not split_remark(rest)[1]:
        at = start + rest.rindex("：")
        draft.note(line, at, "A full-width colon `：` stands here instead of `:`.")
        draft.splice(line, at, at + 1, ":")
        return at + 1
    if found is None or split_remark(rest)[0] < found.start("colon"):
        return None
    at = start + found.start("colon")
    if found["colon"].startswith("："):
        draft.note(
            line, at, f"Behind `{short(found['key'])}` stands a full-width colon `：` instead of `: `."
        )
    else:
        draft.note(
            line, at, f"Behind the colon of `{short(found['key'])}:` a blank is missing.",
            fix="If it is no name but all one text, put it in quotes.",
        )  # fmt: skip
    draft.splice(line, at, start + found.end("colon"), ": ")
    return _judge_name(draft, line, start, at)


def _judge_name(draft: Draft, line: int, start: int, colon: int) -> int:
    name = draft.lines[line][start:colon].rstrip()
    if not name:
        draft.note(line, start, "Before the colon a name is missing.", mended=-1)
        return _quote_name(draft, line, start, colon)
    verdict = judge(name, inside=False)
    if verdict is None:
        return colon + 1
    if verdict.severity is Severity.WARNING:
        suggestion = draft.lines[line][:start] + verdict.written + draft.lines[line][start + len(name) :]
        draft.note(
            line, start, verdict.what, fix=verdict.fix, severity=verdict.severity, suggestion=suggestion
        )
        return colon + 1
    if verdict.what:
        draft.note(line, start, f"A name that begins with `{name[0]}` needs quotes around it.")
    return _quote_name(draft, line, start, colon)


def _quote_name(draft: Draft, line: int, start: int, colon: int) -> int:
    name = quote(draft.lines[line][start:colon].rstrip())
    draft.splice(line, start, colon, name)
    return start + len(name) + 1
