"""What does a config say of a workbook that was looked at, with a remark on every guess?"""

from collections.abc import Iterator
from dataclasses import dataclass

from rowcall.sample.headers import Language
from rowcall.start.answers import Account, Answers
from rowcall.start.column import Guess
from rowcall.start.proposal import Proposal, ProposedTable
from rowcall.start.words import quoted, say, shown
from rowcall.table import Kind

OWNER = "owner"
PASSWORD = "SMTP_PASSWORD"  # noqa: S105 - the name of a secret, not one
_REMARK_AT = 36


@dataclass(frozen=True, slots=True)
class Source:
    """Where the workbook is: its connector, and its path as the config says it."""

    connector: str
    path: str


def write_config(answers: Answers, source: Source, proposal: Proposal) -> str:
    """Return the text of a config; it loads as it stands."""
    parts = (_head(answers), _shop(answers), _workbooks(answers.language, source))
    tables = "\n".join(_tables(proposal, answers.language))
    return "\n".join((*parts, tables, "", _people(answers), _email(answers), _rest(answers.language)))


def _head(answers: Answers) -> str:
    return say(
        answers.language,
        "# Written by `rowcall init`, which looked at the workbook and guessed. Every guess says what\n"
        "# speaks for it: correct what is wrong, then let `rowcall check` look at it.\n"
        "# A secret never stands here: write ${NAME}, and put NAME=… into a file called .env beside this one.\n",
        "# 由 `rowcall init` 查看工作簿后写成。每个猜测都注明依据：不对的请改正，再运行 `rowcall check`。\n"
        "# 密码不写在这里：写 ${名称}，再在旁边的 .env 文件里写 名称=……\n",
    )


def _shop(answers: Answers) -> str:
    note = say(answers.language, "# is told when something fails and no rule names somebody else",
               "# 出了问题而规则没写负责人时，通知谁")  # fmt: skip
    return (
        f"shop:\n  name: {quoted(answers.shop)}\n  timezone: {answers.timezone}\n  language: {answers.language}\n"
        f"  currency: {answers.currency}\n  responsible: {OWNER}  {note}\n"
    )


def _workbooks(language: Language, source: Source) -> str:
    note = say(language, "# how often it is looked at", "# 多久看一次")
    return (
        f"workbooks:\n  book:\n    connector: {source.connector}\n    path: {quoted(source.path)}\n"
        f"    check every: 1 minute  {note}\n"
    )


def _tables(proposal: Proposal, language: Language) -> Iterator[str]:
    yield say(
        language,
        "# A table is a tab. `key` says by which column a row is known. A column that is taken out here is text.",
        "# 一张表就是一个工作表。key 说明靠哪一列认出一行。这里没写的列按文本处理。",
    )
    yield "tables:"
    for table in proposal.tables:
        yield from _table(table, language)
    for name, reason in proposal.left_out:
        yield f"  # {say(language, 'left out', '未列入')}: {shown(name)} ({reason})"


def _table(table: ProposedTable, language: Language) -> Iterator[str]:
    yield f"  {quoted(table.name)}:"
    yield from (f"    # {sentence}" for sentence in _remarks(table, language))
    if len(table.key) == 1:
        yield _line(f"    key: {quoted(table.key[0])}", _why_key(table, language))
    elif table.key:
        listed = ", ".join(quoted(one) for one in table.key)
        yield _line(f"    key: [{listed}]", say(language, "only together they are unique", "合起来才不重复"))
    if table.number:
        why = say(language, "the pattern for keys of new rows", "新增一行时编号的样式")
        yield _line(f"    number: {quoted(table.number)}", why)
    yield "    columns:"
    for guess in table.columns:
        yield _line(f"      {quoted(guess.header)}: {_kind(guess)}", _why(guess, language))
    if table.links:
        yield "    links:"
    for link in table.links:
        of = say(language, f"{link.found} of {link.asked} values are keys there",
                 f"{link.asked} 个值中有 {link.found} 个是那里的 key")  # fmt: skip
        place = f"{{table: {quoted(link.table)}, by: {quoted(link.by)}}}"
        yield _line(f"      {quoted(link.name)}: {place}", of)


