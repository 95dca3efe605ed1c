"""Why did a rule act for a row, or why not?"""

from rowcall.explain.answer import Done, Explanation, Next, explain, explanation_json
from rowcall.explain.gate import Gate

__all__ = ["Done", "Explanation", "Gate", "Next", "explain", "explanation_json"]
