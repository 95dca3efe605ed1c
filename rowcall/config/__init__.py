"""What did the shop set up in its config.yaml, as one frozen value that was checked at the door?"""

from rowcall.config.load import load_config
from rowcall.config.secret import Secret
from rowcall.config.values import (
    CalendarRead,
    Config,
    Email,
    History,
    HolidayTable,
    PeopleFrom,
    SettingsFrom,
    Shop,
    Web,
    WorkbookConfig,
)

__all__ = [
    "CalendarRead",
    "Config",
    "Email",
    "History",
    "HolidayTable",
    "PeopleFrom",
    "Secret",
    "SettingsFrom",
    "Shop",
    "Web",
    "WorkbookConfig",
    "load_config",
]
