"""Dress the shop for pictures. Runs inside Odoo (run_in_odoo)."""

import base64
from datetime import timedelta
from pathlib import Path

from odoo import Command, fields

from odoo.addons.member_card import ledger

from tests.screens.cast import (
    APPROVAL_PIN,
    CASHIER,
    COMPANY,
    GOODS,
    MEMBERS,
    METHODS,
    MORE_GOODS,
    PASSWORD,
    REWARDS,
    STORES,
    USERS,
    ZONE,
)

LOGO = Path(__file__).parents[2] / "tools" / "demo_logo.png"


def dress(env, ids):
    """Give everything in a shop (see shop_data.build) a name to be looked at."""
    env.company.write({"name": COMPANY, "logo": base64.b64encode(LOGO.read_bytes())})
    people(env)
    goods(env, ids)
    stores = env["member.store"].create(
        [{"name": store, "code": code, "tz": ZONE} for code, store in STORES.items()]
    )
    for number, till in enumerate(ids["tills"]):
        config = env["pos.config"].browse(till["config"])
        store = stores[number % 2]
        config.write(
            {
                "name": f"{store.name} {number // 2 + 1}",
                "member_store_id": store.id,
                "show_product_images": False,
            }
        )
    for number, member in enumerate(ids["members"][: 2 * len(MEMBERS)]):
        partner = env["res.partner"].browse(member["id"])
        partner.write(
            {
                "name": MEMBERS[number // 2][number % 2],
                "lang": ("en_US", "zh_CN")[number % 2],
                "phone": f"+86 138 0013 80{number + 1:02}",
                "member_store_id": stores[number % 2].id,
            }
        )


def people(env):
    """Make the users of both languages; supervisors may approve at a till."""
    cashier = env["res.users"].search([("login", "=", CASHIER)])
    cashier.write({"name": "Guo Ning", "tz": ZONE})
    for login, name, lang, role in USERS:
        user = cashier.copy(
            {
                "name": name,
                "login": login,
                "lang": lang,
                "password": PASSWORD,
                "tz": ZONE,
            }
        )
        user.group_ids = [Command.set(env.ref(f"member_card.group_member_{role}").ids)]
        if role == "supervisor":
            env["member.approval.pin"]._set(user.partner_id, APPROVAL_PIN)


def goods(env, ids):
    """Name the products and the means of payment, and add some to choose from."""
    for key, (english, chinese) in GOODS.items():
        product = env["product.product"].browse(ids["products"][key])
        name(product.product_tmpl_id, english, chinese)
    sample = env["product.product"].browse(ids["products"]["tea"])
    for english, chinese, price in MORE_GOODS:
        product = sample.copy({"list_price": price})
        name(product.product_tmpl_id, english, chinese)
    # in SQL: Odoo renames no method of an open session
    for english, chinese in METHODS.items():
        env.cr.execute(
            "UPDATE pos_payment_method SET name = name || jsonb_build_object(%s, %s)"
            " WHERE name ->> 'en_US' = %s",
            ["zh_CN", chinese, english],
        )


def rewards(env, ids):
    """Offer what points buy: one of each kind, and one that is out of reach."""
    for english, chinese, vals in REWARDS:
        product_id = ids["products"].get(vals.get("product_id"))
        reward = env["member.reward"].create(
            {**vals, "name": english, "product_id": product_id}
        )
        name(reward, english, chinese)


def give_points(env, partner_id, points):
    """Credit points of which some run out soon."""
    asset = env.company._member_asset("points")
    end = fields.Datetime.now() + timedelta(days=20)
    for part, expires_at in ((points // 5, end), (points - points // 5, None)):
        ledger.post(
            env,
            [
                ledger.Intent(
                    partner_id=partner_id,
                    asset_id=asset.id,
                    amount=part,
                    kind="award",
                    request_key=f"award:{partner_id}:{part}",
                    expires_at=expires_at,
                )
            ],
        )
    env.cr.commit()


def give_coupon(env, partner_id):
    """Give the member a coupon that is good for two weeks."""
    program = env["loyalty.program"].create(
        {
            "name": "Birthday",
            "program_type": "coupons",
            "reward_ids": [Command.create({"discount": 10})],
            "coupon_ids": [
                Command.create(
                    {
                        "partner_id": partner_id,
                        "points": 1,
                        # without letters: those that are drawn may look like words
                        "code": f"0442-{partner_id:08}",
                        "expiration_date": fields.Date.today() + timedelta(days=14),
                    }
                )
            ],
        }
    )
    name(program, "Birthday", "生日券")


def name(record, english, chinese):
    record.with_context(lang="en_US").name = english
    record.with_context(lang="zh_CN").name = chinese
