"""Rowcall calls the roll of a shop's rows: plain-language rules over the spreadsheets it already works in."""

__version__ = "0.1.0"
