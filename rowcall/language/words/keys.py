"""Which keys may stand in a rule file? English in the first column, Chinese in the second."""

from enum import Enum


class Key(Enum):
    """The keys at the top of a rule file."""

    RULE = ("rule", "规则")
    ABOUT = ("about", "说明")
    RESPONSIBLE = ("responsible", "负责人")
    LOOK_AT = ("look at", "查看|关注")
    WHEN = ("when", "当|如果")
    FOR = ("for", "持续|持续时间")
    AGAIN_ONLY_WHEN = ("again only when", "重新触发条件|再次触发条件")
    ONCE_PER_ROW = ("once per row", "每行一次|每行只一次")
    THEN = ("then", "那么|就|然后")
    STOP_WHEN = ("stop when", "停止条件|结束条件")
    SEND_ONLY = ("send only", "发送时段|只在此时段发送")
    LIMITS = ("limits", "限额|上限")
    FIRST_RUN = ("first run", "首次运行|初次运行")
    CHECK_EVERY = ("check every", "检查间隔")
    EXPIRES_AFTER = ("expires after", "有效期|过期时间")
    STATE = ("state", "状态")
    DUE = ("due", "期限|到期|截止")
    PAUSE_WHILE = ("pause while", "暂停条件|暂停期间")
    WORKING_HOURS = ("working hours", "工作小时|工作时间|营业时间")
    SCHEDULE = ("schedule", "时间表|定时")
    PERIOD = ("period", "周期|统计周期")
    COMPARE_WITH = ("compare with", "对比|相比")
    FIGURES = ("figures", "指标|统计")
    KEEP = ("keep", "保持|维护")


class DueKey(Enum):
    """The keys of `due` when it is a block."""

    COUNTED_FROM = ("counted from", "起算|起算点")
    WITHIN = ("within", "时限|限时")


class ScheduleKey(Enum):
    """The key of a line of `schedule` that is a block."""

    CRON = ("cron", "定时表达式")


class EntryKey(Enum):
    """The keys of an entry of `then` beside its actions."""

    AT = ("at", "在|时间")
    EVERY = ("every", "每隔|每")
    AT_MOST = ("at most", "最多")
    UNTIL = ("until", "直到")
    WHEN = ("when", "当|如果")


class ButtonKey(Enum):
    """The keys of a button."""

    LABEL = ("label", "文字|名称")
    SET = ("set", "设置|填写")
    SNOOZE = ("snooze", "推迟|稍后")
    STOP = ("stop", "停止|结束")
    RATE = ("rate", "评分")
    FROM = ("from", "从|最低")
    TO = ("to", "到|最高")
    COMMENT = ("comment", "留言|备注")


class BlockKey(Enum):
    """The keys that may stand in a block of conditions beside column names."""

    ANY_OF = ("any of", "任一|满足任一")
    NONE_OF = ("none of", "都不|均不")
    ROW = ("row", "本行|行")
    THERE_IS = ("there is", "存在")
    THERE_IS_NO = ("there is no", "不存在")
    FORMULA = ("formula", "公式")


class FigureKey(Enum):
    """The keys of a figure."""

    IN = ("in", "表|在表")
    WHERE = ("where", "其中")
    COUNT = ("count", "计数")
    SUM_OF = ("sum of", "合计|求和")
    AVERAGE_OF = ("average of", "平均|平均值")
    MEDIAN_OF = ("median of", "中位数")
    P90_OF = ("p90 of", "九成位|90分位")
    HIGHEST_OF = ("highest of", "最大|最高|最大值")
    LOWEST_OF = ("lowest of", "最小|最低|最小值")
    DISTINCT_OF = ("distinct of", "去重计数|不同个数")
    TIME_BETWEEN = ("time between", "间隔|时间间隔")
    IN_WORKING_HOURS = ("in working hours", "按工作小时|按工作时间")
    SHARE_WITH = ("share with", "占比")
    LIST = ("list", "列出|清单")
    SORT_BY = ("sort by", "排序")
    AT_MOST = ("at most", "最多")
    FORMULA = ("formula", "公式")
    BY = ("by", "分组|按列分组")
    SHOW_AS = ("show as", "显示为")


class WindowKey(Enum):
    """The keys of `send only` when it is a block."""

    WINDOW = ("window", "时段")
    OTHERWISE = ("otherwise", "否则")


class ValueKey(Enum):
    """The keys of a value that is chosen."""

    BY_COLUMN = ("by column", "按列")
    EVERYTHING_ELSE = ("everything else", "其他情况|其余")
    FIRST_THAT_FITS = ("first that fits", "首个符合|第一个符合")
    VALUE = ("value", "取值|值")
    WHEN = ("when", "当|如果")
    GO_DOWN = ("go down only after", "下降需持续|下调需持续")
