"""The theatre's website for pictures. Runs inside Odoo (run_in_odoo)."""

from odoo import Command

from tests.screens.cast import PASSWORD
from tests.support.web_shop_data import account


def open_website(env, events, languages, shoppers):
    """Publish these performances in both languages, with payments that are simulated.

    :param languages: codes, the first one is the website's own.
    :param shoppers: `{login: (name, language)}`, members with an account.
    """
    installed = env["res.lang"].search([("code", "in", languages)])
    website = env["website"].search([], limit=1)
    website.write(
        {
            "company_id": env.company.id,
            "show_line_subtotals_tax_selection": "tax_included",
            "language_ids": [Command.set(installed.ids)],
            "default_lang_id": env["res.lang"]._lang_get(languages[0]).id,
        }
    )
    env.ref("payment.payment_provider_demo").write(
        {"company_id": env.company.id, "state": "test", "is_published": True}
    )
    env["event.event"].browse(events).website_published = True
    known = env["res.users"].search([("login", "in", list(shoppers))]).mapped("login")
    for login in shoppers.keys() - set(known):
        name, language = shoppers[login]
        partner = account(env, name, login)
        partner.lang = language
        partner.user_ids.password = PASSWORD
        partner._member_register(
            {"member_class_id": env.ref("member_card.member_class_stored_value").id}
        )
    env.cr.commit()
