"""The bytes that customer displays understand.

Sources: Epson's DM Application Programming Guide and DM-D110 specification; the
CD5220's user manual (Partner Tech), "CD5220 standard mode".
"""

from dataclasses import dataclass

from .. import gb_text


@dataclass(frozen=True)
class Display:
    """How one family of displays is spoken to, from its profile.

    `position` holds the column and the row, both from 1, as `{x}` and `{y}`.
    """

    columns: int = 20
    rows: int = 2
    encoding: str = "gb18030"
    """What it can show: gb18030, or ascii; then Chinese becomes question marks."""
    initialize: bytes = b"\x1b@"
    home: bytes = b""
    """Before the rows of displays that have no `position` and wrap by themselves."""
    clear_screen: bytes = b"\x0c"
    cursor_off: bytes = b"\x1fC\x00"
    position: str = "1f24{x}{y}"
    """In hexadecimal; empty if there is no such command."""

    def begin(self) -> bytes:
        return self.initialize + self.cursor_off + self.clear_screen

    def clear(self) -> bytes:
        return self.clear_screen

    def show(self, lines: list) -> bytes:
        """Return the bytes that fill all rows, so that nothing old stays.

        :param lines: texts, or `{"text", "align"}`; missing ones are blank, the ones
            over `rows` are left out.
        """
        rows = [*lines, *[""] * self.rows][: self.rows]
        return self.home + b"".join(
            self.move_to(1, y) + self.row(line) for y, line in enumerate(rows, start=1)
        )

    def row(self, line) -> bytes:
        """Return one row of exactly `columns` bytes; no character is halved."""
        line = {"text": line} if isinstance(line, str) else line
        data = gb_text.fit(
            self.showable(line["text"]), self.columns, line.get("align", "left")
        )
        assert len(data) == self.columns
        return data

    def showable(self, text):
        if self.encoding == "ascii":
            text = text.translate(TO_ASCII)
            return text.encode("ascii", "replace").decode()
        return text

    def move_to(self, x, y) -> bytes:
        return bytes.fromhex(self.position.format(x=f"{x:02x}", y=f"{y:02x}"))


TO_ASCII = str.maketrans("：，。！？（）￥¥　", ":,.!?()YY ")
"""Chinese punctuation and money signs on a display without Chinese."""
