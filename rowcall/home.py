"""Where do the files that ship with Rowcall lie, in a clone and in a wheel?"""

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


def shipped(name: str) -> Path:
    """Return the path of a shipped file or folder: `rules`, `templates`, `config.example.yaml`.

    A wheel carries them under rowcall/starter, a clone at its top; raises FileNotFoundError.
    """
    for folder in (_PACKAGE / "starter", _PACKAGE.parent):
        path = folder / name
        if path.exists():
            return path
    raise FileNotFoundError(f"{name} is not part of this installation of Rowcall")
