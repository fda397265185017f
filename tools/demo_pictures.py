"""Pictures of the demo's gifts, drawn here: nothing is fetched, nobody's rights."""

import base64
from io import BytesIO

SIDE = 256
INK, PAPER = "#3c3045", "#fffaf2"


def picture(motif, background):
    """Return a PNG of one of the motifs below, as Odoo keeps images."""
    from PIL import Image, ImageDraw

    with Image.new("RGB", (SIDE, SIDE), background) as image:
        MOTIFS[motif](ImageDraw.Draw(image))
        out = BytesIO()
        image.save(out, "PNG", optimize=True)
    return base64.b64encode(out.getvalue())


def postcard(draw):
    for shift in (24, 0):
        box = (40 + shift, 78 + shift, 192 + shift, 174 + shift)
        draw.rounded_rectangle(box, 8, PAPER, INK, 5)
    draw.rectangle((156, 90, 180, 118), "#c8553d", INK, 3)
    for y in (126, 142, 158):
        draw.line((56, y, 132, y), INK, 4)


def key_ring(draw):
    draw.ellipse((96, 28, 160, 92), outline=INK, width=8)
    draw.line((128, 92, 128, 116), INK, 8)
    draw.ellipse((76, 112, 180, 220), PAPER, INK, 6)
    for x in (104, 140):
        draw.pieslice((x, 142, x + 24, 168), 180, 360, INK)
    draw.arc((108, 158, 148, 202), 20, 160, "#c8553d", 7)


def bag(draw):
    draw.arc((92, 36, 164, 150), 180, 360, INK, 9)
    draw.rounded_rectangle((60, 94, 196, 218), 12, PAPER, INK, 6)
    draw.pieslice((92, 122, 164, 230), 200, 340, "#c8553d", INK)


def tea(draw):
    draw.arc((160, 112, 216, 168), 270, 90, INK, 9)
    draw.pieslice((56, 36, 188, 212), 0, 180, PAPER, INK, 6)
    draw.line((56, 124, 188, 124), INK, 6)
    draw.line((44, 222, 200, 222), INK, 8)
    for x in (88, 116, 144):
        draw.arc((x, 56, x + 20, 108), 90, 270, INK, 5)


def coins(draw):
    for y in (168, 138, 108, 78):
        draw.ellipse((68, y, 188, y + 48), "#f2c14e", INK, 6)
    draw.line((128, 88, 128, 116), INK, 6)
    draw.line((112, 102, 144, 102), INK, 6)


def coupon(draw):
    draw.rounded_rectangle((36, 80, 220, 176), 10, PAPER, INK, 6)
    for y in range(88, 170, 16):
        draw.line((156, y, 156, y + 8), INK, 4)
    draw.line((64, 156, 128, 100), "#c8553d", 8)
    for x, y in ((64, 100), (112, 136)):
        draw.ellipse((x, y, x + 22, y + 22), outline="#c8553d", width=7)


MOTIFS = {each.__name__: each for each in (postcard, key_ring, bag, tea, coins, coupon)}
