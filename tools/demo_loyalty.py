"""What members of the demo earn and what they get for it; see docs/demo.md.

`set_up` makes rules, gifts and the class rule as the manager makes them, `give_points`
what members bring from before, by hand, and `add_events` adds to a month's evenings
that members spend them, and that one of them rises.
"""

from datetime import date, timedelta
from random import Random

from odoo import Command

from tools import demo_pictures

SETTINGS = {
    "member_point_value": 0.01,
    "member_point_redemption_rate": 80,
    "member_points_pin_from": 1000,
}

#: name, Chinese, what is special beside one point for each yuan
RULES = (
    (
        "Member day",
        "会员日",
        {"effect": "multiplier", "multiplier": 2, "friday": True},
    ),
    (
        "Every programme",
        "买节目册",
        {"mode": "unit", "rate_points": 10, "products": ("Programme",)},
    ),
)

#: name, Chinese, kind, points, motif and colour of the picture, what else
GIFTS = (
    ("Money off", "积分抵现", "discount", 0, ("coins", "#f7dfae"),
     {"points_per_unit": 100, "min_points": 100}),
    ("Postcard Set", "明信片套装", "gift", 1500, ("postcard", "#bcd8c1"), {}),
    ("Key Ring", "脸谱钥匙扣", "gift", 2000, ("key_ring", "#f2d0a4"),
     {"limit_per_member": 1}),
    ("Tote Bag", "帆布袋", "gift", 4000, ("bag", "#d6c9e8"), {"total_quantity": 20}),
    ("Tea for points that expire", "即将到期积分换龙井", "gift", 300,
     ("tea", "#cfe3c8"),
     {"product": "Longjing Tea", "expiring_within_days": 60, "store": "BAR"}),
    ("Bonus money", "赠送金 10 元", "bonus", 900, ("coins", "#cfdcf2"),
     {"bonus_amount": 10}),
    ("A fifth off the next visit", "下次八折券", "coupon", 600, ("coupon", "#f4c9c1"),
     {"coupon_days": 60}),
)  # fmt: skip

#: running numbers of members, points, days from today until they expire, reason
GRANTS = (
    ((1,), 2400, None, "Points of the old card"),
    ((1, *range(8, 18)), 400, 45, "A hundred years of the theatre"),
    (range(8, 18), 3000, None, "Points of the old card"),
    (range(26, 33), 900, None, "Points of the old card"),
)

#: a member who buys many presents on a member day, and is a better one then
CLIMBER = 28
PRESENTS = ("Silk Scarf", "Opera Glasses", "Cast Recording (CD)", "T-shirt")

#: running number of a member → birthday, whose points count double
BIRTHDAYS = {
    8: date(1985, 3, 14),
    9: date(1992, 2, 29),
    10: date(1978, 11, 2),
    26: date(2000, 7, 23),
}


def set_up(demo):
    """Make what earns points, what they buy, and who becomes what by them."""
    demo.company.write(SETTINGS)
    # points live to the end of next year
    demo.company._member_asset("points").write(
        {"expiry_policy": "year_end", "expiry_years": 1}
    )
    env = demo.as_user("manager")
    birthday = env.ref("member_loyalty.member_point_rule_birthday")
    birthday.active = True
    demo.in_chinese(env.ref("member_loyalty.member_point_rule_sales"), "消费积分")
    demo.in_chinese(birthday, "生日双倍")
    for name, chinese, values in RULES:
        products = [
            demo.products[each].product_tmpl_id.id
            for each in values.get("products", ())
        ]
        rule = env["member.point.rule"].create(
            {
                "name": name,
                "company_id": demo.company.id,
                "product_tmpl_ids": [Command.set(products)],
                **{key: each for key, each in values.items() if key != "products"},
            }
        )
        demo.in_chinese(rule, chinese)
    env["member.class.rule"].create(
        {
            "company_id": demo.company.id,
            "class_id": env.ref("member_card.member_class_discount").id,
            "metric": "points_earned",
            "threshold": 1000,
        }
    )
    demo.gifts = {gift[0]: add_gift(demo, env, *gift) for gift in GIFTS}


def add_gift(demo, env, name, chinese, kind, points, picture, values):
    """Put one gift on offer, with its picture."""
    values = dict(values)
    if kind == "gift":
        values["product_id"] = demo.products[values.pop("product", name)].id
    if kind == "coupon":
        values["program_id"] = coupon_program(demo).id
    if store := values.pop("store", None):
        values["store_ids"] = [Command.set(demo.stores[store].ids)]
    gift = env["member.reward"].create(
        {
            "name": name,
            "company_id": demo.company.id,
            "kind": kind,
            "points_cost": points,
            "image_1920": demo_pictures.picture(*picture),
            **values,
        }
    )
    demo.in_chinese(gift, chinese)
    return gift


def coupon_program(demo):
    """Return Odoo's own program of coupons, which members get for points."""
    program = demo.env["loyalty.program"].create(
        {
            "name": "A fifth off",
            "program_type": "coupons",
            "trigger": "with_code",
            "applies_on": "current",
            "company_id": demo.company.id,
            "rule_ids": [Command.clear(), Command.create({"minimum_qty": 0})],
            "reward_ids": [
                Command.clear(),
                Command.create({"reward_type": "discount", "discount": 20}),
            ],
        }
    )
    demo.in_chinese(program, "八折券")
    return program


def give_points(demo, today):
    """Have a supervisor give members what they bring, some of it for a short time."""
    env = demo.as_user("supervisor")
    for numbers, points, days, reason in GRANTS:
        env["member.point.award"].create(
            {
                "partner_ids": [
                    Command.set([demo.members[each].id for each in numbers])
                ],
                "points": points,
                "expiry_date": days and today + timedelta(days=days),
                "reason": reason,
            }
        ).action_confirm()
        env.cr.commit()
    for running, birthday in BIRTHDAYS.items():
        # sudo: a customer of the shop tells it, whoever writes it down
        demo.members[running].sudo().birthdate_date = birthday


def add_events(evenings):
    """Add to a month's evenings that members spend points, and that one rises."""
    member_day = [each for each in evenings if each.day.weekday() == 4][-2]
    member_day.events.append(("sell", (CLIMBER, PRESENTS, "card")))
    random = Random(2027)
    for evening in evenings[len(evenings) // 3 :]:
        if random.random() < 0.4:
            gifts = [
                gift[0]
                for gift in GIFTS
                if gift[5].get("store", evening.store) == evening.store
            ]
            who = random.choice(range(8, 18))
            evening.events.append(("redeem", (who, random.choice(gifts))))
