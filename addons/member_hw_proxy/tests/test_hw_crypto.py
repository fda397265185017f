import json
from pathlib import Path

from odoo.tests import BaseCase, tagged

from .. import hw_crypto

VECTORS = json.loads(
    (Path(__file__).parents[1] / "agent/tests/vectors.json").read_text()
)
TOKENS, SEALED, PAIRING = (VECTORS[key] for key in ("tokens", "sealed", "pairing"))


@tagged("post_install", "-at_install")
class TestHwCrypto(BaseCase):
    """Odoo's half of the wire; the agent runs the same vectors."""

    def test_base64url(self):
        for case in VECTORS["b64u"]["valid"]:
            data = bytes.fromhex(case["hex"])
            with self.subTest(case["hex"]):
                self.assertEqual(hw_crypto.b64u(data), case["text"])
                self.assertEqual(hw_crypto.unb64u(case["text"]), data)
        for text in VECTORS["b64u"]["invalid"]:
            with self.subTest(text), self.assertRaises(hw_crypto.WireError):
                hw_crypto.unb64u(text)
        with self.assertRaises(hw_crypto.WireError):
            hw_crypto.unb64u("AA", 2)

    def test_subkeys(self):
        secret = bytes.fromhex(VECTORS["subkeys"]["secret"])
        for purpose, key in VECTORS["subkeys"]["keys"].items():
            self.assertEqual(hw_crypto.subkey(secret, purpose).hex(), key)

    def test_tokens(self):
        secret = bytes.fromhex(TOKENS["secret"])
        for case in TOKENS["valid"]:
            token = hw_crypto.mint_token(secret, case["payload"])
            self.assertEqual(token, case["token"])

    def test_seals(self):
        secret, agent = bytes.fromhex(SEALED["secret"]), SEALED["agent"]
        for case in SEALED["valid"]:
            purpose, body = case["purpose"], case["body"]
            nonce = bytes.fromhex(case["nonce"])
            with self.subTest(purpose):
                self.assertEqual(
                    hw_crypto.seal(secret, purpose, agent, body, nonce), case["sealed"]
                )
                self.assertEqual(
                    hw_crypto.open_sealed(secret, purpose, agent, case["sealed"]), body
                )
        self.assertGreater(len(SEALED["invalid"]), 3)
        for case in SEALED["invalid"]:
            with self.subTest(case), self.assertRaises(hw_crypto.WireError):
                hw_crypto.open_sealed(secret, case["purpose"], agent, case["sealed"])

    def test_seals_are_of_one_agent(self):
        secret = bytes.fromhex(SEALED["secret"])
        case = SEALED["valid"][0]
        with self.assertRaises(hw_crypto.WireError):
            hw_crypto.open_sealed(secret, case["purpose"], "other", case["sealed"])

    def test_two_seals_of_one_body_differ(self):
        secret = bytes.fromhex(SEALED["secret"])
        body = SEALED["valid"][0]["body"]
        seals = {hw_crypto.seal(secret, "reading", "agent", body) for _each in range(2)}
        self.assertEqual(len(seals), 2)

    def test_pairing(self):
        request, answer = PAIRING["request"], PAIRING["answer"]
        key = hw_crypto.code_key(hw_crypto.clean_code(PAIRING["code"]))
        self.assertEqual(key.hex(), PAIRING["code_key"])
        private = bytes.fromhex(PAIRING["server_private"])
        public = hw_crypto.b64u(hw_crypto.public_key(private))
        self.assertEqual(public, request["server_public"])
        self.assertEqual(
            hw_crypto.request_proof(key, public, request["origin"]), request["proof"]
        )
        proof = hw_crypto.answer_proof(
            key,
            public,
            answer["agent_public"],
            answer["agent"],
            answer["capability"],
            request["origin"],
        )
        self.assertTrue(hw_crypto.is_same(proof, answer["proof"]))
        secret = hw_crypto.pairing_secret(
            key,
            private,
            hw_crypto.unb64u(answer["agent_public"], 32),
            answer["agent"],
            request["origin"],
        )
        self.assertEqual(secret.hex(), PAIRING["secret"])
        with self.assertRaises(hw_crypto.WireError):
            hw_crypto.pairing_secret(key, private, b"\0" * 32, "agent", "https://odoo")

    def test_codes(self):
        code = hw_crypto.clean_code(PAIRING["code"])
        for typed in PAIRING["also_typed"]:
            self.assertEqual(hw_crypto.clean_code(typed), code)
        self.assertEqual(hw_crypto.clean_code("oil0-0000"), "01100000")
        for typed in [*PAIRING["not_codes"], None, 7, "AB2D-EF9É"]:
            with self.subTest(typed), self.assertRaises(hw_crypto.WireError):
                hw_crypto.clean_code(typed)
