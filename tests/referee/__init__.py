"""LibreOffice Calc evaluates the same formulas over the same cells: the referee of the formula floor."""
