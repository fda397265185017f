"""The agent's half of the wire agrees with vectors.json, which Odoo's half runs too."""

import json

import make_vectors
import pytest

from member_hw_agent.wire import b64u, pairing_proofs, sealed, strict_json, tokens
from member_hw_agent.wire.error import WireError
from member_hw_agent.wire.subkeys import subkey

VECTORS = json.loads(make_vectors.PATH.read_text())
TOKENS = VECTORS["tokens"]
SEALED = VECTORS["sealed"]
PAIRING = VECTORS["pairing"]


def test_the_file_is_what_the_script_makes():
    assert make_vectors.make() == VECTORS


@pytest.mark.parametrize("case", VECTORS["b64u"]["valid"], ids=lambda c: c["hex"])
def test_base64url_both_ways(case):
    assert b64u.encode(bytes.fromhex(case["hex"])) == case["text"]
    assert b64u.decode(case["text"]).hex() == case["hex"]


@pytest.mark.parametrize("text", VECTORS["b64u"]["invalid"])
def test_base64url_refuses(text):
    with pytest.raises(WireError):
        b64u.decode(text)


def test_subkeys():
    secret = bytes.fromhex(VECTORS["subkeys"]["secret"])
    for purpose, key in VECTORS["subkeys"]["keys"].items():
        assert subkey(secret, purpose).hex() == key


@pytest.mark.parametrize("case", TOKENS["valid"])
def test_tokens_accepted(case):
    token = _token(case["token"])
    payload = case["payload"]
    assert token.user == payload["sub"]
    assert token.session == payload["sid"]
    assert token.devices == set(payload["dev"])
    assert token.scopes == set(payload["scp"])
    assert (token.issued_at, token.expires_at, token.until) == (
        payload["iat"],
        payload["exp"],
        payload["til"],
    )
    assert token.jti == payload["jti"]


@pytest.mark.parametrize("case", TOKENS["invalid"])
def test_tokens_refused(case):
    with pytest.raises(WireError) as caught:
        _token(case["token"])
    assert caught.value.code == case["code"]


def _token(text):
    token = tokens.parse(text, bytes.fromhex(TOKENS["secret"]))
    tokens.check(
        token, agent_id=TOKENS["agent"], origin=TOKENS["origin"], now=TOKENS["now"]
    )
    return token


@pytest.mark.parametrize("case", SEALED["valid"], ids=lambda c: c["purpose"])
def test_seals_both_ways(case):
    secret = bytes.fromhex(SEALED["secret"])
    purpose, agent, body = case["purpose"], SEALED["agent"], case["body"]
    nonce = bytes.fromhex(case["nonce"])
    assert sealed.seal(secret, purpose, agent, body, nonce) == case["sealed"]
    assert sealed.open_sealed(secret, purpose, agent, case["sealed"]) == body


@pytest.mark.parametrize("case", SEALED["invalid"])
def test_seals_refused(case):
    secret = bytes.fromhex(SEALED["secret"])
    with pytest.raises(WireError):
        sealed.open_sealed(secret, case["purpose"], SEALED["agent"], case["sealed"])


def test_pairing():
    request, answer = PAIRING["request"], PAIRING["answer"]
    key = pairing_proofs.code_key(PAIRING["code"])
    assert key.hex() == PAIRING["code_key"]
    server_public, origin = request["server_public"], request["origin"]
    assert (
        b64u.encode(pairing_proofs.request_proof(key, server_public, origin))
        == request["proof"]
    )
    agreement = pairing_proofs.agree(
        key,
        b64u.decode(server_public, 32),
        answer["agent"],
        origin,
        bytes.fromhex(PAIRING["agent_private"]),
    )
    assert b64u.encode(agreement.public) == answer["agent_public"]
    assert agreement.secret.hex() == PAIRING["secret"]
    proof = pairing_proofs.answer_proof(
        key,
        server_public,
        answer["agent_public"],
        answer["agent"],
        answer["capability"],
        origin,
    )
    assert b64u.encode(proof) == answer["proof"]


@pytest.mark.parametrize("typed", PAIRING["also_typed"])
def test_pairing_codes_may_be_typed_carelessly(typed):
    assert pairing_proofs.code_key(typed).hex() == PAIRING["code_key"]


@pytest.mark.parametrize("typed", PAIRING["not_codes"])
def test_pairing_refuses_what_is_no_code(typed):
    with pytest.raises(WireError):
        pairing_proofs.normalise_code(typed)


def test_pairing_refuses_a_public_key_that_leads_nowhere():
    with pytest.raises(WireError):
        pairing_proofs.agree(b"\0" * 32, b"\0" * 32, "agent", "https://odoo")


def test_canonical_json_is_one_text_for_one_value():
    assert strict_json.dumps({"b": "余额", "a": [1, None]}) == (
        '{"a":[1,null],"b":"余额"}'.encode()
    )
