"""Tills as their browsers are: they hold, sell, top up and release over RPC."""

import uuid
from contextlib import contextmanager
from datetime import datetime, timezone

from tests.support.database import query
from tests.support.parallel import at_once
from tests.support.shell import run_in_odoo

CASHIER = "till_cashier"
CASHIER_PASSWORD = "till_cashier_password"
PIN = "2580"

BUILD = """
    from tests.support.shop_data import build
    result = build(env, tills=tills, members=members, money=money)
"""

GIVE = """
    from tests.support.shop_data import give
    give(env, env["res.partner"].browse(ids), money, kind)
"""

VERIFY = """
    from odoo.addons.member_card import ledger
    ledger.recover(env)
    env.cr.commit()
    result = [str(problem) for problem in ledger.verify(env)]
"""


def new_key():
    """Return a key such as a till makes: a random UUID."""
    return str(uuid.uuid4())


def build_shop(database, *, tills=2, members=4, money=0):
    """Build a shop in a database and return its ids (see shop_data.build)."""
    return run_in_odoo(database, BUILD, tills=tills, members=members, money=money)


def ledger_problems(database):
    """Apply what is pending, then return what `ledger.verify` finds wrong."""
    return run_in_odoo(database, VERIFY)


class Shop:
    """The ids of a shop and its database, for looking behind Odoo's back."""

    def __init__(self, database, ids):
        self.database = database
        self.ids = ids
        self.members = ids["members"]
        self._newcomers = (member["id"] for member in self.members)
        self.products = ids["products"]
        self.principal = ids["assets"]["principal"]

    def till(self, server, number=0, login=CASHIER, password=CASHIER_PASSWORD):
        """Return a till whose cashier is logged in on `server`."""
        return Till(self, server.client(login, password), self.ids["tills"][number])

    def newcomers(self, count):
        """Return the ids of members whom nobody was given before."""
        return [next(self._newcomers) for _number in range(count)]

    def newcomer(self):
        return next(self._newcomers)

    def race(self, *functions):
        """Call functions at the same moment; return what each returns or raises."""
        return at_once(*functions)

    def query(self, sql, *parameters):
        return query(self.database, sql, parameters)

    def value(self, sql, *parameters):
        """Return the one value that a query answers with."""
        return self.query(sql, *parameters)[0][0]

    @contextmanager
    def settings(self, **values):
        """Give the company other settings for a while."""
        names = ", ".join(values)
        update = f"UPDATE res_company SET ({names}) = ROW %s WHERE id = %s"
        company = self.ids["company"]
        (before,) = self.query(
            f"SELECT {names} FROM res_company WHERE id = %s", company
        )
        self.query(update, tuple(values.values()), company)
        try:
            yield
        finally:
            self.query(update, before, company)

    def figures(self, partner_id, kind="principal"):
        """Return (amount, held, incoming, owed) of what a member has of one kind."""
        rows = self.query(
            """SELECT amount, held, incoming, owed FROM member_balance
                WHERE partner_id = %s AND asset_id = %s AND merged_into_id IS NULL""",
            partner_id,
            self.ids["assets"][kind],
        )
        return tuple(float(number) for number in rows[0]) if rows else (0, 0, 0, 0)

    def give(self, money, *, ids=None, kind="principal"):
        """Give members money that a test starts with; all of them unless `ids` says."""
        ids = ids or [member["id"] for member in self.members]
        run_in_odoo(self.database, GIVE, ids=ids, money=money, kind=kind)

    def spent(self, partner_id):
        """Return the sum of the wallet payments of paid orders of a member."""
        return float(
            self.value(
                """SELECT coalesce(sum(p.amount), 0) FROM pos_payment p
                     JOIN pos_order o ON o.id = p.pos_order_id
                     JOIN pos_payment_method m ON m.id = p.payment_method_id
                    WHERE p.member_id = %s AND m.member_asset_id IS NOT NULL
                      AND o.state IN ('paid', 'done')""",
                partner_id,
            )
        )


