"""What may be said of a column? The phrases of conditions, and what a number or a day is compared with.

A phrase is a template with holes (`between {low} and {high}`); its order in the table is the order in which
phrases are tried, so the longer stands before the shorter.
"""

from enum import Enum


class Phrase(Enum):
    """What may stand behind a column in a condition."""

    ANNIVERSARY_TODAY = ("anniversary today", "今天周年|今天是周年日")
    ANNIVERSARY_IN = ("anniversary in {span}", "{span}后周年|{span}后是周年日")
    NOT_EMPTY = ("not empty", "不为空|非空|不是空|不空")
    EMPTY = ("empty", "为空|空|空白")
    NOT_VALID = ("not valid", "格式无效|格式错误|格式不对")
    VALID = ("valid", "格式有效|格式正确")
    NOT_MISSING = ("not missing", "存在")
    MISSING = ("missing", "不存在|缺失")
    CHANGED_FROM_TO = (
        "changed from {before} to {after}",
        "从{before}变为{after}|由{before}变为{after}|从{before}变成{after}",
    )
    CHANGED_BY = ("changed by more than {percent}", "变化超过{percent}|变动超过{percent}")
    CHANGED_TO = ("changed to {after}", "变为{after}|变成{after}")
    CHANGED = ("changed", "有变化|发生变化")
    WENT_UP = ("went up", "上升|升高")
    WENT_DOWN = ("went down", "下降|降低")
    EXACTLY = ("exactly {value}", "正好是{value}|恰好是{value}")
    NOT_EXACTLY = ("not exactly {value}", "不正好是{value}|并非{value}")
    NOT_ONE_OF = (
        "not one of {values}",
        "不是其中之一：{values}|不是其中之一{values}|不是{values}其中之一|不属于{values}|都不是{values}",
    )
    ONE_OF = ("one of {values}", "其中之一：{values}|其中之一{values}|{values}其中之一|属于{values}")
    NOT_SAME_AS = ("not same as {column}", "与{column}不同|和{column}不同")
    SAME_AS = ("same as {column}", "与{column}相同|和{column}相同|等于{column}的值")
    CONTAINS_ONE_OF = (
        "contains one of {values}",
        "包含其中之一：{values}|包含其中之一{values}|包含{values}其中之一",
    )
    NOT_CONTAINS_ONE_OF = (
        "does not contain one of {values}",
        "不包含其中之一：{values}|不包含其中之一{values}|不包含{values}其中之一",
    )
    CONTAINS = ("contains {value}", "包含{value}|含有{value}")
    NOT_CONTAINS = ("does not contain {value}", "不包含{value}|不含{value}")
    STARTS = ("starts with {value}", "以{value}开头")
    NOT_STARTS = ("does not start with {value}", "不以{value}开头")
    ENDS = ("ends with {value}", "以{value}结尾")
    NOT_ENDS = ("does not end with {value}", "不以{value}结尾")
    MATCHES = ("matches {value}", "匹配{value}")
    NOT_MATCHES = ("does not match {value}", "不匹配{value}")
    AT_LEAST_AGO = ("at least {span} ago", "至少{span}前|至少{span}之前")
    AT_MOST_AGO = ("at most {span} ago", "最多{span}前|最多{span}之前|不超过{span}前|不超过{span}之前")
    MORE_AGO = ("more than {span} ago", "超过{span}前|超过{span}之前|多于{span}前")
    LESS_AGO = ("less than {span} ago", "不到{span}前|不到{span}之前|少于{span}前")
    AGO = ("{span} ago", "{span}前|{span}之前")
    IN_THE_NEXT = (
        "in the next {span}",
        "未来{span}内|未来{span}之内|未来{span}|今后{span}内|{span}之内|{span}以内|{span}内",
    )
    WITHIN_THE_LAST = (
        "within the last {span}",
        "最近{span}内|最近{span}之内|最近{span}|过去{span}内|过去{span}之内|过去{span}",
    )
    IN_THE_PERIOD = ("in the period", "在周期内|周期内")
    BETWEEN = (
        "between {low} and {high}",
        "在{low}和{high}之间|在{low}与{high}之间|在{low}到{high}之间|介于{low}和{high}之间",
    )
    AT_LEAST = (
        "at least {number}",
        "至少{number}|不少于{number}|不低于{number}|不小于{number}|大于等于{number}|大于或等于{number}",
    )
    AT_MOST = (
        "at most {number}",
        "最多{number}|至多{number}|不超过{number}|不多于{number}|不高于{number}|不大于{number}|小于等于{number}|小于或等于{number}",
    )
    MORE_THAN = ("more than {number}", "多于{number}|超过{number}|大于{number}")
    LESS_THAN = ("less than {number}", "少于{number}|小于{number}|不到{number}|不足{number}")
    ABOVE = ("above {number}", "高于{number}")
    BELOW = ("below {number}", "低于{number}")
    ON_OR_BEFORE = ("on or before {day}", "不晚于{day}|{day}或之前")
    ON_OR_AFTER = ("on or after {day}", "不早于{day}|{day}或之后")
    BEFORE = ("before {day}", "早于{day}|在{day}之前|{day}之前")
    AFTER = ("after {day}", "晚于{day}|在{day}之后|{day}之后")
    TODAY = ("today", "今天|今日")
    YESTERDAY = ("yesterday", "昨天|昨日")
    TOMORROW = ("tomorrow", "明天|明日")
    SETTING = ("setting {name}", "设置项{name}")
    NOT = ("not {value}", "不是{value}|不等于{value}")


class Operand(Enum):
    """What may stand where a number or a day is compared with."""

    SETTING = ("setting {name}", "设置项{name}")
    PERCENT_OF = ("{percent}% of {column}", "{column}的{percent}%|{percent}%的{column}")
    SPAN_AFTER = ("{span} after {column}", "{column}后{span}|{column}之后{span}")
    SPAN_BEFORE = ("{span} before {column}", "{column}前{span}|{column}之前{span}")
    NOW = ("now", "现在|此刻")
    TODAY = ("today", "今天|今日")
    YESTERDAY = ("yesterday", "昨天|昨日")
    TOMORROW = ("tomorrow", "明天|明日")
