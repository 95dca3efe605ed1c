"""A virtual shop: tables, memory and outbox in memory, driven by the same plan as the real one."""

from rowcall.rehearsal.outbox import Done, VirtualOutbox
from rowcall.rehearsal.shop import Ticked, VirtualShop
from rowcall.rehearsal.workbook import VirtualWorkbook

__all__ = ["Done", "Ticked", "VirtualOutbox", "VirtualShop", "VirtualWorkbook"]
