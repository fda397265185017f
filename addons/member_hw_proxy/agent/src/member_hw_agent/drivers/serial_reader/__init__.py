"""Card readers at a serial port: magnetic stripes, and simple RFID readers."""

from .driver import SerialReader
