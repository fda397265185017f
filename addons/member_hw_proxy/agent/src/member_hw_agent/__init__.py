"""The agent that owns the devices of one till: see docs/hardware.md."""

__version__ = "19.0.1.0.0"
