"""The demo company: a theatre with a shop and a bar, in Chinese yuan.

`build(env)` fills a fresh database that has our add-ons, `summary(env)` says what to
try. Everything is done by the verbs that people use, by the people who may: a cashier
registers and issues, a supervisor tops up and blocks, tills sell. It commits as it
goes, because a wallet's money moves in transactions of its own.
"""

import base64
from datetime import datetime, timedelta
from pathlib import Path

from stdnum import ean, luhn

from odoo import Command, fields

from tools import demo_clock, demo_loyalty, demo_month, demo_tickets
from tools import demo_data as data
from tools.demo_till import Till

CARD_PREFIX = "8800"
CAP_NAMED = 5000
CAP_BEARER = 1000
LOGO = Path(__file__).with_name("demo_logo.png")


def build(env):
    """Make the demo company in a database where nothing was sold yet."""
    env = env(context={**env.context, "lang": "en_US", "tracking_disable": True})
    Demo(env).build()


def summary(env):
    """Return what somebody who opens the demo for the first time wants to know."""
    cards = "\n".join(
        f"  {printed(documented_number(member.card))}   {member.name}: {note}"
        for member, note in documented_members()
    )
    logins = ", ".join(["admin", *data.USERS])
    return (
        f"{data.COMPANY}: {' and '.join(data.STORES.values())}\n"
        f"Logins (the password is the login): {logins}\n"
        "  shouyin is a cashier who works in Chinese.\n"
        f"Cards (type or scan at the till; every PIN is {data.PIN}):\n{cards}"
    )


def documented_members():
    """Members whose card number is fixed, with what is special about them."""
    notes = {
        1: "pays from the wallet",
        2: "has too little for most things",
        3: "gets 10 % off, holds no money",
        4: "this card was replaced, twice",
        5: "this card was reported lost",
        6: "is frozen",
        7: "this card is frozen",
    }
    return [(member, notes[member.card]) for member in data.MEMBERS if member.card]


def documented_number(running):
    """Return the fixed card number of a documented member, check digit included."""
    digits = f"{CARD_PREFIX}2026{running:07d}"
    return digits + luhn.calc_check_digit(digits)


def printed(number):
    """Group the digits as on the plastic."""
    return " ".join(number[at : at + 4] for at in range(0, len(number), 4))


