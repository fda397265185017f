"""A server that kills itself at a point that a test names."""

from functools import partial

import pytest

from tests.support import modules
from tests.support.parallel import at_once


@pytest.fixture
def start_both(start_server):
    """Return `start(point)`: a server that dies at `point`, and a healthy one."""

    def start(point):
        options = modules.load("member_test_crash")
        doomed = partial(
            start_server, env={"MEMBER_TEST_CRASH": point}, options=options
        )
        return at_once(doomed, start_server)

    return start
