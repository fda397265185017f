"""The guides: every refusal has its line, in the till's own words; pictures exist."""

import ast
import re

import pytest

from tools.config import ADDONS, ROOT, own_addons
from tools.pictures import PAGES, pictures_of

SOURCES = [ADDONS / name for name in own_addons()]
GUIDES = {
    "en": ("cashier.md", "supervisor.md", "box-office.md", "hardware.md"),
    "zh_CN": (
        "cashier.zh_CN.md",
        "supervisor.zh_CN.md",
        "box-office.zh_CN.md",
        "hardware.zh_CN.md",
    ),
}

#: A row of a table of refusals, with the codes it is about in a comment.
ROW = re.compile(
    r"^\| (?P<words>.+?) \|.+?<!-- (?P<codes>[\w ]+) --> \|$", re.MULTILINE
)

#: What names the code of a refusal as its first argument.
REFUSALS = {
    "EncodingRefusal",
    "HardwareRefusal",
    "LookupFailure",
    "MemberRefusal",
    "PinError",
    "RewardRefusal",
    "SeatRefusal",
    "TicketRefusal",
    "TillRefusal",
    "refusing",
}

#: Codes that a docstring lists where the call itself names none.
LISTED = re.compile(r"Codes: ([^.]*)\.")


def trees():
    for addon in SOURCES:
        for path in sorted(addon.rglob("*.py")):
            if "tests" not in path.parts:
                yield ast.parse(path.read_text())


def codes_in(tree):
    """Return the codes that one module refuses with."""
    codes = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef):
            for words in LISTED.findall(ast.get_docstring(node) or ""):
                codes.update(re.findall(r"[a-z_]+", re.sub(r"\([^)]*\)", "", words)))
            codes.update(class_code(node))
        if isinstance(node, ast.Call) and getattr(node.func, "id", None) in REFUSALS:
            codes.update(
                argument.value
                for argument in node.args[:1]
                if isinstance(argument, ast.Constant)
            )
    return codes


def class_code(node):
    """Return the `code` of a class of errors; one that others inherit is no refusal."""
    if node.name == "LedgerError":
        return
    for statement in node.body:
        match statement:
            case ast.Assign(targets=[ast.Name("code")], value=ast.Constant(code)):
                yield code


def refusal_codes():
    """Return all codes, with the one that only the browser knows."""
    return {"offline"}.union(*map(codes_in, trees()))


def rows(language):
    """Return (words, code) of every line about a refusal."""
    for name in GUIDES[language]:
        for row in ROW.finditer((ROOT / "docs" / name).read_text()):
            for code in row["codes"].split():
                yield row["words"], code


@pytest.mark.parametrize("language", GUIDES)
def test_every_refusal_has_its_line(language):
    """A cashier who is told no finds what to do; a refusal that is gone goes here."""
    codes = refusal_codes()
    assert {"frozen", "insufficient", "own_card", "wrong_check_digit"} < codes
    assert codes ^ {code for _words, code in rows(language)} == set()


@pytest.mark.parametrize("language", GUIDES)
def test_the_till_says_what_the_guide_quotes(language):
    """In italics is what the till says otherwise; everything else is word for word."""
    sentences = list(SENTENCES[language]())
    quoted = [words for words, _code in rows(language) if not words.startswith("*")]
    unknown = [
        words
        for words in quoted
        if not any(is_quoted(words, sentence) for sentence in sentences)
    ]
    assert len(quoted) > 40
    assert unknown == []


def english_sentences():
    for tree in trees():
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield " ".join(node.value.split())
    for addon in SOURCES:
        for path in addon.glob("static/src/**/*.js"):
            yield " ".join(path.read_text().split())


def chinese_sentences():
    for addon in SOURCES:
        text = (addon / "i18n" / "zh_CN.po").read_text()
        for translation in re.findall(r'^msgstr ((?:".*"\n?)+)', text, re.MULTILINE):
            yield "".join(re.findall(r'"(.*)"', translation))


SENTENCES = {"en": english_sentences, "zh_CN": chinese_sentences}


def is_quoted(words, sentence):
    """Whether a sentence consists of these words, with anything in place of …."""
    parts = [part.strip() for part in words.split("…") if part.strip()]
    return re.search(".*".join(map(re.escape, parts)), sentence) is not None


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_picture_exists(page):
    missing = [name for name in pictures_of(page) if not (page.parent / name).exists()]
    assert missing == []


def test_every_picture_is_shown():
    shown = {
        (page.parent / name).resolve() for page in PAGES for name in pictures_of(page)
    }
    kept = set((ROOT / "docs" / "pictures").glob("*.png"))
    assert kept - shown == set()


def test_every_link_leads_somewhere():
    broken = []
    for page in PAGES:
        text = page.read_text()
        for target in re.findall(r"\]\(([^)]+)\)", text):
            path, _sep, anchor = target.partition("#")
            file = page.parent / path if path else page
            if target.startswith("http"):
                continue
            if not file.exists() or (anchor and anchor not in anchors(file)):
                broken.append(f"{page.name}: {target}")
    assert broken == []


def anchors(file):
    """Return the anchors that a page's headings make, as GitHub names them."""
    headings = re.findall(r"^#+ (.+)$", file.read_text(), re.MULTILINE)
    return {
        re.sub(r"[^\w\- ]", "", each.lower()).replace(" ", "-") for each in headings
    }
