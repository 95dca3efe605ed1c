"""How does the demo tell what it does, in eighty columns?"""

from collections.abc import Iterator, Sequence

from babel.dates import format_datetime
from rich.cells import cell_len, set_cell_size
from rich.console import Console, Group
from rich.padding import Padding
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from rowcall.demo.cellwise import ChangedCell
from rowcall.demo.play import Done, Outcome
from rowcall.demo.script import Step
from rowcall.demo.stage import MAILS, Seen
from rowcall.demo.verdict import Verdict
from rowcall.mailbox import Received
from rowcall.plan.notices import SAMPLES
from rowcall.sample.headers import Language
from rowcall.start.layout import CONFIG, SAMPLE

WIDTH = 80
_LINES_OF_A_MAIL = 3
_SHOWN_OF_A_MAIL = 66  # one line beside the labels
_INDENT = 2

_WORDS: dict[str, tuple[str, str]] = {
    "people": ("people", "店员"),
    "found": ("found", "发现"),
    "was there": ("was there", "原有"),
    "mail": ("mail", "邮件"),
    "cell": ("cell", "单元格"),
    "empty": ("(empty)", "(空)"),
    "rows": ("rows: left as they are", "行：不处理"),
    "nothing": ("nothing to send, nothing to write", "没有要发的，也没有要写的"),
    "wrong": ("not as it should be", "不对"),
    "rule": ("Rule", "规则"),
    "mails": ("Mails", "邮件"),
    "cells": ("Cells", "单元格"),
    "all": ("All four rules did what they should, and nothing else was sent or written.",
            "四条规则都做了该做的，没有多发一封，没有多写一格。"),
    "not all": ("Not everything went as it should:", "有的地方不对："),
    "book": ("the workbook, as people find it now", "工作簿，现在的样子"),
    "letters": ("every mail, as .eml and .html", "每封邮件，.eml 和 .html"),
    "files": ("the whole shop in one file, and its four rules", "整个店的设置，以及四条规则"),
    "next": ("Next, with your own file:", "接下来，用您自己的文件："),
    "your file": ("your.xlsx", "您的表格.xlsx"),
}  # fmt: skip


