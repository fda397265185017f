"""Some performances for pictures of the box office. Runs inside Odoo (run_in_odoo)."""

from datetime import datetime, time, timedelta

from odoo import Command, fields

from tests.screens.cast import CASHIER, ZONE

NAMES = {
    "en": {
        "tonight": "The Peony Pavilion",
        "swan": "Swan Lake",
        "family": "The Monkey King",
        "gala": "New Year's Gala",
        "stalls": "Stalls",
        "circle": "Circle",
        "gallery": "Gallery",
        "members": "Members' price",
        "own": "Members: Stalls",
        "public": "Public",
        "press": "Press and partners",
        "web": "Gallery on the web",
        "ticket": "Theatre Ticket",
    },
    "zh": {
        "tonight": "牡丹亭",
        "swan": "天鹅湖",
        "family": "大闹天宫",
        "gala": "新年盛典",
        "stalls": "正厅",
        "circle": "楼座",
        "gallery": "边厢",
        "members": "会员价",
        "own": "会员正厅价",
        "public": "公众",
        "press": "媒体和合作方",
        "web": "网上边厢价",
        "ticket": "演出票",
    },
}


def open_season(env, ids, language):
    """Put four performances on sale in the place of all others; return their ids."""
    names = NAMES[language]
    env["event.event"].search([]).active = False
    env["sale.order"].search([("order_line.event_id", "!=", False)])._action_cancel()
    product = env["product.product"].create(
        {
            "name": names["ticket"],
            "type": "service",
            "service_tracking": "event",
            "available_in_pos": True,
            "taxes_id": [Command.set([ids["tax"]])],
        }
    )
    soon = fields.Datetime.now().replace(second=0) + timedelta(hours=1)
    events = {"tonight": _performance(env, product, names, "tonight", soon)}
    for key, days in (("swan", 1), ("family", 3), ("gala", 5)):
        day = fields.Date.today() + timedelta(days=days)
        begins = datetime.combine(day, time(11, 30))
        events[key] = _performance(env, product, names, key, begins)
    _slots(events["family"])
    for key, event in events.items():
        _policies(env, event, names, is_presale=key == "gala")
    return {key: event.id for key, event in events.items()}


def _performance(env, product, names, key, begins):
    return env["event.event"].create(
        {
            "name": names[key],
            "date_begin": begins,
            "date_end": begins + timedelta(hours=2.5),
            "date_tz": ZONE,
            "seats_limited": True,
            "seats_max": 110,
            "address_id": env.company.partner_id.id,
            "event_mail_ids": [Command.clear()],
            "question_ids": [Command.clear()],
            "event_ticket_ids": [
                Command.create(
                    {
                        "name": names[ticket],
                        "price": price,
                        "seats_max": seats,
                        "product_id": product.id,
                    }
                )
                for ticket, price, seats in (
                    ("stalls", 280, 60),
                    ("circle", 180, 40),
                    ("gallery", 80, 8),
                )
            ],
        }
    )


def _slots(event):
    """Play it twice in one afternoon, by the clock of the house."""
    day = event.date_begin.date()
    event.write(
        {
            "is_multi_slots": True,
            "date_begin": datetime.combine(day, time(2)),
            "date_end": datetime.combine(day, time(12)),
            "event_slot_ids": [
                Command.create({"date": day, "start_hour": hour, "end_hour": hour + 2})
                for hour in (14, 17)
            ],
        }
    )


def _policies(env, event, names, is_presale):
    stalls, _circle, gallery = event.event_ticket_ids.sorted("price", reverse=True)
    stored = env.ref("member_card.member_class_stored_value").id
    clerk = env["res.users"].search([("login", "=", CASHIER)])
    presale = {"window": "days", "days_before_start": 1} if is_presale else {}
    for vals in (
        {"name": names["public"], **presale},
        {
            "name": names["members"],
            "class_id": stored,
            "price_kind": "percent",
            "percent": 15,
            "member_limit": 6,
        },
        {
            "name": names["own"],
            "class_id": stored,
            "ticket_id": stalls.id,
            "price_kind": "fixed",
            "price": 240,
            "quota": 30,
            "member_limit": 4,
        },
        {
            "name": names["press"],
            "ticket_id": stalls.id,
            "channel": "pos",
            "price_kind": "fixed",
            "price": 100,
            "quota": 6,
            "sequence": 90,
            "user_ids": [Command.set((clerk | env.user).ids)],
        },
        {
            "name": names["web"],
            "ticket_id": gallery.id,
            "channel": "web",
            "price_kind": "fixed",
            "price": 72,
            "order_limit": 4,
        },
    ):
        env["member.ticket.policy"].create({"event_id": event.id, **vals})


def reserve(env, partner_id, event_id, *, is_promised):
    """Reserve two of the cheapest seats but one, for money that is promised or not."""
    order = env["sale.order"].create(_order(env, partner_id, event_id, 2))
    order._member_reserve(fields.Datetime.now() + timedelta(hours=2))
    if is_promised:
        env["payment.transaction"].create(
            {
                "amount": order.amount_total,
                "currency_id": order.currency_id.id,
                "partner_id": partner_id,
                "payment_method_id": env.ref("payment.payment_method_unknown").id,
                "provider_id": env["payment.provider"].search([], limit=1).id,
                "reference": order.name,
                "sale_order_ids": [Command.set(order.ids)],
                "state": "pending",
            }
        )


def _order(env, partner_id, event_id, seats):
    ticket = env["event.event"].browse(event_id).event_ticket_ids.sorted("price")[1]
    return {
        "partner_id": partner_id,
        "order_line": [
            Command.create(
                {
                    "product_id": ticket.product_id.id,
                    "event_id": event_id,
                    "event_ticket_id": ticket.id,
                    "product_uom_qty": seats,
                }
            )
        ],
    }


def order(env, partner_id, event_id, seats, *, is_paid):
    """Return the number of a confirmed web order of the cheapest seats but one."""
    website = env["website"].search([], limit=1)
    values = _order(env, partner_id, event_id, seats)
    order = env["sale.order"].create({**values, "website_id": website.id})
    order.action_confirm()
    if is_paid:
        invoice = order._create_invoices()
        invoice.action_post()
        wizard = env["account.payment.register"].with_context(
            active_model="account.move", active_ids=invoice.ids
        )
        wizard.create({})._create_payments()
    env.cr.commit()
    return order.name
