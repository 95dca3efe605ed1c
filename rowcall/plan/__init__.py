"""The planning floor: rules × snapshot × memory × now → Plan, without touching anything."""

from rowcall.plan.inputs import House, TickInput
from rowcall.plan.tick_plan import plan

__all__ = ["House", "TickInput", "plan"]
