from . import (
    test_ledger_tamper,
    test_ledger_verbs,
    test_pos_closing,
)
