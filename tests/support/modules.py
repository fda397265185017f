"""Test-only add-ons (tests/support/addons), for throwaway databases alone.

They change the product from outside to provoke what it must survive; the product itself
has no test hooks. A server imports one at its start; no database knows of it.
"""

from pathlib import Path

from tests.support.settings import setting

FOLDER = Path(__file__).parent / "addons"


def load(module):
    """Return the options with which a server imports a test-only add-on."""
    return (
        f"--addons-path={setting('ADDONS_PATH')},{FOLDER}",
        f"--load=base,web,{module}",
    )
