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
    "member.external.seller": Access(
        read="external_purchase reports ticket_setup",
        write="external_purchase ticket_setup",
        create="external_purchase ticket_setup",
        unlink="ticket_setup",
        company="company_id",
        is_shared=True,
    ),
    # seats: written by their verbs alone
    "member.seat.counter": Access(
        read="ticket_setup reports",
        company="event_id.company_id",
        is_of_one=True,
        is_shared=True,
    ),
    "member.seat.hold": Access(
        read="ticket_process ticket_setup",
        company="counter_id.event_id.company_id",
        is_of_one=True,
        is_shared=True,
    ),
    "member.seat.move": Access(
        read="ticket_setup",
        company="event_id.company_id",
        is_of_one=True,
        is_shared=True,
    ),
    "member.seat.claim": Access(),
    "member.ticket.form": Access(),
    # what happened
    "member.till.ticket": Access(
        read="manager", company="config_id.company_id", is_of_one=True
    ),
    "member.external.purchase": Access(
        read="external_purchase reports",
        change="external_purchase",
        company="company_id",
        store="store_id",
    ),
    "member.ticket.exception": Access(
        read="ticket_process reports supervisor",
        write="supervisor",
        company="company_id",
        is_of_one=True,
        store="store_id",
    ),
    "member.ticket.purchase": Access(
        read="read_ledger ticket_process ticket_sell reports",
        company="company_id",
        is_shared=True,
        store="store_id",
    ),
    "member.ticket.report": Access(
        read="reports", company="company_id", is_of_one=True, store="store_id"
    ),
    # wizards
    "member.external.cancel": Access(
        read="external_purchase", change="external_purchase"
    ),
    "member.external.import": Access(
        read="external_purchase", change="external_purchase"
    ),
    "member.external.import.line": Access(
        read="external_purchase", change="external_purchase"
    ),
    "member.ticket.issue": Access(read="ticket_process", change="ticket_process"),
    "member.ticket.period": Access(read="reports", write="reports", create="reports"),
    "member.ticket.policy.copy": Access(
        read="ticket_setup", write="ticket_setup", create="ticket_setup"
    ),
    "member.ticket.prolong": Access(
        read="ticket_process", write="ticket_process", create="ticket_process"
    ),
    "member.ticket.reserve": Access(
        read="ticket_sell", write="ticket_sell", create="ticket_sell"
    ),
    "member.ticket.reserve.line": Access(read="ticket_sell", change="ticket_sell"),
}
