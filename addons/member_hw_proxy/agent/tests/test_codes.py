"""Whoever reads a refusal of ours in Odoo reads Odoo's words, not the log's English."""

import ast
import re
from pathlib import Path

import pytest

from member_hw_agent.errors import CODES

ADDON = Path(__file__).resolve().parents[2]
AGENT = ADDON / "agent/src/member_hw_agent"
SCRIPTS = ADDON / "static/src"
#: What is raised with a code, and which argument that is.
RAISED = {
    "WireError": 0,
    "PairingError": 0,
    "DeviceError": 0,
    "Refusal": 1,
    "Status": 1,
}
#: Tokens end in the reasons of a closed socket: hw_socket.js knows all of those.
ELSEWHERE = {"auth", "bad_signature", "too_long", "wrong_audience", "wrong_user"}
#: Told by the command line only.
TYPED = {"bad_origin"}


def raised_codes():
    found = set(CODES)
    for path in AGENT.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            position = RAISED.get(getattr(node.func, "id", None))
            if position is None or len(node.args) <= position:
                continue
            code = node.args[position]
            if isinstance(code, ast.Constant) and code.value:
                found.add(code.value)
    return sorted(found - ELSEWHERE - TYPED)


@pytest.fixture(scope="module")
def known():
    """Return the codes that the pages of Odoo have words for."""
    scripts = ("core/hw_errors.js", "backend/pair_computer/pairing_words.js")
    text = "".join((SCRIPTS / name).read_text(encoding="utf-8") for name in scripts)
    return set(re.findall(r"^    ([a-z_]+): (?:_t\(|\")", text, re.MULTILINE))


@pytest.mark.parametrize("code", raised_codes())
def test_each_code_has_words_in_odoo(code, known):
    assert code in known


def test_codes_are_found():
    assert {"bad_seal", "internal", "no_code", "replayed"} <= set(raised_codes())
