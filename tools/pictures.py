"""`make pictures`: take the guides' pictures again, by the tests that look at screens.

What a page of docs/ or a README shows as `pictures/NAME.png` is a screenshot NAME that
one of these tests keeps. So a picture never shows what the product no longer does.
"""

import re
import sys

from tools import config, environment
from tools.console import Failure, main, say
from tools.process import run
from tools.test import run_tests

PAGES = sorted([*config.ROOT.glob("README*.md"), *config.ROOT.glob("docs/*.md")])
PICTURES = config.ROOT / "docs" / "pictures"
SCREENSHOTS = config.BUILD / "screenshots"

#: Enough for a screen of Odoo's, and a fraction of the size.
COLOURS = 128


def pictures_of(page):
    """Return the pictures that a page shows, as it names them."""
    return re.findall(r"!\[[^\]]*\]\(([^)]*pictures/[^)]+\.png)\)", page.read_text())


def take():
    """Run the tests that keep screenshots, then keep those that pages show."""
    if failed := run_tests(target="tests/screens"):
        return failed
    with environment.prepared("test") as env:
        # Pillow is Odoo's and not the tools'
        say(run([env.python, "-m", "tools.pictures", "keep"], cwd=config.ROOT))
    return 0


def keep():
    names = {name.rsplit("/", 1)[1] for page in PAGES for name in pictures_of(page)}
    if missing := sorted(n for n in names if not (SCREENSHOTS / n).exists()):
        raise Failure(f"no test takes {', '.join(missing)}")
    PICTURES.mkdir(exist_ok=True)
    for old in PICTURES.glob("*.png"):
        if old.name not in names:
            old.unlink()
    for name in sorted(names):
        shrink(SCREENSHOTS / name, PICTURES / name)
        print(f"{(PICTURES / name).stat().st_size / 1024:5.0f} kB {name}")


def shrink(source, target):
    """Write a picture with few colours."""
    from PIL import Image

    with Image.open(source) as picture:
        few = picture.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
        few.save(target, optimize=True)


if __name__ == "__main__":
    main(keep if sys.argv[1:] == ["keep"] else take)
