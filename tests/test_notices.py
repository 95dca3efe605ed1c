"""What the responsible person is told, in both languages."""

import string

import pytest

from rowcall.plan.notice_words import _CHINESE, _ENGLISH, Wording, word_notice


def names(wording: Wording) -> set[str]:
    texts = (wording.headline, *wording.sentences, *wording.remedies)
    return {name for text in texts for _, name, _, _ in string.Formatter().parse(text) if name}


def test_both_languages_have_the_same_notices() -> None:
    assert set(_ENGLISH) == set(_CHINESE)


@pytest.mark.parametrize("kind", sorted(_ENGLISH))
def test_a_notice_says_the_same_in_both_languages(kind: str) -> None:
    assert names(_ENGLISH[kind]) == names(_CHINESE[kind])
    assert len(_ENGLISH[kind].remedies) == len(_CHINESE[kind].remedies)


def test_a_text_from_a_cell_is_never_filled_again() -> None:
    values = {"place": "Orders!Owner, row {7*7}", "what": "{fix}", "fix": "", "suggestion": ""}
    notice = word_notice("conflict", "en", values)
    assert notice.headline == "Two rules disagree about Orders!Owner, row {7*7}"
    assert notice.sentences == ("{fix}",)
    assert notice.remedies == ()


def test_a_chinese_shop_is_told_in_chinese() -> None:
    values = {"table": "订单", "count": 21}
    assert word_notice("shrunk", "zh", values).headline == "“订单”少了 21 行"


@pytest.mark.parametrize(
    ("kind", "count", "told"),
    [
        ("first-run", 1, "Low stock: 1 row matters already"),
        ("first-run", 2, "Low stock: 2 rows matter already"),
        ("hold", 1, "Low stock: 1 row waits for you"),
        ("hold", 12, "Low stock: 12 rows wait for you"),
        ("shrunk", 1, "1 row of Stock is gone"),
    ],
)
def test_one_row_is_no_rows(kind: str, count: int, told: str) -> None:
    values = {
        "title": "Low stock",
        "rule": "low",
        "table": "Stock",
        "count": count,
        "limit": "3 emails an hour",
    }
    notice = word_notice(kind, "en", values)
    assert notice.headline == told
    assert ("1 rows" in " ".join((*notice.sentences, *notice.remedies))) is False
    assert ("them" in " ".join((*notice.sentences, *notice.remedies))) is (count > 1)
