"""A till that sells tickets as its page does: seats are held first, then paid for."""

from tests.support.shell import run_in_odoo
from tests.support.shop import new_key

RESERVE = """
    from datetime import timedelta
    from odoo import Command, fields
    order = env["sale.order"].create({
        "partner_id": member,
        "order_line": [Command.create({
            "product_id": performance["product"],
            "event_id": performance["id"],
            "event_ticket_id": performance["ticket"],
            "product_uom_qty": seats,
        })],
    })
    order._member_reserve(fields.Datetime.now() + timedelta(hours=2))
    result = [order.id, order.order_line.id, order.order_line.price_unit]
"""

EXPIRE = """
    UPDATE member_seat_hold
       SET expires_at = now() AT TIME ZONE 'utc' - interval '1 hour'
     WHERE key LIKE %s RETURNING key"""


def want(performance, seats=1, **values):
    """Return a line as the till asks for its seats."""
    return {
        "uuid": new_key(),
        "ticket_id": performance["ticket"],
        "slot_id": (performance["slots"] or [False])[0],
        "quantity": seats,
        **values,
    }


def ask(till, wanted, member=False, order_uuid=None):
    """Ask for seats; return the verb's answer."""
    return till.verb("member_seats_hold", order_uuid or new_key(), [wanted], member)


def held(till, performance, member=False, seats=1, **values):
    """Hold seats, which must succeed; return the order that sells them, in cash."""
    wanted, order_uuid = want(performance, seats, **values), new_key()
    answer = ask(till, wanted, member, order_uuid)
    assert answer["status"] == "ok", answer
    (line,) = answer["lines"]
    return order_of(till, performance, wanted, line["price"], member, order_uuid)


def order_of(till, performance, wanted, price, member=False, order_uuid=None):
    """Return an order of these seats at this price, paid in cash."""
    seats = wanted["quantity"]
    total = round(price * seats, 2)
    order = till.order(
        member,
        total,
        [(till.ids["cash"], total, new_key())] if total else [],
        line_uuid=wanted["uuid"],
        uuid=order_uuid or new_key(),
    )
    ticket_line(order).update(
        product_id=performance["product"],
        qty=seats,
        price_unit=price,
        event_ticket_id=wanted["ticket_id"],
        event_slot_id=wanted["slot_id"],
    )
    return order


def ticket_line(order):
    """Return the values of the order's one line, to be changed."""
    ((_create, _id, line),) = order["lines"]
    return line


def with_wallet(till, order, member):
    """Let the member's wallet pay for an order; return it."""
    total = order["amount_total"]
    (line,) = till.hold(member, total)["lines"]
    order["payment_ids"][0][2].update(
        payment_method_id=line["payment_method_id"], amount=total, uuid=line["key"]
    )
    return order


def reserve(shop, performance, member, seats=1):
    """Reserve seats in the office; return the ids of order and line, and the price."""
    return run_in_odoo(
        shop.database, RESERVE, member=member, performance=performance, seats=seats
    )


def expire(shop, order):
    """Let what an order's line holds run out."""
    assert shop.query(EXPIRE, f"pol:{ticket_line(order)['uuid']}%")


def attendees(shop, order_uuid):
    """Return the states of an order's tickets, the first first."""
    rows = shop.query(
        """SELECT r.state FROM event_registration r
             JOIN pos_order_line l ON l.id = r.pos_order_line_id
             JOIN pos_order o ON o.id = l.order_id
            WHERE o.uuid = %s ORDER BY r.id""",
        order_uuid,
    )
    return [state for (state,) in rows]


def findings(shop, order_uuid):
    """Return [(what it should cost, what it cost)] of an order's price exceptions."""
    return [
        (float(expected), float(actual))
        for expected, actual in shop.query(
            """SELECT x.expected, x.actual FROM member_price_exception x
                 JOIN pos_order o ON o.id = x.order_id
                WHERE o.uuid = %s ORDER BY x.id""",
            order_uuid,
        )
    ]


def exceptions(shop, performance):
    """Return [(state, quantity)] of the ticket exceptions of a performance."""
    return shop.query(
        "SELECT state, quantity FROM member_ticket_exception WHERE event_id = %s"
        " ORDER BY id",
        performance["id"],
    )
