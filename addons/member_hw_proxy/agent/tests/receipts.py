"""A receipt as a till makes it: a JPEG of a canvas of 512 dots, and a slip of text."""

import base64
import io

from PIL import Image, ImageDraw, ImageFont

SANS = "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc"
SANS_SC = 2
WIDTH = 512

SLIP = [
    {"text": "晨星书店", "align": "center", "bold": True, "size": 2},
    {"text": "储值消费凭单", "align": "center"},
    {"text": "-" * 48},
    {"text": "会员卡　　　　　　　　　　　　　　**** **** 1234"},
    {"text": "消费金额                               ￥128.50"},
    {"text": "本金                                    ￥100.00"},
    {"text": "赠送金                                   ￥28.50"},
    {"text": "余额                                  ￥1,371.50", "bold": True},
    {"text": "-" * 48},
    {"text": "龘鬱齉麤鱻 繁體與簡體；é × “引号” — …"},
    {"qr": "https://shop.example/m/8FQ2"},
    {"barcode": "6210948800001234"},
    {"text": "谢谢惠顾，欢迎再次光临", "align": "center"},
]


def receipt() -> Image.Image:
    """Return a receipt in grey, its strokes soft at the edges as browsers draw them."""
    page = Image.new("L", (WIDTH, 900), 255)
    pen = ImageDraw.Draw(page)
    y = logo(page)
    for text, size in (("晨星书店（人民路店）", 30), ("小票 00042-003-0017", 20)):
        pen.text((WIDTH // 2, y), text, 0, font(size), anchor="ma")
        y += size + 14
    for name, amount in (
        ("三体·黑暗森林（典藏版）", "￥68.00"),
        ("  会员价 原价 ￥80.00", ""),
        ("藏青色钢笔 F 尖 × 2", "￥57.00"),
        ("鼙鼓饕餮纹书签", "￥3.50"),
    ):
        pen.text((8, y), name, 0, font(22))
        pen.text((WIDTH - 8, y), amount, 0, font(22), anchor="ra")
        y += 34
    pen.line([(8, y + 4), (WIDTH - 8, y + 4)], 0)
    pen.text((8, y + 14), "合计", 0, font(34))
    pen.text((WIDTH - 8, y + 14), "￥128.50", 0, font(34), anchor="ra")
    y += 70
    for line in (
        "储值账户支付 ￥128.50　余额 ￥1,371.50",
        "会员：王** 卡号：**** 1234　积分 +128",
        "开票与退换货请于 7 日内凭小票办理",
    ):
        pen.text((8, y), line, 0, font(17))
        y += 27
    return page.crop((0, 0, WIDTH, y + 20))


def logo(page) -> int:
    """Draw something like a photograph: shades from black to white."""
    shades = Image.linear_gradient("L").resize((200, 90))
    page.paste(shades, ((WIDTH - 200) // 2, 10))
    return 116


def font(size):
    return ImageFont.truetype(SANS, size, index=SANS_SC)


def as_jpeg(page: Image.Image) -> str:
    """Return it as the till sends it: base64, quality of a canvas."""
    data = io.BytesIO()
    page.convert("RGB").save(data, "JPEG", quality=92)
    return base64.b64encode(data.getvalue()).decode()
