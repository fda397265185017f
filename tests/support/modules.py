"""Test-only add-ons (tests/support/addons), for throwaway databases alone.

They change the product from outside to provoke what it must survive; the product itself
has no test hooks.
"""

import subprocess
from pathlib import Path

from tests.support.settings import setting

FOLDER = Path(__file__).parent / "addons"


def addons_path_option():
    """Return the option with which a server finds the test-only add-ons too."""
    return f"--addons-path={setting('ADDONS_PATH')},{FOLDER}"


def install(database, module):
    """Install a test-only add-on in a database that no server has open."""
    result = subprocess.run(
        [setting("ODOO_BIN"), "-c", setting("ODOO_RC"), "-d", database,
         addons_path_option(), "-i", module, "--stop-after-init", "--no-http",
         "--max-cron-threads=0", "--log-level=warn"],
        capture_output=True,
        text=True,
        check=False,
    )  # fmt: skip
    if result.returncode:
        raise AssertionError(f"{module} does not install:\n{result.stderr[-3000:]}")
