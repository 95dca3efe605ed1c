"""Which values stand anywhere inside a rule, or a part of one?"""

from collections.abc import Iterator
from dataclasses import fields, is_dataclass


def parts_of(value: object) -> Iterator[object]:
    """Yield every frozen value inside a value, itself included: rules are tuples and dataclasses all the way down."""
    if isinstance(value, tuple):
        for one in value:
            yield from parts_of(one)
    elif is_dataclass(value) and not isinstance(value, type):
        yield value
        for one in fields(value):
            yield from parts_of(getattr(value, one.name))
