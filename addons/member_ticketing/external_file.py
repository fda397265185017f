"""A table of purchases as people save it: Excel, or CSV in any of the usual codes."""

import csv
import io
import zipfile
from base64 import b64decode
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from re import fullmatch

import openpyxl

COLUMNS = {
    "member": "Member",
    "seller": "Seller",
    "reference": "Seller's Number",
    "date": "Bought On",
    "performance": "Performance",
    "seats": "Seats",
    "amount": "Paid",
    "store": "Store",
    "note": "Note",
}
"""Of a table, by their names: the English titles; titles of the user's language too."""

NEEDED = ("member", "seller", "reference", "date", "performance", "seats", "amount")
MAX_ROWS = 5000
MAX_DIGITS = 15
"""Before the decimal point or behind it: more is a number of something else."""
ENCODINGS = ("utf-8-sig", "gb18030")
"""What spreadsheets save CSV in: the second is what Chinese Excel does."""

DATES = ("%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%d.%m.%Y", "%Y年%m月%d日")


class FileRefused(Exception):
    """The table as a whole is no good: unreadable, empty, too_long, columns.

    `detail` is the most rows there may be, or the names of the missing columns.
    """

    def __init__(self, code, detail=None):
        super().__init__(code)
        self.code = code
        self.detail = detail


def read_rows(content, labels) -> list:
    """Return the rows below the titles, each `{"row": number, column name: value}`.

    :param content: base64; `labels` are the accepted titles by column name.
    :raise FileRefused: the table as a whole is no good.
    """
    table = _read(b64decode(content or b""))
    titles = [_plain(each) for each in (table[0] if table else ())]
    names = {_plain(title): name for name, found in labels.items() for title in found}
    columns = {
        names[title]: index for index, title in enumerate(titles) if title in names
    }
    if missing := [name for name in NEEDED if name not in columns]:
        raise FileRefused("columns", missing)
    rows = []
    for number, cells in enumerate(table[1:], start=2):
        row = {
            name: cells[index] if index < len(cells) else None
            for name, index in columns.items()
        }
        if any(value not in (None, "") for value in row.values()):
            rows.append({"row": number, **row})
    if not rows:
        raise FileRefused("empty")
    if len(rows) > MAX_ROWS:
        raise FileRefused("too_long", MAX_ROWS)
    return rows


def as_text(value) -> str:
    """Return a cell as text; a number that stands for one has no decimals."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return " ".join(str(value if value is not None else "").split())


def as_date(value):
    """Return the day in a cell, or None when it is none."""
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    for form in DATES:
        try:
            return datetime.strptime(as_text(value), form).date()
        except ValueError:
            continue
    return None


def as_amount(value):
    """Return the exact amount in a cell, or None; 1,234.50 has a comma in its place."""
    text = as_text(value) if not isinstance(value, float) else str(value)
    if fullmatch(r"\d{1,3}(,\d{3})+(\.\d+)?", text):
        text = text.replace(",", "")
    try:
        amount = Decimal(text)
    except InvalidOperation:
        return None
    is_amount = amount.is_finite() and abs(amount.adjusted()) < MAX_DIGITS
    return amount if is_amount else None


def as_count(value):
    """Return the whole number in a cell, or None."""
    amount = as_amount(value)
    if amount is None or amount != amount.to_integral_value():
        return None
    return int(amount)


def _plain(title):
    return as_text(title).casefold()


def _read(content):
    """Return all cells of the first sheet, row by row."""
    if zipfile.is_zipfile(io.BytesIO(content)):
        try:
            book = openpyxl.load_workbook(
                io.BytesIO(content), data_only=True, read_only=True
            )
            sheet = book.worksheets[0]
            return [list(row) for row in sheet.iter_rows(values_only=True)]
        except (LookupError, ValueError, OSError, zipfile.BadZipFile) as error:
            raise FileRefused("unreadable") from error
    for encoding in ENCODINGS:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" in text:
            break
        lines = list(io.StringIO(text, newline=None))  # old Macs end them with \r
        delimiter = max(",;\t", key="".join(lines[:1]).count)
        return list(csv.reader(lines, delimiter=delimiter))
    raise FileRefused("unreadable")
