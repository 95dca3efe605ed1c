"""How is a rule written down again, in English or in Chinese? The way back from a typed rule to its file."""
