"""Two-line customer displays."""

from .driver import PoleDisplay
