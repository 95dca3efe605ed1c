"""Is everything that the rule language has a word for understood in Chinese, alone and mixed with English?"""

import re
from collections import Counter
from enum import Enum

import pytest

from rowcall.errors import Severity
from rowcall.kinds import action_words
from rowcall.language import words
from rowcall.language.printing.rules import print_rule
from rowcall.language.rule import Rule
from rowcall.language.rule_file import read_rule
from rowcall.language.sentence import sentence
from rowcall.language.shape import describe_shape
from rowcall.language.words import is_chinese, spelled, spellings
from tests.random_rules import SCOPE, WORDS, Maker

ACTIONS = {word: kind.params for word, kind in action_words().items()}
TABLES = [
    table
    for table in (getattr(words, name) for name in words.__all__)
    if isinstance(table, type) and issubclass(table, Enum)
]
EVERY = [word for table in TABLES for word in table]
START = "规则: 试\n查看: Orders\n工作小时: desk\n"
DO = "那么:\n  - 填写: {Remark: 好}\n"


def read(source: str) -> tuple[Rule | None, list[str]]:
    rule, problems = read_rule(source, "rules/test.yaml", SCOPE, ACTIONS)
    return rule, [str(one) for one in problems if one.severity is Severity.ERROR]


def good(source: str) -> Rule:
    rule, problems = read(source)
    assert rule is not None, "\n".join(problems)
    return rule


@pytest.mark.parametrize("word", EVERY, ids=[f"{type(word).__name__}.{word.name}" for word in EVERY])
def test_every_word_has_a_chinese_spelling(word: Enum) -> None:
    others = spellings(word)[1:]
    assert others
    assert all(is_chinese(one) or one.isascii() for one in others)
    assert is_chinese(others[0])


@pytest.mark.parametrize("table", TABLES, ids=[table.__name__ for table in TABLES])
def test_no_two_words_share_a_spelling(table: type[Enum]) -> None:
    counts = Counter(one for word in table for one in spellings(word))
    assert [one for one, count in counts.items() if count > 1] == []


@pytest.mark.parametrize("action", ACTIONS)
def test_actions_and_their_keys_have_chinese_words(action: str) -> None:
    params = ACTIONS[action]
    assert is_chinese(getattr(params, "chinese", ""))
    keys = [key for key in describe_shape(params) if key.field != "cells"]
    assert [key.key for key in keys if not key.chinese] == []
    counts = Counter(one for key in keys for one in key.spellings)
    assert max(counts.values(), default=1) == 1


SAME = [
    ("Total: at least 50", "Total: 至少50"),
    ("Total: at least 50", "Total: 不低于 ５０"),
    ("Total: at most 50", "Total: 不超过50"),
    ("Total: more than 50", "Total: 大于50"),
    ("Total: below 50", "Total: 低于50"),
    ("Total: between 5 and 10", "Total: 在5和10之间"),
    ("Total: at least 120% of Total", "Total: 至少Total的120%"),
    ("Total: at least 120% of Total", "Total: 至少 Total 的 １２０％"),
    ("Total: at most setting limit.total", "Total: 最多设置项limit.total"),
    ("Remark: empty", "Remark: 为空"),
    ("Remark: not empty", "Remark: 不为空"),
    ("Remark: not empty", "Remark: 不是空"),
    ("Stage: Done", "Stage: 正好是Done"),
    ("Stage: not Done", "Stage: 不是Done"),
    ("Stage: one of Open, Done", "Stage: 其中之一 Open、Done"),
    ("Stage: one of Open, Done", "Stage: Open，Done其中之一"),
    ("Stage: one of Open, Done", "Stage: 属于 Open；Done"),
    ("Stage: not one of Open, Done", "Stage: 不属于Open、Done"),
    ("Stage: changed to Done", "Stage: 变为Done"),
    ("Stage: changed from Open to Done", "Stage: 从Open变为Done"),
    ("Total: changed from 0 to above 0", "Total: 从0变为高于0"),
    ("Total: changed by more than 20%", "Total: 变化超过２０％"),
    ("Remark: contains tea", "Remark: 包含tea"),
    ("Remark: contains one of tea, cake", "Remark: 包含其中之一 tea、cake"),
    ("Remark: starts with tea", "Remark: 以tea开头"),
    ("Ordered: at least 3 days ago", "Ordered: 至少3天前"),
    ("Ordered: at least 3 days ago", "Ordered: 至少３天之前"),
    ("Ordered: more than 4 working hours ago", "Ordered: 超过4个工作小时前"),
    ("Ordered: within the last 1 month", "Ordered: 最近1个月"),
    ("Promised: in the next 3 days", "Promised: 3天之内"),
    ("Promised: in the next 3 days", "Promised: 未来3天"),
    ("Promised: on or before today", "Promised: 不晚于今天"),
    ("Promised: before 2026-03-05", "Promised: 早于2026年3月5日"),
    ("Promised: before 2026-03-05", "Promised: 2026年3月5日之前"),
    ("Promised: after today", "Promised: 今天之后"),
    ("Gift: yes", "Gift: 是"),
    ("Mail: valid", "Mail: 格式有效"),
    ("Buyer: missing", "Buyer: 不存在"),
    ("row: new", "本行: 新增"),
    ("any of: [{Gift: yes}, {Remark: empty}]", "任一: [{Gift: 是}, {Remark: 为空}]"),
    ("there is: {in: Lines, Code: same as this.Code}", "存在: {表: Lines, Code: 与本行.Code相同}"),
]


