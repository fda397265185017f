"""Build the shop that the spanning tests sell in. Runs inside Odoo (run_in_odoo).

A company in Chinese yuan, tills with open sessions, a cashier, and members with cards,
PINs and money. Everything goes through the product's own verbs, as real users would.
"""

from odoo import Command, fields

from odoo.addons.member_card import ledger

CASHIER = "till_cashier"
CASHIER_PASSWORD = "till_cashier_password"
PIN = "2580"
MEMBER_CLASS = "stored_value"


def build(env, *, tills, members, money):
    """Make the shop and return its ids; `money` is what each member starts with."""
    company = env.company
    china(env, company)
    company._member_setup()
    cashier = make_cashier(env, company)
    tax = included_tax(env, company)
    answer = {
        "company": company.id,
        "assets": {
            kind: company._member_asset(kind).id
            for kind in ("principal", "bonus", "points")
        },
        "products": {
            "ticket": make_product(env, "Ticket", 104, tax),
            "tea": make_product(env, "Tea", 10, tax),
            "topup": company.member_topup_product_id.id,
        },
        "tax": tax.id,
        "tills": [make_till(env, company, cashier, n) for n in range(1, tills + 1)],
        "members": make_members(env, members, money),
        "accounts": accounts(company),
    }
    env.cr.commit()
    return answer


def china(env, company):
    """Turn the company of the template into a Chinese one, in yuan."""
    company.country_id = env.ref("base.cn")
    env["account.chart.template"].try_loading("cn", company, install_demo=False)
    if company.currency_id.name != "CNY":
        raise AssertionError(f"the company is in {company.currency_id.name}")


def accounts(company):
    """Return the accounts that the books of a till touch."""
    return {
        "deposits": company.member_deposit_account_id.id,
        "discounts": company.member_discount_account_id.id,
        "receivable": company.account_default_pos_receivable_account_id.id,
        "income": company.income_account_id.id,
        "tax": included_tax(
            company.env, company
        ).invoice_repartition_line_ids.account_id.id,
    }


def included_tax(env, company):
    """Return a 13 % VAT that is part of the price, as shops in China quote it."""
    known = env["account.tax"].search(
        [("name", "=", "13% included"), ("company_id", "=", company.id)]
    )
    if known:
        return known
    usual = env["account.chart.template"].ref("l10n_cn_sales_excluded_13")
    return usual.copy(
        {"name": "13% included", "price_include_override": "tax_included"}
    )


def make_cashier(env, company):
    return (
        env["res.users"]
        .with_context(no_reset_password=True)
        .create(
            {
                "name": "Cai Yun",
                "login": CASHIER,
                "password": CASHIER_PASSWORD,
                "company_id": company.id,
                "company_ids": [Command.set(company.ids)],
                "group_ids": [
                    Command.set(env.ref("member_card.group_member_cashier").ids)
                ],
            }
        )
    )


def make_product(env, name, price, tax):
    product = env["product.product"].create(
        {
            "name": name,
            "type": "service",
            "list_price": price,
            "available_in_pos": True,
            "taxes_id": [Command.set(tax.ids)],
        }
    )
    return product.id


def make_till(env, company, cashier, number):
    """Return the ids of a till with an open session and methods of its own."""
    journal = env["account.journal"].create(
        {"name": f"Cash {number}", "type": "cash", "code": f"T{number}"}
    )
    bank_journal = env["account.journal"].search(
        [("type", "=", "bank"), ("company_id", "=", company.id)], limit=1
    )
    methods = env["pos.payment.method"]
    cash = methods.create({"name": "Cash", "journal_id": journal.id})
    bank = methods.create({"name": "Bank card", "journal_id": bank_journal.id})
    wallets = methods.search(
        [("company_id", "=", company.id), ("member_asset_id", "!=", False)]
    )
    till = env["pos.config"].create(
        {
            "name": f"Till {number}",
            "payment_method_ids": [Command.set((cash | bank | wallets).ids)],
        }
    )
    return {
        "config": till.id,
        "session": open_session(till.with_user(cashier)),
        "cash": cash.id,
        "bank": bank.id,
        "wallet": wallets.filtered(lambda m: m.member_asset_id.kind == "principal").id,
        "wallet_bonus": wallets.filtered(
            lambda m: m.member_asset_id.kind == "bonus"
        ).id,
    }


def open_session(till):
    """Open a session as the user of `till` and return its id."""
    till.open_ui()
    session = till.current_session_id
    session.set_opening_control(0, "")
    return session.id


def make_members(env, count, money):
    """Return the ids and cards of `count` members with a PIN and `money` each."""
    member_class = env.ref(f"member_card.member_class_{MEMBER_CLASS}")
    partners = env["res.partner"].create(
        [{"name": f"Member {number:03}"} for number in range(1, count + 1)]
    )
    partners._member_register({"member_class_id": member_class.id})
    answer = []
    for partner in partners:
        env["member.pin"]._set(partner, PIN)
        card = env["member.card"]._issue(partner)
        answer.append({"id": partner.id, "name": partner.name, "card": card.number})
    if money:
        give(env, partners, money)
    return answer


def give(env, partners, money, kind="principal"):
    """Credit members as opening balances, committed and applied."""
    asset = env.company._member_asset(kind)
    ledger.post(
        env,
        [
            ledger.Intent(
                partner_id=partner.id,
                asset_id=asset.id,
                amount=str(money),
                kind="opening",
                request_key=f"opening:{partner.id}:{fields.Datetime.now()}",
            )
            for partner in partners
        ],
    )
    env.cr.commit()
