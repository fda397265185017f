"""Open a theatre's website in a shop of tests. Runs inside Odoo (run_in_odoo)."""

from datetime import timedelta

from odoo import Command, fields

from tests.support.shop_data import included_tax


def open_website(env, *, gold, plain):
    """Publish the shop's website with a provider that simulates payments.

    :param gold: the login, and password, of a member of the class Gold.
    :param plain: that of a customer who is no member.
    :return: the ids of all of them.
    """
    website = env["website"].search([], limit=1)
    website.write({"company_id": env.company.id, "account_on_checkout": "optional"})
    take_payments(env)
    member_class = env["member.class"].create({"name": "Gold", "code": "web_gold"})
    member = account(env, "Gold Member", gold)
    member._member_register({"member_class_id": member_class.id})
    product = env["product.product"].create(
        {
            "name": "Seat",
            "type": "service",
            "service_tracking": "event",
            "list_price": 100,
            "taxes_id": [Command.set(included_tax(env, env.company).ids)],
        }
    )
    return {
        "gold": member_class.id,
        "member": member.id,
        "customer": account(env, "Plain Customer", plain).id,
        "product": product.id,
        "website": website.id,
    }


def take_payments(env):
    """Publish the provider that simulates payments."""
    env.ref("payment.payment_provider_demo").write(
        {"company_id": env.company.id, "state": "test", "is_published": True}
    )


def account(env, name, login):
    """Return the contact of somebody with an account on the website."""
    return give_account(env["res.partner"].create({"name": name}), login)


def give_account(contact, login):
    """Let a contact sign in on the website; return the contact."""
    env = contact.env
    env["res.users"].with_context(no_reset_password=True).create(
        {
            "partner_id": contact.id,
            "login": login,
            "password": login,
            "group_ids": [Command.set(env.ref("base.group_portal").ids)],
        }
    )
    contact.write(
        {
            "email": f"{login}@example.com",
            "phone": "+8613800138000",
            "street": "1 Lane",
            "city": "Shanghai",
            "zip": "200000",
            "country_id": env.ref("base.cn").id,
        }
    )
    return contact


def perform(env, ids, name, *, seats=10, price=100, policies=()):
    """Publish a performance with one kind of ticket; return their ids.

    :param policies: values of its policies; `for_gold` stands for the class.
    """
    day = fields.Datetime.today() + timedelta(days=30)
    event = env["event.event"].create(
        {
            "name": name,
            "date_begin": day + timedelta(hours=12),
            "date_end": day + timedelta(hours=15),
            "date_tz": "Asia/Shanghai",
            "website_published": True,
            "event_ticket_ids": [
                Command.create(
                    {
                        "name": ticket,
                        "price": amount,
                        "product_id": ids["product"],
                        "seats_limited": True,
                        "seats_max": seats,
                    }
                )
                for ticket, amount in (("Stalls", price), ("Balcony", price / 2))
            ],
        }
    )
    for policy in policies:
        values = {"event_id": event.id, **policy}
        if values.pop("for_gold", False):
            values["class_id"] = ids["gold"]
        env["member.ticket.policy"].create(values)
    stalls = event.event_ticket_ids.filtered(lambda each: each.name == "Stalls")
    return {"event": event.id, "stalls": stalls.id}
