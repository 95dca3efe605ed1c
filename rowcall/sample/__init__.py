"""The sample shop: an invented tea shop's workbook in English or Chinese, the same bytes for the same day."""

from rowcall.sample.workbook import write_sample

__all__ = ["write_sample"]
