"""What is wrong in one file of the shop, all of it, with the lines as they stand?"""

from collections.abc import Iterable, Sequence

from rowcall.errors import Place, Problem, Severity

_LONGEST_SHOWN = 1000


class Notes:
    """Collects every mistake found while one file is read."""

    def __init__(self, file: str, lines: Sequence[str] = ()) -> None:
        self.file = file
        self.lines = tuple(lines)
        self._problems: dict[tuple[int, int, str], Problem] = {}
        self._silent: set[int] = set()
        self._hidden: set[str] = set()

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Everything noted, from the top of the file to its end."""
        return tuple(
            sorted(self._problems.values(), key=lambda found: (found.place.line, found.place.column))
        )

    @property
    def errors(self) -> tuple[Problem, ...]:
        """What must be mended before the file can be used."""
        return tuple(found for found in self.problems if found.severity is Severity.ERROR)

    @property
    def warnings(self) -> tuple[Problem, ...]:
        """What is told, but stops nothing."""
        return tuple(found for found in self.problems if found.severity is not Severity.ERROR)

    def mistake(
        self,
        place: Place,
        what: str,
        *,
        suggestion: str = "",
        fix: str = "",
        severity: Severity = Severity.ERROR,
    ) -> None:
        """Note one mistake with the line of the file as excerpt; the same one twice is noted once."""
        if place.line in self._silent and place.file == self.file:
            return
        excerpt = self._masked(self.line(place.line)[:_LONGEST_SHOWN])
        shown = suggestion if len(suggestion) <= _LONGEST_SHOWN else ""
        problem = Problem(place, self._masked(what), fix, self._masked(shown), severity, excerpt)
        self._problems.setdefault((place.line, place.column, what), problem)

    def add(self, problems: Iterable[Problem]) -> None:
        """Take over problems that somebody else found."""
        for found in problems:
            self._problems.setdefault((found.place.line, found.place.column, found.what), found)

    def silence(self, line: int) -> None:
        """Keep quiet about a line from now on: what is said of it later only follows from its mistake."""
        self._silent.add(line)

    def hide(self, secret: str) -> None:
        """Show this text as `***` in what is noted from now on."""
        self._hidden.add(secret)

    def _masked(self, text: str) -> str:
        for secret in self._hidden:
            text = text.replace(secret, "***")
        return text

    def place(self, line: int, column: int) -> Place:
        """Return the place of a character of this file; both count from 1."""
        return Place(file=self.file, line=line, column=column)

    def line(self, number: int) -> str:
        """Return a line of the file as it stands, or "" if there is none of that number."""
        return self.lines[number - 1] if 0 < number <= len(self.lines) else ""

    def corrected(self, place: Place, old: str, new: str) -> str:
        """Return the whole line of `place` with `old`, which stands there, replaced by `new`.

        A piece in quotes may be named without them. Where `old` can't be found, as when a slip in the line was
        mended before it was read, `new` replaces the rest of the line, or stands alone if more is behind it.
        """
        line = self.line(place.line)
        start = line.find(old, max(place.column - 1, 0))
        if not old or start < 0:
            head, rest = line[: place.column - 1], line[place.column - 1 :]
            alone = head.rstrip().endswith(":") and not any(sign in head + rest for sign in "{}[],#")
            return f"{head}{new}" if alone else new
        return (line[:start] + new + line[start + len(old) :]).rstrip()
