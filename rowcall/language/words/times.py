"""How are times said: deadlines, schedules, periods, the times of entries, limits?"""

from enum import Enum


class CountedFrom(Enum):
    """What may stand behind `counted from` beside a column."""

    START = ("start", "开始|开始时")
    LAST_CHANGE = (
        "last change of {column}",
        "{column}的最后变化|{column}最后变化|{column}的上次变化|{column}上次变化",
    )


class ScheduleWord(Enum):
    """What a line of `schedule` or `digest` may say."""

    EVERY_DAY = ("every day at {times}", "每天{times}|每日{times}")
    WEEKDAYS = (
        "weekdays at {times}",
        "周一至周五{times}|周一到周五{times}|每周一至周五{times}|每周一到周五{times}",
    )
    WEEKENDS = ("weekends at {times}", "周末{times}|每周末{times}")
    WORKING_DAYS = ("working days at {times}", "每个工作日{times}|每工作日{times}|工作日{times}")
    NTH_WORKING_DAY = ("{nth} working day of {of} at {times}", "每{stretch}{nth}个工作日{times}")
    NTH_DAY = ("{nth} day of {of} at {times}", "每{stretch}{nth}天{times}")
    NTH_OF = (
        "{nth} of {of} at {times}",
        "每{stretch}{nth}个{weekday}{times}|每{stretch}{date}日{times}|每{stretch}{date}号{times}",
    )
    DAYS = ("{days} at {times}", "每{days}{times}|{days}　{times}")
    EVERY_HOUR = ("every hour", "每小时|每个小时")
    EVERY_MINUTE = ("every minute", "每分钟")
    EVERY = ("every {span}", "每{span}|每隔{span}")


class PeriodWord(Enum):
    """What may stand behind `period`."""

    TODAY = ("today", "今天|今日")
    YESTERDAY = ("yesterday", "昨天|昨日")
    THIS_WEEK = ("this week", "本周|这周")
    LAST_WEEK = ("last week", "上周")
    THIS_MONTH = ("this month", "本月|这个月")
    LAST_MONTH = ("last month", "上月|上个月")
    THIS_QUARTER = ("this quarter", "本季度|本季")
    LAST_QUARTER = ("last quarter", "上季度|上季")
    THIS_YEAR = ("this year", "今年|本年")
    LAST_YEAR = ("last year", "去年|上年")
    LAST = ("last {span}", "最近{span}|过去{span}|近{span}")


class CompareWord(Enum):
    """What may stand behind `compare with`: counted from the rule's period."""

    DAY_BEFORE = ("the day before", "前一天|前一日")
    WEEK_BEFORE = ("the week before", "前一周|上一周")
    MONTH_BEFORE = ("the month before", "前一个月|前一月")
    QUARTER_BEFORE = ("the quarter before", "前一季度|前一个季度")
    YEAR_BEFORE = ("the year before", "前一年")
    SPAN_BEFORE = ("the {span} before", "之前{span}|前{span}")
    SAME_DAY = ("same day last year", "去年同日|去年同一天")
    SAME_WEEK = ("same week last year", "去年同周")
    SAME_MONTH = ("same month last year", "去年同月")
    SAME_QUARTER = ("same quarter last year", "去年同季度|去年同季")
    SAME_DAYS = ("same days last year", "去年同期")


class Time(Enum):
    """What may stand behind `at` in an entry."""

    START = ("start", "开始时|开始")
    DUE = ("due", "到期时|到期")
    END = ("end", "结束时|结束")
    SHARE = ("{percent}% of the time", "时间过去{percent}%|时限过去{percent}%")
    AFTER_START = ("{span} after start", "开始后{span}|开始之后{span}")
    AFTER_LAST = ("{span} after last", "上一步后{span}|上一步之后{span}")
    AFTER_DUE = ("{span} after due", "到期后{span}|到期之后{span}")
    BEFORE_DUE = ("{span} before due", "到期前{span}|到期之前{span}")
    AFTER_COLUMN = ("{span} after {column}", "{column}后{span}|{column}之后{span}")
    BEFORE_COLUMN = ("{span} before {column}", "{column}前{span}|{column}之前{span}")


class WindowWord(Enum):
    """What may stand behind `send only`."""

    DROP = ("{window} otherwise drop", "{window}，否则丢弃|{window}否则丢弃|{window}，否则不发")
    DAYS = (
        "{days} between {start} and {end}",
        "{weekdays}{start}到{end}|{weekdays}{start}至{end}|{weekdays}　{start}-{end}|{weekdays}在{start}和{end}之间",
    )
    ALWAYS = ("between {start} and {end}", "{start}到{end}|{start}至{end}|在{start}和{end}之间")


class DaysWord(Enum):
    """Days of the week that have one word together."""

    EVERY_DAY = ("every day", "每天|每日")
    WEEKDAYS = ("weekdays", "周一至周五|周一到周五|平日")
    WEEKENDS = ("weekends", "周末|每周末")


class FloorWord(Enum):
    """What may stand in brackets behind a limit that is a share of the rows."""

    NOT_BELOW = ("not below {count} rows", "不少于{count}行|至少{count}行")


class LimitWord(Enum):
    """What a limit may say."""

    PER_CUSTOMER_OVER = (
        "{count} {email} a {unit} per customer over {rules}",
        "每位客户每{unit}{count}封邮件，合计{rules}|每个客户每{unit}{count}封邮件，合计{rules}",
    )
    PER_CUSTOMER = (
        "{count} {email} a {unit} per customer",
        "每位客户每{unit}{count}封邮件|每个客户每{unit}{count}封邮件",
    )
    EMAILS = ("{count} {email} a {unit}", "每{unit}{count}封邮件|每{unit}最多{count}封邮件")
    ROWS = ("{count} rows at once", "一次{count}行|每次{count}行|一次最多{count}行")
    SHARE = ("{percent}% of rows", "行数的{percent}%|总行数的{percent}%|{percent}%的行")
