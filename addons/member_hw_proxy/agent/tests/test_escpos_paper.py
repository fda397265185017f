"""What is on the paper, rendered back from the bytes."""

import base64
import io

import pytest
import receipts
from PIL import Image, ImageChops, ImageDraw, ImageFilter

from member_hw_agent.drivers.escpos import EscposPrinter, codes, fonts, picture
from member_hw_agent.errors import DeviceError
from member_hw_agent.values import DeviceInfo
from tests.simulators.fake_printer import FakePrinter

EXTRA_DOTS = 3
"""What commands.REAL_TIME may add to a receipt."""
MARGIN = (576 - receipts.WIDTH) // 2


def printed(action, params, **options):
    """Return the picture of what a network printer printed."""
    dots = options.get("dots", 576)
    with FakePrinter(dots=dots) as printer:
        info = DeviceInfo(
            "receipt",
            "printer.escpos",
            "收银台 1",
            {
                "transport": "network",
                "host": "127.0.0.1",
                "port": printer.port,
                **options,
            },
        )
        driver = EscposPrinter(info, lambda kind, data: None)
        driver.open()
        try:
            driver.actions()[action].run(params)
        finally:
            driver.close()
        assert printer.is_free
        assert printer.faults == []
        return printer.picture()


def share(image, box=None):
    """Return how much of a picture is black, 0 to 1."""
    histogram = (image.crop(box) if box else image).convert("L").histogram()
    return sum(histogram[:128]) / sum(histogram)


def test_a_receipt_is_printed_as_the_till_drew_it():
    """Each dot of the text is where it was, and as black as a pen would be."""
    page = receipts.receipt()
    paper = printed("print_image", {"image": receipts.as_jpeg(page)})
    text = (0, 116, receipts.WIDTH, page.height - 20)
    on_paper = paper.crop(
        (MARGIN, text[1], MARGIN + text[2], text[3]),
    )
    drawn = page.crop(text)
    assert not ink(drawn, 110, on_paper), "ink is lost"
    added = ink(on_paper, 128, drawn.point(lambda v: 255 * (v > 225)))
    assert added <= EXTRA_DOTS, "ink is added"


def test_shades_are_scattered_dots():
    """A logo keeps its shades: dark above, light below, no black block."""
    paper = printed("print_image", {"image": receipts.as_jpeg(receipts.receipt())})
    left = (576 - 200) // 2
    shares = [
        share(paper, (left + 10, top, left + 190, top + 10))
        for top in range(20, 100, 20)
    ]
    assert shares == sorted(shares, reverse=True)
    assert shares[0] > 0.7
    assert 0.02 < shares[-1] < 0.3


def test_small_chinese_stays_readable_on_narrow_paper():
    """Scaled to 384 dots, no stroke fades away, and nothing of text is scattered."""
    page = receipts.receipt()
    paper = printed(
        "print_image", {"image": receipts.as_jpeg(page)}, dots=384, columns=32
    )
    scale = 384 / receipts.WIDTH
    small = page.resize((384, round(page.height * scale)), Image.Resampling.LANCZOS)
    text = (0, round(116 * scale), 384, round((page.height - 20) * scale))
    on_paper, drawn = paper.crop(text), small.crop(text)
    assert not ink(drawn, 120, on_paper), "ink is lost"
    added = ink(on_paper, 128, drawn.point(lambda v: 255 * (v > 216)))
    assert added <= EXTRA_DOTS, "ink is added"
    small_print = (0, 165, 384, drawn.height)
    kept = share(on_paper, small_print) / share(drawn, small_print)
    assert 0.9 < kept < 1.6


@pytest.mark.parametrize("left", range(12, 20))
@pytest.mark.parametrize(
    ("width", "height", "is_photo"),
    [(23, 23, True), (25, 22, True), (25, 20, False), (90, 15, False), (90, 70, True)],
)
def test_the_first_look_misses_no_photograph(left, width, height, is_photo):
    """Wherever it lies: what the closer look finds, the first one lets it look for."""
    greys = Image.new("L", (160, 140), 0)
    greys.paste(255, (left, left + 1, left + width, left + 1 + height))
    around = greys.filter(ImageFilter.BoxBlur(picture.NEIGHBOURHOOD))
    assert (around.getextrema()[1] > picture.PHOTO_SHARE) is is_photo
    assert picture.may_have_photo(greys) or not is_photo


def test_a_photograph_among_text_is_scattered():
    """Its greys become dots; the text beside it keeps its sharp edges."""
    grey = Image.new("L", (512, 300), 255)
    pen = ImageDraw.Draw(grey)
    pen.text((20, 20), "Ticket 0001", 0)
    pen.rectangle((200, 100, 399, 249), 128)
    ink = picture.to_ink(grey)
    assert 0.4 < share(ink, (220, 120, 380, 230)) < 0.6
    text = (0, 0, 200, 60)
    assert ink.crop(text).tobytes() == to_edges(grey.crop(text)).tobytes()
    without = Image.new("L", grey.size, 255)
    without.paste(grey.crop(text), text)
    assert picture.to_ink(without).tobytes() == to_edges(without).tobytes()


