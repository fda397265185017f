"""`make i18n`: export each add-on's .pot and merge it into its zh_CN.po.

Fails when a Chinese translation is missing or fuzzy. `CHECK=1` changes nothing and
fails as well when the catalogues are not what the code would export.
"""

import os
import re
import shutil
import tempfile
from pathlib import Path

from tools import config, environment
from tools.console import main, say
from tools.process import run

#: Header lines that change with every export.
VOLATILE = re.compile(
    r'^"(POT-Creation-Date|PO-Revision-Date|Project-Id-Version):.*\n', re.MULTILINE
)


def translate():
    check = os.environ.get("CHECK") == "1"
    with environment.prepared("test") as env, tempfile.TemporaryDirectory() as folder:
        with env.databases.temporary("member_i18n") as database:
            results = [
                Catalogue(addon, Path(folder) / addon).update(env, database, check)
                for addon in config.own_addons()
            ]
    return 0 if all(results) else 1


class Catalogue:
    """The translations of one add-on, worked on in a scratch folder."""

    def __init__(self, addon, scratch):
        self.addon = addon
        self.folder = config.ADDONS / addon / "i18n"
        self.pot = scratch / f"{addon}.pot"
        self.po = scratch / f"{config.LANGUAGE}.po"

    def update(self, env, database, check):
        """Export and merge; return whether the Chinese is complete (and current)."""
        self.pot.parent.mkdir()
        self.export(env, database)
        self.merge()
        complete = self.report()
        if check:
            return complete and self.is_current()
        self.folder.mkdir(exist_ok=True)
        for made in (self.pot, self.po):
            if not same(made, self.folder / made.name):
                shutil.copy(made, self.folder / made.name)
        return complete

    def export(self, env, database):
        run(
            [env.odoo_bin, "i18n", "export", "-c", env.rc, "-d", database,
             "-o", self.pot, self.addon],
            env=env.server.env,
        )  # fmt: skip
        # One source file for every version of a string: no line numbers to churn.
        run(["msgcat", "--sort-output", "--no-wrap", "-o", self.pot, self.pot])

    def merge(self):
        known = self.folder / self.po.name
        if known.exists():
            run(["msgmerge", "-q", "--no-fuzzy-matching", "--sort-output", "--no-wrap",
                 "-o", self.po, known, self.pot])  # fmt: skip
            run(["msgattrib", "--no-obsolete", "--no-wrap", "-o", self.po, self.po])
        else:
            run(["msginit", "--no-translator", "--no-wrap", "-l", config.LANGUAGE,
                 "-i", self.pot, "-o", self.po])  # fmt: skip
        run(["msgfmt", "-c", "-o", os.devnull, self.po])

    def report(self):
        """Say how complete the Chinese is; return whether it is."""
        text = run(
            ["msgfmt", "--statistics", "-o", os.devnull, self.po], env={"LC_ALL": "C"}
        )
        say(f"{self.addon}: {text.strip()}")
        for message in untranslated(self.po):
            say(f"    {message}")
        return "untranslated" not in text and "fuzzy" not in text

    def is_current(self):
        stale = [
            made.name
            for made in (self.pot, self.po)
            if not same(made, self.folder / made.name)
        ]
        if stale:
            say(f"{self.addon}: {', '.join(stale)} not as exported; run make i18n")
        return not stale


def untranslated(po):
    """Return the English of the strings that have no Chinese yet."""
    out = run(["msgattrib", "--untranslated", "--no-obsolete", "--no-wrap", po])
    return re.findall(r'^msgid (".+")$', out, re.MULTILINE)


def same(one, other):
    """Compare two catalogues, apart from their dates."""
    return other.exists() and essence(one) == essence(other)


def essence(path):
    return VOLATILE.sub("", path.read_text(encoding="utf-8"))


if __name__ == "__main__":
    main(translate)
