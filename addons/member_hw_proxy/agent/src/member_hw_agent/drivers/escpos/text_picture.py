"""Lines of text drawn as a picture, on the same columns a printer's own font has.

So any printer prints any Chinese, whatever characters its own memory holds.
"""

from PIL import Image, ImageDraw

from .. import gb_text
from . import fonts
from .picture import INK

LEADING = 6
"""Dots between lines of single size."""


def draw(lines: list[dict], dots: int, columns: int, font_path: str = ""):
    """Return a black and white picture `dots` wide of lines of text.

    :param lines: `{"text", "align", "bold", "size"}`, size 1 to 4.
    :param columns: how many Latin letters of size 1 a line holds.
    """
    laid_out = [part for line in lines for part in lay_out(line, columns)]
    cell = dots // columns
    heights = [(2 * cell + LEADING) * line["size"] for line in laid_out]
    paper = Image.new("L", (dots, max(1, sum(heights))), 255)
    pen = ImageDraw.Draw(paper)
    top = 0
    for line, height in zip(laid_out, heights, strict=True):
        draw_line(pen, line, top, dots, cell * line["size"], font_path)
        top += height
    return paper.point(lambda value: 0 if value < INK else 255).convert("1")


def lay_out(line, columns):
    """Return the lines that one becomes when it is too long for the paper."""
    size = line.get("size", 1)
    texts = gb_text.wrap(line.get("text", ""), max(2, columns // size))
    return [
        {"align": "left", "bold": False, **line, "text": t, "size": size} for t in texts
    ]


def draw_line(pen, line, top, dots, cell, font_path):
    font = fonts.load(2 * cell, font_path)
    width = gb_text.columns(line["text"]) * cell
    left = {"left": 0, "center": (dots - width) // 2, "right": dots - width}
    x = left[line["align"]]
    ascent, descent = font.getmetrics()
    baseline = top + (2 * cell + LEADING + ascent - descent) // 2
    thicken = max(1, cell // 12) if line["bold"] else 0
    for char in line["text"]:
        room = gb_text.columns(char) * cell
        start = x + max(0, (room - font.getlength(char)) / 2)
        for shift in range(thicken + 1):
            pen.text((start + shift, baseline), char, 0, font, anchor="ls")
        x += room
