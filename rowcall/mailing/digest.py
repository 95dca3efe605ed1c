"""How do the rows of a digest become one mail?"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from rowcall.evaluate.row import Row
from rowcall.evaluate.slugs import slug
from rowcall.language.ref import ColumnRef
from rowcall.mailing.payload import Payload, Wording
from rowcall.mailing.words import LISTED, words_of
from rowcall.scene import Scene
from rowcall.table import Column
from rowcall.template import ListColumn, ListTable

ROWS = "rows"
"""The name by which texts know the rows of a digest."""
_OF_ONE_ROW = frozenset({"because", "before", "elapsed", "due", "occurrence"})


def bundle_mail(wording: Wording, scene: Scene, line: Payload, keys: tuple[str, ...]) -> Payload:
    """Return the one mail about all rows of a digest to the recipient of its lines; raises TemplateError.

    scene: knows the rows (see `rows_scene`), and its effect names this mail. line: any of its lines.
    """
    message_id, _ = scene.ids(line.to)
    words = words_of(wording, scene)
    return replace(
        line,
        subject=words.subject,
        text=words.text,
        html=words.html,
        files=words.files,
        message_id=message_id,
        in_reply_to="",
        line=None,
        keys=keys,
    )


def rows_scene(
    scene: Scene,
    rows: Sequence[Mapping[str, object]],
    group: Mapping[str, object],
    listed: ListTable | None = None,
) -> Scene:
    """Return the scene of a mail about many rows: texts know `rows`, the group, and no single row.

    listed: the rows as `attach: rows as xlsx` carries them.
    """
    shared = {name: value for name, value in scene.names.items() if name not in _OF_ONE_ROW}
    return replace(scene, names={**shared, **group, ROWS: list(rows), LISTED: listed}, only_names=True)


def group_names(wording: Wording, scene: Scene) -> Mapping[str, object]:
    """Return the value of `group by` by the name that texts know: the first row's."""
    if wording.group_by is None:
        return {}
    ref = wording.group_by.ref
    path = [slug(part) for part in (*ref.links, ref.column.name)]
    value: object = scene.row.names()
    for part in path:
        value = value.get(part) if isinstance(value, Mapping) else None
    head, *rest = path
    for part in reversed(rest):
        value = {part: value}
    return {head: value}


def row_names(scene: Scene) -> Mapping[str, object]:
    """Return one row of a digest as texts know it: its columns, linked rows and `because`."""
    return {**scene.row.names(), "because": scene.names.get("because", [])}


def list_rows(rows: Sequence[Row], columns: Sequence[Column]) -> ListTable:
    """Return rows of a watched table as a list to attach; an unreadable cell is its text."""
    refs = [ColumnRef(column, row.table) for row in rows[:1] for column in columns]
    lines = tuple(
        tuple(row.value(ref) if row.is_known(ref) else row.text(ref) for ref in refs) for row in rows
    )
    return ListTable(tuple(ListColumn(column.name, column.kind) for column in columns), lines)
