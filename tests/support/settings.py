"""What the set-up told this run (`make -s env` prints it), read in one place."""

import os

import pytest


def setting(name):
    """Return a variable of the set-up; without it the test cannot run at all."""
    value = os.environ.get(name)
    if not value:
        pytest.exit(f'{name} is not set: run `make test`, or eval "$(make -s env)"', 4)
    return value
