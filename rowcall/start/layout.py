"""Which files does a new shop's folder get, and is there room for them?"""

import os
from collections.abc import Mapping
from datetime import date
from pathlib import Path

from rowcall.errors import UsageError
from rowcall.home import shipped
from rowcall.sample import write_sample
from rowcall.sample.headers import Language

CONFIG = "config.yaml"
ENVIRONMENT = ".env"
SAMPLE = "shop.xlsx"

_CONFIGS: Mapping[Language, str] = {"en": "config.example.yaml", "zh": "config.example.zh.yaml"}
_CHINESE = ".zh.html"
_PRIVATE = 0o600


def sample_config(language: Language) -> str:
    """Return the text of the config that fits the sample workbook."""
    return shipped(_CONFIGS[language]).read_text(encoding="utf-8")


def sample_rules(language: Language) -> dict[str, str]:
    """Return the shipped rules of one language, by their path in the shop's folder."""
    folder = shipped("rules") if language == "en" else shipped("rules") / language
    return {f"rules/{path.name}": path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.yaml"))}


def templates(language: Language) -> dict[str, str]:
    """Return the shipped templates, by their path in the shop's folder; each in one language only."""
    found = {path.name: path for path in sorted(shipped("templates").glob("*.html"))}
    plain = {name: path for name, path in found.items() if not name.endswith(_CHINESE)}
    if language == "zh":
        plain |= {
            name.removesuffix(_CHINESE) + ".html": path
            for name, path in found.items()
            if name.endswith(_CHINESE)
        }
    return {f"templates/{name}": path.read_text(encoding="utf-8") for name, path in plain.items()}


def lay_out(
    folder: Path, files: Mapping[str, str], *, sample: tuple[Language, date] | None = None
) -> tuple[Path, ...]:
    """Write the files of a shop, and the sample workbook; returns what was written.

    files: path in the folder → text. sample: the language of the sample workbook, and its today.
    Raises UsageError, and writes nothing, when one of them exists: nobody's file is ever overwritten.
    """
    names = [*files, SAMPLE] if sample else [*files]
    refuse_to_overwrite(folder, names)
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if name == ENVIRONMENT:
            _write_private(path, text)
        else:
            path.write_text(text, encoding="utf-8")
    if sample:
        write_sample(folder / SAMPLE, *sample)
    return tuple(folder / name for name in names)


def refuse_to_overwrite(folder: Path, names: list[str]) -> None:
    """Raise UsageError that names every file that is there already."""
    if folder.exists() and not folder.is_dir():
        raise UsageError(f"{folder} is a file; a shop needs a folder of its own.")
    there = [name for name in names if os.path.lexists(folder / name)]
    if there:
        shown = ", ".join(there[:5]) + (f" and {len(there) - 5} more" if len(there) > 5 else "")  # noqa: PLR2004
        verb = "is" if len(there) == 1 else "are"
        raise UsageError(
            f"In {folder} there {verb} already: {shown}. Nothing was written, because Rowcall overwrites no file "
            "of yours. Name another folder (`rowcall init my-shop`), or move what is there."
        )


def _write_private(path: Path, text: str) -> None:
    """Write a file that only its owner may read, from the first byte on."""
    with os.fdopen(
        os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _PRIVATE), "w", encoding="utf-8"
    ) as file:
        file.write(text)
