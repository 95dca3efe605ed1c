"""Which wordings do people write that our language says otherwise, and how does it say them?

Each line of the tables is a wording and the one to use instead, for the kinds of columns where it is surely meant.
"""

import re
from dataclasses import dataclass

from rowcall.language.names import columns_of
from rowcall.language.operand import Side
from rowcall.table import NUMERIC, TEMPORAL, Column, Kind

_SPAN = r"\d+\s*(?:working\s+)?(?:minutes?|mins?|hours?|days?|weeks?|months?|years?)"
_N = r"[€$£¥]?-?\d[\d.,]*\s*(?:%|€|\$|£|¥|EUR|USD)?(?:\s*(?:minutes?|mins?|hours?|days?|weeks?))?"
_NOTHING = r"(?:blank|null|none|nil|n/a|#n/a|na|nan|undefined|nothing|void|-{1,2}|\"\"|'')"
_NUMBERS = NUMERIC | {Kind.DURATION}
_ORDERED = _NUMBERS | TEMPORAL
_WORDS = frozenset({Kind.TEXT, Kind.CHOICE, Kind.EMAIL, Kind.PHONE, Kind.PERSON})
_EVERY = frozenset(Kind)


@dataclass(frozen=True, slots=True)
class Wording:
    """One wording that is not ours: pattern of the whole text, what to write instead, for which kinds."""

    pattern: re.Pattern[str]
    instead: str
    kinds: frozenset[Kind] = _EVERY


def _table(kinds: frozenset[Kind], *rows: tuple[str, str]) -> tuple[Wording, ...]:
    return tuple(
        Wording(re.compile(pattern, re.IGNORECASE | re.DOTALL), instead, kinds) for pattern, instead in rows
    )


