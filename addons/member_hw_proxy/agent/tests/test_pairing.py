"""Who is trusted: only who typed the code in time, and only for its own address."""

import odoo_half
import pytest
from server_bench import ORIGIN, OTHER_ORIGIN

from member_hw_agent.pairing import (
    ATTEMPTS,
    CODE_VALID_S,
    EXPIRED,
    MAX_PAIRINGS,
    REDEEMED,
    SPENT,
    STOCK,
    WAITING,
    PairingError,
    Pairings,
    clean_origin,
)
from member_hw_agent.state import StateError
from member_hw_agent.wire.error import WireError


class Clock:
    def __init__(self):
        self.time = 1_800_000_000

    def __call__(self):
        return self.time


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def pairings(state, clock):
    return Pairings(state, "Till 1", clock)


def redeem(pairings, code, origin=ORIGIN, name="test"):
    odoo = odoo_half.OdooHalf(origin, name)
    odoo.pair_finish(code, pairings.redeem(odoo.pair_request(code), origin))
    return odoo


def refused(pairings, code, origin=ORIGIN, sender=None):
    odoo = odoo_half.OdooHalf(origin)
    with pytest.raises(PairingError) as caught:
        pairings.redeem(odoo.pair_request(code), sender or origin)
    return caught.value.code


def other_code(code):
    return ("1" if code[0] == "0" else "0") + code[1:]


def test_a_typed_code_agrees_on_a_secret_that_no_message_carries(pairings):
    code = pairings.begin()
    assert pairings.outcome() == WAITING
    odoo = redeem(pairings, code)
    (pairing,) = pairings.all()
    assert pairing.secret == odoo.secret
    assert pairing.capability == odoo.capability
    assert (pairing.origin, pairing.name) == (ORIGIN, "test")
    assert odoo.agent_id == pairings.agent_id
    assert pairings.outcome() == REDEEMED


def test_a_code_is_good_once(pairings):
    code = pairings.begin()
    redeem(pairings, code)
    assert refused(pairings, code) == "no_code"
    assert len(pairings.all()) == 1


def test_a_code_is_good_for_ten_minutes(pairings, clock):
    code = pairings.begin()
    clock.time += CODE_VALID_S + 1
    assert refused(pairings, code) == "no_code"
    assert pairings.outcome() == EXPIRED


def test_a_new_code_takes_the_place_of_the_last(pairings):
    old = pairings.begin()
    new = pairings.begin()
    assert refused(pairings, old) == "wrong_code"
    redeem(pairings, new)


def test_guessing_spends_the_code(pairings):
    code = pairings.begin()
    codes = [refused(pairings, other_code(code)) for _ in range(ATTEMPTS)]
    assert codes == ["wrong_code"] * (ATTEMPTS - 1) + ["spent"]
    assert refused(pairings, code) == "no_code"
    assert pairings.outcome() == SPENT
    assert not pairings.all()


def test_attempts_are_counted_through_a_restart(pairings, state):
    code = pairings.begin()
    for _ in range(ATTEMPTS - 1):
        refused(Pairings(state, "Till 1", pairings._now), other_code(code))
    assert refused(pairings, other_code(code)) == "spent"


def test_the_page_must_be_the_one_that_is_paired(pairings):
    code = pairings.begin()
    assert refused(pairings, code, ORIGIN, sender=OTHER_ORIGIN) == "wrong_origin"
    redeem(pairings, code)


def test_a_code_for_one_address_costs_no_attempt_at_another(pairings):
    code = pairings.begin(ORIGIN + "/")
    for _ in range(ATTEMPTS):
        assert refused(pairings, code, OTHER_ORIGIN) == "wrong_origin"
    redeem(pairings, code)


def test_a_proof_for_one_key_is_none_for_another(pairings):
    """Who swaps the server's key on the way has no proof for his own."""
    code = pairings.begin()
    request = odoo_half.OdooHalf(ORIGIN).pair_request(code)
    request["server_public"] = odoo_half.OdooHalf(ORIGIN).public
    with pytest.raises(PairingError):
        pairings.redeem(request, ORIGIN)
    assert not pairings.all()


