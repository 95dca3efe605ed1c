"""Which words may stand where a value is written, and which stand alone behind a key?"""

from enum import Enum


class ValueWord(Enum):
    """What may stand where a value is written, beside a literal."""

    EMPTY = ("empty", "空|为空|清空")
    NOW = ("now", "现在|此刻")
    TODAY = ("today", "今天|今日")
    YESTERDAY = ("yesterday", "昨天|昨日")
    TOMORROW = ("tomorrow", "明天|明日")
    DUE = ("due", "期限|到期时间")
    EXACTLY = ("exactly {value}", "正好是{value}|恰好是{value}")
    SAME_AS = ("same as {column}", "与{column}相同|取{column}的值")
    SETTING = ("setting {name}", "设置项{name}")
    NEXT_OF = ("next of {name}", "下一位{name}")
    INCREASE_BY = ("increase by {number}", "增加{number}")
    DECREASE_BY = ("decrease by {number}", "减少{number}")
    SPAN_AFTER = ("{span} after {column}", "{column}后{span}|{column}之后{span}")
    SPAN_BEFORE = ("{span} before {column}", "{column}前{span}|{column}之前{span}")


class Choice(Enum):
    """Words that stand alone behind a key."""

    YES = ("yes", "是")
    NO = ("no", "否")
    ON = ("on", "启用|开")
    OFF = ("off", "停用|关")
    WATCH = ("watch", "观察|只看不发")
    ASK = ("ask", "询问")
    ONLY_NEW = ("only new ones", "仅新行|只管新的")
    ACT_ON_ALL = ("act on all", "全部处理")
    NEW = ("new", "新增|新")
    DROP = ("drop", "丢弃|不发")
    RESPONSIBLE = ("responsible", "规则负责人")


class FigureWord(Enum):
    """What may stand behind the keys of a figure beside columns."""

    ROWS = ("rows", "行数|行")
    DESCENDING = ("{column} descending", "{column}降序|{column}从大到小")
    ASCENDING = ("{column} ascending", "{column}升序|{column}从小到大")


class ShowWord(Enum):
    """What may stand behind `show as` of a figure (see ShowAs)."""

    MONEY = ("money", "金额")
    PERCENT = ("percent", "百分比")
    DAYS = ("days", "天数|天")
    HOURS = ("hours", "小时数|小时")


class RecipientWord(Enum):
    """How recipients are joined and told apart from columns."""

    OR = ("{first} or {other}", "{first}或者{other}|{first}或{other}")
    PERSON = ("person {name}", "人员{name}")


class CountWord(Enum):
    """How often, and how many."""

    TIMES = ("{count} times", "{count}次")
    ROWS = ("{count} rows", "{count}行")


class AttachWord(Enum):
    """What may stand behind `attach` beside the name of a file."""

    LIST_AS = ("{figure} as {form}", "{figure}存为{form}|{figure}作为{form}")


class AttachRows(Enum):
    """The rows of a digest, where a list may stand."""

    ROWS = ("rows", "各行|所有行")


class AttachForm(Enum):
    """In which forms a list is attached (see rowcall/attachments/forms.py)."""

    XLSX = ("xlsx", "Excel表格|excel")
    CSV = ("csv", "CSV文件")


class ScaleWord(Enum):
    """How a scale is written."""

    SCALE = ("{low} to {high}", "从{low}到{high}|{low}到{high}|{low}至{high}")
