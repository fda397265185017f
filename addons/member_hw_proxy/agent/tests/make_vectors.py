"""Write vectors.json: what both halves of the wire must agree on, byte for byte.

Run it by hand after a change of the wire: `python make_vectors.py`. test_vectors.py
proves the agent against the file, the add-on's tests prove Odoo's half.
"""

import hashlib
import json
from pathlib import Path

import odoo_half as odoo

PATH = Path(__file__).with_name("vectors.json")
SECRET = bytes(range(32))
OTHER_SECRET = bytes(range(1, 33))
AGENT = "agent-7Q2M"
ORIGIN = "https://pos.example.com"
NOW = 1_800_000_000
PURPOSES = ("token", "reading", "order", "receipt", "report")

BODIES = {
    "reading": {
        "uid": "04A1B2C3D4E5F6",
        "number": None,
        "medium": "contactless",
        "type": "ntag",
        "device": "reader",
        "iat": NOW,
        "jti": "cmVhZGluZy1qdGktMTIzNA",
    },
    "order": {
        "op": "write",
        "card": "6f1c2f7e-3d1f-4f0e-9a43-0f6c4c1f6f10/1",
        "uid": "04A1B2C3D4E5F6",
        "content": "0101010202000103",
        "keys": {"pwd": "01020304"},
        "iat": NOW,
        "exp": NOW + 60,
        "jti": "b3JkZXItanRpLTEyMzQ1Ng",
    },
    "receipt": {
        "card": "6f1c2f7e-3d1f-4f0e-9a43-0f6c4c1f6f10/1",
        "op": "write",
        "uid": "04A1B2C3D4E5F6",
        "content_sha256": hashlib.sha256(bytes.fromhex("0101010202000103")).hexdigest(),
        "result": "written",
        "iat": NOW,
        "jti": "cmVjZWlwdC1qdGktMTIzNA",
    },
    "report": {
        "agent": AGENT,
        "name": "收银台 1",
        "version": "19.0.1.0.0",
        "devices": [
            {
                "id": "receipt",
                "kind": "printer",
                "driver": "printer.escpos",
                "name": "Receipt printer",
                "model": "generic-80mm",
                "state": "error",
                "code": "paper_out",
                "message": "Put in a new roll of paper.",
            }
        ],
        "iat": NOW,
        "jti": "cmVwb3J0LWp0aS0xMjM0NQ",
    },
}


def make():
    """Return everything that vectors.json holds."""
    return {
        "now": NOW,
        "b64u": _b64u(),
        "subkeys": {
            "secret": SECRET.hex(),
            "keys": {
                purpose: odoo.subkey(SECRET, purpose).hex() for purpose in PURPOSES
            },
        },
        "tokens": _tokens(),
        "sealed": _sealed(),
        "pairing": _pairing(),
    }


def _b64u():
    return {
        "valid": [
            {"hex": data.hex(), "text": odoo.b64u(data)}
            for data in (b"", b"\0", b"\xff\xfe", b"\xfb\xef\xbe", bytes(range(16)))
        ],
        "invalid": ["=", "AA==", "A", "AB", "+/8", "AA A", "AAA\n", "é"],
    }


