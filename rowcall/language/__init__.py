"""The language floor: from the text of a rule file, with positions, to a typed Rule."""