@pytest.mark.parametrize(("english", "chinese"), SAME, ids=[row[1] for row in SAME])
def test_conditions_mean_the_same(english: str, chinese: str) -> None:
    ours = good(f"{START}当:\n  {chinese}\n{DO}")
    assert ours.version == good(f"{START}when:\n  {english}\n{DO}").version


LINES = [
    ("schedule: every day at 05:30", "时间表: 每天05:30"),
    ("schedule: weekdays at 08:30 and 14:00", "时间表: 周一至周五 08:30 和 14:00"),
    ("schedule: working days at 08:30 and 14:00", "时间表: 工作日 08:30、14:00"),
    ("schedule: Mondays at 07:45", "时间表: 每周一07:45"),
    ("schedule: Mondays and Thursdays at 09:00", "时间表: 周一、周四 ０９：００"),
    ("schedule: 1st of month at 09:00", "时间表: 每月1日09:00"),
    ("schedule: first Monday of month at 09:00", "时间表: 每月第一个周一 09:00"),
    ("schedule: last working day of month at 18:00", "时间表: 每月最后一个工作日18:00"),
    ("schedule: last day of quarter at 18:00", "时间表: 每季度最后一天18:00"),
    ("schedule: every 30 minutes", "时间表: 每30分钟"),
    ("schedule: every 2 hours", "时间表: 每隔2小时"),
    ("schedule: every hour", "时间表: 每小时"),
    ("period: last week", "周期: 上周"),
    ("period: last 30 days", "周期: 最近30天"),
    ("period: last week\ncompare with: the week before", "周期: 上周\n对比: 前一周"),
    ("period: last week\ncompare with: same week last year", "周期: 上周\n对比: 去年同周"),
    ("period: last 30 days\ncompare with: the 30 days before", "周期: 最近30天\n对比: 之前30天"),
    ("period: last 30 days\ncompare with: same days last year", "周期: 最近30天\n对比: 去年同期"),
    ("send only: weekdays between 09:00 and 19:00", "发送时段: 周一至周五 09:00到19:00"),
    ("send only: weekdays between 09:00 and 19:00", "发送时段: 工作日 09:00 到 19:00"),
    ("send only: between 09:00 and 19:00", "发送时段: 每天09:00至19:00"),
    ("send only: between 09:00 and 19:00, otherwise drop", "发送时段: 09:00到19:00，否则丢弃"),
    ("limits: [50 emails an hour, 40 rows at once]", "限额: [每小时50封邮件, 一次40行]"),
    ("limits: [10% of rows]", "限额: [行数的10%]"),
    ("limits: [10% of rows (not below 20 rows)]", "限额: [行数的10%（不少于20行）]"),
    ("limits: [1 email a week per customer]", "限额: [每位客户每周1封邮件]"),
    ("limits: [9 emails a month]", "限额: [每月9封邮件]"),
    ("for: 2 weeks", "持续: 2周"),
    ("for: 2 working days", "持续: 2个工作日"),
    ("for: 1 month", "持续: 1个月"),
    ("first run: act on all", "首次运行: 全部处理"),
    ("state: watch", "状态: 观察"),
    ("once per row: yes", "每行一次: 是"),
    ("due: {counted from: last change of Stage, within: 4 hours}", "期限: {起算: Stage的最后变化, 时限: 4小时}"),
    ("figures: {Those: {in: Lines, list: [Code], sort by: Code descending, at most: 5 rows}}",
     "指标: {Those: {表: Lines, 列出: [Code], 排序: Code降序, 最多: 5行}}"),
    ("figures: {Sum up: {in: Lines, sum of: Pieces}}", "指标: {Sum up: {表: Lines, 合计: Pieces}}"),
]  # fmt: skip


