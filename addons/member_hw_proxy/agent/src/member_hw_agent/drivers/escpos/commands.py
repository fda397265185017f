"""The bytes of ESC/POS, and nothing else.

Source: Epson's ESC/POS reference; the command sets of Rongta's RP80 and Xprinter's
XP-80 series agree on all that is used here.
"""

INITIALIZE = b"\x1b@"
LINE_FEED = b"\n"
CHINESE_ON = b"\x1c&"
CHINESE_OFF = b"\x1c."
ALIGN = {"left": b"\x1ba\x00", "center": b"\x1ba\x01", "right": b"\x1ba\x02"}
BAND_ROWS = 128
"""How many rows of dots one raster command carries: what a small buffer holds."""
REAL_TIME = {
    b"\x10\x04": b"\x10\x06",
    b"\x10\x05": b"\x10\x07",
    b"\x10\x14": b"\x10\x15",
}
"""DLE EOT, DLE ENQ and DLE DC4, and each with one more black dot: printers obey them in
the midst of a picture too (Epson's and Xprinter's manuals warn of it), and DLE DC4
opens the drawer."""


def bold(on: bool) -> bytes:
    return b"\x1bE" + bytes([on])


def size(times: int) -> bytes:
    """Return characters `times` as wide and as high, 1 to 8 (GS !)."""
    return b"\x1d!" + bytes([(times - 1) * 0x11])


def chinese_size(times: int) -> bytes:
    """Return Chinese characters of single or double size (FS W)."""
    return b"\x1cW" + bytes([times > 1])


def feed(lines: int) -> bytes:
    return b"\x1bd" + bytes([lines])


def cut() -> bytes:
    """Feed the end of the print to the knife and cut, leaving a bridge (GS V 66)."""
    return b"\x1dVB\x00"


def kick_drawer(pin: int = 2, on_ms: int = 100, off_ms: int = 100) -> bytes:
    """Return the pulse that opens the drawer (ESC p), in steps of 2 ms.

    :param pin: of the printer's socket that the drawer's coil is at: 2 or 5.
    """
    return b"\x1bp" + bytes([0 if pin == 2 else 1, on_ms // 2, off_ms // 2])


def raster(rows: bytes, row_bytes: int, band_rows: int = BAND_ROWS) -> bytes:
    """Return an image in bands (GS v 0).

    :param rows: one bit a dot, black is one, the leftmost in the highest bit.
    """
    for command, harmless in REAL_TIME.items():
        rows = rows.replace(command, harmless)
    bands = []
    for start in range(0, len(rows), row_bytes * band_rows):
        band = rows[start : start + row_bytes * band_rows]
        height = len(band) // row_bytes
        size = row_bytes.to_bytes(2, "little") + height.to_bytes(2, "little")
        bands.append(b"\x1dv0\x00" + size + band)
    return b"".join(bands)


def qr(data: bytes, dots: int = 6) -> bytes:
    """Return a QR code (GS ( k, model 2, error correction M).

    :param dots: the side of one module, 1 to 16.
    """
    return b"".join(
        b"\x1d(k" + (len(body)).to_bytes(2, "little") + body
        for body in (
            b"1A2\x00",
            b"1C" + bytes([dots]),
            b"1E1",
            b"1P0" + data,
            b"1Q0",
        )
    )


def code128(text: str, height: int = 80) -> bytes:
    """Return a Code 128 barcode with its text below (GS k 73, code set B).

    :param text: printable ASCII, at most 250 characters.
    """
    data = b"{B" + text.encode("ascii").replace(b"{", b"{{")
    return (
        b"\x1dh" + bytes([height]) + b"\x1dw\x02\x1dH\x02\x1dkI" + bytes([len(data)])
    ) + data
