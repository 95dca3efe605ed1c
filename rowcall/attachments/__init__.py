"""How does a list become a file that a mail carries?"""

from rowcall.attachments.enclosure import MOST_BYTES, Enclosure, check_size, enclose_file, enclose_list, load
from rowcall.attachments.forms import FORMS

__all__ = ["FORMS", "MOST_BYTES", "Enclosure", "check_size", "enclose_file", "enclose_list", "load"]
