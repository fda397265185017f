"""The page that `test` prints."""

from .document import Paper


def lines(name: str, paper: Paper) -> list[dict]:
    """Return lines that show width, Chinese, sizes, codes and the knife."""
    ruler = "".join(str(number % 10) for number in range(1, paper.columns + 1))
    return [
        {"text": name, "align": "center", "bold": True, "size": 2},
        {"text": ruler},
        {"text": f"{paper.dots} dots, {paper.columns} columns"},
        {"text": "The quick brown fox jumps over the lazy dog."},
        {"text": "会员卡 储值账户 本金 赠送金 积分 小票"},
        {"text": "龘鬱齉麤鱻 ￥1,234.50", "bold": True},
        {"text": "Left", "align": "left"},
        {"text": "居中", "align": "center"},
        {"text": "Right", "align": "right"},
        {"qr": "member-hw-agent test 测试"},
        {"barcode": "6210012345678"},
    ]
