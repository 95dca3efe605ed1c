"""What may a text without quotes not look like, and how is it written instead?"""

import re
from dataclasses import dataclass

from rowcall.errors import Severity

_IN_WORDS = {
    ">": "more than", "＞": "more than", ">=": "at least", "≥": "at least", "<=": "at most", "≤": "at most",
    "<": "less than", "＜": "less than", "<>": "not", "!=": "not", "≠": "not", "==": "exactly",
}  # fmt: skip
_SIGN = re.compile(r"(<>|!=|>=|<=|==|[≥≤≠＞＜>])\s*(?P<rest>\S.*)|<\s*(?P<below>[\d\[-].*)")
_CURLY = re.compile("[“”„«「『](.*)[”“»」』]|[‘’‚](.*)[’‘]")
_STARS = re.compile(r"(?P<before>\*?)(?P<word>[^*]+)(?P<after>\*?)")
_TAG = re.compile(r"!(![\w:/.-]*|<[^>]*>)\s*(?P<rest>.*)")
_ANCHOR = re.compile(r"&\S*\s*(?P<rest>.*)")
_REMARK = re.compile(r"(?:^|(?<=\s))#+(?P<next>.?)")
_GLUED_KEY = re.compile(
    r"(?P<key>[^\s\"'\[\]{}#,:：&*!|>%@`-][^:：#\"{}\[\]]*?)\s*(?P<colon>:|：\s*)(?=\S)(?!//|\\)"
)
_SPECIAL_START = set(",]}%|?:-")
IF_MEANT = "If the sign belongs to the text, put the text in quotes."


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is wrong with a text, and how it is written right.

    what: "" when it is put in quotes silently. A warning leaves the text as it is.
    """

    what: str
    written: str
    fix: str = ""
    severity: Severity = Severity.ERROR


def quote(text: str) -> str:
    """Return the text in quotes, as it is written in YAML."""
    if '"' not in text and "\\" not in text:
        return f'"{text}"'
    return "'" + text.replace("'", "''") + "'"


def end_of_quoted(text: str, start: int) -> int:
    """Return the position behind the quote that closes the one at `start` in the same line, or -1."""
    mark, position = text[start], start + 1
    while position < len(text):
        if mark == '"' and text[position] == "\\":
            position += 2
        elif text[position] != mark:
            position += 1
        elif mark == "'" and text[position + 1 : position + 2] == "'":
            position += 2
        else:
            return position + 1
    return -1


def short(text: str) -> str:
    """Return the text, cut to what fits into a message."""
    return text if len(text) <= 60 else text[:57] + "…"  # noqa: PLR2004 - what fits into a message


def judge(text: str, *, inside: bool) -> Verdict | None:
    """Return what is wrong with a text without quotes, or None; inside: it stands within brackets."""
    first = text[:1]
    if first in ("{", "["):
        sign = text[:2] if text[:2] in ("{{", "{%", "{#") else first
        return Verdict(f"A text that begins with `{sign}` needs quotes around it.", quote(text))
    if sign_found := _SIGN.fullmatch(text):
        return _sign_in_words(sign_found)
    if first in _BY_SIGN:
        return _BY_SIGN[first](text)
    if inside and any(sign in text for sign in "{}[]"):
        return Verdict(f"Within brackets the text `{short(text)}` needs quotes around it.", quote(text))
    if re.search(r":(\s|$)", text):
        fix = "If it is a line of its own, start a new line for it."
        return Verdict(f"A second colon stands in this line: `{short(text)}` needs quotes.", quote(text), fix)
    return _by_start(text) or _curly(text)


def split_remark(text: str) -> tuple[int, bool]:
    """Return where the remark in a text without quotes begins (its length: nowhere), and whether

    it is glued: `#` directly followed by something, so that it may be meant as part of the text.
    """
    found = _REMARK.search(text)
    if found is None:
        return len(text), False
    return found.start(), found["next"].strip() != ""


def mend_glued(text: str) -> tuple[str, bool]:
    """Return how a text with a glued `#` is written right, and whether it is a text (or else a remark).

    `Order #12` is a text; several words behind the `#` are a remark.
    """
    start, _ = split_remark(text)
    words = text[start:].lstrip("#").split()
    if text[start:].lstrip("#")[:1].isdigit() or len(words) == 1:
        end = len(text.rstrip())
        return quote(text[:end]), True
    hashes = len(text[start:]) - len(text[start:].lstrip("#"))
    return f"{text[:start]}{text[start : start + hashes]} {text[start + hashes :]}", False


def glued_key(text: str) -> re.Match[str] | None:
    """Return the match of `Status:Paid`, with groups `key` and `colon`, or None: times and links are none."""
    found = _GLUED_KEY.match(text)
    if found is None:
        return None
    behind = text[found.end() :]
    clock = found["key"][-1:].isdigit() and behind[:1].isdigit()
    return None if clock else found


def _sign_in_words(sign: re.Match[str]) -> Verdict:
    mark, rest = (sign[1], sign["rest"]) if sign[1] else ("<", sign["below"])
    words = f"{_IN_WORDS[mark]} {rest}"
    return Verdict(f"`{short(sign[0])}` is not understood; in words it is `{short(words)}`.", words, IF_MEANT)


def _exclamation(text: str) -> Verdict:
    if tag := _TAG.fullmatch(text):
        what = f"`{short(text)}`: kinds are named in the config, not with `!`."
        return Verdict(what, quote(tag["rest"]) if tag["rest"] else "", IF_MEANT)
    rest = text.lstrip("! ")
    if not rest:
        return Verdict(f"A text can't begin with `!` (`{short(text)}`).", quote(text))
    return Verdict(
        f"`{short(text)}` is not understood; in words it is `not {short(rest)}`.", f"not {rest}", IF_MEANT
    )


def _stars(text: str) -> Verdict:
    stars = _STARS.fullmatch(text)
    if stars is None or not stars["word"].strip():
        return Verdict(f"A text can't begin with `*` (`{short(text)}`).", quote(text))
    words = f"{'contains' if stars['after'] else 'ends with'} {stars['word'].strip()}"
    return Verdict(f"`{short(text)}` is not understood; in words it is `{short(words)}`.", words, IF_MEANT)


def _by_start(text: str) -> Verdict | None:
    first, second = text[:1], text[1:2]
    if first not in _SPECIAL_START or (first in "-?:" and second.strip()):
        return None
    if first == "-":
        rest = text[1:].strip()
        if not rest:
            return Verdict("A dash alone is no value.", '"-"', "Write `-` in quotes if it is meant.")
        return Verdict(
            "A list can't begin behind the colon: it starts on the next line, or in `[ ]`.", f"[{rest}]"
        )
    return Verdict(f"A text that begins with `{first}` needs quotes around it.", quote(text))


def _curly(text: str) -> Verdict | None:
    found = _CURLY.fullmatch(text)
    if found is None:
        return None
    return Verdict(
        f"The quotes around `{short(text)}` are typographic ones: they are taken as part of the text.",
        quote(found[1] or found[2] or ""),
        'Type straight quotes: "',
        Severity.WARNING,
    )


def _anchor(text: str) -> Verdict:
    return Verdict(
        f"A text can't begin with `&` (`{short(text)}`).", _ANCHOR.sub(r"\g<rest>", text), IF_MEANT
    )


def _at_sign(text: str) -> Verdict:
    return Verdict("Names are written without `@`.", text.lstrip("@ ") or quote(text), IF_MEANT)


def _backtick(text: str) -> Verdict:
    closed = text.count("`") % 2 == 0
    return Verdict("" if closed else "The mark ` that opens here is not closed.", quote(text))


_BY_SIGN = {"!": _exclamation, "*": _stars, "&": _anchor, "@": _at_sign, "`": _backtick}
