"""P1: a paid order with the wallet, against cash and against Odoo's own eWallet.

`measure` runs inside Odoo. Every order has one line, one member and one price.
"""

import time
from contextlib import contextmanager
from uuid import uuid4

from tests.bench.in_process import InProcessClient
from tests.bench.measure import alternate
from tests.support.shop import CASHIER, Shop, Till

AMOUNT = 8.50


def measure(env, ids, rounds):
    """Return the milliseconds of each round by name."""
    client = InProcessClient(env.registry, CASHIER)
    till = Till(Shop(env.cr.dbname, ids), client, ids["tills"][0])
    member = ids["members"][0]["id"]
    ewallet = EWallet(env, till, member)
    env.cr.commit()
    hashes, holds = [], []

    def wallet():
        with pin_hash_apart(env) as hashed:
            start = time.perf_counter()
            held = till.hold(member, AMOUNT)
            holds.append((time.perf_counter() - start) * 1000 - hashed[0])
            order = till.pay_held(member, AMOUNT, held)
        assert order["state"] == "paid", order
        hashes.append(hashed[0])
        return hashed[0]

    def cash():
        till.sell_cash(member, AMOUNT)

    samples = alternate(
        {"wallet": wallet, "cash": cash, "ewallet": ewallet.sell}, rounds=rounds
    )
    return {**samples, "pin": hashes[-rounds:], "hold": holds[-rounds:]}


@contextmanager
def pin_hash_apart(env):
    """Give a list whose first item is the milliseconds spent in hashing the PIN."""
    model = env.registry["member.pin"]
    original, spent = model._hash, [0.0]

    def timed(self, *arguments):
        start = time.perf_counter()
        try:
            return original(self, *arguments)
        finally:
            spent[0] += (time.perf_counter() - start) * 1000

    model._hash = timed
    try:
        yield spent
    finally:
        del model._hash


class EWallet:
    """Odoo's own eWallet at the same till: the calls that its browser makes."""

    def __init__(self, env, till, member):
        self.till, self.member = till, member
        action = env["loyalty.program"].create_from_template("ewallet")
        program = env["loyalty.program"].browse(action["res_id"])
        card = env["loyalty.card"].create(
            {"program_id": program.id, "partner_id": member, "points": 10**6}
        )
        self.program, self.card = program.id, card.id
        self.reward = program.reward_ids.id
        self.product = program.reward_ids.discount_line_product_id.id

    def sell(self):
        call = self.till.client.call
        checked = call(
            "pos.order", "validate_coupon_programs", [[]], {self.card: -AMOUNT}, []
        )
        assert checked["successful"], checked
        code = str(uuid4())[:8]
        order = self.till.send(self.order(code))
        change = {
            "points": -AMOUNT,
            "program_id": self.program,
            "coupon_id": self.card,
            "barcode": False,
            "line_codes": [code],
        }
        call("pos.order", "confirm_coupon_programs", [order["id"]], {self.card: change})

    def order(self, code):
        """Return the order: its eWallet is a line that takes the price off again."""
        order = self.till.order(self.member, AMOUNT, [])
        reward = {
            "product_id": self.product,
            "qty": 1,
            "price_unit": -AMOUNT,
            "price_subtotal": -AMOUNT,
            "price_subtotal_incl": -AMOUNT,
            "tax_ids": [[6, 0, []]],
            "pack_lot_ids": [],
            "uuid": str(uuid4()),
            "is_reward_line": True,
            "reward_id": self.reward,
            "coupon_id": self.card,
            "reward_identifier_code": code,
            "points_cost": AMOUNT,
        }
        order["lines"].append([0, 0, reward])
        order["amount_total"] = 0
        return order
