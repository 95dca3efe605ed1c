"""What did somebody mean whose formula does not follow the grammar?"""

import re
import unicodedata

from lark import UnexpectedCharacters, UnexpectedEOF, UnexpectedInput, UnexpectedToken

from rowcall.language.formula.raw import FormulaMistake

_OTHER_SIGNS = {
    "==": ("=", "Equality is one `=`."),
    "!=": ("<>", "Not equal is `<>`."),
    "=>": (">=", "At least is `>=`."),
    "=<": ("<=", "At most is `<=`."),
    "&&": ("", "Both conditions: AND(one, other)."),
    "||": ("", "One of the conditions: OR(one, other)."),
    "**": ("^", "To the power of is `^`."),
}
_CURLY = {"“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "「": '"', "」": '"', "【": "[", "】": "]"}
_CELL = re.compile(r"\$?[A-Z]{1,3}\$?\d{1,7}", re.ASCII)
_WORD = re.compile(r"[^\W\d]\w*(?: [^\W\d]\w*)*")


def explain_slip(text: str, body: str, error: UnexpectedInput) -> FormulaMistake:
    """Return what is wrong where the grammar could not go on; text: as written; body: what was parsed."""
    at = _position(body, error)
    rest = body[at:]
    for seen, (meant, fix) in _OTHER_SIGNS.items():
        for start in (at - 1, at):
            if start >= 0 and body[start : start + 2] == seen:
                return _swap(text, start, start + 2, meant, f"`{seen}` is not understood.", fix)
    if not rest.strip():
        return _cut_off(text, body)
    return _unclosed(text, rest, at) or _wrong_sign(text, rest[0], at) or _word_or_sign(text, body, at, error)


def _unclosed(text: str, rest: str, at: int) -> FormulaMistake | None:
    sign = rest[0]
    if sign == '"':
        what = "The text that begins here has no closing quote."
        return FormulaMistake(at, len(text), what, fix='Inside a text a quote is written twice: "2"" pipe".')
    if sign == "[" and "]" not in rest:
        return FormulaMistake(at, len(text), "The name that begins here has no closing `]`.")
    if sign == "]":
        return FormulaMistake(at, at + 1, "Here is a `]` without its `[`.")
    return None


def _wrong_sign(text: str, sign: str, at: int) -> FormulaMistake | None:
    if sign == "'":
        return _quoted(text, at)
    if sign == ";":
        return _swap(
            text, at, at + 1, ",", "Arguments are separated by commas.", "Decimals have a point: 1.5."
        )
    plain = _CURLY.get(sign) or unicodedata.normalize("NFKC", sign)
    if plain != sign:
        return _swap(
            text, at, at + 1, plain, f"`{sign}` is not understood in a formula.", f"Write `{plain}`."
        )
    return None


def _position(body: str, error: UnexpectedInput) -> int:
    if isinstance(error, UnexpectedEOF) or error.pos_in_stream is None:
        return len(body)
    if isinstance(error, UnexpectedToken) and error.token.type == "$END":
        return len(body)
    return max(error.pos_in_stream, 0)


def _cut_off(text: str, body: str) -> FormulaMistake:
    missing = _open_brackets(body)
    if not body.strip():
        return FormulaMistake(0, len(text), "There is no formula behind `=`.")
    if missing and body.rstrip()[-1] not in "+-*/^&=<>,(":
        what = f"A closing bracket is missing: {missing} of them." if missing > 1 else "A `)` is missing."
        return FormulaMistake(len(text), len(text), what, text.rstrip() + ")" * missing)
    return FormulaMistake(len(text), len(text), "The formula stops where something more is needed.")


def _open_brackets(body: str) -> int:
    plain = re.sub(r'"[^"]*"|\[[^\]]*\]', "", body)
    return max(plain.count("(") - plain.count(")"), 0)


def _quoted(text: str, at: int) -> FormulaMistake:
    end = text.find("'", at + 1)
    if end < 0:
        return FormulaMistake(
            at, at + 1, "`'` is not understood.", fix='Texts stand in double quotes: "Paid".'
        )
    meant = f'"{text[at + 1 : end]}"'
    return _swap(text, at, end + 1, meant, f"{text[at : end + 1]} is not understood.", "Write double quotes.")


def _word_or_sign(text: str, body: str, at: int, error: UnexpectedInput) -> FormulaMistake:
    word = _WORD.match(body, at)
    if word and word[0].upper() in ("AND", "OR", "NOT"):
        name = word[0].upper()
        what = f"{name} is a function: its name comes first, its parts in brackets."
        return FormulaMistake(
            at, word.end(), what, fix=f"{name}(one, other)" if name != "NOT" else "NOT(one)"
        )
    if word and body[word.end() : word.end() + 1] == "（":
        return _swap(
            text, word.end(), word.end() + 1, "(", "`（` is not understood in a formula.", "Write `(`."
        )
    cell = _CELL.match(body, at)
    if cell:
        what = f"`{cell[0]}` looks like the address of a cell; formulas here name columns."
        return FormulaMistake(at, cell.end(), what, fix="Write the column's header in brackets: [Total].")
    if word and isinstance(error, UnexpectedCharacters):
        name = word[0]
        what = f"`{name}` is not understood; a column stands in brackets, a text in double quotes."
        return _swap(text, at, word.end(), f"[{name}]", what, f'[{name}] or "{name}"')
    if body[at] == ")":
        what = (
            "Here is a `)` without its `(`."
            if not _open_brackets(body[:at])
            else "Something is missing before `)`."
        )
        return FormulaMistake(at, at + 1, what)
    seen = body[at : at + 20].split(" ", maxsplit=1)[0]
    before = body[:at].rstrip()
    what = f"`{seen}` can't stand here" + (f", behind `{before[-12:]}`." if before else ".")
    return FormulaMistake(
        at, at + len(seen), what, fix="Is an operator, a comma or a bracket missing before it?"
    )


def _swap(text: str, at: int, end: int, meant: str, what: str, fix: str) -> FormulaMistake:
    suggestion = text[:at] + meant + text[end:] if meant else ""
    return FormulaMistake(at, end, what, suggestion, fix)
