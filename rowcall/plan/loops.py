"""Do rules wake each other on one row, again and again?"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from rowcall.memory import Memory
from rowcall.plan.rule_view import RuleStep

OPENINGS = 5
"""So often within SPAN may the writes of other rules make a rule start on one row."""
SPAN = timedelta(hours=1)


def note_wakes(step: RuleStep, memory: Memory, now: datetime) -> str:
    """Count the rows on which other rules' writes made this rule start; return why it is to be held, or ""."""
    touched = {
        cell.key
        for receipt in memory.receipts
        if receipt.effect.rule != step.rule.id
        for cell in receipt.cells
        if cell.table == step.rule.table
    }
    recent = _recent(step.memory.wakes, now)
    for key in touched & set(step.opened):
        recent[key] = (*recent.get(key, ()), now)
    step.memory = replace(step.memory, wakes=recent)
    looping = sorted(key for key, moments in recent.items() if len(moments) > OPENINGS)
    if not looping:
        return ""
    return f"rules wake each other at most {OPENINGS} times an hour on one row (row {looping[0]})"


def _recent(wakes: Mapping[str, tuple[datetime, ...]], now: datetime) -> dict[str, tuple[datetime, ...]]:
    kept = {key: tuple(at for at in moments if at > now - SPAN) for key, moments in wakes.items()}
    return {key: moments for key, moments in kept.items() if moments}
