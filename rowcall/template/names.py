"""By which name does a text know a column?"""

import re
import unicodedata

_RESERVED = frozenset(
    {"and", "else", "false", "if", "in", "is", "loop", "none", "not", "or", "self", "super", "true"}
)


def slug(header: str) -> str:
    """Return the name of a column in texts: `Order No` → `order_no`; a Chinese header is its own name.

    A name that texts use for something else gets an underscore (`In` → `in_`), as does a leading digit.
    """
    folded = unicodedata.normalize("NFKC", header).lower()
    name = re.sub(r"\W+", "_", folded).strip("_")
    name = re.sub(r"_+", "_", name)
    if name[:1].isdigit():
        name = f"_{name}"
    return f"{name}_" if name in _RESERVED else name
