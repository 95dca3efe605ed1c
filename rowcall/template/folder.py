"""Where does a template file lie, and may it be read?"""

from collections.abc import Callable
from difflib import get_close_matches
from pathlib import Path, PurePosixPath

from jinja2 import BaseLoader, Environment, TemplateNotFound

from rowcall.errors import TemplateError
from rowcall.home import shipped

OURS = ("layout.html", "notice.html")
"""Templates that Rowcall needs itself: the shop's own file when there is one, else the shipped one."""

_LARGEST_FILE = 262_144


class Folder(BaseLoader):
    """The templates of one shop; with language zh `name.zh.html` wins over `name.html` when it exists."""

    def __init__(self, path: Path, language: str) -> None:
        self.path = path
        self._language = "zh" if language.startswith("zh") else language

    def find(self, name: str) -> Path:
        """Return the file behind a name; raises TemplateError when there is none or it lies outside."""
        pure = PurePosixPath(name)
        if pure.is_absolute() or ".." in pure.parts or "\\" in name or ":" in name:
            raise TemplateError(f'a template must lie in the folder "{self.path.name}", "{name}" does not')
        for folder in self._folders(name):
            for file in (self._translated(folder / name), folder / name):
                if file.is_file():
                    return _inside(file, folder)
        raise TemplateError(self._missing(name))

    def read(self, name: str) -> str:
        """Return the text of a template file."""
        file = self.find(name)
        if file.stat().st_size > _LARGEST_FILE:
            raise TemplateError(f"{file.name} is larger than 256 KB, too large for a mail's template")
        try:
            return file.read_text(encoding="utf-8-sig")
        except UnicodeDecodeError as error:
            raise TemplateError(
                f"{file.name} is not saved as UTF-8; save it again with the encoding UTF-8"
            ) from error
        except OSError as error:
            raise TemplateError(f"{file.name} can't be read: {error.strerror}") from error

    def get_source(self, environment: Environment, template: str) -> tuple[str, str, Callable[[], bool]]:
        """Hand a file to Jinja2 (its loader protocol)."""
        del environment
        try:
            text = self.read(template)
        except TemplateError as error:
            raise TemplateNotFound(template, str(error)) from error
        stamp = self._stamp(template)
        return text, template, lambda: self._stamp(template) == stamp

    def names(self) -> list[str]:
        """Return the names that a rule may use as `template`."""
        found = {file.relative_to(self.path).as_posix() for file in self.path.rglob("*.html")}
        return sorted(
            found - {name for name in found if name.endswith(".zh.html") and _plain_name(name) in found}
        )

    def _stamp(self, name: str) -> tuple[Path, int, int] | None:
        """Return what changes when a file is saved again; reading it for every mail would cost more than the mail."""
        try:
            file = self.find(name)
            about = file.stat()
        except (TemplateError, OSError):
            return None
        return file, about.st_mtime_ns, about.st_size

    def _folders(self, name: str) -> tuple[Path, ...]:
        return (self.path, shipped("templates")) if name in OURS else (self.path,)

    def _translated(self, file: Path) -> Path:
        return file.with_name(f"{file.stem}.{self._language}{file.suffix}")

    def _missing(self, name: str) -> str:
        close = get_close_matches(name, self.names(), 1)
        hint = f' (did you mean "{close[0]}"?)' if close else ""
        there = ", ".join(self.names()) or "none"
        return f'no file "{name}" in the folder "{self.path.name}"; there are: {there}{hint}'


def _inside(file: Path, folder: Path) -> Path:
    """Refuse a link that leads out of the folder: a mail must not carry other files of the machine."""
    if not file.resolve().is_relative_to(folder.resolve()):
        raise TemplateError(f'the template "{file.name}" is a link that leads out of its folder')
    return file


def _plain_name(name: str) -> str:
    return name.removesuffix(".zh.html") + ".html"
