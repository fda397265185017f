from . import (
    test_card_application,
    test_card_encoding,
    test_card_encoding_chips,
    test_card_encoding_resume,
    test_card_encoding_wizards,
    test_hoot,
    test_hw_access,
    test_hw_crypto,
    test_hw_devices,
    test_hw_pairing,
    test_hw_reading,
)
