"""Names as strangers may read them: on receipts and on displays."""

import re

IDEOGRAPH = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]")


def masked_name(name):
    """Return a name by which only those who know the person recognise them.

    张小明 → 张**, Ann Marie Lee → Ann L.
    """
    name = (name or "").strip()
    if IDEOGRAPH.match(name):
        return name[0] + "**"
    words = name.split()
    return " ".join([*words[:1], *(f"{word[0]}." for word in words[1:][-1:])])
