"""How does a rule read back in Chinese? The same structure as in English, with an order of words of its own."""
