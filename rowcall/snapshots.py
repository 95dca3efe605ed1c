"""What do the workbooks say right now?"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

import structlog

from rowcall.errors import Place, Problem, WorkbookError
from rowcall.ports import Workbook
from rowcall.reading import type_table
from rowcall.table import Schema, Snapshot, Table

_log = structlog.get_logger(__name__)


def take_snapshot(
    workbooks: Mapping[str, Workbook],
    schemas: Iterable[Schema],
    read_at: datetime,
    *,
    language: str,
    zone: ZoneInfo,
    stored: Mapping[str, Table] | None = None,
) -> Snapshot:
    """Read each workbook once and return all tables; those of workbooks not given come from `stored`.

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
            _read(workbooks[name], theirs, tables, broken, absent, language=language, zone=zone)
        else:
            known = stored or {}
            tables |= {schema.table: known[schema.table] for schema in theirs if schema.table in known}
    return Snapshot(read_at, tables, broken, frozenset(absent))


def _read(
    workbook: Workbook,
    schemas: list[Schema],
    tables: dict[str, Table],
    broken: dict[str, Problem],
    absent: set[str],
    *,
    language: str,
    zone: ZoneInfo,
) -> None:
    try:
        reading = workbook.read(schemas)
    except WorkbookError as error:
        _log.warning("workbook not read", reason=str(error))
        broken |= {
            schema.table: Problem(Place(table=schema.table), str(error), fix=error.fix) for schema in schemas
        }
        return
    by_table = {schema.table: schema for schema in schemas}
    for table, problem in reading.missing:
        if by_table[table].optional:
            absent.add(table)
        else:
            broken[table] = problem
    for table, sheet in reading.sheets:
        typed = type_table(by_table[table], sheet, language=language, zone=zone)
        if isinstance(typed, Problem):
            broken[table] = typed
        else:
            tables[table] = typed
