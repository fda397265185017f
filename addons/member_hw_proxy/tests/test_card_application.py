import json
from hashlib import sha256

from odoo.tests import BaseCase, tagged
from odoo.tools import file_path

from .. import card_application

VECTORS = "member_hw_proxy/agent/tests/vectors_application.json"


@tagged("post_install", "-at_install")
class TestCardApplication(BaseCase):
    """What Odoo has written is what the agent's tests read."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        with open(file_path(VECTORS, filter_ext=(".json",)), encoding="utf-8") as file:
            cls.vectors = json.load(file)["applications"]

    def test_shared_vectors(self):
        self.assertGreaterEqual(len(self.vectors), 4)
        for vector in self.vectors:
            with self.subTest(vector["what"]):
                content = self.build(vector)
                self.assertEqual(content.hex(), vector["content"])
                self.assertEqual(sha256(content).hexdigest(), vector["sha256"])
                self.assertLessEqual(len(content), card_application.MAX_LENGTH)

    def build(self, vector, **changes):
        given = vector | changes
        return card_application.build(
            bytes.fromhex(given["key"]),
            bytes.fromhex(given["issuer"]),
            given["number"],
            given["uid"],
        )

    def test_another_chip_or_key_makes_another_mac(self):
        vector = self.vectors[0]
        content = self.build(vector)
        for changes in ({"uid": "04A1B2C4"}, {"uid": None}, {"key": "ff" * 32}):
            with self.subTest(changes):
                other = self.build(vector, **changes)
                mac = card_application.MAC_LENGTH
                self.assertEqual(other[:-mac], content[:-mac])
                self.assertNotEqual(other[-mac:], content[-mac:])

    def test_what_is_no_number_is_refused(self):
        for number in (
            "",
            "123456789",
            "1" * 20,
            "88001234 A1",
            "８８００１２３４１２",
        ):
            with self.subTest(number), self.assertRaises(ValueError):
                self.build(self.vectors[0], number=number)

    def test_each_chip_has_keys_of_its_own(self):
        keys = [
            card_application.chip_keys(bytes(32), company, chip)
            for company, chip in ((1, "04A1B2C3"), (1, "04A1B2C4"), (2, "04A1B2C3"))
        ]
        for name, length in card_application.KEY_LENGTHS.items():
            self.assertEqual({len(each[name]) for each in keys}, {length})
            self.assertEqual(len({each[name] for each in keys}), len(keys))
