"""Parameters are checked as they are described, and refused in words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from member_hw_agent import schema
from member_hw_agent.schema import Invalid

LINE = {
    "type": "object",
    "properties": {
        "text": {"type": "string", "maxLength": 5},
        "size": {"type": "integer", "minimum": 1, "maximum": 4},
        "align": {"type": "string", "enum": ["left", "right"]},
    },
}
LINES = {
    "properties": {
        "lines": {"type": "array", "items": LINE, "minItems": 1, "maxItems": 2},
        "ratio": {"type": ["number", "null"], "minimum": 0},
        "port": {"anyOf": [{"type": "string"}, {"type": "integer"}]},
        "code": {"type": "string", "pattern": "[0-9]{3}"},
        "free": {"type": "object", "additionalProperties": True},
    },
    "required": ["lines"],
}
GOOD = {"lines": [{"text": "hello", "size": 1, "align": "left"}]}


@pytest.mark.parametrize(
    "more",
    [
        {},
        {"ratio": 0.5},
        {"ratio": None},
        {"port": "COM1"},
        {"port": 9100},
        {"code": "123"},
        {"free": {"any": ["thing"]}},
    ],
)
def test_what_is_described_is_taken(more):
    schema.check_params(LINES, {**GOOD, **more})


@pytest.mark.parametrize(
    "params, sentence",
    [
        (None, "params must be object."),
        ([], "params must be object."),
        ({}, "params.lines is missing."),
        ({"lines": []}, "params.lines must be at least 1 items."),
        ({"lines": [{}] * 3}, "params.lines must be at most 2 items."),
        ({"lines": ["x"]}, "params.lines[0] must be object."),
        (
            {"lines": [{"txt": ""}]},
            "params.lines[0].txt is not known; known: align, size, text.",
        ),
        (
            {"lines": [{"text": "longer"}]},
            "params.lines[0].text must be at most 5 characters.",
        ),
        ({"lines": [{"size": 0}]}, "params.lines[0].size must be at least 1."),
        ({"lines": [{"size": 1.5}]}, "params.lines[0].size must be integer."),
        ({"lines": [{"size": True}]}, "params.lines[0].size must be integer."),
        (
            {"lines": [{"align": "up"}]},
            "params.lines[0].align is not one of: left, right.",
        ),
        ({**GOOD, "ratio": -1}, "params.ratio must be at least 0."),
        ({**GOOD, "ratio": "1"}, "params.ratio must be number or null."),
        ({**GOOD, "port": []}, "params.port is none of what it may be."),
        ({**GOOD, "code": "1234"}, "params.code is not written as it must be."),
        (
            {**GOOD, "more": 1},
            "params.more is not known; known: code, free, lines, port, ratio.",
        ),
    ],
)
def test_what_is_not_is_refused_by_name(params, sentence):
    with pytest.raises(Invalid) as refused:
        schema.check_params(LINES, params)
    assert str(refused.value) == sentence


def test_an_action_without_parameters_takes_none():
    schema.check_params({}, {})
    with pytest.raises(Invalid):
        schema.check_params({}, {"any": 1})


def test_keywords_that_would_be_ignored_are_told():
    assert schema.unknown_keywords(LINES) == set()
    described = {"properties": {"a": {"items": {"oneOf": [], "multipleOf": 3}}}}
    assert schema.unknown_keywords(described) == {"oneOf", "multipleOf"}


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["lines", "text", "size", "x"]), inner)
    ),
    max_leaves=8,
)


@given(VALUES)
def test_no_value_breaks_the_check(value):
    """Whatever a page sends: taken, or refused with a sentence; nothing else raised."""
    try:
        schema.check_params(LINES, value)
    except Invalid as error:
        assert str(error).endswith(".")
    else:
        assert 1 <= len(value["lines"]) <= 2
