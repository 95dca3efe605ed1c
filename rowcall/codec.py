"""How does a frozen value become JSON bytes, and the same value again, by its type hints alone?

Written as: str, int, float, bool, None as they are (a float that is no number, an int over 64 bits: text) ·
Decimal, date, StrEnum as text · datetime as text in UTC · timedelta as whole microseconds · bytes as base64 ·
tuple and frozenset as list · Mapping with text keys as object, with others as list of pairs · a dataclass as
object of its fields · a union of several types as [name of the type, value].

A field that the JSON lacks gets its default; one that the type lacks is an error: nothing is lost silently.
"""

import base64
import dataclasses
import math
import types
import typing
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from enum import Enum
from functools import cache
from typing import Any, NamedTuple

import orjson

_MICROSECOND = timedelta(microseconds=1)
_INT64 = range(-(2**63), 2**63)


class CodecError(ValueError):
    """A value, its JSON or its type does not fit; the message names the type and the field."""


class _Codec(NamedTuple):
    # Any: JSON on one side and a value of any supported type on the other
    encode: Callable[[Any], Any]
    decode: Callable[[Any], Any]


def encode(value: object, hint: Any = None) -> bytes:  # Any: a type hint has no type of its own
    """Return the JSON bytes of a value; hint: its type, needed for anything but a dataclass."""
    wanted: Any = type(value) if hint is None else hint
    codec = _codec(wanted)
    try:
        return orjson.dumps(codec.encode(value))
    except (orjson.JSONEncodeError, AttributeError, TypeError) as error:
        raise CodecError(f"{type(value).__name__} can't be written as JSON: {error}") from error


def decode(data: bytes | str, hint: Any) -> Any:  # Any: what comes back is of the type that hint names
    """Return the value of type `hint` that these JSON bytes stand for; raises CodecError."""
    codec = _codec(hint)
    try:
        return codec.decode(orjson.loads(data))
    except CodecError:
        raise
    except (ValueError, TypeError, KeyError, ArithmeticError, AttributeError) as error:
        raise CodecError(f"JSON does not fit {_name(hint)}: {error}") from error


def _name(hint: Any) -> str:
    return getattr(hint, "__name__", None) or str(hint)


@cache
def _codec(hint: Any) -> _Codec:
    if hint in _PLAIN:
        return _PLAIN[hint]
    origin = typing.get_origin(hint)
    if origin in (typing.Union, types.UnionType):
        return _union(typing.get_args(hint))
    if origin is typing.Literal:
        return _literal(typing.get_args(hint))
    if origin in (tuple, frozenset):
        return _sequence(origin, typing.get_args(hint))
    if isinstance(origin, type) and issubclass(origin, Mapping):
        return _mapping(*typing.get_args(hint))
    if isinstance(hint, type) and issubclass(hint, Enum):
        return _Codec(lambda value: hint(value).value, hint)
    if isinstance(hint, type) and dataclasses.is_dataclass(hint):
        return _dataclass(hint)
    raise CodecError(f"the type {_name(hint)} can't be kept as JSON")


def _must_be(kind: type) -> Callable[[Any], Any]:
    def check(value: Any) -> Any:
        if type(value) is not kind:
            raise CodecError(f"{value!r} is not {_name(kind)}")
        return value

    return check


def _encode_text(value: str) -> str:
    if not isinstance(value, str):
        raise CodecError(f"{value!r} is not str")
    return str(value)


def _encode_int(value: int) -> int | str:
    if type(value) is not int:
        raise CodecError(f"{value!r} is not int")
    return value if value in _INT64 else str(value)


def _decode_int(value: int | str) -> int:
    if type(value) not in (int, str):
        raise CodecError(f"{value!r} is not int")
    return int(value)


def _encode_float(value: float) -> float | str:
    number = float(value)
    return number if math.isfinite(number) else str(number)


def _encode_datetime(value: datetime) -> str:
    if value.tzinfo is None:
        raise CodecError(f"{value.isoformat()} has no time zone")
    return value.astimezone(UTC).isoformat()


def _decode_datetime(text: str) -> datetime:
    value = datetime.fromisoformat(text)
    if value.tzinfo is None:
        raise CodecError(f"{text} has no time zone")
    return value


