"""Which words does the rule language have? One table: English in the first column, Chinese in the second."""

from rowcall.language.words.keys import (
    BlockKey,
    ButtonKey,
    DueKey,
    EntryKey,
    FigureKey,
    Key,
    ScheduleKey,
    ValueKey,
    WindowKey,
)
from rowcall.language.words.phrases import Operand, Phrase
from rowcall.language.words.spelling import find_word, is_chinese, listed, spelled, spellings, spellings_of
from rowcall.language.words.times import CompareWord, CountedFrom, LimitWord, PeriodWord, ScheduleWord, Time
from rowcall.language.words.values import (
    AttachForm,
    AttachRows,
    AttachWord,
    Choice,
    FigureWord,
    ScaleWord,
    ValueWord,
)

__all__ = [
    "THIS",
    "AttachForm",
    "AttachRows",
    "AttachWord",
    "BlockKey",
    "ButtonKey",
    "Choice",
    "CompareWord",
    "CountedFrom",
    "DueKey",
    "EntryKey",
    "FigureKey",
    "FigureWord",
    "Key",
    "LimitWord",
    "Operand",
    "PeriodWord",
    "Phrase",
    "ScaleWord",
    "ScheduleKey",
    "ScheduleWord",
    "Time",
    "ValueKey",
    "ValueWord",
    "WindowKey",
    "find_word",
    "is_chinese",
    "listed",
    "spelled",
    "spellings",
    "spellings_of",
]

THIS = "this"
"""Stands before a column of the watched row where another table is searched: `this.Customer`."""
