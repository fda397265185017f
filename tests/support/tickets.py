"""Performances in the shop of the tests, and who sells tickets to them."""

import re
from functools import partial
from urllib.parse import urlencode

from tests.support.rpc import Client, RpcError
from tests.support.shell import run_in_odoo
from tests.support.shop import new_key

PRICE = 80

MAKE = """
    from datetime import timedelta
    from odoo import fields
    begin = fields.Datetime.now() + timedelta(days=20)
    product = env["product.product"].search(
        [("default_code", "=", "TEST-SEAT")], limit=1
    ) or env["product.product"].create({
        "name": "Seat", "default_code": "TEST-SEAT", "type": "service",
        "service_tracking": "event", "list_price": price, "available_in_pos": True,
        "taxes_id": [(6, 0, [tax])],
    })
    result = []
    for seats in rooms:
        event = env["event.event"].create({
            "name": f"Storm of {seats}",
            "date_begin": begin,
            "date_end": begin + timedelta(days=9),
            "seats_limited": True,
            "seats_max": seats,
            "is_multi_slots": bool(slots),
            "website_published": True,
            "event_mail_ids": [(5,)],
            "question_ids": [(5,)],
            "event_slot_ids": [
                (0, 0, {
                    "date": (begin + timedelta(days=2 + slot)).date(),
                    "start_hour": 19,
                    "end_hour": 21,
                })
                for slot in range(slots)
            ],
            "event_ticket_ids": [
                (0, 0, {"name": name, "price": each, "product_id": product.id})
                for name, each in (("Stalls", price), ("Given away", 0))
            ],
        })
        result.append({
            "id": event.id,
            "ticket": event.event_ticket_ids[0].id,
            "free": event.event_ticket_ids[1].id,
            "slots": event.event_slot_ids.ids,
            "product": product.id,
        })
"""

HIRE = """
    from odoo import Command

    env["res.users"].with_context(no_reset_password=True).create({
        "name": "Clerk", "login": login, "password": password,
        "group_ids": [
            Command.set([
                env.ref("member_ticketing.group_member_clerk").id,
                env.ref("sales_team.group_sale_salesman_all_leads").id,
            ]),
        ],
    })
"""

VERIFY = """
    from odoo.addons.member_ticketing import seats
    if recover:
        seats.recover(env)
    result = [str(problem) for problem in seats.verify(env)]
"""

POLICY = """
    result = env["member.ticket.policy"].create(values).id
"""

SHORT = r"is sold out|Seats left of"

SOLD_OUT = r"odoo\.http: .*(is sold out|Seats left of|(many|more) of these tickets)"
"""Odoo warns of each refusal that is not asked for as data."""

SOLD = """
    SELECT count(*) FROM event_registration
     WHERE event_id = %s AND active AND state IN ('open', 'done')
       AND event_slot_id IS NOT DISTINCT FROM %s"""

SOLD_BY = """
    SELECT CASE WHEN r.pos_order_line_id IS NOT NULL THEN 'till'
                WHEN o.website_id IS NOT NULL THEN 'web'
                WHEN r.sale_order_line_id IS NOT NULL THEN 'office'
                ELSE 'desk' END AS seller,
           count(*)
      FROM event_registration r
      LEFT JOIN sale_order_line l ON l.id = r.sale_order_line_id
      LEFT JOIN sale_order o ON o.id = l.order_id
     WHERE r.event_id = %s AND r.active AND r.state IN ('open', 'done')
  GROUP BY seller"""

SLOTS_OF = """
    SELECT event_slot_id FROM event_registration
     WHERE partner_id = %s AND active AND state IN ('open', 'done')"""


def make_performances(shop, *rooms, slots=0):
    """Return the ids of a performance for each number of seats."""
    return run_in_odoo(
        shop.database,
        MAKE,
        rooms=rooms,
        slots=slots,
        price=PRICE,
        tax=shop.ids["tax"],
    )


def make_policy(shop, performance, **values):
    values = {"event_id": performance["id"], **values}
    return run_in_odoo(shop.database, POLICY, values=values)


def hire_clerk(shop, login, password):
    """Let somebody sell tickets in the office, also on orders of others."""
    run_in_odoo(shop.database, HIRE, login=login, password=password)


def seat_problems(shop, *, recover=True):
    """Settle what is left, then return what `seats.verify` finds wrong."""
    return run_in_odoo(shop.database, VERIFY, recover=recover)


def sold(shop, performance, slot=None):
    """Return how many seats are sold: what no counter can hide."""
    return shop.value(SOLD, performance["id"], slot)


def sold_by(shop, performance):
    """Return `{seller: seats}` with the names of `ticket_storm.channels`."""
    return dict(shop.query(SOLD_BY, performance["id"]))


# === SELLERS === #


def at_till(till, performance, member=False, seats=1, key=None):
    """Sell seats at a till, paid in cash; return the order, or who refused it."""
    order = ticket_order(till, performance, member, seats, key)
    try:
        return till.send(order)
    except RpcError as error:
        return error


def ticket_order(till, performance, member=False, seats=1, key=None):
    """Return a paid order of seats as the till sends it."""
    total = PRICE * seats
    payment = (till.ids["cash"], total, new_key())
    order = till.order(member, total, [payment], line_uuid=key)
    ((_create, _id, line),) = order["lines"]
    line.update(
        product_id=performance["product"],
        qty=seats,
        price_unit=PRICE,
        event_ticket_id=performance["ticket"],
        event_registration_ids=[
            [
                0,
                0,
                {
                    "event_id": performance["id"],
                    "event_ticket_id": performance["ticket"],
                    "event_slot_id": (performance["slots"] or [False])[0],
                    "partner_id": member,
                },
            ]
            for _seat in range(seats)
        ],
    )
    return order


