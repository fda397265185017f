"""What a receipt printer makes of the bytes it gets: a strict reader, and the paper.

It knows the commands that the agent sends and no others, so that a stray byte fails a
test instead of being printed as a letter.
"""

from dataclasses import dataclass
from typing import Any

import qrcode
from PIL import Image, ImageDraw, ImageFont

FONT = "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc"
MONO_SC = 7
LINE_GAP = 6
REAL_TIME = (b"\x10\x04", b"\x10\x05", b"\x10\x14")
"""What a printer obeys at once, also in the midst of a picture."""


@dataclass(frozen=True)
class Command:
    name: str
    value: Any
    raw: bytes


class Unknown(ValueError):
    """Bytes that are no command this printer knows."""


def read(data: bytes) -> tuple[list[Command], bytes]:
    """Return the whole commands in `data`, and what is left of one that is not.

    :raise Unknown:
    """
    commands = []
    while data:
        try:
            command, size = first(data)
        except IndexError:
            break
        commands.append(command)
        data = data[size:]
    return commands, data


def first(data: bytes) -> tuple[Command, int]:
    """Return the first command and its length.

    :raise IndexError: it is not whole yet.
    """
    byte = data[0]
    if byte == 0x0A:
        return Command("line_feed", None, data[:1]), 1
    if byte >= 0x20:
        return printed(data)
    for start, (name, size, read_value) in COMMANDS.items():
        if data.startswith(start):
            whole = size(data) if callable(size) else size
            data[whole - 1]
            return Command(name, read_value(data[:whole]), data[:whole]), whole
    if any(start.startswith(data) for start in COMMANDS):
        raise IndexError
    raise Unknown(data[:8].hex(" "))


def printed(data):
    """Return the characters up to the next control."""
    size = next((i for i, byte in enumerate(data) if byte < 0x20), len(data))
    return Command("text", data[:size], data[:size]), size


def last(data):
    return data[-1]


def number(data, at):
    return data[at] + 256 * data[at + 1]


def raster_size(data):
    return 8 + number(data, 4) * number(data, 6)


def raster_value(data):
    for command in REAL_TIME:
        if command in data[8:]:
            raise Unknown(f"a picture would be obeyed: {command.hex()}")
    width, height = number(data, 4) * 8, number(data, 6)
    dots = Image.frombytes("1", (width, height), data[8:])
    return dots.point(lambda dot: 0 if dot else 255)


COMMANDS = {
    b"\x10\x04": ("ask", 3, last),
    b"\x1b@": ("initialize", 2, lambda _: None),
    b"\x1ba": ("align", 3, last),
    b"\x1bd": ("feed", 3, last),
    b"\x1bE": ("bold", 3, last),
    b"\x1bp": ("kick", 5, lambda data: tuple(data[2:])),
    b"\x1c&": ("chinese", 2, lambda _: True),
    b"\x1c.": ("chinese", 2, lambda _: False),
    b"\x1cW": ("chinese_size", 3, last),
    b"\x1d!": ("size", 3, lambda data: (data[2] & 7) + 1),
    b"\x1dV": ("cut", 4, lambda data: data[2:]),
    b"\x1dv0": ("raster", raster_size, raster_value),
    b"\x1dr": ("ask_paper", 3, last),
    b"\x1dh": ("bar_height", 3, last),
    b"\x1dw": ("bar_width", 3, last),
    b"\x1dH": ("bar_text", 3, last),
    b"\x1dkI": ("barcode", lambda data: 4 + data[3], lambda data: data[4:]),
    b"\x1d(k": ("qr", lambda data: 5 + number(data, 3), lambda data: data[5:]),
}


class Paper:
    """The paper that comes out."""

    def __init__(self, dots: int = 576):
        self.dots = dots
        self.strips = []
        self.line = ""
        self._qr = (b"", 3)
        self.do_initialize(None)

    def print(self, commands) -> None:
        for command in commands:
            getattr(self, f"do_{command.name}", self.ignore)(command.value)

    def picture(self) -> Image.Image:
        """Return all that was printed, one below the other."""
        height = max(1, sum(strip.height for strip in self.strips))
        picture = Image.new("L", (self.dots, height), 255)
        top = 0
        for strip in self.strips:
            picture.paste(strip, (0, top))
            top += strip.height
        return picture

    def ignore(self, _value):
        """Nothing that is seen on paper."""

    def do_initialize(self, _value):
        self.align, self.size, self.bold, self.chinese = 0, 1, False, True

    def do_align(self, value):
        self.align = value

    def do_size(self, value):
        self.size = value

    def do_bold(self, value):
        self.bold = bool(value)

    def do_chinese(self, value):
        self.chinese = value

    def do_text(self, data):
        self.line += data.decode("gb18030" if self.chinese else "latin-1", "replace")

    def do_line_feed(self, _value):
        font = ImageFont.truetype(FONT, 24 * self.size, index=MONO_SC)
        strip = Image.new("L", (self.dots, 24 * self.size + LINE_GAP), 255)
        pen = ImageDraw.Draw(strip)
        pen.text(
            (self.left(font.getlength(self.line)), 21 * self.size + 2),
            self.line,
            0,
            font,
            anchor="ls",
            stroke_width=int(self.bold),
        )
        self.strips.append(strip)
        self.line = ""

    def left(self, width):
        return {0: 0, 1: (self.dots - width) // 2, 2: self.dots - width}[self.align]

    def do_feed(self, lines):
        self.strips.append(Image.new("L", (self.dots, 30 * lines), 255))

    def do_raster(self, dots):
        self.strips.append(dots.convert("L"))

    def do_qr(self, value):
        if value[1:2] == b"C":
            self._qr = (self._qr[0], value[2])
        elif value[1:2] == b"P":
            self._qr = (value[3:], self._qr[1])
        elif value[1:2] == b"Q":
            code = qrcode.QRCode(box_size=self._qr[1], border=1)
            code.add_data(self._qr[0])
            self.paste(code.make_image().get_image())

    def do_barcode(self, value):
        import barcode  # the tests that span add-ons have no such library

        text = value.removeprefix(b"{B").decode()
        bars = barcode.get("code128", text).build()[0]
        row = Image.new("1", (len(bars), 1))
        row.putdata([0 if bar == "1" else 255 for bar in bars])
        self.paste(row.resize((2 * len(bars), 80)))
        self.line = text
        self.do_line_feed(None)

    def paste(self, image):
        strip = Image.new("L", (self.dots, image.height), 255)
        strip.paste(image, (self.left(image.width), 0))
        self.strips.append(strip)

    def do_cut(self, _value):
        strip = Image.new("L", (self.dots, 60), 255)
        pen = ImageDraw.Draw(strip)
        for x in range(0, self.dots, 16):
            pen.line([(x, 50), (x + 8, 50)], 128)
        self.strips.append(strip)
