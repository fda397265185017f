"""The theatre's season: performances, who may buy what, and what was sold.

Thirty performances from three weeks ago to two months ahead, each from one template,
whose sales policies they have. Tickets are sold by the verbs that people use: at the
box office, as reservations in the back office, and as the website's carts are.
"""

from datetime import datetime, time, timedelta
from random import Random

from odoo import Command, fields

from tools import demo_data as data
from tools.demo_till import Till

PIECES = (
    ("The Peony Pavilion", "牡丹亭"),
    ("Teahouse", "茶馆"),
    ("Swan Lake", "天鹅湖"),
    ("The Butterfly Lovers", "梁祝"),
    ("An Evening of Folk Music", "民乐之夜"),
)
FAMILY = ("The Monkey King", "大闹天宫")
"""Twice in one afternoon: a performance with two slots."""
SPECIAL = ("New Year's Gala", "新年盛典")
"""Members whose class has a policy buy first; all others two weeks before."""

ABOUT = (
    (
        "Please be in your seats a few minutes before it begins.",
        "请提前几分钟入座。",
    ),
    (
        "Members buy at their class's price: sign in, or show your card.",
        "会员按所属等级的票价购票：请登录，或出示会员卡。",
    ),
)
"""On the page of each performance, in both languages."""

PERFORMANCES = 30
FIRST = -21
"""Days from today to the first evening of the season."""
EVERY = 3
BEGINS = time(11, 30)
"""In UTC: half past seven in Shanghai."""
MINUTES = 150
FAMILY_HOURS = ((14, 15.5), (16.5, 18))

#: name, Chinese, price with tax, seats
TICKETS = (
    ("Stalls", "正厅", 280, 60),
    ("Circle", "楼座", 180, 40),
    ("Gallery", "边厢", 80, 20),
)
SEATS = 110
"""Fewer than the tickets together: the house decides."""

#: Members with stored value, with a discount, and others, by running number.
WALLETS = range(8, 18)
DISCOUNTS = range(19, 26)
OTHERS = (34, 35, 36, 37, 38, 39, 40)


def set_up(demo):
    """Make the product, the template with its policies, and the season."""
    env = demo.as_user("manager")
    # sudo: the manager's own rights end at products and settings of events
    su = env(su=True)
    demo.ticket = su["product.product"].create(
        {
            "name": "Theatre Ticket",
            "type": "service",
            "service_tracking": "event",
            "list_price": TICKETS[0][2],
            "taxes_id": [Command.set(demo.vat(6).ids)],
            "supplier_taxes_id": [Command.clear()],
            "available_in_pos": True,
            "pos_categ_ids": [Command.set(demo.categories["tickets"].ids)],
        }
    )
    demo.in_chinese(demo.ticket.product_tmpl_id, "演出票")
    demo.company.write({"member_reservation_hours": 48})
    template = add_template(demo, su)
    for code, till in demo.tills.items():
        till.member_is_box_office = code == "BOX"
    today = fields.Date.today()
    demo.season = su["event.event"].browse()
    for number in range(PERFORMANCES):
        day = today + timedelta(days=FIRST + EVERY * number)
        demo.season |= add_performance(demo, su, template, number, day)
    add_special_policies(demo, su)


def add_template(demo, env):
    """Return the template: three kinds of tickets, and who pays what for them."""
    template = env["event.type"].create(
        {
            "name": "Evening Performance",
            "has_seats_limitation": True,
            "seats_max": SEATS,
            "event_type_mail_ids": [Command.clear()],
            # nobody is asked for name and e-mail address of each guest at the till
            "question_ids": [Command.clear()],
            "event_type_ticket_ids": [
                Command.create(
                    {
                        "name": name,
                        "product_id": demo.ticket.id,
                        "price": price,
                        "seats_max": seats,
                    }
                )
                for name, _chinese, price, seats in TICKETS
            ],
        }
    )
    demo.in_chinese(template, "晚场演出")
    stalls, _circle, gallery = template.event_type_ticket_ids
    for ticket, (_name, chinese, _price, _seats) in zip(
        template.event_type_ticket_ids, TICKETS, strict=True
    ):
        demo.in_chinese(ticket, chinese)
    discount = env.ref("member_card.member_class_discount")
    stored = env.ref("member_card.member_class_stored_value")
    for vals in (
        {"name": "Public"},
        {
            "name": "Discount members",
            "class_id": discount.id,
            "price_kind": "percent",
            "percent": 10,
            "member_limit": 4,
        },
        {
            "name": "Stored-value members: Stalls",
            "class_id": stored.id,
            "type_ticket_id": stalls.id,
            "price_kind": "fixed",
            "price": 240,
            "quota": 30,
            "member_limit": 6,
        },
        {
            "name": "Stored-value members",
            "class_id": stored.id,
            "price_kind": "percent",
            "percent": 15,
            "member_limit": 6,
        },
        {
            "name": "Gallery on the web",
            "type_ticket_id": gallery.id,
            "channel": "web",
            "price_kind": "fixed",
            "price": 72,
            "order_limit": 4,
        },
        {
            "name": "Group bookings",
            "channel": "backend",
            "price_kind": "percent",
            "percent": 20,
            "quota": 40,
            "user_ids": [Command.set(demo.users["manager"].ids)],
        },
    ):
        env["member.ticket.policy"].create({"event_type_id": template.id, **vals})
    return template


