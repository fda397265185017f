"""Points in the shop of the tests: what earns them, what they buy, who has them.

The shop has the standard rule: 1 point for ¥1 of sales, to members of its class.
"""

from contextlib import contextmanager

from tests.support.shell import run_in_odoo
from tests.support.shop import new_key

CREATE = """
    result = env[model].create({"company_id": env.company.id, **values}).id
"""

ARCHIVE = """
    env[model].browse(record).active = False
"""

SWAP = """
    rules = env["member.point.rule"]
    others = rules.search([])
    others.active = False
    own = rules.create({"company_id": env.company.id, **values})
    result = [own.ids, others.ids]
"""

SWAP_BACK = """
    rules = env["member.point.rule"]
    rules.browse(own).active = False
    rules.browse(others).active = True
"""

GIFT = """
    product = env["product.product"].create({
        "name": name, "type": "consu", "list_price": price, "available_in_pos": True,
        "taxes_id": [(6, 0, [tax])],
    })
    result = product.id
"""

MONEY_OFF = """
    result = env.ref("member_loyalty.product_points_discount").id
"""

CLASS = """
    result = env.ref(f"member_card.member_class_{code}").id
"""

CREDIT = """
    from datetime import timedelta
    from odoo import fields
    from odoo.addons.member_card import ledger
    now = fields.Datetime.now()
    ledger.post(env, [ledger.Intent(
        partner_id=member, asset_id=env.company._member_asset("points").id,
        amount=points, kind="award", request_key=key,
        expires_at=now + timedelta(days=days) if days else None)])
"""


# === SET-UP === #


def make_rule(shop, **values):
    """Make a rule that earns points, and return its id: see `end_rule`."""
    return create(shop, "member.point.rule", **values)


def make_class_rule(shop, code, **values):
    """Make a rule that lifts members into a class at once; return its id."""
    reached = run_in_odoo(shop.database, CLASS, code=code)
    return create(shop, "member.class.rule", class_id=reached, **values)


def end_rule(shop, rule, model="member.point.rule"):
    """Let a rule count no more: each test has its own."""
    run_in_odoo(shop.database, ARCHIVE, model=model, record=rule)


@contextmanager
def only_rule(shop, **values):
    """Let one rule earn points for a while, and no other."""
    values = {"name": "The only rule", **values}
    own, others = run_in_odoo(shop.database, SWAP, values=values)
    try:
        yield
    finally:
        run_in_odoo(shop.database, SWAP_BACK, own=own, others=others)


def make_gift(shop, name, *, points, price=25, **values):
    """Make a product and the reward that gives it; return the ids of both."""
    product = run_in_odoo(
        shop.database, GIFT, name=name, price=price, tax=shop.ids["tax"]
    )
    reward = make_reward(
        shop, name=name, product_id=product, points_cost=points, **values
    )
    return reward, product


def make_money_off(shop, **values):
    """Make the reward that takes ¥1 off for 100 points; return its and product's id."""
    values = {"name": "Money off", "kind": "discount", "points_per_unit": 100, **values}
    return make_reward(shop, **values), run_in_odoo(shop.database, MONEY_OFF)


def make_reward(shop, **values):
    return create(shop, "member.reward", **values)


def create(shop, model, **values):
    return run_in_odoo(shop.database, CREATE, model=model, values=values)


def credit(shop, member, points, days=0):
    """Give a member points that are good for so many days, or for ever."""
    run_in_odoo(
        shop.database, CREDIT, member=member, points=points, days=days, key=new_key()
    )


# === AT THE TILL === #


def redeem(till, member, reward, points=0, key=None, order_uuid=False):
    """Reserve a reward as a till does; return the verb's answer."""
    return till.verb(
        "member_redeem", member, reward, points, key or new_key(), order_uuid
    )


def reserved(till, member, reward, points=0):
    """Reserve a reward, which must succeed; return the answer."""
    answer = redeem(till, member, reward, points)
    assert answer["status"] == "ok", answer
    return answer


def cash_order(till, member, amount, **values):
    """Return an order of one line that cash shall pay."""
    payment = (till.ids["cash"], amount, new_key())
    return till.order(member, amount, [payment], **values)


def with_gift(till, order, redemption):
    """Add the line of a gift that was reserved to an order that is not sent yet."""
    return till.add_line(
        order,
        redemption["product_id"],
        0,
        qty=redemption["product_qty"],
        member_redemption_key=redemption["key"],
    )


def with_money_off(till, order, redemption):
    """Add the line of money that points take off to an order that is not sent yet."""
    return till.add_line(
        order,
        redemption["product_id"],
        -redemption["value"],
        member_redemption_key=redemption["key"],
    )


# === WHAT THERE IS === #


def points(shop, member):
    """Return (points, those held, those owed) of a member."""
    amount, held, _incoming, owed = shop.figures(member, "points")
    return amount, held, owed


def entries(shop, member):
    """Return [(kind, amount)] of all that moved a member's points, in order."""
    rows = shop.query(
        """SELECT e.kind, e.amount FROM member_entry e
             JOIN member_balance b ON b.id = e.balance_id
            WHERE b.partner_id = %s AND b.asset_id = %s ORDER BY e.id""",
        member,
        shop.ids["assets"]["points"],
    )
    return [(kind, float(amount)) for kind, amount in rows]


def lots(shop, member):
    """Return [(id, points left, days they are good for or None)], as they came in."""
    rows = shop.query(
        """SELECT l.id, l.remaining,
                  round(extract(epoch FROM l.expires_at - now() AT TIME ZONE 'utc')
                        / 86400)
             FROM member_lot l JOIN member_balance b ON b.id = l.balance_id
            WHERE b.partner_id = %s AND b.asset_id = %s ORDER BY l.id""",
        member,
        shop.ids["assets"]["points"],
    )
    return [
        (lot, float(left), None if days is None else int(days))
        for lot, left, days in rows
    ]


def redemption(shop, key):
    """Return (state, points given back) of what was redeemed under a key."""
    ((state, back),) = shop.query(
        "SELECT state, returned_points FROM member_redemption WHERE key = %s", key
    )
    return state, float(back)


def left_of(shop, reward):
    """Return (how many of a reward are taken, how many reserved)."""
    return shop.query("SELECT taken, held FROM member_reward WHERE id = %s", reward)[0]