def _remarks(table: ProposedTable, language: Language) -> Iterator[str]:
    yield say(language, f"{table.rows} rows" if table.rows != 1 else "1 row", f"{table.rows} 行")
    for sentence in table.unread:
        yield say(language, f"not read: {shown_sentence(sentence)}", f"未读取: {shown_sentence(sentence)}")
    if not table.key:
        yield say(
            language,
            "No column is filled and different in every row, so rules can't watch this table yet. "
            "Add one, then write `key:`.",
            "没有一列是每行都填且不重复的，所以规则还不能看这张表。请加一列编号，再写 key:。",
        )


def shown_sentence(sentence: str) -> str:
    """Return a sentence that names headers as one line."""
    return " ".join(sentence.split())


def _why_key(table: ProposedTable, language: Language) -> str:
    if table.blank or table.twice:
        return say(
            language,
            f"BUT {table.blank} rows have none and {table.twice} share one: those are set aside",
            f"但有 {table.blank} 行没填,{table.twice} 行重复：这些行不处理",
        )
    return say(
        language, f"filled and different in all {table.rows} rows", f"全部 {table.rows} 行都有，且不重复"
    )


def _kind(guess: Guess) -> str:
    if guess.kind is Kind.CHOICE:
        return f"[{', '.join(quoted(choice) for choice in guess.choices)}]"
    return str(guess.kind)


def _why(guess: Guess, language: Language) -> str:
    if not guess.filled:
        return say(language, "no cell is filled yet: by its header", "还没有填过，按列名猜的")
    cells = say(language, f"{guess.filled} cells" if guess.filled > 1 else "1 cell", f"{guess.filled} 格")
    if guess.kind is Kind.CHOICE:
        return say(
            language,
            f"as seen in {cells}: put them in order, add what is missing",
            f"{cells}里出现过：请排好顺序，补上缺的",
        )
    if guess.fits == guess.filled:
        return cells
    others = ", ".join(f'"{shown(one)}"' for one in guess.others)
    return say(
        language,
        f"{guess.fits} of {guess.filled} cells; can't be read: {others}",
        f"{guess.filled} 格中的 {guess.fits} 格；读不懂: {others}",
    )


def _line(text: str, remark: str) -> str:
    return f"{text:<{_REMARK_AT}} # {remark}"


def _people(answers: Answers) -> str:
    name, address = answers.responsible
    return f"people:\n  {OWNER}: {{name: {quoted(name)}, email: {quoted(address)}}}\n"


def _email(answers: Answers) -> str:
    language = answers.language
    if answers.account is None:
        head = say(
            language,
            "# Until there is a mail account, mails wait in the outbox. Take the # away, fill in, and put\n"
            "# the password into .env as SMTP_PASSWORD=…",
            "# 填好邮箱账号之前，邮件都在发件箱里等着。去掉 #，填好，并把密码写进 .env:SMTP_PASSWORD=……",
        )
        lines = _account(answers, Account("orders@example.com", "smtp.example.com", 587, "starttls"))
        return "\n".join([head, *("# " + line for line in lines)]) + "\n"
    return "\n".join(_account(answers, answers.account)) + "\n"


def _account(answers: Answers, account: Account) -> Iterator[str]:
    trial = say(
        answers.language,
        "  # A trial run: every mail goes to this address and says whom it was for.\n"
        "  # Take it out when you trust the rules.",
        "  # 试运行：所有邮件都发到这个地址，并注明原来要发给谁。放心之后删掉这一行。",
    )
    yield "email:"
    yield f"  from: {quoted(f'{_sender_name(answers.shop)} <{account.address}>')}"
    yield f"  host: {account.host}"
    yield f"  port: {account.port}"
    yield f"  security: {account.security}"
    if account.security != "none":
        yield f"  user: {quoted(account.address)}"
        yield f"  password: ${{{PASSWORD}}}"
    yield "  daily limit: 400"
    yield '  quiet hours: "21:00-07:30"'
    yield from trial.splitlines()
    yield f"  send everything to: {quoted(answers.responsible[1])}"


def _sender_name(shop: str) -> str:
    return "".join(letter for letter in shop if letter not in '<>"\\,;:@()[]')


def _rest(language: Language) -> str:
    remark = say(language, "# what has been sent and written; back it up with the workbook",
                 "# 记着发过什么、写过什么；请和工作簿一起备份")  # fmt: skip
    return f"state: sqlite:///rowcall.db  {remark}\nlimits: [50 emails an hour]\n"