_SIGNS = (
    *_table(
        TEMPORAL,
        (r"=?\s*today\s*\(\s*\)", "today"),
        (r"=\s*today", "today"),
        (r"=?\s*now\s*\(\s*\)", "now"),
        (r"(?:>=|=>|≥|＞＝)\s*(.+)", r"on or after \1"),
        (r"(?:<=|=<|≤|＜＝)\s*(.+)", r"on or before \1"),
        (r"(?:>|＞)\s*(.+)", r"after \1"),
        (r"(?:<|＜)\s*([^>].*)", r"before \1"),
    ),
    *_table(
        _EVERY,
        (r"=?\s*today\s*\(\s*\)", "today"),
        (r"=?\s*now\s*\(\s*\)", "now"),
        (rf"(?:is\s+|==?\s*)?{_NOTHING}", "empty"),
        (rf"(?:is\s+not|isn'?t|<>|!=|≠|!)\s*(?:{_NOTHING}|empty)", "not empty"),
        (rf"not\s+{_NOTHING}", "not empty"),
        (r"(?:>=|=>|≥|＞＝)\s*(.+)", r"at least \1"),
        (r"(?:<=|=<|≤|＜＝)\s*(.+)", r"at most \1"),
        (r"(?:<>|!==?|≠|!|not\s+==?)\s*(.+)", r"not \1"),
        (r"(?:>|＞)\s*(.+)", r"more than \1"),
        (r"(?:<|＜)\s*(.+)", r"less than \1"),
        (r"={1,3}\s*(.+)", r"\1"),
        (r"is\s+(?:equal|equals)(?:\s+to)?\s+(.+)", r"\1"),
        (r"(?:equals?(?:\s+to)?|equal to)\s+(.+)", r"\1"),
        (r"(?:not\s+equals?(?:\s+to)?|unequal(?:\s+to)?|is\s+not|isn'?t|other than)\s+(.+)", r"not \1"),
        (r"is\s+(.+)", r"\1"),
        (r"(?:has\s+)?no\s+value", "empty"),
        (r"(?:is\s+)?(?:unset|not set|not filled(?: in)?|missing)", "empty"),
        (r"(?:has\s+(?:a\s+)?value|filled(?: in)?|not\s+missing|any\s*thing|exists)", "not empty"),
    ),
)
_LISTS = _table(
    _EVERY,
    (r"(not\s+)?one\s+of\s*[:(\[]\s*([^()\[\]]*?)\s*[)\]]", r"\1one of \2"),
    (r"not\s+(?:in|any\s+of|either\s+of)\s*[:(\[]?\s*([^()\[\]]*,[^()\[\]]*?)[)\]]?", r"not one of \1"),
    (r"(?:none\s+of|neither\s+of)\s+([^,]+(?:,[^,]+)*)", r"not one of \1"),
    (r"neither\s+(.+?)\s+nor\s+(.+)", r"not one of \1, \2"),
    (r"in\s*[:(\[]?\s*([^()\[\]]*,[^()\[\]]*?)[)\]]?", r"one of \1"),
    (r"(?:any\s+of|any\s+one\s+of|one\s+out\s+of|one\s+from)\s+(.+)", r"one of \1"),
    (r"either\s+(.+?)\s+or\s+(.+)", r"one of \1, \2"),
    (r"not\s+(.+?)\s+(?:or|nor)\s+(.+)", r"not one of \1, \2"),
    (r"(.+?)\s+and\s+not\s+empty", r"\1"),
)
_TEXTS = _table(
    _WORDS,
    (r"(?:contains?|includes?|containing)\s+(?:any|either|some)(?:\s+of)?\s+(.+)", r"contains one of \1"),
    (r"(?:not\s+contains?|doesn'?t\s+contain|does\s+not\s+contains|(?:does\s+not|doesn'?t)\s+include)\s+(.+)",
     r"does not contain \1"),
    (r"(?:contain|containing|includes?|including)\s+(.+)", r"contains \1"),
    (r"(?:not\s+starts?\s+with|doesn'?t\s+start\s+with)\s+(.+)", r"does not start with \1"),
    (r"(?:not\s+ends?\s+with|doesn'?t\s+end\s+with)\s+(.+)", r"does not end with \1"),
    (r"(?:begins?\s+with|beginning\s+with|start\s+with|starting\s+with)\s+(.+)", r"starts with \1"),
    (r"(?:end\s+with|ending\s+with|ends\s+in|ends\s+on)\s+(.+)", r"ends with \1"),
    (r"[*%]([^*%]+)[*%]", r"contains \1"),
    (r"[*%]([^*%]+)", r"ends with \1"),
    (r"([^*%]+)[*%]", r"starts with \1"),
    (r"(?:like|matching)\s+(.*[*%/].*)", r"\1"),
)  # fmt: skip
_EDGES = _table(
    _EVERY,
    (r"(?:has|have|was|is)\s+changed", "changed"),
    (r"(?:changes|change)", "changed"),
    (r"(?:changes|change|becomes|became|turns|turned|switched|switches|went|goes)\s+(?:in)?to\s+(.+)",
     r"changed to \1"),
    (r"(?:becomes|became|turns)\s+(.+)", r"changed to \1"),
    (r"(?:goes|went|changes|moves|moved)\s+from\s+(.+?)\s+to\s+(.+)", r"changed from \1 to \2"),
    (r"(?:increased|increases|rises|rose|goes\s+up|gone\s+up|went\s+higher)", "went up"),
    (r"(?:decreased|decreases|falls|fell|goes\s+down|gone\s+down|drops|dropped|went\s+lower)", "went down"),
    (r"changed\s+by\s+(?:over|at\s+least|above)?\s*(\d[\d.,]*)\s*%", r"changed by more than \1%"),
)  # fmt: skip
_RANGES = _table(
    _EVERY,
    (rf"between\s+({_N})\s*(?:-|–|—|\.\.\.?|to|,|&|till|until)\s*({_N})", r"between \1 and \2"),
    (rf"between\s+({_N})\s*(?:or)\s*({_N})", r"between \1 and \2"),
    (rf"(?:from\s+)?({_N})\s*(?:\.\.\.?|–|—|to|till|until)\s*({_N})", r"between \1 and \2"),
    (rf"(?:from\s+)?({_N})\s+-\s+({_N})", r"between \1 and \2"),
    (rf"at\s+least\s+({_N})\s+and\s+at\s+most\s+({_N})", r"between \1 and \2"),
    (rf"(?:more|greater)\s+than\s+({_N})\s+and\s+(?:less|smaller)\s+than\s+({_N})", r"between \1 and \2"),
)
_RANGES_OF_NUMBERS = _table(
    _NUMBERS,
    (rf"(?:from\s+)?({_N})\s*-\s*({_N})", r"between \1 and \2"),
)
_SIZES = _table(
    _NUMBERS | {Kind.TEXT},
    (rf"(?:greater|bigger|more|larger|higher)\s+(?:than\s+)?or\s+equal(?:\s+to)?\s+({_N})", r"at least \1"),
    (rf"(?:less|smaller|lower|fewer)\s+(?:than\s+)?or\s+equal(?:\s+to)?\s+({_N})", r"at most \1"),
    (rf"(?:equal\s+(?:to\s+)?or\s+(?:more|greater|above))(?:\s+than)?\s+({_N})", r"at least \1"),
    (rf"(?:equal\s+(?:to\s+)?or\s+(?:less|smaller|below))(?:\s+than)?\s+({_N})", r"at most \1"),
    (rf"(?:not|no)\s+(?:less|fewer|lower|smaller)\s+than\s+({_N})", r"at least \1"),
    (rf"(?:not|no)\s+(?:more|greater|higher|bigger)\s+than\s+({_N})", r"at most \1"),
    (rf"not\s+below\s+({_N})", r"at least \1"),
    (rf"not\s+(?:above|over)\s+({_N})", r"at most \1"),
    (rf"not\s+at\s+least\s+({_N})", r"less than \1"),
    (rf"not\s+at\s+most\s+({_N})", r"more than \1"),
    (rf"(?:greater|bigger|larger|higher)(?:\s+than)?\s+({_N})", r"more than \1"),
    (rf"more\s+then\s+({_N})", r"more than \1"),
    (rf"(?:smaller|lower|fewer)(?:\s+than)?\s+({_N})", r"less than \1"),
    (rf"less\s+then\s+({_N})", r"less than \1"),
    (rf"(?:over|exceeds|exceeding)\s+({_N})", r"more than \1"),
    (rf"(?:under|beneath)\s+({_N})", r"less than \1"),
    (rf"(?:min(?:imum|\.)?(?:\s+of)?|at\s+the\s+least|from)\s+({_N})", r"at least \1"),
    (rf"(?:max(?:imum|\.)?(?:\s+of)?|at\s+the\s+most|up\s+to|until)\s+({_N})", r"at most \1"),
    (
        rf"({_N})\s*(?:\+|and\s+(?:more|up|above|over)|or\s+(?:more|above|greater|over|higher))",
        r"at least \1",
    ),
    (rf"({_N})\s+(?:and|or)\s+(?:less|below|lower|under|fewer)", r"at most \1"),
)
_SIZES_OF_NAMES = _table(
    _NUMBERS,
    (r"(?:over|exceeds|greater\s+than|bigger\s+than|higher\s+than|larger\s+than)\s+(.+)", r"more than \1"),
    (r"(?:under|smaller\s+than|lower\s+than|fewer\s+than)\s+(.+)", r"less than \1"),
    (r"(?:up\s+to|max(?:imum)?)\s+(.+)", r"at most \1"),
)
_DAYS = _table(
    TEMPORAL,
    (r"(today|yesterday|tomorrow)\s+(?:at\s+)?\d{1,2}(?::\d\d)?\s*(?:am|pm|h|o'?clock)?", r"\1"),
    (rf"older\s+than\s+({_SPAN})(?:\s+(?:ago|old))?", r"more than \1 ago"),
    (rf"(?:newer|younger)\s+than\s+({_SPAN})", r"within the last \1"),
    (rf"(?:more\s+than|over)\s+({_SPAN})(?:\s+(?:old|back))?", r"more than \1 ago"),
    (rf"(?:less\s+than|under)\s+({_SPAN})(?:\s+(?:old|back))?", r"less than \1 ago"),
    (rf"at\s+least\s+({_SPAN})(?:\s+(?:old|back))?", r"at least \1 ago"),
    (rf"at\s+most\s+({_SPAN})(?:\s+(?:old|back))?", r"at most \1 ago"),
    (rf"over\s+({_SPAN})\s+ago", r"more than \1 ago"),
    (rf"({_SPAN})\s+old", r"at least \1 ago"),
    (rf"({_SPAN})\s+or\s+(?:more|longer)(?:\s+ago)?", r"at least \1 ago"),
    (rf"(?:for|since)\s+({_SPAN})", r"at least \1 ago"),
    (rf"(?:before|earlier\s+than)\s+({_SPAN})(?:\s+ago)?", r"more than \1 ago"),
    (rf"(?:after|later\s+than|since)\s+({_SPAN})\s+ago", r"within the last \1"),
    (rf"(?:in|within)\s+({_SPAN})", r"in the next \1"),
    (rf"(?:within\s+(?:the\s+)?next|next|in\s+next|coming)\s+({_SPAN})", r"in the next \1"),
    (rf"(?:in\s+|during\s+)?(?:the\s+)?(?:last|past)\s+({_SPAN})", r"within the last \1"),
    (rf"within\s+(?:the\s+past|last)\s+({_SPAN})", r"within the last \1"),
    (r"today\s*\+\s*(\d+\s*(?:days?|weeks?))", r"between today + \1 and today + \1"),
    (r"(?:exactly\s+in|in\s+exactly)\s+(\d+\s*(?:days?|weeks?))", r"between today + \1 and today + \1"),
    (r"birthday\s+today", "anniversary today"),
    (rf"birthday\s+in\s+({_SPAN})", r"anniversary in \1"),
    (rf"({_SPAN})\s+from\s+(?:now|today)", r"in the next \1"),
    (rf"({_SPAN})\s+before\s+(?:now|today)", r"\1 ago"),
    (r"(?:later\s+than|past)\s+(.+)", r"after \1"),
    (r"(?:earlier\s+than)\s+(.+)", r"before \1"),
    (r"(?:since|from|starting)\s+(.+)", r"on or after \1"),
    (r"(?:until|till|up\s+to|by)\s+(.+)", r"on or before \1"),
    (r"at\s+least\s+(?!\d+ |.*\sago$)(.+)", r"on or after \1"),
    (r"at\s+most\s+(?!\d+ |.*\sago$)(.+)", r"on or before \1"),
    (r"(?:more\s+than|above)\s+(?!\d+ |.*\sago$)(.+)", r"after \1"),
    (r"(?:less\s+than|below)\s+(?!\d+ |.*\sago$)(.+)", r"before \1"),
    (r"(?:in\s+the\s+)?past", "before today"),
    (r"(?:in\s+the\s+)?future", "after today"),
    (r"overdue", "before today"),
    (r"now", "today"),
)  # fmt: skip
_FLAGS = _table(
    frozenset({Kind.YES_NO, Kind.TEXT}),
    (r"true", "yes"),
    (r"false", "no"),
    (r"not\s+true", "no"),
    (r"not\s+false", "yes"),
)
_VALID = _table(
    frozenset({Kind.EMAIL, Kind.PHONE}),
    (r"(?:invalid|wrong|incorrect)", "not valid"),
    (r"(?:correct|ok)", "valid"),
)
_OR = re.compile(r"(.+?)\s*(?:\s(?:or|OR)\s|\|\|?|(?<=\S)\s/\s)\s*(.+)", re.DOTALL)
_AND = re.compile(r"(.+?)\s+(?:and|AND|&&?)\s+(.+)", re.DOTALL)
_TEMPLATE = re.compile(r"\{\{.*?\}\}", re.DOTALL)
_ALL = (
    *_LISTS[:6], *_RANGES, *_RANGES_OF_NUMBERS, *_EDGES, *_SIZES, *_SIZES_OF_NAMES, *_DAYS, *_FLAGS, *_VALID,
    *_TEXTS, *_SIGNS, *_LISTS[6:],
)  # fmt: skip
_ROUNDS = 3


