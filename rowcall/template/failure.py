"""Why could a text not be made, in plain words and with its line?"""

import re
import traceback
from collections.abc import Mapping

import jinja2

from rowcall.template.allowlist import did_you_mean
from rowcall.template.sandbox import BUDGET

_UNKNOWN = re.compile(r"^'(?P<name>.+)' is undefined$")
_COMPARED = re.compile(r"not supported between instances of '(?:\w+\.)*(\w+)' and '(?:\w+\.)*(\w+)'")
_KINDS = {
    "NoneType": "an empty value",
    "str": "a text",
    "int": "a number",
    "float": "a number",
    "Decimal": "a number",
    "date": "a date",
    "datetime": "a moment",
    "timedelta": "a duration",
}
_IN_TEXT = "<template>"


def told(error: Exception, where: str, values: Mapping[str, object]) -> str:
    """Say what went wrong in a rendering, with the line when there is one."""
    file, line = _spot(error)
    if file == _IN_TEXT or not file:
        spot = f"{where}, line {line} of the text" if line > 1 else where
    else:
        spot = f"{file}:{line}"
    return f"{spot}: {_what(error, values)}" if spot else _what(error, values)


def _what(error: Exception, values: Mapping[str, object]) -> str:
    text = str(error)
    if isinstance(error, jinja2.TemplateNotFound):
        return error.message or text
    if isinstance(error, RecursionError):
        return "the templates include each other without end"
    if isinstance(error, jinja2.TemplateSyntaxError):
        return f"this text can't be understood: {error.message}"
    if match := _COMPARED.search(text):
        return f"{_KINDS.get(match[1], match[1])} can't be compared with {_KINDS.get(match[2], match[2])}"
    unknown = _UNKNOWN.match(text)
    if not unknown:
        return text
    names = sorted(name for name in values if name != BUDGET)
    name = unknown["name"]
    return f'unknown name "{name}"{did_you_mean(name, names)}; known here: {", ".join(names)}'


def _spot(error: Exception) -> tuple[str, int]:
    """Return file and line of the template in which an error arose; ("", 0) when it has none."""
    if isinstance(error, jinja2.TemplateSyntaxError):
        return error.name or _IN_TEXT, error.lineno
    frames = [
        (frame.filename, frame.lineno or 0)
        for frame in traceback.extract_tb(error.__traceback__)
        if frame.filename == _IN_TEXT or frame.filename.endswith(".html")
    ]
    return frames[-1] if frames else ("", 0)
