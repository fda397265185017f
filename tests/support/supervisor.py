"""A supervisor of the shop, who approves at others' tills and has a wallet as well."""

from dataclasses import dataclass

from tests.support.shell import run_in_odoo

LOGIN = "till_supervisor"
APPROVAL_PIN = "4826"

HIRE = """
    from odoo import Command
    from tests.support.shop_data import CASHIER, CASHIER_PASSWORD, PIN, MEMBER_CLASS

    cashier = env["res.users"].search([("login", "=", CASHIER)])
    supervisor = cashier.copy({
        "name": "Shen Hao", "login": login, "password": CASHIER_PASSWORD,
        "group_ids": [
            Command.set(env.ref("member_card.group_member_supervisor").ids)
        ],
    })
    partner = supervisor.partner_id
    env["member.approval.pin"]._set(partner, approval_pin)
    member_class = env.ref(f"member_card.member_class_{MEMBER_CLASS}")
    partner._member_register({"member_class_id": member_class.id})
    env["member.pin"]._set(partner, PIN)
    result = {
        "partner": partner.id,
        "name": supervisor.name,
        "card": env["member.card"]._issue(partner).number,
    }
"""


@dataclass(frozen=True)
class Supervisor:
    """`partner` is the id of the member that the supervisor is; `card` its number."""

    partner: int
    name: str
    card: str
    login: str = LOGIN
    approval_pin: str = APPROVAL_PIN


def hire_supervisor(shop):
    """Let somebody supervise the tills of a shop that has no supervisor yet."""
    return Supervisor(
        **run_in_odoo(shop.database, HIRE, login=LOGIN, approval_pin=APPROVAL_PIN)
    )
