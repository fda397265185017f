"""A reservation that runs out while it is paid: bought or expired, never both."""

from tests.support.database import query
from tests.support.parallel import at_once
from tests.support.rpc import RpcError
from tests.support.shell import run_in_odoo

ROUNDS = 6
ADMIN, CLERK = "reservation_admin", "reservation_racer"
PASSWORD = "reservation_race_password"

PREPARE = """
    from datetime import timedelta
    from odoo import Command, fields

    people = env["res.users"].with_context(no_reset_password=True)
    for login, groups in (
        (admin, "base.group_system"),
        (clerk, "member_ticketing.group_member_clerk,"
                "sales_team.group_sale_salesman_all_leads"),
    ):
        people.create({
            "name": login, "login": login, "password": password,
            "group_ids": [
                Command.set([env.ref(group).id for group in groups.split(",")]),
            ],
        })
    product = env["product.product"].create({
        "name": "Seat", "type": "service", "service_tracking": "event",
        "list_price": 100, "taxes_id": [Command.clear()],
    })
    begins = fields.Datetime.now() + timedelta(days=9)
    event = env["event.event"].create({
        "name": "Race", "date_begin": begins, "date_end": begins + timedelta(hours=2),
        "date_tz": "UTC", "seats_limited": True, "seats_max": len(members),
        "event_ticket_ids": [
            Command.create({"name": "Stalls", "product_id": product.id}),
        ],
    })
    orders = []
    for member_id in members:
        wizard = env["member.ticket.reserve"].create({
            "partner_id": member_id, "event_id": event.id,
        })
        wizard.line_ids.quantity = 1
        wizard.action_reserve()
        order = env["sale.order"].search(
            [("member_request_key", "=", wizard.request_key)]
        )
        orders.append(order.id)
        env.cr.commit()
    cron = env.ref("member_ticketing.member_reservation_cron")
    result = {"event": event.id, "orders": orders, "cron": cron.id}
"""

RUN_OUT = """
    UPDATE sale_order
       SET member_reserved_until = now() AT TIME ZONE 'utc' - interval '1 minute'
     WHERE id = %s"""

FACTS = """
    SELECT o.state, o.member_reservation_state,
           (SELECT count(*) FROM event_registration r
             WHERE r.sale_order_id = o.id AND r.state IN ('open', 'done'))
      FROM sale_order o WHERE o.id = %s"""

PROBLEMS = """
    from odoo.addons.member_ticketing import seats
    seats.recover(env)
    env.cr.commit()
    result = [str(problem) for problem in seats.verify(env)]
"""


def test_bought_or_expired(shop, pair):
    """Of the job and the sale one wins, and the seats are where the winner says."""
    for server in pair:
        # the loser's transaction is done again, and finds what the winner did
        server.allow_lines(
            "not in a state requiring confirmation", "could not serialize access"
        )
    made = run_in_odoo(
        shop.database,
        PREPARE,
        admin=ADMIN,
        clerk=CLERK,
        password=PASSWORD,
        members=shop.newcomers(ROUNDS + ROUNDS // 2),
    )
    clerk = pair[0].client(CLERK, PASSWORD)
    admin = pair[1].client(ADMIN, PASSWORD)
    raced, others = made["orders"][:ROUNDS], made["orders"][ROUNDS:]
    for number, order in enumerate(raced):
        query(shop.database, RUN_OUT, [order])
        if number % 2:  # the job ends a later one first, which lets the sale win, too
            query(shop.database, RUN_OUT, [others.pop()])
        sale, job = at_once(
            lambda order=order: clerk.call("sale.order", "action_confirm", [order]),
            lambda: admin.call("ir.cron", "method_direct_trigger", [made["cron"]]),
        )
        assert not isinstance(job, Exception), job
        facts = query(shop.database, FACTS, [order])[0]
        if isinstance(sale, RpcError):
            assert facts == ("cancel", "expired", 0)
        else:
            assert facts == ("sale", "done", 1)
    assert run_in_odoo(shop.database, PROBLEMS) == []
    ((taken, held),) = query(
        shop.database,
        "SELECT taken, held FROM member_seat_counter WHERE key = %s",
        [f"{made['event']}:0:0:0:0"],
    )
    sold = query(
        shop.database,
        "SELECT count(*) FROM sale_order WHERE state = 'sale' AND id = ANY(%s)",
        [made["orders"]],
    )[0][0]
    assert (taken, held) == (sold, 0)