def to_edges(grey):
    return grey.point(lambda value: 0 if value < picture.INK else 255).convert("1")


@pytest.mark.parametrize("dots", [576, 384])
def test_grey_text_is_as_readable_as_black(dots):
    """Odoo's receipts have grey details: their thin strokes must not break."""
    shares = []
    for shade in (0, 113):
        page = Image.new("L", (receipts.WIDTH, 40), 255)
        pen = ImageDraw.Draw(page)
        pen.text((8, 4), "收银员：陈小姐 1.00 册 × ￥68.00", shade, receipts.font(18))
        image = receipts.as_jpeg(page)
        shares.append(share(printed("print_image", {"image": image}, dots=dots)))
    black, grey = shares
    assert 0.7 < grey / black <= 1


def ink(one, darker_than, other) -> int:
    """Return how many dots `one` has ink at where `other` has none."""
    black = one.point(lambda value: 0 if value < darker_than else 255)
    return sum(ImageChops.subtract(other, black).histogram()[1:])


def test_text_is_drawn_on_the_columns_of_the_paper():
    """A Chinese character is as wide as two figures; the right edge is reached."""
    ruler = "1234567890" * 4 + "12345678"
    paper = printed("print_text", {"lines": [{"text": ruler}, {"text": "会" * 24}]})
    for row in range(2):
        for cell in range(24):
            box = (cell * 24, row * 30, cell * 24 + 24, row * 30 + 30)
            assert share(paper, box) > 0.05, (row, cell)


def test_a_font_with_narrow_letters_keeps_the_columns():
    """A letter narrower than its column stands in the middle of it."""
    lines = [{"text": "l" * 48}]
    paper = printed("print_text", {"lines": lines}, font=receipts.SANS)
    for cell in range(48):
        column = paper.crop((cell * 12, 0, cell * 12 + 12, 30))
        left, _top, right, _bottom = ImageChops.invert(column).getbbox()
        assert abs((left + right) / 2 - 6) <= 1.5


@pytest.mark.parametrize("text_mode", ["raster", "gb18030"])
def test_a_slip_has_the_same_columns_drawn_or_printed(text_mode):
    """What a caller lines up with spaces is lined up either way."""
    paper = printed("print_text", {"lines": receipts.SLIP}, text_mode=text_mode)
    assert paper.width == 576
    rows = 16 * 30
    assert share(paper, (560, 100, 576, rows)) > 0.02, "amounts end at the right edge"


def test_codes_are_drawn_for_a_printer_without():
    lines = [{"qr": "https://shop.example/m/8FQ2"}, {"barcode": "6210948800001234"}]
    own = printed("print_text", {"lines": lines})
    drawn = printed("print_text", {"lines": lines}, has_qr=False, has_barcode=False)
    for paper in (own, drawn):
        code = codes.qr("https://shop.example/m/8FQ2").convert("L")
        inner = code.crop((12, 12, code.width - 12, code.height - 12))
        assert contains(paper, inner), "the QR code is there, dot for dot"


def contains(paper, part):
    """Tell whether `part` is on the paper, in its middle column."""
    left = (paper.width - part.width) // 2
    wanted = part.point(lambda value: 255 if value > 127 else 0)
    return any(
        not ImageChops.difference(
            paper.crop((x, y, x + part.width, y + part.height)), wanted
        ).getbbox()
        for x in (left, left + 1)
        for y in range(40)
    )


def test_the_test_page_shows_width_chinese_and_codes():
    paper = printed("test", {})
    assert share(paper, (540, 0, 576, 120)) > 0.01, "the ruler reaches the right edge"
    assert paper.height > 500


def test_a_png_with_a_clear_ground_is_black_on_white():
    ink = Image.new("RGBA", (64, 10), (0, 0, 0, 0))
    ink.paste((0, 0, 0, 255), (0, 0, 8, 10))
    data = io.BytesIO()
    ink.save(data, "PNG")
    paper = printed(
        "print_image", {"image": base64.b64encode(data.getvalue()).decode()}
    )
    left = (576 - 64) // 2
    assert share(paper, (left, 0, left + 8, 10)) == 1
    assert share(paper, (left + 8, 0, 576, 10)) == 0


def test_a_computer_without_a_chinese_font_says_what_to_install(monkeypatch):
    fonts.load.cache_clear()
    monkeypatch.setattr(fonts, "CANDIDATES", ())
    with pytest.raises(DeviceError, match="fonts-noto-cjk"):
        printed("print_text", {"lines": [{"text": "会员"}]})
    fonts.load.cache_clear()
    with pytest.raises(DeviceError, match="correct `font`"):
        printed("print_text", {"lines": [{"text": "会员"}]}, font="/nowhere.ttc")


def test_a_page_is_white_where_nothing_is():
    blank = picture.trim(Image.new("1", (64, 100), "white"))
    assert blank.height == 1
