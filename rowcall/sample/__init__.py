"""The sample shop: an invented tea shop's workbook, in English or in Chinese, the same bytes every time."""