@pytest.mark.parametrize(("english", "chinese"), LINES, ids=[row[1] for row in LINES])
def test_lines_mean_the_same_and_are_written_down_in_chinese(english: str, chinese: str) -> None:
    ours = good(f"{START}{chinese}\n{DO}")
    assert ours.version == good(f"{START}{english}\n{DO}").version
    written = print_rule(ours, WORDS, chinese=True)
    assert good(written).version == ours.version, written


TIMES = [
    ("at: due", "在: 到期时"),
    ("at: 4 working hours after due", "在: 到期后4工作小时"),
    ("at: 2 days before due", "在: 到期前2天"),
    ("at: 75% of the time", "在: 时间过去75%"),
    ("at: end", "在: 结束时"),
    ("at: 5 days after start", "在: 开始后5天"),
    ("at: 1 day after last", "在: 上一步后1天"),
    ("at: 3 days after Ordered", "在: Ordered之后3天"),
    ("every: 3 days\n    at most: 4 times", "每隔: 3天\n    最多: 4次"),
]


@pytest.mark.parametrize(("english", "chinese"), TIMES, ids=[row[1] for row in TIMES])
def test_times_mean_the_same(english: str, chinese: str) -> None:
    start = START + "期限: Promised\n"
    ours = good(f"{start}那么:\n  - {chinese}\n    填写: {{Remark: 好}}\n")
    english_rule = good(f"{start}then:\n  - {english}\n    set: {{Remark: 好}}\n")
    assert ours.version == english_rule.version
    assert [one.id for one in ours.entries] == [one.id for one in english_rule.entries]


WRONG = [
    ("持续: 1月", "持续: 1个月"),
    ("持续: 三天", "持续: 3天"),
    ("停只条件: {Remark: 为空}", "停止条件: {Remark: 为空}"),
    ("当: {Remark: 不为控}", "当: {Remark: 不为空}"),
    ("当: {Total: 不少余5}", "当: {Total: 不少于5}"),
    ("首次运行: 全部处里", "首次运行: 全部处理"),
    ("时间表: 工作日和周六 09:00", "时间表: 周一至周五和周六 09:00"),
]


@pytest.mark.parametrize(("line", "meant"), WRONG, ids=[row[0] for row in WRONG])
def test_a_slip_is_told_with_what_is_meant(line: str, meant: str) -> None:
    _, problems = read(f"{START}{line}\n{DO}")
    assert len(problems) == 1
    assert problems[0].endswith(f"→ {meant}"), problems


def test_the_same_key_in_both_languages_is_a_mistake() -> None:
    assert (
        "stands here twice (`当:` in line 4)"
        in read(f"{START}当: {{Gift: 是}}\nwhen: {{Gift: no}}\n{DO}")[1][0]
    )


def test_a_full_width_colon_behind_a_key_stays_a_mistake() -> None:
    assert read(f"{START}持续：3天\n{DO}")[1]


def test_a_random_rule_is_read_back_without_an_english_word_of_ours() -> None:
    names = {
        "Orders",
        "Customers",
        "Lines",
        "Buyer",
        "Number",
        "Hello",
        "About",
        "code",
        "tea",
        "cake",
        "anna",
        "desk",
    }
    said = "".join(sentence(Maker(seed).rule(), "zh") for seed in range(300))
    english = {
        piece for table in TABLES for word in table for piece in spelled(word).split() if piece.isalpha()
    }
    ours = {word for word in english if len(word) > 3} - names
    assert sorted(ours & set(re.findall("[A-Za-z]+", said))) == []
