"""The little of JSON Schema that actions and options are described with.

Known: type, properties, required, additionalProperties (false unless it is true),
items, enum, anyOf, minimum, maximum, minLength, maxLength, minItems, maxItems, pattern,
and `format: order`: a WriteOrder. On the wire that one is a sealed string, which the
server opens before the supervisor sees it. `{}` as an action's schema: no parameters.
"""

import re

from .values import WriteOrder

KEYWORDS = frozenset(
    {
        "additionalProperties",
        "anyOf",
        "description",
        "enum",
        "format",
        "items",
        "maxItems",
        "maxLength",
        "maximum",
        "minItems",
        "minLength",
        "minimum",
        "pattern",
        "properties",
        "required",
        "type",
    }
)
TYPES = {
    "array": (list, tuple),
    "boolean": bool,
    "integer": int,
    "null": type(None),
    "number": (int, float),
    "object": dict,
    "string": str,
}


class Invalid(ValueError):
    """A value is not as described; the sentence names the place."""


def check_params(schema: dict, params) -> None:
    """Check the parameters of an action.

    :raise Invalid: with a sentence for whoever wrote the call.
    """
    check({"type": "object", **schema}, params, "params")


def check(schema: dict, value, where: str) -> None:
    """Check `value`, called `where` in the sentence.

    :raise Invalid:
    """
    if schema.get("format") == "order":
        if not isinstance(value, WriteOrder):
            raise Invalid(f"{where} is not an order.")
        return
    if "anyOf" in schema:
        check_any(schema["anyOf"], value, where)
    if "type" in schema:
        check_type(schema["type"], value, where)
    if "enum" in schema and value not in schema["enum"]:
        choices = ", ".join(map(str, schema["enum"]))
        raise Invalid(f"{where} is not one of: {choices}.")
    if isinstance(value, dict):
        check_object(schema, value, where)
    elif isinstance(value, list | tuple):
        check_range(schema, len(value), where, "Items", "items")
        for index, item in enumerate(value):
            check(schema.get("items", {}), item, f"{where}[{index}]")
    elif isinstance(value, str):
        check_range(schema, len(value), where, "Length", "characters")
        if "pattern" in schema and not re.fullmatch(schema["pattern"], value):
            raise Invalid(f"{where} is not written as it must be.")
    elif isinstance(value, int | float) and not isinstance(value, bool):
        check_range(schema, value, where, "imum", "")


def check_any(schemas, value, where):
    for schema in schemas:
        try:
            check(schema, value, where)
        except Invalid:
            continue
        return
    raise Invalid(f"{where} is none of what it may be.")


def check_type(names, value, where):
    names = [names] if isinstance(names, str) else names
    for name in names:
        is_bool = isinstance(value, bool)
        if isinstance(value, TYPES[name]) and (not is_bool or name == "boolean"):
            return
    raise Invalid(f"{where} must be {' or '.join(names)}.")


def check_object(schema, value, where):
    properties = schema.get("properties", {})
    for name in schema.get("required", ()):
        if name not in value:
            raise Invalid(f"{where}.{name} is missing.")
    for name, item in value.items():
        if name in properties:
            check(properties[name], item, f"{where}.{name}")
        elif "type" in schema and not schema.get("additionalProperties"):
            known = ", ".join(sorted(properties)) or "nothing"
            raise Invalid(f"{where}.{name} is not known; known: {known}.")


def check_range(schema, size, where, suffix, unit):
    least, most = schema.get(f"min{suffix}"), schema.get(f"max{suffix}")
    if least is not None and size < least:
        raise Invalid(f"{where} must be at least {least} {unit}".rstrip() + ".")
    if most is not None and size > most:
        raise Invalid(f"{where} must be at most {most} {unit}".rstrip() + ".")


def unknown_keywords(schema) -> set[str]:
    """Return what `check` would not understand: a test of each driver asks for it."""
    if not isinstance(schema, dict):
        return set()
    unknown = set(schema) - KEYWORDS
    parts = [schema.get("items"), *schema.get("anyOf", ())]
    parts += schema.get("properties", {}).values()
    return unknown.union(*map(unknown_keywords, parts))