class Demo:
    """Builds the demo company step by step; keeps what later steps need."""

    def __init__(self, env):
        self.env = env
        self.company = env.ref("base.main_company")
        self.users, self.stores, self.tills, self.members = {}, {}, {}, {}
        self.gifts = {}

    def build(self):
        self.set_up_company()
        self.add_stores()
        self.add_people()
        self.add_products()
        self.add_tills()
        demo_loyalty.set_up(self)
        demo_tickets.set_up(self)
        self.env.cr.commit()
        today = fields.Date.today()
        with demo_clock.running(self.env) as clock:
            # everybody joined before the month began
            joined = today - timedelta(days=demo_month.DAYS + 2)
            clock.set(datetime.combine(joined, demo_month.OPENS))
            self.register_members()
            # money moves in transactions of its own, which must see the members
            self.env.cr.commit()
            self.top_up()
            demo_loyalty.give_points(self, today)
            demo_month.play(self, clock, demo_month.plan(today))
            demo_tickets.sell_past(self, clock)
        self.sell_today()
        demo_tickets.sell_ahead(self)
        self.tell_stories()
        self.env.cr.commit()

    def as_user(self, login):
        """Return the environment of one of the demo's people, as when signed in."""
        user = self.users[login]
        context = {
            "lang": user.lang,
            "tz": data.TIME_ZONE,
            "allowed_company_ids": self.company.ids,
        }
        return self.env(user=user.id, su=False, context=context)

    def in_chinese(self, record, name):
        record.with_context(lang="zh_CN").name = name

    # === COMPANY === #

    def set_up_company(self):
        """Turn the main company, still empty, into a theatre in Shanghai."""
        china = self.env.ref("base.cn")
        self.company.write(
            {
                "name": data.COMPANY,
                "country_id": china.id,
                "logo": base64.b64encode(LOGO.read_bytes()),
            }
        )
        self.company.partner_id.write(
            {
                "city": "上海",
                "street": "兰亭路 8 号",
                "tz": data.TIME_ZONE,
                "lang": "zh_CN",
            }
        )
        self.env["account.chart.template"].try_loading(
            "cn", company=self.company, install_demo=False
        )
        self.company.write(
            {
                # shops in China show prices with the tax in
                "account_price_include": "tax_included",
                # and what a prepaid card paid is not invoiced to its holder
                "point_of_sale_use_ticket_qr_code": False,
                "member_cap_named": CAP_NAMED,
                "member_cap_bearer": CAP_BEARER,
            }
        )
        self.env.ref("base.user_admin").tz = data.TIME_ZONE
        self.env["website"].search([], limit=1).write(
            {
                "name": data.COMPANY,
                "logo": self.company.logo,
                "language_ids": [
                    Command.link(self.env["res.lang"]._lang_get("zh_CN").id)
                ],
            }
        )

    def add_stores(self):
        for code, name in data.STORES.items():
            self.stores[code] = self.env["member.store"].create(
                {
                    "name": name,
                    "code": code,
                    "company_id": self.company.id,
                    "tz": data.TIME_ZONE,
                }
            )

    def add_people(self):
        """Create the users, who are employees too; cashiers work in both stores."""
        stores = [store.id for store in self.stores.values()]
        for login, (name, lang, role) in data.USERS.items():
            groups = self.env.ref(f"member_card.group_member_{role}")
            if role in ("manager", "supervisor"):
                groups |= self.env.ref("point_of_sale.group_pos_manager")
            if role == "accountant":
                groups |= self.env.ref("account.group_account_user")
            self.users[login] = self.env["res.users"].create(
                {
                    "name": name,
                    "login": login,
                    "password": login,
                    "lang": lang,
                    "tz": data.TIME_ZONE,
                    "company_id": self.company.id,
                    "company_ids": [Command.set(self.company.ids)],
                    "group_ids": [
                        Command.set((self.env.ref("base.group_user") | groups).ids)
                    ],
                    "member_store_ids": [Command.set(stores)],
                }
            )
            if role in ("manager", "supervisor"):
                # so that a cashier finds somebody who approves
                self.env["member.approval.pin"]._set(
                    self.users[login].partner_id, data.PIN
                )
            self.env["hr.employee"].create(
                {
                    "name": name,
                    "user_id": self.users[login].id,
                    "company_id": self.company.id,
                }
            )

    # === GOODS AND TILLS === #

    def add_products(self):
        self.categories = {}
        for code, (name, chinese, color, _store, _vat) in data.CATEGORIES.items():
            self.categories[code] = self.env["pos.category"].create(
                {"name": name, "color": color}
            )
            self.in_chinese(self.categories[code], chinese)
        self.products = {}
        for running, (code, name, chinese, price) in enumerate(data.PRODUCTS, 1):
            digits = f"200{running:09d}"
            product = self.env["product.product"].create(
                {
                    "name": name,
                    "type": "consu",
                    "list_price": price,
                    "barcode": digits + ean.calc_check_digit(digits),
                    "taxes_id": [Command.set(self.vat(data.CATEGORIES[code][4]).ids)],
                    "supplier_taxes_id": [Command.clear()],
                    "available_in_pos": True,
                    "pos_categ_ids": [Command.set(self.categories[code].ids)],
                }
            )
            self.in_chinese(product.product_tmpl_id, chinese)
            self.products[name] = product

    def vat(self, percent):
        return self.env["account.tax"].search(
            [
                ("company_id", "=", self.company.id),
                ("type_tax_use", "=", "sale"),
                ("amount", "=", percent),
            ],
            limit=1,
        )

    def add_tills(self):
        """One till per store, each with its own cash and the shared card terminal."""
        self.bank_journal = self.env["account.journal"].search(
            [("type", "=", "bank"), ("company_id", "=", self.company.id)], limit=1
        )
        bank = self.payment_method("Bank card", "银行卡", self.bank_journal, sequence=1)
        wallets = self.env["pos.payment.method"].search(
            [
                ("company_id", "=", self.company.id),
                ("member_asset_id", "!=", False),
            ]
        )
        for code, store in self.stores.items():
            journal = self.env["account.journal"].create(
                {
                    "name": f"Cash {store.name}",
                    "type": "cash",
                    "code": f"C{code}"[:5],
                    "company_id": self.company.id,
                    "show_on_dashboard": False,
                }
            )
            cash = self.payment_method("Cash", "现金", journal)
            categories = [
                self.categories[category].id
                for category, values in data.CATEGORIES.items()
                if values[3] == code
            ]
            self.tills[code] = self.env["pos.config"].create(
                {
                    "name": store.name,
                    "company_id": self.company.id,
                    "member_store_id": store.id,
                    "payment_method_ids": [Command.set((cash | bank | wallets).ids)],
                    "show_product_images": False,
                    "limit_categories": True,
                    "iface_available_categ_ids": [Command.set(categories)],
                    # the bar's people share one till, and say who sells
                    "module_pos_hr": code == "BAR",
                }
            )

    def payment_method(self, name, chinese, journal, sequence=0):
        method = self.env["pos.payment.method"].create(
            {
                "name": name,
                "sequence": sequence,
                "journal_id": journal.id,
                "company_id": self.company.id,
            }
        )
        self.in_chinese(method, chinese)
        return method

    # === MEMBERS === #

    def register_members(self):
        """The cashiers take everybody's name, hand out cards and PINs."""
        for running, member in enumerate(data.MEMBERS, 1):
            env = self.as_user("shouyin" if running % 2 else "cashier")
            member_class = env.ref(f"member_card.member_class_{member.member_class}")
            action = (
                env["member.registration"]
                .create(
                    {
                        "name": member.name,
                        "phone": f"138 0013 80{running:02d}",
                        "class_id": member_class.id,
                        "store_id": self.stores[member.store].id,
                        "company_id": self.company.id,
                        "issue_card": False,
                    }
                )
                .action_register()
            )
            partner = env["res.partner"].browse(action["res_id"])
            self.members[running] = partner
            if member.card is not None:
                self.issue_card(env, partner, member.card)
            if member.has_pin:
                env["member.pin.wizard"].create(
                    {
                        "partner_id": partner.id,
                        "pin": data.PIN,
                        "pin_again": data.PIN,
                    }
                )

    def issue_card(self, env, partner, running=0, replaces=None):
        env["member.card.issue"].create(
            {
                "partner_id": partner.id,
                "number_source": "type" if running else "generate",
                "number": documented_number(running) if running else False,
                "replaces_id": replaces.id if replaces else False,
            }
        ).action_issue()

    def top_up(self):
        """A supervisor books what came in by bank transfer, with the bonus."""
        env = self.as_user("supervisor")
        for running, member in enumerate(data.MEMBERS, 1):
            if member.topup:
                env["member.topup"].create(
                    {
                        "partner_id": self.members[running].id,
                        "company_id": self.company.id,
                        "amount": member.topup,
                        "bonus_amount": member.bonus,
                        "journal_id": self.bank_journal.id,
                    }
                ).action_confirm()

    def tell_stories(self):
        """Lost, frozen and replaced, as a supervisor does it at the counter."""
        env = self.as_user("supervisor")
        for running, member in enumerate(data.MEMBERS, 1):
            partner = self.members[running].with_env(env)
            card = partner.member_card_ids
            match member.story:
                case "card lost":
                    card.action_report_lost()
                case "card frozen":
                    card.action_freeze()
                case "member frozen":
                    partner.action_member_freeze()
                case "replaced twice":
                    card.action_report_lost()
                    self.issue_card(env, partner, replaces=card)
                    self.issue_card(env, partner, replaces=card.replaced_by_id)

    # === SELLING === #

    def sell_today(self):
        """What the tills sold today: the amounts that docs/demo.md names."""
        for code, orders in data.ORDERS.items():
            till = Till(self, code, "cashier")
            for order in orders:
                till.sell(*order)
            till.close()
