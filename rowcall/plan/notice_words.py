"""What does Rowcall say to the responsible person, in the shop's language?"""

from collections.abc import Mapping
from dataclasses import dataclass

from rowcall.actions.email import Notice


@dataclass(frozen=True, slots=True)
class Wording:
    """One notice with `{names}` to be filled; a remedy that comes out empty is left out."""

    headline: str
    sentences: tuple[str, ...]
    remedies: tuple[str, ...] = ()


class _Count(int):
    """A number that chooses its words: `{count:row waits|rows wait}`, the first for one."""

    def __format__(self, words: str) -> str:
        one, bar, many = words.partition("|")
        return (one if self == 1 else many) if bar else super().__format__(words)


_ENGLISH: Mapping[str, Wording] = {
    "first-run": Wording(
        "{title}: {count} {count:row matters|rows matter} already",
        (
            (
                'The rule "{title}" looked at {table} for the first time and found {count} '
                "{count:row that fits already. Nothing was done about it|"
                "rows that fit already. Nothing was done about them}."
            ),
        ),
        (
            "Start {count:it|them} now: rowcall answer {rule} act",
            "Leave {count:it as it is|them as they are}: rowcall answer {rule} leave",
        ),
    ),
    "hold": Wording(
        "{title}: {count} {count:row waits|rows wait} for you",
        (
            (
                'The rule "{title}" wants to act for {count} {count:row|rows} at once. That is more than its limit '
                '"{limit}", so nothing was sent or written. What comes later joins the queue.'
            ),
        ),
        (
            "Let {count:it|them} go: rowcall release {rule} (rows that no longer fit are left out)",
            "Forget {count:it|them}: rowcall drop {rule}",
        ),
    ),
    "table": Wording(
        "{table} can't be read as it is now",
        ("{what}", "Until that is mended these rules wait: {titles}. Nothing is lost."),
        ("{suggestion}", "{fix}"),
    ),
    "conflict": Wording("Two rules disagree about {place}", ("{what}",), ("{fix}",)),
    "shrunk": Wording(
        "{count} {count:row|rows} of {table} {count:is|are} gone",
        (
            (
                "More than half of the rows of {table} are gone since the last look: {count} {count:row|rows}. "
                "Reminders for {count:it|them} wait until you say that this is right, or until a day has passed. "
                "All other rows go on as usual."
            ),
        ),
        ("It is right: rowcall answer {table} act", "It is a mistake: put the rows back"),
    ),
    "words": Wording(
        "{title}: a mail or cell can't be made",
        ("{what}", "It is tried again until the rule, the template or the cell is mended."),
        ("See what is wrong: rowcall check {rule}",),
    ),
    "missed": Wording(
        "{title}: a run was missed",
        ("{what}.",),
        ("See what it would say now: rowcall preview {rule}",),
    ),
    "dead": Wording(
        "{title}: row {key} could not be delivered",
        ("{what}",),
        ("Look at it: rowcall outbox show {delivery}",),
    ),
    "lost": Wording(
        "{title}: row {key} was left to a person's edit",
        ("{what}",),
        ("Look at it: rowcall outbox show {delivery}",),
    ),
}

_CHINESE: Mapping[str, Wording] = {
    "first-run": Wording(
        "{title}：已有 {count} 行符合条件",
        ("规则“{title}”第一次查看“{table}”，发现已有 {count} 行符合条件。尚未对这些行做任何处理。",),
        ("现在处理这些行：rowcall answer {rule} act", "保持原样：rowcall answer {rule} leave"),
    ),
    "hold": Wording(
        "{title}：{count} 行等待您的决定",
        (
            (
                "规则“{title}”一次要处理 {count} 行，超过了限制“{limit}”，因此没有发送邮件，也没有写入表格。"
                "之后符合条件的行会一并等待。"
            ),
        ),
        ("放行：rowcall release {rule}（不再符合条件的行会被略过）", "放弃：rowcall drop {rule}"),
    ),
    "table": Wording(
        "“{table}”现在无法读取",
        ("{what}", "修复之前，这些规则会等待：{titles}。不会丢失任何内容。"),
        ("{suggestion}", "{fix}"),
    ),
    "conflict": Wording("两条规则对 {place} 的要求不一致", ("{what}",), ("{fix}",)),
    "shrunk": Wording(
        "“{table}”少了 {count} 行",
        (
            (
                "与上次相比，“{table}”一半以上的行不见了：共 {count} 行。在您确认或满一天之前，"
                "这些行的提醒会暂停。其他行照常处理。"
            ),
        ),
        ("确认无误：rowcall answer {table} act", "如果是误删：请把这些行放回去"),
    ),
    "words": Wording(
        "{title}：邮件或单元格内容无法生成",
        ("{what}", "在规则、模板或单元格修正之前，会不断重试。"),
        ("查看问题：rowcall check {rule}",),
    ),
    "missed": Wording(
        "{title}：有一次没有按时运行", ("{what}",), ("查看现在的结果：rowcall preview {rule}",)
    ),
    "dead": Wording(
        "{title}：第 {key} 行未能送达", ("{what}",), ("查看详情：rowcall outbox show {delivery}",)
    ),
    "lost": Wording(
        "{title}：第 {key} 行以人工修改为准", ("{what}",), ("查看详情：rowcall outbox show {delivery}",)
    ),
}


def word_notice(
    kind: str, language: str, values: Mapping[str, object], rows: tuple[tuple[str, str], ...] = ()
) -> Notice:
    """Return the notice of a kind in the shop's language; rows: up to three samples."""
    values = {name: _Count(one) if type(one) is int else one for name, one in values.items()}
    wording = (_CHINESE if language.startswith("zh") else _ENGLISH)[kind]
    remedies = tuple(text for one in wording.remedies if (text := one.format_map(values)).strip())
    sentences = tuple(one.format_map(values) for one in wording.sentences)
    return Notice(wording.headline.format_map(values), sentences, rows, remedies)