class Till:
    """One cashier's browser at one till; not to be shared between threads."""

    def __init__(self, shop, client, ids):
        self.shop = shop
        self.client = client
        self.ids = ids
        self.config = ids["config"]

    def at(self, number):
        """Return another till that this cashier's connection serves as well."""
        return Till(self.shop, self.client, self.shop.ids["tills"][number])

    # === VERBS === #

    def verb(self, name, *arguments):
        """Call a verb of the till; its answer is data, also when it is a refusal."""
        return self.client.call("pos.config", name, [self.config], *arguments)

    def hold(self, partner_id, amount, request_key=None, pin=PIN):
        return self.verb(
            "member_hold", partner_id, amount, pin, request_key or new_key()
        )

    def release(self, request_key):
        return self.verb("member_release", request_key)

    def reserve(self, partner_id, amount, line_uuid):
        return self.verb("member_topup_reserve", partner_id, amount, line_uuid)

    # === ORDERS === #

    def send(self, order):
        """Send an order as the till does when it is paid; return what comes back."""
        answer = self.client.call("pos.order", "sync_from_ui", [order])
        # a refund brings the refunded order along
        return next(
            sent for sent in answer["pos.order"] if sent["uuid"] == order["uuid"]
        )

    def pay_held(self, partner_id, amount, held, **values):
        """Sell for `amount`, paid with the lines that a hold answered with."""
        payments = [
            (line["payment_method_id"], line["amount"], line["key"])
            for line in held["lines"]
        ]
        return self.send(self.order(partner_id, amount, payments, **values))

    def sell(self, partner_id, amount):
        """Hold and pay; return the order, or the refusal of the hold."""
        held = self.hold(partner_id, amount)
        if held["status"] != "ok":
            return held
        return self.pay_held(partner_id, amount, held)

    def sell_cash(self, partner_id, amount):
        payment = (self.ids["cash"], amount, new_key())
        return self.send(self.order(partner_id, amount, [payment]))

    def top_up(self, partner_id, amount, line_uuid=None, order_uuid=None):
        """Top up in cash, as an order of its own."""
        return self.send(self.topup_order(partner_id, amount, line_uuid, order_uuid))

    def topup_order(self, partner_id, amount, line_uuid=None, order_uuid=None):
        payment = (self.ids["cash"], amount, new_key())
        return self.order(
            partner_id,
            amount,
            [payment],
            product="topup",
            taxes=False,
            line_uuid=line_uuid,
            uuid=order_uuid or new_key(),
        )

    def refund_order(self, sale, amount, payments, **line):
        """Return an order that takes the one line of a sale back, for `amount`.

        :param payments: `[(payment method id, amount given back)]`
        """
        paid = [(method, -given, new_key()) for method, given in payments]
        order = self.order(sale["partner_id"], amount, paid)
        order.update(amount_total=-amount, amount_tax=-order["amount_tax"])
        order["is_refund"] = True
        values = order["lines"][0][2]
        for name in ("qty", "price_subtotal", "price_subtotal_incl"):
            values[name] *= -1
        values.update(refunded_orderline_id=sale["lines"][0], **line)
        return order

    def order(
        self, partner_id, amount, payments, *, product="tea", taxes=True,
        line_uuid=None, **values,
    ):  # fmt: skip
        """Return a paid order of one line, as the browser sends it.

        :param payments: `[(payment method id, amount, uuid)]`
        """
        now = datetime.now(timezone.utc).strftime("%Y-%m-%d %H:%M:%S")
        line = self.line(
            self.shop.products[product],
            amount,
            taxes=taxes,
            uuid=line_uuid or new_key(),
        )
        return {
            "access_token": False,
            "amount_paid": sum(paid for _method, paid, _key in payments),
            "amount_return": 0,
            "amount_tax": round(amount - line["price_subtotal"], 2),
            "amount_total": amount,
            "date_order": now,
            "fiscal_position_id": False,
            "is_refund": False,
            "last_order_preparation_change": "{}",
            "lines": [[0, 0, line]],
            "name": "Order",
            "partner_id": partner_id,
            "payment_ids": [
                [0, 0, {"amount": paid, "name": now, "payment_method_id": method,
                        "uuid": key}]
                for method, paid, key in payments
            ],
            "pricelist_id": False,
            "session_id": self.ids["session"],
            "state": "paid",
            "to_invoice": False,
            "user_id": self.client.uid,
            "uuid": new_key(),
            **values,
        }  # fmt: skip

    def line(self, product_id, amount, *, taxes=True, **values):
        """Return a line of one piece for `amount`, which includes the taxes."""
        untaxed = round(amount / 1.13, 2) if taxes else amount
        return {
            "product_id": product_id,
            "qty": 1,
            "price_unit": amount,
            "price_subtotal": untaxed,
            "price_subtotal_incl": amount,
            "tax_ids": [[6, 0, [self.shop.ids["tax"]] if taxes else []]],
            "pack_lot_ids": [],
            "uuid": new_key(),
            **values,
        }

    def add_line(self, order, product_id, amount, **values):
        """Add a line to an order that is not sent yet; its one payment follows."""
        line = self.line(product_id, amount, **values)
        order["lines"].append([0, 0, line])
        order["amount_total"] = round(order["amount_total"] + amount, 2)
        order["amount_tax"] += round(amount - line["price_subtotal"], 2)
        (payment,) = order["payment_ids"]
        payment[2]["amount"] = order["amount_paid"] = order["amount_total"]
        return order
