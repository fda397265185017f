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
    # handing over, the record, bought elsewhere
    "member.ticket.issue": Access(read="ticket_process", change="ticket_process"),
    "member.ticket.purchase": Access(
        read="ticket_sell ticket_process read_ledger reports",
        company="company_id",
        is_shared=True,
        store="store_id",
    ),
    "member.external.purchase": Access(
        read="external_purchase reports",
        change="external_purchase",
        company="company_id",
        store="store_id",
    ),
    "member.external.seller": Access(
        read="external_purchase reports ticket_setup",
        write="external_purchase ticket_setup",
        create="external_purchase ticket_setup",
        unlink="ticket_setup",
        company="company_id",
        is_shared=True,
    ),
    "member.external.cancel": Access(
        read="external_purchase", change="external_purchase"
    ),
    "member.external.import": Access(
        read="external_purchase", change="external_purchase"
    ),
    "member.external.import.line": Access(
        read="external_purchase", change="external_purchase"
    ),
}
