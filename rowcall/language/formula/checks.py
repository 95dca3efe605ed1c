"""Can a part of a formula be a number; can a text be one of a column's choices?"""

from collections.abc import Sequence

from rowcall.language.formula.findings import Findings, Spot
from rowcall.language.formula.form import WORDS, Sort
from rowcall.language.formula.literals import read_number
from rowcall.language.formula.tree import Constant, Node
from rowcall.language.near import did_you_mean
from rowcall.table import Kind

_NEAR_ENOUGH = 0.5
"""There are few choices, so a far slip still finds its word: Payed, Paid."""


def is_number_like(node: Node, place: str, found: Findings) -> bool:
    """Say whether a part can be calculated with, noting it if not; texts of undeclared columns may say numbers."""
    if node.form.sort is not Sort.TEXT:
        return True
    if isinstance(node, Constant) and isinstance(node.value, str):
        if read_number(node.value) is not None:
            return True
        what = f"{place} needs a number; {found.written(node)} is a text."
        found.add(node, what, fix="A day is written DATE(2026, 3, 8).")
        return False
    if node.form.kind is Kind.TEXT:
        return True
    found.add(node, f"{place} needs a number; {found.written(node)} is {WORDS[node.form.kind]}.")
    return False


def is_a_choice(spot: Spot, value: str, choices: Sequence[str], name: str, found: Findings) -> bool:
    """Say whether a text is empty or one of the choices (any text, if there are none); note it if not."""
    if not choices or not value or value.lower() in {choice.lower() for choice in choices}:
        return True
    near = did_you_mean(value, choices, _NEAR_ENOUGH)
    what = f'{name} is never "{value}"; it is one of {", ".join(choices)}.'
    found.add(spot, what + (f' Did you mean "{near}"?' if near else ""), f'"{near}"' if near else "")
    return False
