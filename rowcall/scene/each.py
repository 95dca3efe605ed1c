"""What do values say of a line that `for each` goes through, once they are asked of that line itself?"""

from dataclasses import fields, is_dataclass, replace
from typing import Any, TypeVar

from rowcall.errors import Place
from rowcall.language.ref import EACH, ColumnRef

T = TypeVar("T")


def without_each(part: T) -> T:
    """Return a part of a rule in which the columns of the list are plain columns."""
    changed: Any = _without(part)  # Any: what comes out has the type of what went in
    return changed  # type: ignore[no-any-return]


def _without(part: object) -> object:
    if isinstance(part, ColumnRef):
        return replace(part, links=part.links[1:]) if part.links[:1] == (EACH,) else part
    if isinstance(part, tuple):
        return tuple(map(_without, part))
    if isinstance(part, Place) or not is_dataclass(part) or isinstance(part, type):
        return part
    changed = {
        one.name: new
        for one in fields(part)
        if one.init and (new := _without(old := getattr(part, one.name))) is not old
    }
    return replace(part, **changed) if changed else part
