from . import (
    member_card_encoding_start,
    member_card_issue,
    member_hw_assign,
    member_hw_pairing,
)
