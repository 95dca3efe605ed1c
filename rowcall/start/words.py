"""How does a name from a workbook stand in YAML, and a sentence in the shop's language?"""

import re

from rowcall.sample.headers import Language

_PLAIN = re.compile(r"[^\W\d_][\w ()/+&.%€-]*")
_UNSAFE = re.compile(r"[\x00-\x1f\x7f\x85\u2028\u2029\ufeff]")
_LONGEST_SHOWN = 24


def quoted(text: str) -> str:
    """Return a name as it may stand anywhere in the config: plain if that is safe, else in quotes."""
    if _PLAIN.fullmatch(text) and text == text.strip() and not text.endswith(("(", "%")):
        return text
    inner = _UNSAFE.sub(" ", text).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{inner}"'


def shown(text: str) -> str:
    """Return a cell's text as a remark may show it: one line, not too long."""
    plain = " ".join(_UNSAFE.sub(" ", text).split())
    return plain if len(plain) <= _LONGEST_SHOWN else f"{plain[:_LONGEST_SHOWN]}…"


def say(language: Language, english: str, chinese: str) -> str:
    """Return the sentence in the shop's language."""
    return english if language == "en" else chinese
