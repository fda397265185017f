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

SOLD_OUT = r"odoo\.http: .*(is sold out|Seats left of|many of these tickets)"
"""Odoo warns of each refusal that is not asked for as data."""

SOLD = """
    SELECT count(*) FROM event_registration
     WHERE event_id = %s AND active AND state IN ('open', 'done')
       AND event_slot_id IS NOT DISTINCT FROM %s"""


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


def seat_problems(shop, *, recover=True):
    """Settle what is left, then return what `seats.verify` finds wrong."""
    return run_in_odoo(shop.database, VERIFY, recover=recover)


def sold(shop, performance, slot=None):
    """Return how many seats are sold: what no counter can hide."""
    return shop.value(SOLD, performance["id"], slot)


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
    }
    try:
        return client.call("event.registration", "create", [values] * seats)
    except RpcError as error:
        return error


def in_office(client, performance, member, seats=1):
    """Sell by a sale order that is confirmed at once; return its id, or the refusal."""
    try:
        (order,) = client.call(
            "sale.order",
            "create",
            [
                {
                    "partner_id": member,
                    "order_line": [
                        [
                            0,
                            0,
                            {
                                "product_id": performance["product"],
                                "product_uom_qty": seats,
                                "event_id": performance["id"],
                                "event_ticket_id": performance["ticket"],
                            },
                        ]
                    ],
                }
            ],
        )
        client.call("sale.order", "action_confirm", [order])
    except RpcError as error:
        return error
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
