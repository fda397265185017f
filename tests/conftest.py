"""Fixtures for the tests that span add-ons; see tests/support/fixtures.py."""

from tests.support.fixtures import *  # noqa: F403