def held_at_till(till, performance, member=False, seats=1):
    """Hold seats at a till, then sell them, as it does; or return the refusal."""
    uuid = new_key()
    order = ticket_order(till, performance, member, seats, uuid)
    line = {
        "uuid": uuid,
        "ticket_id": performance["ticket"],
        "slot_id": False,
        "quantity": seats,
    }
    held = till.verb("member_seats_hold", order["uuid"], [line], member)
    return till.send(order) if held["status"] == "ok" else held


class Holder:
    """Somebody at a till with a seat in one slot, who may want one in another.

    `line` is (id, uuid) of the order line that sold it.
    """

    def __init__(self, till, performance, member, slot):
        self.till, self.performance, self.member = till, performance, member
        sale = self.order_for(slot, till.ids["cash"])
        self.sold(till.send(sale), sale, slot)

    def sold(self, answer, order, slot):
        """Take over what a till was answered."""
        assert answer["state"] == "paid", answer
        self.slot = slot
        self.line = (max(answer["lines"]), order["lines"][-1][2]["uuid"])

    def order_for(self, slot, method=None):
        """Return an order of a seat, paid by this method or with the one given back."""
        payments = [(method, PRICE, new_key())] if method else []
        order = self.till.order(self.member, PRICE, payments)
        ((_create, _id, line),) = order["lines"]
        line.update(
            product_id=self.performance["product"],
            event_ticket_id=self.performance["ticket"],
            event_slot_id=slot,
        )
        if not method:
            back = {
                **line,
                "uuid": new_key(),
                "event_ticket_id": False,
                "event_slot_id": False,
                "refunded_orderline_id": self.line[0],
            }
            for name in ("qty", "price_subtotal", "price_subtotal_incl"):
                back[name] *= -1
            order["lines"].insert(0, [0, 0, back])
            order.update(amount_total=0, amount_tax=0, amount_paid=0)
        return order

    def exchange(self, slot):
        """Give the seat back for one in this slot, in one order; or return the refusal.

        A refusal is data where the seat is held, an error where it is paid.
        """
        order = self.order_for(slot)
        want = {
            "uuid": order["lines"][-1][2]["uuid"],
            "ticket_id": self.performance["ticket"],
            "slot_id": slot,
            "quantity": 1,
        }
        back = [{"line_uuid": self.line[1], "quantity": 1}]
        held = self.till.verb(
            "member_seats_hold", order["uuid"], [want], self.member, back
        )
        if held["status"] != "ok":
            return held
        try:
            answer = self.till.send(order)
        except RpcError as error:
            return error
        self.sold(answer, order, slot)
        return answer

    def seats(self, shop):
        """Return in which slots this one has a seat."""
        return [slot for (slot,) in shop.query(SLOTS_OF, self.member)]


class Visitor:
    """Somebody's browser on the website, on the page of a performance."""

    def __init__(self, server, performance):
        self.client = Client("127.0.0.1", server.port, server.database)
        self.path = f"/event/{performance['id']}"
        self.ticket = performance["free"]
        _status, page = self.client.request("GET", "/web/login")
        self.token = re.search(r'csrf_token: "([^"]+)"', page)[1]

    def register(self):
        """Take a ticket that costs nothing; return the status of the answer."""
        form = {"csrf_token": self.token, "1-event_ticket_id": self.ticket}
        status, _page = self.client.request(
            "POST",
            f"{self.path}/registration/confirm",
            urlencode(form),
            {"Content-Type": "application/x-www-form-urlencoded"},
        )
        return status


def at_desk(client, performance, member=False, seats=1, slot=None):
    """Enter attendees by hand; return their ids, or who refused it."""
    values = {
        "event_id": performance["id"],
        "event_ticket_id": performance["ticket"],
        "event_slot_id": slot or (performance["slots"] or [False])[0],
        "partner_id": member,
        "name": "By hand",
        "member_free_reason": "At the desk",
    }
    try:
        return client.call("event.registration", "create", [values] * seats)
    except RpcError as error:
        return error


def in_office(client, performance, member, seats=1):
    """Sell by a sale order that is confirmed at once; return its id, or the refusal."""
    try:
        order = office_order(client, performance, member, seats)
        client.call("sale.order", "action_confirm", [order])
    except RpcError as error:
        return error
    return order


def office_order(client, performance, member, seats=1):
    """Make a quotation for seats; return its id."""
    line = {
        "product_id": performance["product"],
        "product_uom_qty": seats,
        "event_id": performance["id"],
        "event_ticket_id": performance["ticket"],
    }
    vals = {"partner_id": member, "order_line": [[0, 0, line]]}
    (order,) = client.call("sale.order", "create", [vals])
    return order


def refused(answers, servers=()):
    """Return the refusals among answers; anything else that was raised is an error."""
    for server in servers:
        server.allow_lines(SOLD_OUT)
    found = [each for each in answers if isinstance(each, Exception)]
    strange = [
        each
        for each in found
        if not isinstance(each, RpcError) or not re.search(SHORT, str(each))
    ]
    assert not strange, strange
    return found


def sellers(shop, servers, performance, members):
    """Return one seller for each member: tills and desks in turn, on all servers."""
    answer = []
    for number, member in enumerate(members):
        server = servers[number % len(servers)]
        if number % 2:
            till = shop.till(server, number // 2)
            answer.append(partial(at_till, till, performance, member))
        else:
            answer.append(partial(at_desk, server.client(), performance, member))
    return answer
