"""Do Rowcall's formulas give what LibreOffice Calc gives over the same cells, but for a closed list of differences?"""

import pytest

from rowcall.language.formula.functions import FUNCTIONS
from rowcall.language.formula.reference import DIFFERENCES as EXPLAINED
from rowcall.language.formula.tree import Formula
from rowcall.language.formula.understand import read_formula
from tests.referee.cases import CASES
from tests.referee.cells import ORDERS, SCOPE, frame
from tests.referee.compare import Answer, calc_answers, our_answers, same
from tests.referee.differences import DIFFERENCES

TEXTS = [text for cases in CASES.values() for text in cases]
LISTED = {text for texts in DIFFERENCES.values() for text in texts}
WITHOUT_REFEREE = {"XLOOKUP", "REGEXMATCH", "TODAY", "NOW"}
"""Calc 7.4 has no XLOOKUP, and its clock is another one; tests/test_formula_values.py has answers made by hand."""


@pytest.fixture(scope="module")
def formulas() -> dict[str, Formula]:
    return {text: read_formula(text, SCOPE) for text in TEXTS}


@pytest.fixture(scope="module")
def ours(formulas: dict[str, Formula]) -> dict[str, list[Answer]]:
    rows = frame()
    return {text: our_answers(formula, rows) for text, formula in formulas.items()}


@pytest.fixture(scope="module")
def theirs(formulas: dict[str, Formula], tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[Answer]]:
    answers = calc_answers(list(formulas.values()), tmp_path_factory.mktemp("calc"))
    return dict(zip(formulas, answers, strict=True))


def test_there_are_enough_cases() -> None:
    assert len(TEXTS) == len(set(TEXTS))
    assert len(TEXTS) >= 700
    assert set(CASES) >= set(FUNCTIONS) - WITHOUT_REFEREE


def test_every_difference_is_explained() -> None:
    assert set(DIFFERENCES) == set(EXPLAINED)
    assert set(TEXTS) >= LISTED


@pytest.mark.parametrize("topic", CASES)
def test_calc_agrees(
    topic: str,
    formulas: dict[str, Formula],
    ours: dict[str, list[Answer]],
    theirs: dict[str, list[Answer]],
) -> None:
    wrong = [
        f"{text} for {ORDERS[row]['No']}: {ours[text][row]!r}, Calc says {theirs[text][row]!r}"
        for text in CASES[topic]
        if text not in LISTED
        for row in range(len(ORDERS))
        if not same(ours[text][row], theirs[text][row], mixed=formulas[text].form.mixed)
    ]
    assert not wrong, "\n" + "\n".join(wrong)


@pytest.mark.parametrize("text", sorted(LISTED))
def test_a_listed_difference_is_one(
    text: str, formulas: dict[str, Formula], ours: dict[str, list[Answer]], theirs: dict[str, list[Answer]]
) -> None:
    mixed = formulas[text].form.mixed
    assert not all(same(one, other, mixed=mixed) for one, other in zip(ours[text], theirs[text], strict=True))


def test_the_referee_is_awake(theirs: dict[str, list[Answer]]) -> None:
    answers = [answer for line in theirs.values() for answer in line]
    assert answers.count("error") < len(answers) / 4
    assert theirs["[Total]*[Qty]"][0] == pytest.approx(59.97)
    assert theirs["1/0"] == ["error"] * len(ORDERS)
    assert theirs['"a""b"&"c"'][0] == 'a"bc'
