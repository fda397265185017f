"""Devices without hardware: for trying the suite, for teaching, and for its tests."""
