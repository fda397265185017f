"""Pictures as a thermal printer can show them: black dots on white paper."""

import base64
import binascii
import io

from PIL import Image, ImageChops, ImageFilter, UnidentifiedImageError

from ...errors import DeviceError

MAX_PIXELS = 24_000_000
"""Of the picture as it came: a receipt of 512 dots and 5 m, with room. More is refused
before it is unpacked."""
INK = 168
"""A grey darker than this is ink: well above the middle, because the thin strokes of
Chinese are grey when a browser draws them, and get lighter still by scaling down."""
SCALED_INK = 22
"""How much lighter a grey is still ink when the picture was scaled down."""
GREYS = (32, 232)
"""What counts as grey when photographs are told from text."""
PHOTO_SHARE = 215
"""Of 255: how many of the dots around are grey in a photograph. Text stays below."""
NEIGHBOURHOOD = 12
CELL = 4
"""Dots, for a first look at a smaller picture."""
CELLS_SHARE = 165
"""Of 255: where `PHOTO_SHARE` of 25 × 25 dots are grey, so are 171 of the 28 × 28 dots
of the cells around them; less what rounding takes."""


def decode(text: str) -> Image.Image:
    """Return the picture in `text`: base64, with or without `data:…;base64,`.

    :raise DeviceError: bad_request, it is no picture, or one too large.
    """
    try:
        data = base64.b64decode(text.rpartition(",")[2], validate=True)
        picture = Image.open(io.BytesIO(data), formats=("JPEG", "PNG"))
        if picture.width * picture.height > MAX_PIXELS:
            raise DeviceError("bad_request", "The picture is too large to be printed.")
        picture.load()
    except (
        binascii.Error,
        OSError,
        SyntaxError,
        UnidentifiedImageError,
        ValueError,
        Image.DecompressionBombError,
    ) as error:
        raise DeviceError(
            "bad_request", "What was sent to be printed is no JPEG or PNG picture."
        ) from error
    return picture


def on_paper(picture: Image.Image, dots: int) -> Image.Image:
    """Return the picture in grey, on white, in the middle of paper `dots` wide.

    Wider ones are scaled down; narrower ones are not scaled, which would blur them.
    """
    if picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info:
        picture = picture.convert("RGBA")
        white = Image.new("RGBA", picture.size, "white")
        picture = Image.alpha_composite(white, picture)
    picture = picture.convert("L")
    if picture.width > dots:
        height = max(1, round(picture.height * dots / picture.width))
        picture = picture.resize((dots, height), Image.Resampling.LANCZOS)
    if picture.width == dots:
        return picture
    paper = Image.new("L", (dots, picture.height), 255)
    paper.paste(picture, ((dots - picture.width) // 2, 0))
    return paper


def to_ink(grey: Image.Image, ink: int = INK) -> Image.Image:
    """Return black and white: text with sharp edges, photographs as scattered dots."""
    sharp = grey.point(lambda value: 0 if value < ink else 255)
    least, most = GREYS
    greys = grey.point(lambda value: 255 if least < value < most else 0)
    if not may_have_photo(greys):
        return to_bits(sharp)
    around = greys.filter(ImageFilter.BoxBlur(NEIGHBOURHOOD))
    photo = around.point(lambda value: 255 if value > PHOTO_SHARE else 0)
    if not photo.getbbox():
        return to_bits(sharp)
    to_its_edges = photo.filter(ImageFilter.BoxBlur(NEIGHBOURHOOD))
    photo = to_its_edges.point(lambda value: 255 if value else 0)
    scattered = grey.convert("1").convert("L")
    return to_bits(Image.composite(scattered, sharp, photo))


def to_bits(sharp: Image.Image) -> Image.Image:
    """Return a picture that is black and white already, a bit for each dot.

    Scattering, as Pillow does by default, changes nothing there and takes long.
    """
    return sharp.convert("1", dither=Image.Dither.NONE)


def may_have_photo(greys: Image.Image) -> bool:
    """Tell, at a sixteenth of the cost, whether a closer look can find a photograph."""
    cells = greys.reduce(CELL).filter(ImageFilter.BoxBlur(NEIGHBOURHOOD // CELL))
    return cells.getextrema()[1] > CELLS_SHARE


def rows(ink: Image.Image) -> tuple[bytes, int]:
    """Return the dots of a black and white picture, and the bytes of one row."""
    return ImageChops.invert(ink.convert("1")).tobytes(), (ink.width + 7) // 8


def trim(ink: Image.Image) -> Image.Image:
    """Return it without the white below its last dot: paper that nobody needs."""
    box = ImageChops.invert(ink.convert("L")).getbbox()
    return ink.crop((0, 0, ink.width, box[3] if box else 1))
