"""Odoo's half of the wire, written apart from the agent's, for the tests to play Odoo.

Only hmac, AES-GCM and X25519 come from libraries; HKDF and the rest are spelt out, so
that a mistake in the agent's half does not cancel itself out.
"""

import base64
import hashlib
import hmac
import json
import os
import time
import uuid

from cryptography.hazmat.primitives.asymmetric.x25519 import (
    X25519PrivateKey,
    X25519PublicKey,
)
from cryptography.hazmat.primitives.ciphers.aead import AESGCM


def b64u(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def unb64u(text):
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def canonical(value):
    return json.dumps(
        value, ensure_ascii=False, sort_keys=True, separators=(",", ":")
    ).encode()


def mac(key, data):
    return hmac.new(key, data, hashlib.sha256).digest()


def hkdf(key, info, salt=b"\0" * 32):
    """RFC 5869 for 32 bytes: extract, then the first block of expand."""
    return mac(mac(salt, key), info + b"\1")


def subkey(secret, purpose):
    return hkdf(secret, b"member-hw/1 " + purpose.encode())


def sign_token(secret, payload):
    signed = b64u(canonical(payload))
    return signed + "." + b64u(mac(subkey(secret, "token"), signed.encode()))


def seal(secret, purpose, agent_id, body, nonce=None):
    nonce = nonce or os.urandom(12)
    bound = f"member-hw/1 {purpose} {agent_id}".encode()
    return b64u(
        nonce + AESGCM(subkey(secret, purpose)).encrypt(nonce, canonical(body), bound)
    )


def unseal(secret, purpose, agent_id, text):
    data = unb64u(text)
    bound = f"member-hw/1 {purpose} {agent_id}".encode()
    return json.loads(
        AESGCM(subkey(secret, purpose)).decrypt(data[:12], data[12:], bound)
    )


class OdooHalf:
    """One database at one origin: pairs with an agent, then makes what Odoo makes."""

    def __init__(self, origin, name="test", private=None):
        self.origin = origin
        self.name = name
        self._private = (
            X25519PrivateKey.from_private_bytes(private)
            if private
            else X25519PrivateKey.generate()
        )
        self.public = b64u(self._private.public_key().public_bytes_raw())
        self.agent_id = self.capability = self.secret = None

    def pair_request(self, code):
        key = self.code_key(code)
        return {
            "server_public": self.public,
            "origin": self.origin,
            "name": self.name,
            "proof": b64u(mac(key, f"pair 1\n{self.public}\n{self.origin}".encode())),
        }

    def pair_finish(self, code, answer):
        key = self.code_key(code)
        if self.answer_proof(key, answer) != answer["proof"]:
            raise ValueError("The agent does not know the code.")
        shared = self._private.exchange(
            X25519PublicKey.from_public_bytes(unb64u(answer["agent_public"]))
        )
        self.agent_id = answer["agent"]
        self.capability = answer["capability"]
        info = f"member-hw/1 secret {self.agent_id} {self.origin}".encode()
        self.secret = hkdf(shared, info, salt=key)

    def answer_proof(self, key, answer):
        parts = [
            "pair 2",
            self.public,
            answer["agent_public"],
            answer["agent"],
            answer["capability"],
            self.origin,
        ]
        return b64u(mac(key, "\n".join(parts).encode()))

    def token_payload(self, scopes, devices=("*",), now=None, lasts=600, **over):
        now = int(time.time() if now is None else now)
        return {
            "v": 1,
            "aud": self.agent_id,
            "sub": 2,
            "sid": "session",
            "dev": list(devices),
            "scp": list(scopes),
            "org": self.origin,
            "iat": now,
            "exp": now + 60,
            "til": now + lasts,
            "jti": b64u(os.urandom(16)),
            **over,
        }

    def token(self, *args, **kwargs):
        return sign_token(self.secret, self.token_payload(*args, **kwargs))

    def order(self, **fields):
        now = int(time.time())
        body = {
            "op": "write",
            "card": str(uuid.uuid4()),
            "uid": None,
            "content": "",
            "keys": {},
            "iat": now,
            "exp": now + 60,
            "jti": b64u(os.urandom(16)),
            **fields,
        }
        return seal(self.secret, "order", self.agent_id, body)

    def unseal(self, purpose, text):
        return unseal(self.secret, purpose, self.agent_id, text)

    @staticmethod
    def code_key(code):
        return hkdf(code.replace("-", "").upper().encode(), b"member-hw/1 pair")
