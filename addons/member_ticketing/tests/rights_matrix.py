"""Who may do what with the models of this add-on; see common_rights.Access."""

from odoo.addons.member_card.tests.common_rights import Access

GROUPS = {"event_user": "event.group_event_user"}

RIGHTS = {
    # right: the roles that bring it
    "ticket_sell": "cashier clerk supervisor manager",
    "ticket_process": "cashier clerk supervisor manager",
    "external_purchase": "clerk supervisor manager",
    "ticket_free": "supervisor manager",
    "ticket_policy_change": "supervisor manager",
    "ticket_setup": "manager",
    # of the card
    "register": "clerk",
    "card_issue": "clerk",
}

MATRIX = {
    # set up
    "member.ticket.policy": Access(
        read="ticket_sell ticket_setup event_user reports",
        change="ticket_setup",
        company="company_id",
        is_shared=True,
    ),
    # what happened
    "member.till.ticket": Access(
        read="manager", company="config_id.company_id", is_of_one=True
    ),
    "member.ticket.exception": Access(
        read="ticket_process reports supervisor",
        write="supervisor",
        company="company_id",
        is_of_one=True,
        store="store_id",
    ),
}
