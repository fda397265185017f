"""A print job as bytes, by what the profile says of the printer."""

import itertools
from dataclasses import dataclass

from PIL import Image

from ...errors import DeviceError
from .. import gb_text
from . import codes, commands, picture, text_picture


@dataclass(frozen=True)
class Paper:
    """What a printer can do, from its profile."""

    dots: int = 576
    """Printable dots of a line; a multiple of 8."""
    columns: int = 48
    """Latin letters of the printer's font A in a line."""
    text_mode: str = "raster"
    """How text is printed: raster, gb18030 (the printer's own Chinese) or ascii."""
    has_cutter: bool = True
    has_qr: bool = True
    has_barcode: bool = True
    feed_lines: int = 4
    """Before tearing off, where there is no knife."""
    band_rows: int = commands.BAND_ROWS
    ink: int = picture.INK
    font: str = ""

    def image_job(self, base64_text: str) -> bytes:
        """Return the job of a picture, cut at its end.

        :raise DeviceError: bad_request.
        """
        page = picture.decode(base64_text)
        limit = self.ink + picture.SCALED_INK * (page.width > self.dots)
        ink = picture.to_ink(picture.on_paper(page, self.dots), limit)
        return commands.INITIALIZE + self.raster(picture.trim(ink)) + self.end()

    def text_job(self, lines: list[dict]) -> bytes:
        """Return the job of lines, cut at its end unless the last line says `cut`.

        :param lines: `{"text", "align", "bold", "size"}`, `{"qr": data}`,
            `{"barcode": printable ASCII}` or `{"cut": true}`.
        :raise DeviceError: bad_request, unsupported.
        """
        parts = [commands.INITIALIZE]
        for is_text, some in itertools.groupby(lines, lambda line: "text" in line):
            group = list(some)
            parts += [self.text(group)] if is_text else map(self.special, group)
        if not (lines and lines[-1].get("cut")):
            parts.append(self.end())
        return b"".join(parts)

    def text(self, lines) -> bytes:
        if self.text_is_raster(lines):
            ink = text_picture.draw(lines, self.dots, self.columns, self.font)
            return self.raster(ink)
        return b"".join(self.native_line(line) for line in lines)

    def text_is_raster(self, lines):
        """Tell whether the lines are drawn; plain ASCII needs no picture."""
        if self.text_mode == "raster":
            return True
        return self.text_mode == "ascii" and not all(
            line["text"].isascii() for line in lines
        )

    def native_line(self, line) -> bytes:
        times = line.get("size", 1)
        texts = gb_text.wrap(line["text"], max(2, self.columns // times))
        data = b"".join(gb_text.encode(text) + commands.LINE_FEED for text in texts)
        before = commands.ALIGN[line.get("align", "left")] + commands.size(times)
        before += commands.bold(line.get("bold", False))
        if self.text_mode == "gb18030":
            before += commands.CHINESE_ON + commands.chinese_size(times)
            data += commands.CHINESE_OFF
        after = commands.size(1) + commands.bold(False) + commands.ALIGN["left"]
        return before + data + after

    def special(self, line) -> bytes:
        if "qr" in line:
            return self.qr(line["qr"])
        if "barcode" in line:
            return self.barcode(line["barcode"])
        if line.get("cut"):
            return self.end()
        raise DeviceError("bad_request", f"This line cannot be printed: {sorted(line)}")

    def qr(self, data) -> bytes:
        if not self.has_qr:
            return self.raster(self.centred(codes.qr(data)))
        centre, left = commands.ALIGN["center"], commands.ALIGN["left"]
        return centre + commands.qr(data.encode()) + left

    def barcode(self, text) -> bytes:
        if not self.has_barcode:
            bars = self.centred(codes.code128(text, self.dots))
            label = {"text": text, "align": "center"}
            return self.raster(bars) + self.text([label])
        centre, left = commands.ALIGN["center"], commands.ALIGN["left"]
        return centre + commands.code128(text) + left

    def centred(self, ink):
        if ink.width > self.dots:
            raise DeviceError("bad_request", "The code is too large for this paper.")
        paper = Image.new("1", (self.dots, ink.height), "white")
        paper.paste(ink, ((self.dots - ink.width) // 2, 0))
        return paper

    def raster(self, ink) -> bytes:
        return commands.raster(*picture.rows(ink), self.band_rows)

    def end(self) -> bytes:
        return commands.cut() if self.has_cutter else commands.feed(self.feed_lines)
