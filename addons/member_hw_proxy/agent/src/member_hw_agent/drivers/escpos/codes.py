"""QR codes and barcodes drawn as pictures, for printers that have none of their own."""

from PIL import Image

from ...errors import DeviceError

BAR_DOTS = 2
BAR_HEIGHT = 80


def qr(data: str, module_dots: int = 6) -> Image.Image:
    try:
        import qrcode
    except ImportError as error:
        raise missing() from error
    code = qrcode.QRCode(box_size=module_dots, border=2)
    code.add_data(data.encode())
    return code.make_image().get_image().convert("1")


def code128(text: str, dots: int) -> Image.Image:
    """Return Code 128 bars without text.

    :raise DeviceError: bad_request, too long for paper `dots` wide.
    """
    try:
        import barcode
    except ImportError as error:
        raise missing() from error
    bars = barcode.get("code128", text).build()[0]
    width = len(bars) * BAR_DOTS
    if width > dots:
        raise DeviceError("bad_request", "The barcode is too long for this paper.")
    row = Image.new("1", (len(bars), 1), 1)
    row.putdata([0 if bar == "1" else 255 for bar in bars])
    return row.resize((width, BAR_HEIGHT))


def missing():
    return DeviceError(
        "unsupported",
        "Codes on this printer need more software: "
        "pip install 'member-hw-agent[printer]'.",
    )
