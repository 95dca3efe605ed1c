"""What may stand in the config of a shop?"""

from collections.abc import Mapping

from rowcall.config.shapes import ConfigShape, PersonShape, RoleShape, TableShape, WorkbookShape
from rowcall.language.shape import describe_shape
from rowcall.schema.forms import DRAFT, SCALAR, Json, Names, each
from rowcall.schema.shapes import shape_schema
from rowcall.table import Kind


def config_schema(connectors: Mapping[str, type]) -> Json:
    """Return the schema of the config file. connectors: the name of each → its Params."""
    schema = shape_schema(ConfigShape, Names())
    schema["properties"]["workbooks"] = each(_workbook(connectors))
    schema["properties"]["tables"] = each(_table())
    schema["properties"]["people"] = each(
        {"anyOf": [shape_schema(PersonShape, Names()), shape_schema(RoleShape, Names())]}
    )
    return {"$schema": DRAFT, "title": "The config of a shop", **schema}


def _workbook(connectors: Mapping[str, type]) -> Json:
    own = shape_schema(WorkbookShape, Names())
    own["properties"]["connector"] = {"enum": sorted(connectors)}
    own["allOf"] = [
        {
            "if": {"properties": {"connector": {"const": name}}, "required": ["connector"]},
            "then": {"required": [key.key for key in describe_shape(params) if key.required]},
        }
        for name, params in connectors.items()
    ]
    for params in connectors.values():
        theirs = shape_schema(params, Names())
        own["properties"] = {**theirs["properties"], **own["properties"]}
        own["patternProperties"] = {**theirs["patternProperties"], **own["patternProperties"]}
    return own


def _table() -> Json:
    schema = shape_schema(TableShape, Names())
    kinds = [str(kind) for kind in Kind if kind is not Kind.CHOICE]
    choices = {
        "type": "array",
        "items": SCALAR,
        "description": "A list of choices; its order is the ranking.",
    }
    schema["properties"]["columns"] = each({"anyOf": [{"enum": kinds}, choices]})
    return schema
