"""Commands to cards and readers, and what the answers mean. Bytes, nothing else.

Memory chips (MIFARE Classic, Ultralight, NTAG) are spoken to through the reader, in the
pseudo commands of PC/SC part 3 (class FF); chips with a processor by ISO 7816-4.
"""

from dataclasses import dataclass

KEY_A = 0x60
KEY_B = 0x61
OK = 0x9000
SECURITY_NOT_SATISFIED = 0x6982
BLOCKED = 0x6983
FAILED = 0x6300


@dataclass(frozen=True)
class Response:
    data: bytes
    sw: int

    @property
    def is_ok(self):
        return self.sw == OK

    @property
    def tries_left(self) -> int | None:
        """How often a PIN may still be wrong, if that is what the answer says."""
        if self.sw == BLOCKED:
            return 0
        return self.sw & 0x0F if self.sw & 0xFFF0 == 0x63C0 else None


def parse(answer: bytes) -> Response:
    """Split an answer of at least two bytes."""
    return Response(bytes(answer[:-2]), int.from_bytes(answer[-2:], "big"))


def refusal(sw: int) -> tuple[str, str]:
    """Return code and sentence for an answer that is not OK."""
    if sw in (SECURITY_NOT_SATISFIED, FAILED, 0x6988):
        return "auth_failed", (
            "The card does not accept the key. It was written by somebody else:"
            " take another card."
        )
    if sw & 0xFFF0 == 0x63C0 and sw & 0x0F:
        left = sw & 0x0F
        return "auth_failed", f"The card's PIN is wrong. Tries left: {left}."
    if sw in (BLOCKED, 0x63C0, 0x6984):
        return "blocked", (
            "The card's PIN is blocked after too many wrong tries: take another card."
        )
    if sw in (0x6A82, 0x6A88, 0x6A83):
        return "unsupported", "There is no member application on this card."
    if sw in (0x6581, 0x6500, 0x6A84):
        return "write_failed", "The card's memory is worn out: take another card."
    if sw in (0x6B00, 0x6700, 0x6A86):
        return "unsupported", "This card is too small: take another kind of card."
    return "unsupported", (
        f"The card or the reader cannot do this (answer {sw:04X}):"
        " take another kind of card."
    )


# === READER (PC/SC part 3) === #


def get_uid() -> bytes:
    return bytes.fromhex("FFCA000000")


def load_key(key: bytes, slot: int = 0, is_kept: bool = False) -> bytes:
    """Put a key of six bytes into the reader's memory, volatile or kept for ever."""
    assert len(key) == 6
    return bytes([0xFF, 0x82, 0x20 if is_kept else 0x00, slot, 6]) + key


def authenticate(block: int, key_type: int, slot: int = 0) -> bytes:
    """Open the sector of a block with the loaded key, as KEY_A or KEY_B."""
    return bytes([0xFF, 0x86, 0, 0, 5, 1, 0, block, key_type, slot])


def read_block(address: int, length: int = 16) -> bytes:
    """Read from a block (MIFARE Classic) or from a page on (Ultralight, NTAG)."""
    return bytes([0xFF, 0xB0, 0, address, length])


def update_block(address: int, data: bytes) -> bytes:
    return bytes([0xFF, 0xD6, 0, address, len(data)]) + data


# === THROUGH THE READER TO THE CHIP === #


def acs_exchange(command: bytes) -> bytes:
    """Hand a command to the chip as it is: readers by ACS with a PN532."""
    return bytes([0xFF, 0, 0, 0, len(command) + 2, 0xD4, 0x42]) + command


def acs_answer(response: Response) -> bytes | None:
    """Return what the chip said, None if it refused or said nothing."""
    if response.is_ok and response.data[:3] == b"\xd5\x43\x00":
        return response.data[3:]
    return None


def transparent_session(begin: bool) -> bytes:
    """Begin or end a transparent session (PC/SC part 3, supplement of 2.02)."""
    return bytes([0xFF, 0xC2, 0, 0, 2, 0x81 if begin else 0x82, 0])


def transparent_exchange(command: bytes) -> bytes:
    return bytes([0xFF, 0xC2, 0, 1, len(command) + 2, 0x95, len(command)]) + (
        command + b"\x00"
    )


def transparent_answer(response: Response) -> bytes | None:
    """Return what the chip said, None if it refused or said nothing."""
    fields = dict(simple_tlv(response.data)) if response.is_ok else {}
    if fields.get(0xC0, b"")[1:] != b"\x90\x00":
        return None
    return fields.get(0x97)


def simple_tlv(data: bytes):
    """Yield tag and value, as far as there are whole ones."""
    while len(data) >= 2 and len(data) >= 2 + data[1]:
        yield data[0], data[2 : 2 + data[1]]
        data = data[2 + data[1] :]


# === ISO 7816-4 === #


def select_application(aid: bytes) -> bytes:
    return bytes([0x00, 0xA4, 0x04, 0x00, len(aid)]) + aid


def select_file(file_id: int) -> bytes:
    return bytes([0x00, 0xA4, 0x02, 0x0C, 2]) + file_id.to_bytes(2, "big")


def read_binary(offset: int, length: int) -> bytes:
    return bytes([0x00, 0xB0]) + offset.to_bytes(2, "big") + bytes([length])


def update_binary(offset: int, data: bytes) -> bytes:
    return bytes([0x00, 0xD6]) + offset.to_bytes(2, "big") + bytes([len(data)]) + data


def verify(reference: int, pin: bytes = b"") -> bytes:
    """Show a PIN; without one, ask how many tries are left, which costs none."""
    head = bytes([0x00, 0x20, 0x00, reference])
    return head + bytes([len(pin)]) + pin if pin else head


def change_pin(reference: int, old: bytes, new: bytes) -> bytes:
    head = bytes([0x00, 0x24, 0x00, reference])
    return head + bytes([len(old) + len(new)]) + old + new


def get_data(tag: int) -> bytes:
    return bytes([0x00, 0xCA]) + tag.to_bytes(2, "big") + b"\x00"


def get_response(length: int) -> bytes:
    return bytes([0x00, 0xC0, 0x00, 0x00, length])
