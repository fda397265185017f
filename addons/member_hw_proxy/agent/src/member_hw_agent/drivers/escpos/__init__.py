"""Receipt printers that speak ESC/POS."""

from .driver import EscposPrinter
