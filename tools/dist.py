"""`make dist`: a wheel of each add-on in build/dist, made by whool.

`pip install` of a wheel puts the add-on beside Odoo's own and brings the OCA
add-ons it depends on.
"""

import shutil
import zipfile

from tools import config, venv
from tools.console import Failure, main, say
from tools.process import run

DIST = config.BUILD / "dist"


def dist():
    addons = config.own_addons()
    if not addons:
        raise Failure("there are no add-ons under addons/")
    shutil.rmtree(DIST, ignore_errors=True)
    DIST.mkdir(parents=True)
    python = venv.lint_environment() / "bin" / "python"
    for addon in addons:
        run(
            [python, "-m", "pip", "wheel", "-q", "--no-deps", "--no-build-isolation",
             "--disable-pip-version-check", "-w", DIST, config.ADDONS / addon]
        )  # fmt: skip
    for wheel in sorted(DIST.glob("*.whl")):
        check(wheel)
        say(f"{wheel.relative_to(config.ROOT)}")
    return 0


def check(wheel):
    """A wheel without its manifest would install and do nothing."""
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
    if not any(name.endswith("/__manifest__.py") for name in names):
        raise Failure(f"{wheel.name} holds no add-on")


if __name__ == "__main__":
    main(dist)