def add_performance(demo, env, template, number, day):
    """Return one performance; every seventh is for families, twice in an afternoon."""
    is_family = number % 7 == 5
    is_special = number == PERFORMANCES - 2
    name, chinese = PIECES[number % len(PIECES)]
    if is_family:
        name, chinese = FAMILY
    if is_special:
        name, chinese = SPECIAL
    begins = datetime.combine(day, BEGINS)
    vals = {
        "name": name,
        "company_id": demo.company.id,
        "event_type_id": template.id,
        "date_tz": data.TIME_ZONE,
        "date_begin": begins,
        "date_end": begins + timedelta(minutes=MINUTES),
        "address_id": demo.company.partner_id.id,
        "website_published": True,
        "description": "".join(f"<p>{english}</p>" for english, _chinese in ABOUT),
    }
    if begins < fields.Datetime.now():  # nobody is mailed a ticket for what is over
        vals["event_mail_ids"] = [Command.clear()]
    if is_family:
        vals |= {
            "is_multi_slots": True,
            # the whole day, by the clock of Shanghai
            "date_begin": datetime.combine(day, time(2)),
            "date_end": datetime.combine(day, time(12)),
            "event_slot_ids": [
                Command.create({"date": day, "start_hour": start, "end_hour": end})
                for start, end in FAMILY_HOURS
            ],
        }
    event = env["event.event"].create(vals)
    demo.in_chinese(event, chinese)
    event.update_field_translations("description", {"zh_CN": dict(ABOUT)})
    for ticket, (_name, in_chinese, _price, _seats) in zip(
        event.event_ticket_ids, TICKETS, strict=True
    ):
        demo.in_chinese(ticket, in_chinese)
    return event


def add_special_policies(demo, env):
    """Let members buy the gala first: the public's policy opens later."""
    gala = demo.season[PERFORMANCES - 2]
    public = env["member.ticket.policy"].search(
        [("event_id", "=", gala.id), ("name", "=", "Public")]
    )
    public.write({"window": "days", "days_before_start": 14})


# === SALES === #


