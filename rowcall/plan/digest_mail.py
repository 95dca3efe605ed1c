"""What does the one mail about the rows of a digest say?"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from rowcall.duration import add
from rowcall.episode import Delivery, EffectKey
from rowcall.evaluate.row import Row
from rowcall.language.rule import Act, Entry, Rule
from rowcall.mailing import Payload, Wording, bundle_mail, group_names, list_rows, row_names, rows_scene
from rowcall.plan.day import Day
from rowcall.plan.firing import because_of
from rowcall.plan.inputs import EXPIRES_AFTER
from rowcall.scene import Scene
from rowcall.table import Column, Table
from rowcall.template import reasons_of


@dataclass(frozen=True, slots=True)
class Digest:
    """One action of a rule that collects rows; number: of the action in its entry."""

    rule: Rule
    entry: Entry
    act: Act
    action: str
    wording: Wording


def mail_of(day: Day, digest: Digest, effect: EffectKey, rows: Mapping[str, Row], line: Delivery) -> Delivery:
    """Return the mail about these rows (by key, in order) to the recipient of their lines; raises TemplateError.

    line: any of the lines.
    """
    if not isinstance(line.payload, Payload):
        raise TypeError(f"delivery {line.id} is no line of a digest")
    keys = tuple(rows)
    payload = bundle_mail(digest.wording, _scene(day, digest, effect, rows), line.payload, keys)
    expires = add(day.given.now, digest.rule.expires_after or EXPIRES_AFTER, day.given.house.zone)
    return Delivery(
        id=effect.id,
        effect=effect,
        kind=digest.act.kind,
        lane="mail",
        payload=payload,
        expires_at=expires,
        customer=line.customer,
        urgent=line.urgent,
    )


def _scene(day: Day, digest: Digest, effect: EffectKey, rows: Mapping[str, Row]) -> Scene:
    rule, around = digest.rule, day.around
    each = [_row_scene(day, digest, effect, row) for row in rows.values()]
    listed = list_rows([one.row for one in each], _columns(day.given.snapshot.tables[rule.table]))
    shared = {
        "rule": {"title": rule.title, "id": rule.id, "about": rule.about},
        "shop": {"name": around.shop_name},
        "now": around.now,
        "today": around.today,
    }
    first = replace(each[0], names=shared)
    return rows_scene(first, [row_names(one) for one in each], group_names(digest.wording, first), listed)


def _row_scene(day: Day, digest: Digest, effect: EffectKey, row: Row) -> Scene:
    because = reasons_of(because_of(digest.rule, row))
    return Scene(
        around=day.around,
        effect=effect,
        row=row,
        responsible=digest.rule.responsible or day.around.responsible,
        place=digest.act.place,
        names={"because": because},
    )


def _columns(table: Table) -> Sequence[Column]:
    return [table.schema.column(name) for name in table.text.columns]
