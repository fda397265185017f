"""A font with Chinese, wherever this computer has one."""

import functools
from pathlib import Path

from PIL import ImageFont

from ...errors import DeviceError

CANDIDATES = (
    ("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc", "Mono CJK SC"),
    ("/usr/share/fonts/noto-cjk/NotoSansCJK-Regular.ttc", "Mono CJK SC"),
    ("/usr/share/fonts/google-noto-cjk/NotoSansCJK-Regular.ttc", "Mono CJK SC"),
    ("/usr/share/fonts/truetype/wqy/wqy-zenhei.ttc", "Mono"),
    ("/usr/share/fonts/truetype/wqy/wqy-microhei.ttc", "Mono"),
    ("C:/Windows/Fonts/simsun.ttc", "NSimSun"),
    ("C:/Windows/Fonts/msyh.ttc", ""),
    ("/System/Library/Fonts/PingFang.ttc", ""),
    ("/System/Library/Fonts/STHeiti Light.ttc", ""),
)
"""Where systems keep one, and how the face is called whose Latin is half as wide."""


@functools.lru_cache(maxsize=8)
def load(size: int, path: str = "") -> ImageFont.FreeTypeFont:
    """Return the font at `size` dots.

    :param path: of the configuration; else the first of the candidates.
    :raise DeviceError: unsupported, there is none.
    """
    if path and not Path(path).is_file():
        raise DeviceError("unsupported", f"There is no font {path}; correct `font`.")
    for candidate, face in [(path, "")] if path else CANDIDATES:
        if Path(candidate).is_file():
            return named_face(candidate, face, size)
    raise DeviceError(
        "unsupported",
        "This computer has no font with Chinese to print text with. Install one "
        "(Debian: fonts-noto-cjk) or name one as `font` in the printer's settings.",
    )


def named_face(path, face, size):
    """Return the face of a collection whose name contains `face`, else the first."""
    for index in range(16):
        try:
            font = ImageFont.truetype(path, size, index=index)
        except OSError:
            break
        if face in font.getname()[0]:
            return font
    return ImageFont.truetype(path, size)
