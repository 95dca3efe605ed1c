"""Which first rule fits a workbook that nobody has written rules for?"""

import re
from collections.abc import Iterator

from rowcall.evaluate.slugs import same_slugs, slug
from rowcall.sample.headers import Language
from rowcall.start.column import Guess
from rowcall.start.config_text import OWNER
from rowcall.start.proposal import Proposal, ProposedTable
from rowcall.start.words import quoted, say
from rowcall.table import Kind

FIRST_RULE = "rules/first-rule.yaml"

_STATE = re.compile(r"status|\bstate\b|stage|状态|阶段", re.IGNORECASE)
_PLAIN_VALUE = re.compile(r"[^\W\d_]+(?: [^\W\d_]+)*")
_PHRASES = frozenset(
    [
        "empty",
        "changed",
        "today",
        "yesterday",
        "tomorrow",
        "valid",
        "yes",
        "no",
        "not",
        "now",
        "missing",
        "one",
        "exactly",
        "at",
        "more",
        "less",
        "below",
        "above",
        "before",
        "after",
        "on",
        "in",
        "within",
        "between",
        "contains",
        "does",
        "starts",
        "ends",
        "matches",
        "went",
        "same",
        "anniversary",
    ]
)
"""Words that begin a phrase: a value that begins with one is asked for with `exactly`."""
_SHOWN_COLUMNS = 6


def first_rule(proposal: Proposal, language: Language) -> dict[str, str]:
    """Return a rule by its path: it tells of rows in one state of the liveliest table. None without a key."""
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
    name, state = quoted(table.name), _state(table)
    if state is None:
        title = say(language, f"New rows in {table.name}", f"{table.name}有新行")
        about = say(language, "Tell the person responsible of every new row.", "有新行时通知负责人。")
    else:
        title = f"{table.name}: {state.header} {state.rarest}"
        about = say(language, "Tell the person responsible once when a row comes into this state.",
                    "一行进入这个状态时，通知负责人一次。")  # fmt: skip
    yield f"rule: {quoted(title)}"
    yield f"about: {about}"
    yield f"responsible: {OWNER}"
    yield f"look at: {name}"
    yield ""
    yield "when:"
    yield "  row: new" if state is None else f"  {quoted(state.header)}: {_phrase(state.rarest)}"
    yield from _samples(table, language, state)
    yield "first run: only new ones"
    yield ""
    yield "then:"
    yield "  - email:"
    yield "      to: responsible"
    yield f'      subject: "{_subject(table)}"'
    yield "      text: |"
    shown = _printable(table)
    for guess in shown:
        yield f"        {guess.header}: {{{{ {slug(guess.header)} }}}}"


def _state(table: ProposedTable) -> Guess | None:
    """Return the column that says where a row stands; None if there is none."""
    choices = [guess for guess in table.columns if guess.kind is Kind.CHOICE]
    return next((guess for guess in choices if _STATE.search(guess.header)), None)


def _phrase(value: str) -> str:
    """Return the condition that a column equals a value; `exactly` where the value could be read as a phrase."""
    plain = _PLAIN_VALUE.fullmatch(value) and value.split(maxsplit=1)[0].casefold() not in _PHRASES
    return quoted(value if plain else f"exactly {value}")


def _subject(table: ProposedTable) -> str:
    key = " ".join(f"{{{{ {slug(one)} }}}}" for one in table.key)
    name = table.name.replace("\\", "\\\\").replace('"', '\\"').replace("{", "(").replace("}", ")")
    return f"{name}: {key}"


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


def _samples(table: ProposedTable, language: Language, state: Guess | None) -> Iterator[str]:
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
        guess = next((one for one in table.columns if one.kind is kind and one is not state), None)
        if guess is not None:
            yield f"  # {quoted(guess.header)}: {phrase or _phrase(guess.choices[0])}"
