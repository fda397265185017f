"""Who may do what with the models of this add-on; see common_rights.Access."""

from .common_rights import Access

RIGHTS = {
    # right: the roles that bring it
    "register": "cashier supervisor manager",
    "edit": "supervisor manager",
    "cancel": "supervisor manager",
    "card_issue": "cashier supervisor manager",
    "card_freeze": "supervisor manager",
    "card_replace": "supervisor manager",
    "card_manage": "supervisor manager",
    "topup": "cashier supervisor accountant manager",
    "cashout": "supervisor accountant manager",
    "discount": "supervisor manager",
    "refund": "supervisor manager",
    "adjust": "accountant manager",
    "award": "supervisor manager",
    "read_ledger": "supervisor accountant manager",
    "hold_release": "supervisor manager",
    "all_stores": "accountant manager",
    "reports": "supervisor accountant manager",
    "export": "accountant manager",
}

MATRIX = {
    # set up
    "member.class": Access(
        read="user", change="manager", company="company_id", is_shared=True
    ),
    "member.store": Access(read="user", change="manager", company="company_id"),
    "member.asset": Access(read="user", company="company_id"),
    "member.right": Access(read="manager"),
    # members and cards
    "member.card": Access(read="register card_issue read_ledger", company="company_id"),
    "member.identity": Access(read="register", company="company_id"),
    "member.class.assignment": Access(
        read="register read_ledger", company="company_id"
    ),
    "member.timeline": Access(
        read="read_ledger", company="company_id", store="store_id"
    ),
    # the ledger: written by its verbs alone
    "member.balance": Access(read="register read_ledger", company="company_id"),
    "member.entry": Access(
        read="read_ledger", company="balance_id.company_id", store="store_id"
    ),
    "member.entry.link": Access(
        read="read_ledger", company="entry_id.balance_id.company_id"
    ),
    "member.hold": Access(
        read="read_ledger", company="balance_id.company_id", store="store_id"
    ),
    "member.lot": Access(read="read_ledger", company="balance_id.company_id"),
    "member.lot.use": Access(
        read="read_ledger", company="lot_id.balance_id.company_id"
    ),
    "member.posting": Access(
        read="read_ledger", company="asset_id.company_id", store="store_id"
    ),
    "member.ledger.check": Access(read="read_ledger"),
    # what happened
    "member.operator.log": Access(
        read="edit reports", company="company_id", store="store_id"
    ),
    "member.approval": Access(read="reports", company="company_id", is_of_one=True),
    "member.exception": Access(
        read="read_ledger adjust supervisor",
        write="adjust supervisor",
        company="company_id",
        is_of_one=True,
    ),
    "member.price.exception": Access(
        read="reports discount",
        write="discount",
        company="company_id",
        is_of_one=True,
        store="store_id",
    ),
    "member.wallet.report": Access(
        read="reports", company="company_id", store="store_id"
    ),
    # secrets and what guards them
    "member.approval.pin": Access(),
    "member.pin": Access(),
    "member.pin.failure": Access(),
    "member.pinless.use": Access(),
    "member.till.request": Access(),
    # wizards
    "member.approval.pin.wizard": Access(read="user", write="user", create="user"),
    "member.card.issue": Access(
        read="card_issue card_replace",
        write="card_issue card_replace",
        create="card_issue card_replace",
    ),
    "member.hold.release": Access(
        read="hold_release", write="hold_release", create="hold_release"
    ),
    "member.period.report": Access(read="reports", write="reports", create="reports"),
    "member.identity.wizard": Access(
        read="register", write="register", create="register"
    ),
    "member.pin.wizard": Access(read="register", write="register", create="register"),
    "member.reconciliation": Access(
        read="read_ledger", write="read_ledger", create="read_ledger"
    ),
    "member.reconciliation.exception": Access(read="read_ledger", change="read_ledger"),
    "member.reconciliation.line": Access(read="read_ledger", change="read_ledger"),
    "member.registration": Access(read="register", write="register", create="register"),
    "member.topup": Access(read="topup", write="topup", create="topup"),
}
