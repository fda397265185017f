"""Devices that are not there: plain Python, for the agent's tests and tests/e2e."""
