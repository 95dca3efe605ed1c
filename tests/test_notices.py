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