def _tokens():
    payload = {
        "v": 1,
        "aud": AGENT,
        "sub": 7,
        "sid": "c0ffee",
        "dev": ["*"],
        "scp": ["events", "print"],
        "org": ORIGIN,
        "iat": NOW,
        "exp": NOW + 60,
        "til": NOW + 3600,
        "jti": "dG9rZW4tanRpLTEyMzQ1Ng",
    }
    good = odoo.sign_token(SECRET, payload)
    write = {**payload, "scp": ["card.read", "card.write"], "dev": ["reader"]}
    signed, signature = good.split(".")
    last = "A" if signature[0] != "A" else "B"

    def case(code, token=None, **over):
        return {
            "code": code,
            "token": odoo.sign_token(SECRET, {**payload, **over})
            if token is None
            else token,
        }

    return {
        "secret": SECRET.hex(),
        "agent": AGENT,
        "origin": ORIGIN,
        "now": NOW,
        "valid": [
            {"payload": payload, "token": good},
            {
                "payload": {**write, "til": NOW + 900},
                "token": odoo.sign_token(SECRET, {**write, "til": NOW + 900}),
            },
        ],
        "invalid": [
            case("bad_signature", odoo.sign_token(OTHER_SECRET, payload)),
            case("bad_signature", signed + "." + last + signature[1:]),
            case("malformed", signed),
            case("malformed", good + "="),
            case("malformed", good + ".AAAA"),
            case("malformed", ""),
            case("wrong_audience", aud="agent-other"),
            case("wrong_origin", org="https://pos.example.com.evil.example"),
            case("wrong_origin", org="http://pos.example.com"),
            case("clock", iat=NOW + 31, exp=NOW + 91),
            case("expired", iat=NOW - 61, exp=NOW - 1),
            case("expired", iat=NOW - 121, exp=NOW + 600),
            case("expired", til=NOW),
            case("too_long", til=NOW + 12 * 3600 + 31),
            case("too_long", scp=["card.write"], til=NOW + 15 * 60 + 31),
            case("malformed", scp=["root"]),
            case("malformed", scp=[]),
            case("malformed", dev=[]),
            case("malformed", v=2),
            case("malformed", sub=True),
            case("malformed", exp="soon"),
            case("malformed", jti=""),
        ],
    }


def _sealed():
    valid = []
    for position, (purpose, body) in enumerate(BODIES.items()):
        nonce = bytes([position]) * 12
        valid.append(
            {
                "purpose": purpose,
                "nonce": nonce.hex(),
                "body": body,
                "sealed": odoo.seal(SECRET, purpose, AGENT, body, nonce),
            }
        )
    reading = valid[0]["sealed"]
    nonce = b"\x09" * 12

    def case(purpose, text):
        return {"purpose": purpose, "sealed": text}

    body = BODIES["reading"]
    return {
        "secret": SECRET.hex(),
        "agent": AGENT,
        "valid": valid,
        "invalid": [
            case("report", reading),
            case("reading", odoo.seal(OTHER_SECRET, "reading", AGENT, body, nonce)),
            case("reading", odoo.seal(SECRET, "reading", "agent-x", body, nonce)),
            case("reading", reading[:-4]),
            case("reading", ("B" if reading[0] == "A" else "A") + reading[1:]),
            case("reading", reading + "="),
            case("reading", ""),
            case("reading", odoo.seal(SECRET, "reading", AGENT, {"iat": 1}, nonce)),
            case("reading", odoo.seal(SECRET, "reading", AGENT, {"jti": "a"}, nonce)),
        ],
    }


def _pairing():
    code = "AB2D-EF9H"
    server = odoo.OdooHalf(ORIGIN, "live/Company", private=bytes(range(40, 72)))
    agent_private = bytes(range(80, 112))
    agent_public = odoo.b64u(
        odoo.X25519PrivateKey.from_private_bytes(agent_private)
        .public_key()
        .public_bytes_raw()
    )
    key = odoo.OdooHalf.code_key(code)
    capability = odoo.b64u(bytes(range(120, 136)))
    request = server.pair_request(code)
    answer = {
        "agent": AGENT,
        "name": "Till 1",
        "version": "19.0.1.0.0",
        "agent_public": agent_public,
        "capability": capability,
    }
    answer["proof"] = server.answer_proof(key, answer)
    server.pair_finish(code, answer)
    return {
        "code": code,
        "also_typed": ["ab2def9h", " AB2D EF9H ", "ab2d-ef9h"],
        "not_codes": ["", "AB2D-EF9", "AB2D-EF9HH", "UB2D-EF9H", "AB2D_EF9H"],
        "code_key": key.hex(),
        "server_private": bytes(range(40, 72)).hex(),
        "agent_private": agent_private.hex(),
        "request": request,
        "answer": answer,
        "secret": server.secret.hex(),
    }


if __name__ == "__main__":
    PATH.write_text(json.dumps(make(), ensure_ascii=False, indent=2) + "\n")
