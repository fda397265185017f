"""Readers and scanners that type like a keyboard, taken away from the screen."""

from .driver import KeyboardWedge