def reword(side: Side, text: str) -> str:
    """Return the text in the language's own wording, or "" if it is no wording known to be wrong."""
    seen = text
    for _ in range(_ROUNDS):
        better = _reword_once(side, seen)
        if not better or better == seen:
            break
        seen = better
    return "" if seen == text else seen


def has_template(text: str) -> bool:
    """Say whether a text holds `{{ }}`, which conditions never do."""
    return _TEMPLATE.search(text) is not None


def column_of_template(side: Side, text: str) -> str:
    """Return the column that `{{ status }}` probably means, or ""."""
    inside = re.sub(r"\W+", "", text.strip("{} ").lower())
    names = columns_of(side.scope, side.table)
    return next((name for name in names if re.sub(r"\W+", "", name.lower()) == inside), "")


def _reword_once(side: Side, text: str) -> str:
    for wording in _ALL:
        if side.column.kind in wording.kinds:
            match = wording.pattern.fullmatch(text)
            if match is not None:
                return " ".join(match.expand(wording.instead).split())
    return _alternatives(side.column, text) or _commas(side.column, text)


def _alternatives(column: Column, text: str) -> str:
    match = _OR.fullmatch(text)
    if match is None or text.lower().startswith(
        ("one of ", "not one of ", "between ", "exactly ", "changed ")
    ):
        return ""
    parts = [
        part.strip() for part in re.split(r"\s+or\s+|\s*\|\|?\s*|\s+/\s+|\s*,\s*", text, flags=re.IGNORECASE)
    ]
    if column.kind in _ORDERED and not all(part[:1].isdigit() for part in parts):
        return ""
    return "one of " + ", ".join(part for part in parts if part)


def _commas(column: Column, text: str) -> str:
    parts = [part.strip() for part in text.split(",")]
    known = {choice.lower() for choice in column.choices}
    if len(parts) > 1 and known and all(part.lower() in known for part in parts):
        return f"one of {', '.join(parts)}"
    return ""


def split_and(text: str) -> tuple[str, str] | None:
    """Return the two tests that somebody joined by `and`, or None."""
    match = None if re.match(r"(?:not\s+)?between\s", text, re.IGNORECASE) else _AND.fullmatch(text)
    return (match[1].strip(), match[2].strip()) if match else None
