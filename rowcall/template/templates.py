"""What does a text or template file say for these values, and what is wrong with it?"""

import re
from collections import OrderedDict
from collections.abc import Collection, Mapping
from pathlib import Path
from threading import Lock
from zoneinfo import ZoneInfo

import jinja2
from markupsafe import Markup

from rowcall.errors import Place, Problem, TemplateError
from rowcall.template.failure import told
from rowcall.template.filters import LONGEST
from rowcall.template.folder import Folder
from rowcall.template.mistakes import mistakes, names_used
from rowcall.template.sandbox import BUDGET, Budget, Sandbox
from rowcall.template.speech import Speech
from rowcall.template.tables import ListTable

_KEPT = 500
_GAPS = re.compile(r"\n{3,}")
_RAISED = (
    jinja2.TemplateError,
    TemplateError,
    TypeError,
    ValueError,
    ArithmeticError,
    LookupError,
    RecursionError,
)


class Templates:
    """The texts and template files of one shop, rendered in its language, zone and currency.

    Compiled templates are kept by content, so an edited file is used at once. Safe to share between threads.
    """

    def __init__(self, folder: Path, language: str, zone: ZoneInfo, currency: str) -> None:
        self.folder = Folder(folder, language)
        self.language = language
        self.speech = Speech(language, zone, currency)
        self._text = Sandbox(self.speech, self.folder, html=False)
        self._html = Sandbox(self.speech, self.folder, html=True)
        self._compiled: OrderedDict[str, jinja2.Template] = OrderedDict()
        self._lock = Lock()

    def render(self, source: str, values: Mapping[str, object], *, place: Place) -> str:
        """Render a text of a rule as plain text; raises TemplateError that names the place."""
        if "{" not in source:
            return source
        try:
            said = _generate(self._compile(source), values)
        except _RAISED as error:
            raise TemplateError(told(error, str(place), values)) from error
        # A printed list brings blank lines around it, beside those that the author left.
        return _GAPS.sub("\n\n", said) if any(isinstance(one, ListTable) for one in values.values()) else said

    def render_html_file(self, name: str, values: Mapping[str, object]) -> str:
        """Render a template file as HTML, cells escaped; raises TemplateError that names file and line."""
        try:
            return _generate(self._html.get_template(name), values)
        except _RAISED as error:
            raise TemplateError(told(error, name, values)) from error

    def lay_out(self, fragment: str, values: Mapping[str, object]) -> str:
        """Put finished HTML into the shop's layout.html (or the shipped one), where it is called `body`."""
        return self.render_html_file("layout.html", {**values, "body": Markup(fragment)})  # noqa: S704 (rendered escaped before)

    def check(
        self, source_or_name: str, known_names: Collection[str], *, place: Place | None = None
    ) -> list[Problem]:
        """Name everything wrong with a text, or with a template file when given its name (`x.html`).

        known_names: the names that may be used; `customer.name` makes `customer` known and its parts checked,
            as `rows.sku` does for each row of a loop over rows.
        place: where the text stands; a file's problems name the file and line themselves.
        """
        if not is_file_name(source_or_name):
            return mistakes(self._text, source_or_name, known_names, place or Place())
        try:
            texts = self._files(source_or_name)
        except TemplateError as error:
            return [Problem(place or Place(), str(error))]
        return [
            problem
            for name, text in texts.items()
            for problem in mistakes(self._html, text, known_names, Place(file=self._shown(name)))
        ]

    def variables(self, source_or_name: str) -> set[str]:
        """Return the names that a text, or a template file with the files it includes, asks for."""
        texts = self._files(source_or_name).values() if is_file_name(source_or_name) else [source_or_name]
        try:
            return {name for text in texts for name in names_used(self._text, text)[0]}
        except jinja2.TemplateError as error:
            raise TemplateError(str(error)) from error

    def _files(self, name: str) -> dict[str, str]:
        """Return the texts of a file and of all that it includes; raises TemplateError for a circle."""
        texts: dict[str, str] = {}

        def follow(one: str, path: tuple[str, ...]) -> None:
            if one in path:
                raise TemplateError(
                    f"{' → '.join([*path, one])}: these templates include each other in a circle"
                )
            texts[one] = self.folder.read(one)
            try:
                others = names_used(self._text, texts[one])[1]
            except jinja2.TemplateError:
                return  # told by `mistakes` with its line
            for other in others:
                follow(other, (*path, one))

        follow(name, ())
        return texts

    def _shown(self, name: str) -> str:
        file = self.folder.find(name)
        return (
            f"{self.folder.path.name}/{file.relative_to(self.folder.path).as_posix()}"
            if file.is_relative_to(self.folder.path)
            else file.name
        )

    def _compile(self, source: str) -> jinja2.Template:
        with self._lock:
            if found := self._compiled.get(source):
                self._compiled.move_to_end(source)
                return found
        compiled = self._text.from_string(source)
        with self._lock:
            self._compiled[source] = compiled
            while len(self._compiled) > _KEPT:
                self._compiled.popitem(last=False)
        return compiled


def is_file_name(text: str) -> bool:
    """Tell whether `text` names a template file rather than being a text itself."""
    return text.endswith(".html") and not re.search(r"[\s{}<>]", text)


def _generate(template: jinja2.Template, values: Mapping[str, object]) -> str:
    """Render piece by piece, so that neither size nor time can run away."""
    budget = Budget()
    pieces, length = [], 0
    for piece in template.generate({**values, BUDGET: budget}):
        budget.spend()
        length += len(piece)
        if length > LONGEST:
            raise TemplateError(f"the text grows longer than {LONGEST:,} characters")
        pieces.append(piece)
    return "".join(pieces)
