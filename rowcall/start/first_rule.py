"""Which first rule fits a workbook that nobody has written rules for?"""

from collections.abc import Iterator

from rowcall.evaluate.slugs import same_slugs, slug
from rowcall.sample.headers import Language
from rowcall.start.column import Guess
from rowcall.start.config_text import OWNER
from rowcall.start.proposal import Proposal, ProposedTable
from rowcall.start.words import quoted, say
from rowcall.table import Kind

FIRST_RULE = "rules/new-rows.yaml"
_SHOWN_COLUMNS = 6


def first_rule(proposal: Proposal, language: Language) -> dict[str, str]:
    """Return a rule that tells of new rows in the liveliest table with a key, by its path; none without a key."""
    tables = [table for table in proposal.tables if table.key]
    if not tables:
        return {}
    table = max(tables, key=_liveliness)
    return {FIRST_RULE: "\n".join(_lines(table, language)) + "\n"}


def _liveliness(table: ProposedTable) -> tuple[int, int]:
    """Return how much a table looks like one that people work in every day: states, addresses, dates, rows."""
    kinds = {guess.kind for guess in table.columns}
    return (
        (Kind.CHOICE in kinds) + (Kind.EMAIL in kinds) + 2 * bool(kinds & {Kind.DATE, Kind.DATETIME}),
        table.rows,
    )


def _lines(table: ProposedTable, language: Language) -> Iterator[str]:
    name = quoted(table.name)
    title = say(language, f"New rows in {table.name}", f"{table.name}有新行")
    yield f"rule: {quoted(title)}"
    yield "about: " + say(language, "Tell the person responsible of every new row.", "有新行时通知负责人。")
    yield f"responsible: {OWNER}"
    yield f"look at: {name}"
    yield ""
    yield "when:"
    yield "  row: new"
    yield from _samples(table, language)
    yield "first run: only new ones"
    yield ""
    yield "then:"
    yield "  - email:"
    yield "      to: responsible"
    yield f'      subject: "{_subject(table, language)}"'
    yield "      text: |"
    shown = _printable(table)
    for guess in shown:
        yield f"        {guess.header}: {{{{ {slug(guess.header)} }}}}"


def _subject(table: ProposedTable, language: Language) -> str:
    key = " ".join(f"{{{{ {slug(one)} }}}}" for one in table.key)
    name = table.name.replace("\\", "\\\\").replace('"', '\\"').replace("{", "(").replace("}", ")")
    return say(language, f"New in {name}: {key}", f"{name}有新行: {key}")


def _printable(table: ProposedTable) -> list[Guess]:
    """Return the columns that a text can name, and whose headers are no template themselves."""
    double = {
        header for group in same_slugs(one.header for one in table.columns).values() for header in group
    }
    able = [
        one
        for one in table.columns
        if one.header not in double and slug(one.header) and not set(one.header) & set("{}%#")
    ]
    return able[:_SHOWN_COLUMNS]


def _samples(table: ProposedTable, language: Language) -> Iterator[str]:
    """Return conditions that this table could have, as remarks to take the # from."""
    yield say(
        language,
        "  # More conditions, for the columns of this table; take a # away to use one:",
        "  # 这张表还可以用的条件，去掉 # 即可：",
    )
    for kind, phrase in (
        (Kind.CHOICE, ""),
        (Kind.EMAIL, "not empty"),
        (Kind.MONEY, "at least 100"),
        (Kind.NUMBER, "below 5"),
        (Kind.DATE, "at least 7 days ago"),
        (Kind.DATETIME, "more than 4 hours ago"),
    ):
        guess = next((one for one in table.columns if one.kind is kind), None)
        if guess is not None:
            yield f"  # {quoted(guess.header)}: {phrase or quoted(guess.choices[0])}"
