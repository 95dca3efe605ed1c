"""Which pieces does the text of a formula consist of?

Nothing here recurses over the text: a formula of 10,000 brackets is answered, not a crash.
"""

from functools import cache
from typing import Any

from lark import Lark, Token, Transformer, UnexpectedInput

from rowcall.language.formula.raw import FormulaMistake, MistakenFormula, Piece, Raw
from rowcall.language.formula.slips import explain_slip

LONGEST = 4_000
"""How many characters a formula may have."""
DEEPEST = 64
"""How many pieces may stand inside each other."""
MOST_TERMS = 200
"""How many pieces an operator chain such as `1+2+3` may have."""


class _Grow(Transformer[Token, Raw]):
    """Builds the pieces while the text is read, from the inside out."""

    def number(self, found: list[Token]) -> Raw:
        return _leaf(Piece.NUMBER, found[0], str(found[0]))

    def text(self, found: list[Token]) -> Raw:
        return _leaf(Piece.TEXT, found[0], found[0][1:-1].replace('""', '"'))

    def flag(self, found: list[Token]) -> Raw:
        return _leaf(Piece.FLAG, found[0], found[0].upper())

    def column(self, found: list[Token]) -> Raw:
        return _leaf(Piece.COLUMN, found[0], _unbracket(found[0]))

    def range(self, found: list[Token]) -> Raw:
        token = found[0]
        cut = token.rindex("'[") + 1 if token.startswith("'") else token.index("[")
        table = token[:cut].strip()
        table = table[1:-1].replace("''", "'") if table.startswith("'") else table
        at, end = _span(token)
        return Raw(Piece.RANGE, _unbracket(token[cut:]), at, end, table=table)

    def brackets(self, found: list[Any]) -> Raw:  # Any: a token, a piece, a token
        opened, inner, closed = found
        return Raw(
            inner.piece, inner.text, _span(opened)[0], _span(closed)[1], inner.parts, inner.table, inner.depth
        )

    def gap(self, _: list[Token]) -> Raw:
        return Raw(Piece.GAP, "", -1, -1)

    def arguments(self, found: list[Any]) -> list[Any]:  # Any: pieces with the commas between them
        return found

    def call(self, found: list[Any]) -> Raw:  # Any: a token, a list of pieces and commas, a token
        opened, inner, closed = found
        parts: list[Raw] = []
        edge = _span(opened)[1]
        for piece in inner:
            if isinstance(piece, Token):
                edge = _span(piece)[1]
            elif piece.piece is Piece.GAP:
                parts.append(Raw(Piece.GAP, "", edge, edge))
            else:
                parts.append(piece)
        if len(parts) == 1 and parts[0].piece is Piece.GAP:
            parts = []
        name = opened[:-1].strip().upper()
        return _around(Piece.CALL, name, _span(opened)[0], _span(closed)[1], parts)

    def binary(self, found: list[Any]) -> Raw:  # Any: a piece, a token, a piece
        left, sign, right = found
        return _around(Piece.OPERATOR, str(sign), left.at, right.end, [left, right])

    def prefix(self, found: list[Any]) -> Raw:  # Any: a token, a piece
        sign, inner = found
        return _around(Piece.OPERATOR, str(sign), _span(sign)[0], inner.end, [inner])

    def postfix(self, found: list[Any]) -> Raw:  # Any: a piece, a token
        inner, sign = found
        return _around(Piece.OPERATOR, str(sign), inner.at, _span(sign)[1], [inner])


def parse_formula(text: str) -> Raw:
    """Return the pieces of a formula, with or without its leading `=`; raises MistakenFormula."""
    if len(text) > LONGEST:
        what = f"This formula has {len(text):,} characters; at most {LONGEST:,} are read."
        raise MistakenFormula((FormulaMistake(0, len(text), what, fix="Put a part of it into a column."),))
    start = len(text) - len(text.lstrip())
    body = text[:start] + " " + text[start + 1 :] if text[start : start + 1] == "=" else text
    _check_brackets(body)
    try:
        found = _parser().parse(body)
    except UnexpectedInput as error:
        raise MistakenFormula((explain_slip(text, body, error),)) from None
    if not isinstance(found, Raw):
        raise TypeError(found)
    if found.depth > MOST_TERMS:
        raise _too_deep(found.at, found.end)
    return found


def _check_brackets(body: str) -> None:
    """Refuse deep nesting before the parser sees it; brackets inside texts and names don't count."""
    depth, quote = 0, ""
    for at, sign in enumerate(body):
        if quote:
            quote = "" if sign == quote else quote
        elif sign in '"[':
            quote = "]" if sign == "[" else sign
        elif sign in "()":
            depth += 1 if sign == "(" else -1
            if depth > DEEPEST:
                raise _too_deep(at, at + 1)


def _too_deep(at: int, end: int) -> MistakenFormula:
    what = (
        f"This formula is nested too deeply; at most {DEEPEST} brackets may stand inside each other, "
        f"and {MOST_TERMS} terms in one chain."
    )
    return MistakenFormula((FormulaMistake(at, end, what, fix="Put a part of it into a column."),))


@cache
def _parser() -> Lark:
    return Lark.open("formula.lark", rel_to=__file__, parser="lalr", transformer=_Grow())


def _leaf(piece: Piece, token: Token, text: str) -> Raw:
    at, end = _span(token)
    return Raw(piece, text, at, end)


def _around(piece: Piece, text: str, at: int, end: int, parts: list[Raw]) -> Raw:
    return Raw(piece, text, at, end, tuple(parts), depth=1 + max((part.depth for part in parts), default=0))


def _span(token: Token) -> tuple[int, int]:
    at = token.start_pos or 0
    return at, token.end_pos or at


def _unbracket(text: str) -> str:
    return text[1:-1].replace("]]", "]").replace("[[", "[").strip()
