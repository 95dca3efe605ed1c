"""How does a mail of a rule come about: from its words and the row to what is sent?

Shared by the actions that send mails.
"""

from rowcall.mailing.digest import bundle_mail, group_names, list_rows, row_names, rows_scene
from rowcall.mailing.payload import DigestLine, Payload, Wording, merge_mails, show_mail
from rowcall.mailing.plan import plan_mail
from rowcall.mailing.send import send_mails
from rowcall.mailing.words import dressed

__all__ = [
    "DigestLine",
    "Payload",
    "Wording",
    "bundle_mail",
    "dressed",
    "group_names",
    "list_rows",
    "merge_mails",
    "plan_mail",
    "row_names",
    "rows_scene",
    "send_mails",
    "show_mail",
]
