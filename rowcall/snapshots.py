"""What do the workbooks say right now?"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

import structlog

from rowcall.errors import Place, Problem, WorkbookError
from rowcall.ports import Workbook
from rowcall.reading import type_table
from rowcall.table import Schema, Sheet, Snapshot, Table

_log = structlog.get_logger(__name__)


Seen = dict[str, tuple[Schema, Sheet, Table]]
"""Table → the tab as it was last read, and what it was typed to."""


def take_snapshot(
    workbooks: Mapping[str, Workbook],
    schemas: Iterable[Schema],
    read_at: datetime,
    *,
    language: str,
    zone: ZoneInfo,
    stored: Mapping[str, Table] | None = None,
    seen: Seen | None = None,
) -> Snapshot:
    """Read each workbook once and return all tables; those of workbooks not given come from `stored`.

    seen: filled and used from reading to reading: a tab that has not changed is the same Table as before.

    A workbook that can't be read, a tab or a key column that is missing breaks its tables and no others.
    """
    wanted: dict[str, list[Schema]] = {}
    for schema in schemas:
        wanted.setdefault(schema.workbook, []).append(schema)
    tables: dict[str, Table] = {}
    broken: dict[str, Problem] = {}
    absent: set[str] = set()
    for name, theirs in wanted.items():
        if name in workbooks:
            fresh = _read(workbooks[name], theirs, broken, absent)
            tables |= _typed(
                fresh, theirs, broken, seen if seen is not None else {}, language=language, zone=zone
            )
        else:
            known = stored or {}
            tables |= {schema.table: known[schema.table] for schema in theirs if schema.table in known}
    return Snapshot(read_at, tables, broken, frozenset(absent))


def _read(
    workbook: Workbook, schemas: list[Schema], broken: dict[str, Problem], absent: set[str]
) -> dict[str, Sheet]:
    """Return the tabs of one workbook by table, noting what is broken or absent."""
    try:
        reading = workbook.read(schemas)
    except WorkbookError as error:
        _log.warning("workbook not read", reason=str(error))
        broken |= {
            schema.table: Problem(Place(table=schema.table), str(error), fix=error.fix) for schema in schemas
        }
        return {}
    optional = {schema.table for schema in schemas if schema.optional}
    for table, problem in reading.missing:
        if table in optional:
            absent.add(table)
        else:
            broken[table] = problem
    return dict(reading.sheets)


def _typed(
    sheets: Mapping[str, Sheet],
    schemas: list[Schema],
    broken: dict[str, Problem],
    seen: Seen,
    *,
    language: str,
    zone: ZoneInfo,
) -> dict[str, Table]:
    tables = {}
    for schema in schemas:
        sheet = sheets.get(schema.table)
        if sheet is None:
            continue
        known = seen.get(schema.table)
        if known is not None and known[0] == schema and _is_same(known[1], sheet):
            tables[schema.table] = known[2]
            continue
        typed = type_table(schema, sheet, language=language, zone=zone)
        if isinstance(typed, Problem):
            broken[schema.table] = typed
        else:
            tables[schema.table] = typed
            seen[schema.table] = (schema, sheet, typed)
    return tables


def _is_same(one: Sheet, other: Sheet) -> bool:
    return one is other or (one.header == other.header and one.cells.equals(other.cells))
