"""docs/ledger.md and docs/seats.md name tests as proof: they must exist."""

import re

import pytest

from tools.config import ADDONS, ROOT

NAMED = re.compile(r"`((?:[\w/]+/)?test_\w+\.py)::(test_\w+)`")

#: page, add-on whose tests it names without a path, guarantees
PAGES = (("ledger.md", "member_card", 8), ("seats.md", "member_ticketing", 10))
pages = pytest.mark.parametrize(("page", "addon", "count"), PAGES)


def read(page):
    return (ROOT / "docs" / page).read_text()


@pages
def test_every_named_test_exists(page, addon, count):
    named = NAMED.findall(read(page))
    missing = []
    for path, function in named:
        folder = ROOT if "/" in path else ADDONS / addon / "tests"
        file = folder / path
        if not file.exists() or f"def {function}(" not in file.read_text():
            missing.append(f"{path}::{function}")
    assert len(named) >= 2 * count
    assert not missing


@pages
def test_every_guarantee_names_a_test(page, addon, count):
    text = read(page).split("## Guarantees")[1].split("\n## ")[0]
    guarantees = re.split(r"\n\d+\. ", text)[1:]
    assert len(guarantees) == count
    assert [n for n, part in enumerate(guarantees, 1) if not NAMED.search(part)] == []