class Teller:
    """Prints each step of the demo as it is played, and the account at the end."""

    def __init__(self, console: Console, language: Language, program: str = "rowcall") -> None:
        """Take the console, and what the program is called from where the user stands."""
        self._console = console
        self._program = program
        self._language: Language = language

    def begin(self) -> None:
        """Say what the following is."""
        english = (
            "A tea shop works in an Excel file. Rowcall reads it, sends mail and writes cells. "
            "The clock is scripted, people and customers are invented; the workbook, the state and the mail "
            "server are real, and on this machine only."
        )
        chinese = (
            "一家茶行在 Excel 文件里工作。Rowcall 读取它，发邮件，写单元格。时间是编排的，人物是虚构的；"
            "工作簿、状态库和邮件服务器是真的，而且只在本机。"
        )
        self._console.print(Text(english if self._language == "en" else chinese))

    def tell(self, step: Step, seen: Seen, verdict: Verdict) -> None:
        """Print one step."""
        self._console.print()
        self._console.print(Rule(Text(self._moment(step), style="bold"), align="left", style="dim"))
        self._console.print(
            Padding(Group(*self._lines(step, seen, verdict)), (0, 0, 0, _INDENT), expand=False)
        )

    def end(self, outcome: Outcome) -> None:
        """Print the account of the rules, where the files are, and what to type next."""
        self._console.print()
        self._console.print(Rule(style="dim"))
        self._console.print(self._account(outcome.rules))
        self._console.print()
        if outcome.wrong:
            self._console.print(Text(self._word("not all"), style="bold red"))
            for sentence in outcome.wrong:
                self._console.print(Text(f"  {sentence}"))
        else:
            self._console.print(Text(self._word("all"), style="bold green"))
        self._console.print()
        folder = outcome.folder
        for path, about in ((SAMPLE, "book"), (f"{MAILS}/", "letters"), (f"{CONFIG}, rules/", "files")):
            self._console.print(Text.assemble((f"{folder}/{path}", "cyan"), f"  {self._word(about)}"))
        self._console.print()
        self._console.print(Text(self._word("next")))
        lang = "" if self._language == "en" else " --lang zh"
        self._console.print(
            Text(f"  rowcall init my-shop{lang} --from {self._word('your file')}", style="bold")
        )
        self._console.print(Text("  rowcall check --config my-shop/config.yaml", style="bold"))

    def _lines(self, step: Step, seen: Seen, verdict: Verdict) -> Iterator[Table | Text]:
        yield Text(step.says, style="italic")
        rows = _rows()
        for sentence in step.people:
            rows.add_row(Text(self._word("people"), style="yellow"), Text(sentence))
        for label, text in self._found(seen):
            rows.add_row(Text(self._word(label), style="magenta"), text)
        for recipients, mail in _alike(seen.mails):
            rows.add_row(Text(self._word("mail"), style="green"), _mail(recipients, mail))
        for cell in seen.cells:
            rows.add_row(Text(self._word("cell"), style="blue"), self._cell(cell))
        if not seen.mails and not seen.cells:
            rows.add_row("", Text(self._word("nothing"), style="dim"))
        for sentence in verdict.wrong:
            rows.add_row(Text(self._word("wrong"), style="bold red"), Text(sentence))
        yield rows

    def _found(self, seen: Seen) -> Iterator[tuple[str, Text]]:
        for rule, keys in seen.plan.baseline.items():
            shown = ", ".join(keys[:SAMPLES]) + (" …" if len(keys) > SAMPLES else "")
            yield "was there", Text(f"{rule}: {len(keys)} {self._word('rows')} ({shown})")
        told: set[tuple[str, str]] = set()
        for firing in seen.plan.firings:
            if (firing.rule, firing.key) not in told:
                told.add((firing.rule, firing.key))
                because = ", ".join(
                    f"{column}: {value or self._word('empty')}" for column, value in firing.because.items()
                )
                yield "found", Text.assemble((f"{firing.rule} {firing.key}", "bold"), f"  {because}")

    def _cell(self, cell: ChangedCell) -> Text:
        before = cell.before or self._word("empty")
        return Text.assemble(
            f"{cell.table} {cell.key}, {cell.column}: {before} → ",
            (cell.after or self._word("empty"), "bold"),
        )

    def _account(self, rules: Sequence[Done]) -> Table:
        table = Table(box=None, padding=(0, 2, 0, 0))
        table.add_column(self._word("rule"), width=44)
        table.add_column(self._word("mails"), justify="right")
        table.add_column(self._word("cells"), justify="right")
        for one in rules:
            table.add_row(Text(f"{one.title} ({one.rule})"), str(one.mails), str(one.cells))
        return table

    def _moment(self, step: Step) -> str:
        pattern = "EEEE d MMMM, HH:mm" if self._language == "en" else "M月d日 EEEE HH:mm"
        return format_datetime(step.at, pattern, locale="en" if self._language == "en" else "zh_Hans_CN")

    def _word(self, name: str) -> str:
        return _WORDS[name][self._language == "zh"]


def _rows() -> Table:
    rows = Table.grid(padding=(0, 1, 0, 0))
    rows.add_column(width=9)
    rows.add_column(overflow="fold")
    return rows


def _alike(mails: Sequence[Received]) -> list[tuple[list[str], Received]]:
    """Return mails with one subject once, with everybody who got them."""
    found: dict[str, tuple[list[str], Received]] = {}
    for mail in mails:
        found.setdefault(str(mail.message()["Subject"]), ([], mail))[0].append(mail.recipient)
    return list(found.values())


def _mail(recipients: Sequence[str], mail: Received) -> Text:
    """Return whom a mail went to, its subject, and its first lines."""
    subject = str(mail.message()["Subject"])
    lines = [line.strip() for line in mail.text().splitlines() if line.strip()]
    first = " / ".join([line for line in lines if line != subject][:_LINES_OF_A_MAIL])
    return Text.assemble(
        ", ".join(recipients), "\n", (subject, "bold"), "\n", (shorten(first, _SHOWN_OF_A_MAIL), "dim")
    )


def shorten(text: str, cells: int) -> str:
    """Return as much of a text as fits; a Chinese letter is two cells wide."""
    if cell_len(text) <= cells:
        return text
    return f"{set_cell_size(text, cells - 2).rstrip()} …"
