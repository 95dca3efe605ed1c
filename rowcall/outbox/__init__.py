"""How does what was planned get done: claimed, delivered, written down, and tried again when it fails?"""

from rowcall.outbox.loop import Delivered, Outbox
from rowcall.outbox.pace import Pace

__all__ = ["Delivered", "Outbox", "Pace"]
