"""By which name does a text know a column?"""

import re
import unicodedata
from collections.abc import Iterable

_RESERVED = frozenset(
    ("and", "else", "false", "if", "in", "is", "loop", "none", "not", "or", "self", "super", "true")
)


def slug(header: str) -> str:
    """Return a column's name in texts: `Order No` → `order_no`; a Chinese header is its own name.

    A word that texts use for something else gets an underscore behind it, a leading digit one before it.
    """
    words = re.findall(r"[^\W_]+", unicodedata.normalize("NFKC", header).lower())
    name = "_".join(words)
    if name in _RESERVED:
        return name + "_"
    return "_" + name if name[:1].isdigit() else name


def same_slugs(headers: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """Return the names that two or more headers share, with those headers: a text could mean either."""
    found: dict[str, list[str]] = {}
    for header in headers:
        found.setdefault(slug(header), []).append(header)
    return {name: tuple(group) for name, group in found.items() if len(group) > 1}