@pytest.mark.parametrize(
    "broken",
    [
        {"server_public": "AA"},
        {"server_public": None},
        {"proof": "AA"},
        {"proof": 1},
        {"name": ""},
        {"name": "x" * 129},
        {"origin": []},
    ],
    ids=str,
)
def test_a_malformed_request_costs_no_attempt(pairings, broken):
    code = pairings.begin()
    request = {**odoo_half.OdooHalf(ORIGIN).pair_request(code), **broken}
    for _ in range(ATTEMPTS):
        with pytest.raises(WireError):
            pairings.redeem(request, ORIGIN)
    redeem(pairings, code)


def test_the_code_is_not_kept(pairings, state):
    code = pairings.begin()
    kept = state.path("pending").read_text()
    assert code not in kept
    assert code.replace("-", "") not in kept


def test_two_databases_are_paired_side_by_side(pairings):
    test = redeem(pairings, pairings.begin(), ORIGIN, "test")
    live = redeem(pairings, pairings.begin(), ORIGIN, "live")
    assert test.secret != live.secret
    assert {one.secret for one in pairings.all()} == {test.secret, live.secret}


def test_pairing_again_replaces_the_same_database_only(pairings):
    redeem(pairings, pairings.begin(), ORIGIN, "live")
    old = redeem(pairings, pairings.begin(), ORIGIN, "test")
    new = redeem(pairings, pairings.begin(), ORIGIN, "test")
    secrets = {one.secret for one in pairings.all()}
    assert new.secret in secrets
    assert old.secret not in secrets
    assert len(secrets) == 2


def test_a_name_gives_no_commands_to_the_terminal(pairings):
    redeem(pairings, pairings.begin(), name="live\x1b[2J / 会员\u3000公司")
    assert pairings.all()[0].name == "live [2J / 会员\u3000公司"


def test_there_is_an_end_to_pairings(pairings):
    for number in range(MAX_PAIRINGS):
        redeem(pairings, pairings.begin(), ORIGIN, f"database {number}")
    assert refused(pairings, pairings.begin()) == "too_many"


def test_a_command_beside_the_agent_is_noticed(pairings, state):
    redeem(pairings, pairings.begin())
    (pairing,) = pairings.all()
    assert pairings.is_trusted(pairing)
    assert Pairings(state, "Till 1").remove(pairing.id)
    assert not pairings.is_trusted(pairing)
    assert not pairings.remove(pairing.id)


def test_a_till_without_the_add_on_gets_a_capability_and_no_secret(pairings):
    first = pairings.add_stock("HTTPS://POS.example.com:443/")
    second = pairings.add_stock(ORIGIN)
    (pairing,) = pairings.all()
    assert pairing == second
    assert (second.kind, second.origin, second.secret) == (STOCK, ORIGIN, None)
    assert first.capability != second.capability


def test_a_capability_is_good_from_its_own_address_only(pairings):
    pairing = pairings.add_stock(ORIGIN)
    assert pairings.of_capability(pairing.capability, ORIGIN) == pairing
    assert pairings.of_capability(pairing.capability, OTHER_ORIGIN) is None
    assert pairings.of_capability(pairing.capability, None) is None
    assert pairings.of_capability("A" * 22, ORIGIN) is None


@pytest.mark.parametrize("address", ["", "pos.example.com", "null", "http://", "a b"])
def test_an_address_that_is_none_is_refused(pairings, address):
    with pytest.raises(PairingError) as caught:
        pairings.add_stock(address)
    assert caught.value.code == "bad_origin"


@pytest.mark.parametrize(
    ("typed", "origin"),
    [
        ("http://localhost:8069/", "http://localhost:8069"),
        (" HTTP://Till.local:80 ", "http://till.local"),
        ("https://[::1]:8443", "https://[::1]:8443"),
    ],
)
def test_an_address_is_taken_as_browsers_write_it(typed, origin):
    assert clean_origin(typed) == origin


def test_a_damaged_file_is_told_and_trusts_nobody(pairings, state):
    redeem(pairings, pairings.begin())
    state.path("pairings").write_text("[{")
    with pytest.raises(StateError):
        pairings.all()
