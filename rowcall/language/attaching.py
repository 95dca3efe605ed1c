"""Which files does a mail carry: lists as xlsx or csv, and files of the shop's `attachments` folder?"""

import re
from collections.abc import Sequence

from rowcall.language.document import Lines, Node, Text
from rowcall.language.mistaken import Hints, Mistaken, note_mistakes
from rowcall.language.near import did_you_mean
from rowcall.language.notes import Notes
from rowcall.language.pattern import match_phrase
from rowcall.language.scope import Scope
from rowcall.language.value import Attachment, Attachments
from rowcall.language.words import AttachForm, AttachRows, AttachWord, find_word, spelled

_FORMS = " or ".join(f"`{word}`" for word in map(spelled, AttachForm))
_PATH = re.compile(r"[/\\:]|^\.\.?$|^~")
_EXCEL = ("xls", "excel")


def read_attachments(node: Node, scope: Scope, notes: Notes) -> Attachments | None:
    """Return what a mail carries, or None with every mistake noted."""
    parts = node.parts if isinstance(node, Lines) else (node,)
    found = [_read_attachment(part, scope, notes) for part in parts]
    known = tuple(one for one in found if one is not None)
    if not parts:
        notes.mistake(node.place, "Nothing is named here that the mail could carry.", fix=_possible(scope))
    return Attachments(known, node.place) if known and len(known) == len(found) else None


def _read_attachment(node: Node, scope: Scope, notes: Notes) -> Attachment | None:
    if not isinstance(node, Text) or not node.value.strip():
        notes.mistake(node.place, "Here stands what the mail carries.", fix=_possible(scope))
        return None

    def read(_: Hints) -> Attachment:
        said = node.value.strip()
        for _word, holes in match_phrase(AttachWord, said):
            return _list_as(holes["figure"], holes["form"], node, scope)
        return _file(said, node, scope)

    return note_mistakes(notes, node.place, node.value, read)


def _list_as(name: str, form: str, text: Text, scope: Scope) -> Attachment:
    known = find_word(AttachForm, form)
    if known is None:
        excel = "xlsx" if form.lower().startswith(_EXCEL) else ""
        near = excel or did_you_mean(form, map(spelled, AttachForm))
        raise Mistaken(
            f"`{form}` is no form of a list; it goes as {_FORMS}.", f"{name} as {near}" if near else ""
        )
    if find_word(AttachRows, name) is not None and name not in _lists(scope):
        return Attachment("", spelled(known), text.place)
    return Attachment(_find_list(name, spelled(known), scope), spelled(known), text.place)


def _find_list(name: str, form: str, scope: Scope) -> str:
    """Return the list or breakdown of that name; raises Mistaken."""
    lists = _lists(scope)
    if name in lists:
        return name
    if name in scope.figures:
        what = f"`{name}` is a single value, no list; write it into the text."
        raise Mistaken(what, fix="A list is a figure with `list: [columns]`, or one with `by: Column`.")
    near = did_you_mean(name, [*lists, *map(spelled, AttachRows)])
    known = ", ".join(f"`{one}`" for one in lists) or "none"
    raise Mistaken(
        f"There is no list `{name}`; the lists of this rule are: {known}."
        + (f" Did you mean `{near}`?" if near else ""),
        f"{near} as {form}" if near else "",
        "A list is a figure with `list: [columns]`, or one with `by: Column`; in a digest `rows` are its rows.",
    )


def _file(said: str, text: Text, scope: Scope) -> Attachment:
    if said in _lists(scope) or find_word(AttachRows, said) is not None:
        raise Mistaken(f"`{said}` needs a form, {_FORMS}.", f"{said} as xlsx")
    if said in scope.figures:
        raise Mistaken(f"`{said}` is a single value, no list and no file; write it into the text.")
    if "{{" in said:
        raise Mistaken("Here stands the name of a file or of a list, without `{{ }}`.")
    if _PATH.search(said):
        what = f"`{said}` is a path; only files of the shop's `attachments` folder can be attached, by their name."
        raise Mistaken(what, fix="Copy the file into the `attachments` folder beside config.yaml.")
    if said not in scope.attachments:
        near = did_you_mean(said, scope.attachments)
        known = ", ".join(f"`{one}`" for one in scope.attachments) or "nothing"
        raise Mistaken(
            f"There is no file `{said}` in the `attachments` folder; it holds {known}."
            + (f" Did you mean `{near}`?" if near else ""),
            near,
            "Put the file there, or write a list with its form, such as `Orders open as xlsx`.",
        )
    return Attachment("", "", text.place, file=said)


def _lists(scope: Scope) -> Sequence[str]:
    return (*scope.lists, *scope.breakdowns)


def _possible(scope: Scope) -> str:
    lists = [f"`{name} as xlsx`" for name in _lists(scope)]
    return f"Possible are {', '.join([*lists, '`rows as csv` in a digest', 'a file of the `attachments` folder'])}."
