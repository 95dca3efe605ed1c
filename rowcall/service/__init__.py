"""Who looks at the workbooks by day and night, and sees to it that what is due goes out?"""

from rowcall.service.log import LogKind, set_up_log
from rowcall.service.rhythm import Rhythm
from rowcall.service.service import Service, serve

__all__ = ["LogKind", "Rhythm", "Service", "serve", "set_up_log"]
