"""What may stand in a rule file and in the config, as a JSON Schema by which editors complete and check?

Made from the words of the language, their meanings, the shapes of the config and the Params of the leaves, so that it
can't fall behind them. An editor knows less than `rowcall check`: what the schema accepts may still be a mistake.
"""

from rowcall.schema.config import config_schema
from rowcall.schema.forms import Names
from rowcall.schema.rule import rule_schema

__all__ = ["Names", "config_schema", "rule_schema"]