_PLAIN: dict[Any, _Codec] = {
    str: _Codec(_encode_text, _must_be(str)),
    bool: _Codec(_must_be(bool), _must_be(bool)),
    int: _Codec(_encode_int, _decode_int),
    float: _Codec(_encode_float, float),
    type(None): _Codec(_must_be(type(None)), _must_be(type(None))),
    Decimal: _Codec(str, Decimal),
    datetime: _Codec(_encode_datetime, _decode_datetime),
    date: _Codec(date.isoformat, date.fromisoformat),
    timedelta: _Codec(
        lambda value: _encode_int(value // _MICROSECOND), lambda count: _decode_int(count) * _MICROSECOND
    ),
    bytes: _Codec(
        lambda value: base64.b64encode(value).decode(), lambda text: base64.b64decode(text, validate=True)
    ),
}


def _literal(words: tuple[Any, ...]) -> _Codec:
    def check(value: Any) -> Any:
        if value not in words:
            raise CodecError(f"{value!r} is none of {', '.join(map(str, words))}")
        return value

    return _Codec(check, check)


def _sequence(kind: Any, arguments: tuple[Any, ...]) -> _Codec:
    if kind is tuple and not (len(arguments) == 2 and arguments[1] is ...):  # noqa: PLR2004 - tuple[X, ...]
        return _fixed_tuple(arguments)
    encode_one, decode_one = _codec(arguments[0])

    def to_json(values: Any) -> list[Any]:
        if not isinstance(values, kind):
            raise CodecError(f"{values!r} is not {_name(kind)}")
        return [encode_one(value) for value in values]

    return _Codec(to_json, lambda values: kind(decode_one(value) for value in values))


def _fixed_tuple(arguments: tuple[Any, ...]) -> _Codec:
    codecs = [_codec(argument) for argument in arguments]

    def to_json(values: tuple[Any, ...]) -> list[Any]:
        return [codec.encode(value) for codec, value in zip(codecs, values, strict=True)]

    def from_json(values: list[Any]) -> tuple[Any, ...]:
        return tuple(codec.decode(value) for codec, value in zip(codecs, values, strict=True))

    return _Codec(to_json, from_json)


def _mapping(key: Any, value: Any) -> _Codec:
    keys, values = _codec(key), _codec(value)
    if key is str:
        return _Codec(
            lambda mapping: {_encode_text(name): values.encode(one) for name, one in mapping.items()},
            lambda found: {name: values.decode(one) for name, one in found.items()},
        )
    return _Codec(
        lambda mapping: [[keys.encode(name), values.encode(one)] for name, one in mapping.items()],
        lambda found: {keys.decode(name): values.decode(one) for name, one in found},
    )


def _union(members: tuple[Any, ...]) -> _Codec:
    some = [member for member in members if member is not type(None)]
    if len(some) == 1:
        encode_one, decode_one = _codec(some[0])
        return _Codec(
            lambda value: None if value is None else encode_one(value),
            lambda found: None if found is None else decode_one(found),
        )
    if len({_name(typing.get_origin(one) or one) for one in some}) < len(some):
        raise CodecError(f"the types {', '.join(map(_name, some))} can't be told apart in JSON")
    return _tagged(
        {_name(typing.get_origin(one) or one): one for one in some}, optional=len(some) < len(members)
    )


def _tagged(members: dict[str, Any], *, optional: bool) -> _Codec:
    codecs = {name: _codec(member) for name, member in members.items()}
    classes = {name: typing.get_origin(member) or member for name, member in members.items()}
    exact = {kind: name for name, kind in classes.items()}

    def to_json(value: Any) -> Any:
        if value is None and optional:
            return None
        name = exact.get(type(value)) or next(
            (name for name, kind in classes.items() if isinstance(value, kind)), None
        )
        if name is None:
            raise CodecError(f"{value!r} is none of {', '.join(members)}")
        return [name, codecs[name].encode(value)]

    def from_json(found: Any) -> Any:
        if found is None and optional:
            return None
        name, value = found
        if name not in codecs:
            raise CodecError(f"{name!r} is none of {', '.join(members)}")
        return codecs[name].decode(value)

    return _Codec(to_json, from_json)


def _dataclass(kind: Any) -> _Codec:
    hints = typing.get_type_hints(kind)
    # Looked up on first use, so that a type may contain itself.
    fields = [(field.name, hints[field.name]) for field in dataclasses.fields(kind)]
    names = {name for name, _ in fields}

    def of_field(name: str, hint: Any) -> _Codec:
        try:
            return _codec(hint)
        except CodecError as error:
            raise CodecError(f"{kind.__name__}.{name}: {error}") from error

    def to_json(value: Any) -> dict[str, Any]:
        if type(value) is not kind:
            raise CodecError(f"{value!r} is not {kind.__name__}")
        return {name: of_field(name, hint).encode(getattr(value, name)) for name, hint in fields}

    def from_json(found: dict[str, Any]) -> Any:
        if unknown := found.keys() - names:
            raise CodecError(f"{kind.__name__} has no field {', '.join(sorted(unknown))}")
        given = {name: of_field(name, hint).decode(found[name]) for name, hint in fields if name in found}
        return kind(**given)

    return _Codec(to_json, from_json)
