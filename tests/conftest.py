"""Fixtures for the tests that span add-ons; see tests/support/fixtures.py."""

from tests.support.fixtures import *
from tests.support.shop_fixtures import *
