"""The hardware guide: each code, sentence, profile and key of the agent is in it."""

import ast
import json
import re
import subprocess

import pytest

from tests.docs.test_guides import SENTENCES, english_sentences, is_quoted
from tests.support.settings import setting
from tools.config import ADDONS, ROOT

ADDON = ADDONS / "member_hw_proxy"
AGENT = ADDON / "agent" / "src" / "member_hw_agent"
PAGES = {"en": "hardware.md", "zh_CN": "hardware.zh_CN.md"}
pages = pytest.mark.parametrize("language", PAGES)

#: What people read on a screen of Odoo's; its codes are those of the agent.
ROW = re.compile(
    r"^\| (?P<words>.+?) \|.*<!-- agent: (?P<codes>[\w ]+) --> \|$", re.MULTILINE
)

#: A row about a sentence of the agent's own has two cells and no code.
OWN_ROW = re.compile(r"^\| (?P<words>[^|]+?) \|[^|]+\|$", re.MULTILINE)

#: Which argument of each refusal of the agent's is its code.
REFUSALS = {
    "Closed": 1,
    "DeviceError": 0,
    "PairingError": 0,
    "Refusal": 1,
    "Status": 1,
    "WireError": 0,
}

#: Asked of the agent itself: what its drivers take, and which profiles it brings.
ASK = """
import json
from member_hw_agent import config, drivers
print(json.dumps({
    "keys": sorted({
        key for name in drivers.names()
        for key in drivers.load(name).options_schema["properties"]
    }),
    "profiles": config.profile_names(),
    "tables": sorted(config.FILE["properties"]),
}))
"""


def read(language):
    return (ROOT / "docs" / PAGES[language]).read_text()


def codes_of_the_agent():
    """Return the codes that the agent answers with, wherever it names them."""
    codes = set()
    for path in AGENT.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            at = REFUSALS.get(getattr(getattr(node, "func", None), "id", None))
            if at is None or len(node.args) <= at:
                continue
            match node.args[at]:
                case ast.Constant(str(code)) if code:
                    codes.add(code)
    return codes


def codes_of_the_screens():
    """Return the codes for which the add-on has words of its own."""
    core = (ADDON / "static/src/core/hw_errors.js").read_text()
    pairing = (ADDON / "static/src/backend/pair_computer/pairing_words.js").read_text()
    tables = [
        core.split("const SENTENCES = {")[1].split("\n};")[0],
        pairing.split("const REFUSALS = {")[1].split("\n};")[0],
    ]
    return set(re.findall(r"^    (\w+): ", "\n".join(tables), re.MULTILINE))


@pages
def test_every_code_has_its_line(language):
    """IT finds what a code means; one that is gone goes here."""
    told = {
        code for row in ROW.finditer(read(language)) for code in row["codes"].split()
    }
    screens, agent = codes_of_the_screens(), codes_of_the_agent()
    assert {"paper_out", "wrong_code"} < screens
    assert {"wrong_host", "bad_seal"} < agent
    assert (screens | agent) - told == set()
    assert told - screens - agent == {"method", "upgrade"}


@pages
def test_the_screens_say_what_the_guide_quotes(language):
    sentences = list(SENTENCES[language]())
    quoted = [
        row["words"]
        for row in ROW.finditer(read(language))
        if not row["words"].startswith("`")
    ]
    assert len(quoted) > 30
    assert [w for w in quoted if not any(is_quoted(w, s) for s in sentences)] == []


@pages
def test_the_agent_says_what_the_guide_quotes(language):
    """Word for word, in English in both guides."""
    section = {"en": "What the agent itself says", "zh_CN": "硬件代理自己说的"}
    part = read(language).split(f"### {section[language]}\n")[1].split("\n### ")[0]
    quoted = [row["words"] for row in OWN_ROW.finditer(part)][2:]
    assert len(quoted) > 30
    sentences = [*english_sentences(), *joined_sentences()]
    assert [w for w in quoted if not any(is_quoted(w, s) for s in sentences)] == []


def joined_sentences():
    """Yield the agent's sentences that values stand in, without the values."""
    for path in AGENT.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.JoinedStr):
                parts = [getattr(value, "value", "…") for value in node.values]
                yield "".join(p if isinstance(p, str) else "…" for p in parts)


@pages
def test_every_key_and_profile_is_explained(language):
    environment = {"PYTHONPATH": str(AGENT.parent)}
    answer = subprocess.run(
        [setting("AGENT_PYTHON"), "-c", ASK],
        env=environment, capture_output=True, text=True, check=True,
    )  # fmt: skip
    told = json.loads(answer.stdout)
    text = read(language)
    named = [*told["keys"], *told["profiles"]]
    assert len(told["profiles"]) > 10
    assert [name for name in named if f"`{name}`" not in text] == []
    assert [table for table in told["tables"] if f"[{table}" not in text] == []