def sell_past(demo, clock):
    """Sell at the box office on the evenings that are over, and let people in."""
    random = Random(1930)
    for event in demo.season.filtered(
        lambda event: event.date_end < fields.Datetime.now()
    ):
        evening = event.date_begin - timedelta(hours=2)
        if event.is_multi_slots:
            evening = event.date_begin + timedelta(hours=2)
        clock.set(evening)
        # who gives tickets away is a supervisor
        has_press = event == demo.season[1]
        till = Till(demo, "BOX", "supervisor" if has_press else "cashier")
        for _number in range(3):
            till.sell_tickets(*_sale(random, event))
        if has_press:
            till.sell_tickets(None, event, {0: 2}, free="Press night")
            till.give_back_tickets(till.sell_tickets(9, event, {1: 2}, "wallet"), 1)
        till.close()
        clock.set(evening + timedelta(hours=1, minutes=45))
        seats = event.registration_ids.filtered(lambda seat: seat.state == "open")
        for seat in seats[: len(seats) * 9 // 10]:
            seat.with_env(demo.as_user("cashier")).sudo().action_set_done()


def sell_ahead(demo):
    """Sell, reserve and order what is still to come, as today leaves it."""
    random = Random(2027)
    ahead = demo.season.filtered(lambda event: event.date_begin > fields.Datetime.now())
    till = Till(demo, "BOX", "shouyin")
    for event in ahead[:8]:
        till.sell_tickets(*_sale(random, event))
    till.close()
    # seats are kept until some hours before the doors open
    later = ahead[2:]
    reserve(demo, 19, later[0], 2, hours=20)
    reserve(demo, 12, later[1], 4, hours=46)
    for running, event in zip((10, 20, 34, 35, 13, 22), later, strict=False):
        order_on_website(demo, running, event, random.choice((1, 2)))
    gala = demo.season[PERFORMANCES - 2]
    order_on_website(demo, 14, gala, 2, is_paid=True)
    buy_elsewhere(demo)


def _sale(random, event):
    """Return what somebody buys: (member, performance, {ticket: seats}, how paid)."""
    kind = random.random()
    if kind < 0.4:
        buyer, paid = random.choice(WALLETS), "wallet and cash"
    elif kind < 0.7:
        buyer, paid = random.choice(DISCOUNTS), random.choice(("cash", "card"))
    elif kind < 0.85:
        buyer, paid = random.choice(OTHERS), "card"
    else:
        buyer, paid = None, "cash"
    return buyer, event, {random.choice((0, 0, 1, 1, 2)): random.choice((1, 2))}, paid


def reserve(demo, running, event, seats, hours):
    """Keep seats for a member, who pays later."""
    env = demo.as_user("cashier")
    wizard = env["member.ticket.reserve"].create(
        {
            "partner_id": demo.members[running].id,
            "company_id": demo.company.id,
            "event_id": event.id,
            "slot_id": event.event_slot_ids[:1].id,
        }
    )
    wizard.line_ids[1].quantity = seats
    wizard.until = fields.Datetime.now() + timedelta(hours=hours)
    wizard.action_reserve()
    env.cr.commit()


def order_on_website(demo, running, event, seats, is_paid=None):
    """Order on the website; every other one is paid for at once."""
    is_paid = running % 2 == 0 if is_paid is None else is_paid
    member = demo.members[running]
    env = demo.env
    ticket = event.event_ticket_ids[1]
    order = env["sale.order"].create(
        {
            "partner_id": member.id,
            "company_id": demo.company.id,
            "website_id": env["website"].search([], limit=1).id,
        }
    )
    order._cart_add(
        product_id=ticket.product_id.id,
        quantity=seats,
        event_ticket_id=ticket.id,
        event_slot_id=event.event_slot_ids[:1].id,
    )
    env.cr.commit()
    if is_paid:
        pay_online(demo, order)
    env.cr.commit()


def pay_online(demo, order):
    """Have the demo provider confirm the payment, which confirms the order."""
    provider = demo.env["payment.provider"].search(
        [("code", "=", "demo"), ("company_id", "=", demo.company.id)], limit=1
    )
    transaction = demo.env["payment.transaction"].create(
        {
            "provider_id": provider.id,
            "payment_method_id": provider.payment_method_ids[:1].id,
            "amount": order.amount_total,
            "currency_id": order.currency_id.id,
            "partner_id": order.partner_id.id,
            "reference": order.name,
            "operation": "online_direct",
            "sale_order_ids": [Command.set(order.ids)],
        }
    )
    transaction._set_done()
    transaction._post_process()


def buy_elsewhere(demo):
    """Enter what two members bought from another seller."""
    env = demo.as_user("supervisor")
    rule = demo.as_user("manager")["member.point.rule"].create(
        {
            "name": "Bought elsewhere",
            "company_id": demo.company.id,
            "earn_on": "external",
            "rate_amount": 2,
        }
    )
    demo.in_chinese(rule, "他处购票")
    seller = env["member.external.seller"].create(
        {"name": "Damai 大麦网", "company_id": demo.company.id}
    )
    today = fields.Date.today()
    for running, reference, performance, seats, amount in (
        (20, "DM-220817", "Chamber Music at the City Hall 市政厅室内乐", 2, 360),
        (23, "DM-221930", "Jazz in the Park 公园爵士", 1, 120),
    ):
        purchase = env["member.external.purchase"].create(
            {
                "partner_id": demo.members[running].id,
                "company_id": demo.company.id,
                "seller_id": seller.id,
                "reference": reference,
                "performance": performance,
                "date": today - timedelta(days=running - 15),
                "seats": seats,
                "amount": amount,
            }
        )
        purchase.action_record()
        env.cr.commit()
