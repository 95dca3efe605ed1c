"""What does a formula say? Spreadsheet formulas over named columns: text with offsets → typed tree."""
