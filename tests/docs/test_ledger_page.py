"""docs/ledger.md names tests as proof: they must exist."""

import re

from tools.config import ADDONS, ROOT

PAGE = ROOT / "docs" / "ledger.md"
NAMED = re.compile(r"`((?:[\w/]+/)?test_\w+\.py)::(test_\w+)`")


def test_every_named_test_exists():
    named = NAMED.findall(PAGE.read_text())
    missing = []
    for path, function in named:
        folder = ROOT if "/" in path else ADDONS / "member_card" / "tests"
        file = folder / path
        if not file.exists() or f"def {function}(" not in file.read_text():
            missing.append(f"{path}::{function}")
    assert len(named) >= 20
    assert not missing


def test_every_guarantee_names_a_test():
    text = PAGE.read_text().split("## Guarantees")[1].split("\n## ")[0]
    guarantees = re.split(r"\n\d\. ", text)[1:]
    assert len(guarantees) == 8
    assert [n for n, part in enumerate(guarantees, 1) if not NAMED.search(part)] == []
