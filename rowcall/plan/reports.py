"""Is a report empty, so that nobody wants it?

A mail of a scheduled rule that shows nothing but lists, all of them empty, is not sent. One that names a number says
something also when the number is 0: who wants the empty list as well names its count in the mail.
"""

from collections.abc import Iterator

from rowcall.errors import TemplateError
from rowcall.evaluate.figures import Figures
from rowcall.evaluate.slugs import slug
from rowcall.language.parts import parts_of
from rowcall.language.rule import Act, Rule
from rowcall.language.value import Attachment, TemplateName, TextOf
from rowcall.scene import Scene
from rowcall.template import Templates

_MAIL = "email"


def is_empty_report(rule: Rule, act: Act, scene: Scene) -> bool:
    """Say whether a mail of a scheduled rule has nothing to say: all it shows are lists, and all are empty."""
    figures = scene.figures
    if not rule.schedule or act.kind != _MAIL or figures is None:
        return False
    if not any(figures.is_listed(name) for name in figures.figures):
        return False
    used = set(_used(act.params, figures, scene.around.templates))
    lists = [name for name in used if figures.is_listed(name)]
    if not lists or len(lists) < len(used):
        return False
    return not any(figures.listed(name, scene.effect.key).rows for name in lists)


def _used(params: object, figures: Figures, templates: Templates) -> Iterator[str]:
    """Yield the figures that a mail names in its texts or carries; `figures` names all that have a value."""
    names = {slug(name): name for name in figures.figures}
    names |= {f"{slug(name)}_change": name for name in figures.figures}
    for part in parts_of(params):
        if isinstance(part, Attachment):
            yield from [part.figure] if part.figure in figures.figures else []
            continue
        if not isinstance(part, TextOf | TemplateName):
            continue
        source = part.source if isinstance(part, TextOf) else part.name
        try:
            wanted = templates.variables(source)
        except TemplateError:
            continue  # told when the mail is made
        yield from (names[one] for one in wanted if one in names)
        if "figures" in wanted:
            yield from figures.values
