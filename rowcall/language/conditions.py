"""What does a block of conditions say? From document nodes to one Condition, with every mistake noted."""

from dataclasses import dataclass

from rowcall.language.computation import is_formula, read_computation
from rowcall.language.condition import (
    AllOf,
    AnyOf,
    Condition,
    FormulaTest,
    LinkMissing,
    NoneOf,
    RowNew,
    ThereIs,
)
from rowcall.language.document import Blank, Block, Lines, Node, Pair, Text, fold_key
from rowcall.language.literal import KIND_WORDS
from rowcall.language.mistaken import note_mistakes
from rowcall.language.names import has_column, resolve_column, resolve_links, resolve_table
from rowcall.language.near import did_you_mean
from rowcall.language.notes import Notes
from rowcall.language.operand import Side
from rowcall.language.phrase import read_phrase
from rowcall.language.scope import Scope
from rowcall.language.words import (
    BlockKey,
    Choice,
    FigureKey,
    Phrase,
    find_word,
    spelled,
    spellings_of,
)
from rowcall.table import Kind

_NOT_OURS = {
    "or": "any of", "any": "any of", "either": "any of", "one of": "any of", "some of": "any of",
    "not": "none of", "none": "none of", "neither": "none of", "not any of": "none of",
    "and": "", "all": "", "all of": "", "both": "",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Asked:
    """Where conditions stand: known names, the table that plain columns belong to, what may be asked.

    searching: rows of `table` are searched, and the watched row is `this`.
    """

    scope: Scope
    table: str
    edges: bool = True
    searching: bool = False


def read_conditions(node: Node, asked: Asked, notes: Notes) -> AllOf | None:
    """Return what a block says, all of whose lines must be true; None with every mistake in it noted."""
    match node:
        case Block():
            found = [_read_pair(pair, asked, notes) for pair in node]
            lines = [line for one in found if one is not None for line in one]
            return AllOf(tuple(lines), node.place) if None not in found else None
        case Lines(parts=parts) if parts and all(isinstance(part, Block) for part in parts):
            notes.mistake(
                node.place,
                "Conditions are lines of `Column: phrase` without dashes; all of them must be true.",
                fix="Remove the dashes, or write `any of:` above them if one of them is enough.",
            )
        case Blank():
            notes.mistake(
                node.place,
                "The conditions are missing here.",
                fix="Write lines of `Column: phrase`, further in.",
            )
        case _:
            notes.mistake(
                node.place,
                "Conditions are lines of `Column: phrase`, each on its own line and further in."
                + (f" `{node.value}` is a text." if isinstance(node, Text) else ""),
                fix="For example `Status: Paid` below `when:`.",
            )
    return None


def _read_pair(pair: Pair, asked: Asked, notes: Notes) -> list[Condition] | None:
    key = pair.key.value
    own = None if has_column(asked.scope, asked.table, key) else find_word(BlockKey, key)
    if own is BlockKey.ROW:
        return _read_row(pair, asked, notes)
    if own is BlockKey.FORMULA:
        return _read_formulas(pair, asked, notes)
    if own in (BlockKey.THERE_IS, BlockKey.THERE_IS_NO):
        return _read_searches(pair, asked, notes, negated=own is BlockKey.THERE_IS_NO)
    if own is not None:
        return _read_group(pair, own, asked, notes)
    if isinstance(pair.value, Text):
        missing = _read_missing(pair.value, key, asked)
        if missing is not None:
            return [missing]
        if _refuse_empty_link(pair.value, key, asked, notes):
            return None
    if not has_column(asked.scope, asked.table, key) and _refuse_key(pair, notes):
        return None
    return _read_column(pair, asked, notes)


def _read_column(pair: Pair, asked: Asked, notes: Notes) -> list[Condition] | None:
    ref = note_mistakes(
        notes,
        pair.key.place,
        pair.key.value,
        lambda _: resolve_column(asked.scope, asked.table, pair.key.value),
    )
    if ref is None:
        return None
    side = Side(asked.scope, asked.table, ref)
    match pair.value:
        case Text():
            line = _read_line(side, pair.value, asked, notes)
            return None if line is None else [line]
        case Lines(parts=parts) if parts:
            return _read_list(side, pair.value, asked, notes)
        case Blank():
            notes.mistake(
                pair.key.place,
                f"Nothing stands behind `{pair.key.value}:`.",
                suggestion=f"{pair.key.value}: empty",
                fix="For a cell without content write `empty`.",
            )
        case _:
            notes.mistake(
                pair.value.place,
                f"Behind `{pair.key.value}:` stands one phrase, or a list of phrases that must all be true.",
                fix="For example `at least 5`; several blocks of conditions stand under `any of:`.",
            )
    return None


def _read_line(side: Side, text: Text, asked: Asked, notes: Notes) -> Condition | None:
    return note_mistakes(
        notes,
        text.place,
        text.value,
        lambda hints: read_phrase(side, text.value.strip(), text.place, hints, edges=asked.edges),
    )


def _read_list(side: Side, lines: Lines, asked: Asked, notes: Notes) -> list[Condition] | None:
    found: list[Condition | None] = []
    for part in lines:
        if isinstance(part, Text):
            found.append(_read_line(side, part, asked, notes))
        else:
            notes.mistake(
                part.place,
                "In this list each dash is followed by one phrase.",
                fix="For example `- at least 5`.",
            )
            found.append(None)
    return None if None in found else [line for line in found if line is not None]


def _read_row(pair: Pair, asked: Asked, notes: Notes) -> list[Condition] | None:
    said = pair.value.value if isinstance(pair.value, Text) else ""
    if find_word(Choice, said) is not Choice.NEW:
        notes.mistake(
            pair.value.place,
            f"Of the row only `row: new` can be asked{f', not `{said}`' if said else ''}.",
            suggestion=notes.corrected(pair.value.place, said, spelled(Choice.NEW)),
        )
        return None
    if not asked.edges:
        notes.mistake(
            pair.key.place, "`row: new` asks what has changed; that can be asked only in `when`, for opening."
        )
        return None
    return [RowNew(pair.key.place, f"{pair.key.value}: {said}")]


def _read_group(pair: Pair, word: BlockKey, asked: Asked, notes: Notes) -> list[Condition] | None:
    parts = pair.value.parts if isinstance(pair.value, Lines) else (pair.value,)
    several = "not one of" if word is BlockKey.NONE_OF else "one of"
    if not parts or any(not isinstance(part, Block) for part in parts):
        notes.mistake(
            pair.value.place if not isinstance(pair.value, Blank) else pair.key.place,
            f"Under `{pair.key.value}:` stands a list of conditions: a dash, then `Column: phrase`.",
            fix=f"For several values of one column write `Column: {several} A, B`.",
        )
        return None
    # Without dashes each line is a part of its own: that is how `any of:` over plain lines reads.
    blocks = [Block((one,), one.key.place) for one in pair.value] if isinstance(pair.value, Block) else parts
    found = [read_conditions(block, asked, notes) for block in blocks]
    inner = tuple(block for block in found if block is not None)
    if len(inner) < len(found):
        return None
    group = AnyOf if word is BlockKey.ANY_OF else NoneOf
    return [group(inner, pair.key.place)]


def _read_formulas(pair: Pair, asked: Asked, notes: Notes) -> list[Condition] | None:
    parts = pair.value.parts if isinstance(pair.value, Lines) else (pair.value,)
    found = [_read_formula(part, pair, asked, notes) for part in parts]
    return None if None in found else [line for line in found if line is not None]


def _read_formula(node: Node, pair: Pair, asked: Asked, notes: Notes) -> FormulaTest | None:
    bare = isinstance(node, Text) and isinstance(pair.value, Lines) and not is_formula(node.value)
    if not isinstance(node, Text) or bare:
        # `formula: [Total] > 5` without quotes is a list to YAML.
        place = pair.key.place if isinstance(node, Blank) else node.place
        fix = 'For example `formula: "=[Total] > 5 * [Freight]"`.'
        notes.mistake(place, f"Behind `{pair.key.value}:` stands a formula, in quotes.", fix=fix)
        return None
    formula = read_computation(node, asked.scope, notes, asked.table if asked.searching else None)
    if formula is None:
        return None
    if formula.form.result is not Kind.YES_NO:
        what = f"A condition is true or false, but this formula gives {KIND_WORDS[formula.form.result]}."
        fix = f'Compare it with something: `"={formula.text.strip().lstrip("=")} > 0"`.'
        notes.mistake(node.place, what, fix=fix)
        return None
    return FormulaTest(formula, node.place, node.value)


def _read_searches(pair: Pair, asked: Asked, notes: Notes, *, negated: bool) -> list[Condition] | None:
    parts = pair.value.parts if isinstance(pair.value, Lines) else (pair.value,)
    found = [_read_search(part, pair.key, asked, notes, negated=negated) for part in parts]
    return None if None in found else [line for line in found if line is not None]


def _read_search(node: Node, key: Text, asked: Asked, notes: Notes, *, negated: bool) -> ThereIs | None:
    given = _table_line(node) if isinstance(node, Block) else None
    if not isinstance(node, Block) or given is None:
        place = node.place if isinstance(node, Block) else key.place
        what = f"Under `{key.value}:` stands `in:` with a table, and conditions on it."
        tables = ", ".join(asked.scope.schemas)
        notes.mistake(
            place,
            what,
            fix=f"For example `in: {next(iter(asked.scope.schemas), '')}`; the tables are {tables}.",
        )
        return None
    text = given.value
    if not isinstance(text, Text):
        notes.mistake(given.key.place, "Behind `in:` stands the name of one table.")
        return None
    table = note_mistakes(notes, text.place, text.value, lambda _: resolve_table(asked.scope, text.value))
    rest = Block(tuple(one for one in node if one is not given), node.place)
    wrapped = next((one for one in rest if fold_key(one.key.value) in ("where", "when", "with")), None)
    if table is not None and wrapped is not None and not has_column(asked.scope, table, wrapped.key.value):
        what = f"Under `{key.value}:` the conditions stand beside `in:`, without `{wrapped.key.value}:`."
        notes.mistake(wrapped.key.place, what, fix="Remove the line, and move those below it to the left.")
        return None
    condition = None
    if table is not None:
        condition = read_conditions(rest, Asked(asked.scope, table, edges=False, searching=True), notes)
    if table is None or condition is None:
        return None
    return ThereIs(table, condition, key.place, f"{key.value}: in {table}", negated=negated)


def _table_line(block: Block) -> Pair | None:
    return next((pair for pair in block if find_word(FigureKey, pair.key.value) is FigureKey.IN), None)


def _read_missing(text: Text, key: str, asked: Asked) -> LinkMissing | None:
    word = find_word(Phrase, text.value)
    links = resolve_links(asked.scope, asked.table, key)
    if links is None or word not in (Phrase.MISSING, Phrase.NOT_MISSING):
        return None
    return LinkMissing(links, text.place, text.value, negated=word is Phrase.NOT_MISSING)


def _refuse_empty_link(text: Text, key: str, asked: Asked, notes: Notes) -> bool:
    """Note that a linked row is asked for as if it were a cell; say whether it was."""
    word = find_word(Phrase, text.value)
    if word not in (Phrase.EMPTY, Phrase.NOT_EMPTY) or resolve_links(asked.scope, asked.table, key) is None:
        return False
    if has_column(asked.scope, asked.table, key):
        return False
    better = spelled(Phrase.MISSING if word is Phrase.EMPTY else Phrase.NOT_MISSING)
    notes.mistake(
        text.place,
        f"`{key}` is a link to another row: the row is there or it is missing. Write `{better}`.",
        suggestion=notes.corrected(text.place, text.value, better),
    )
    return True


def _refuse_key(pair: Pair, notes: Notes) -> bool:
    """Note a key that is no column but reads like one of our own; say whether it was one."""
    key, place = pair.key.value, pair.key.place
    folded = fold_key(key)
    if folded in _NOT_OURS:
        ours = _NOT_OURS[folded]
        notes.mistake(
            place,
            f"`{key}:` is not a word of the language." + (f" Write `{ours}:`." if ours else ""),
            suggestion=notes.corrected(place, key, ours) if ours else "",
            fix=f"Under `{ours}:` stands a list of conditions."
            if ours
            else "All lines of a block must be true anyway: write them without it.",
        )
        return True
    near = did_you_mean(key, spellings_of(BlockKey))
    if near and not isinstance(pair.value, Text):
        notes.mistake(
            place,
            f"`{key}:` is not known. Did you mean `{near}:`?",
            suggestion=notes.corrected(place, key, near),
        )
        return True
    if (
        near == spelled(BlockKey.ROW)
        and isinstance(pair.value, Text)
        and find_word(Choice, pair.value.value) is Choice.NEW
    ):
        notes.mistake(
            place,
            f"`{key}:` is not known. Did you mean `{near}:`?",
            suggestion=notes.corrected(place, key, near),
        )
        return True
    return False
