"""Who may do what with the models of this add-on; see common_rights.Access."""

from odoo.addons.member_card.tests.common_rights import Access

RIGHTS = {
    # right: the roles that bring it
    "redeem": "cashier supervisor manager",
    "points_setup": "manager",
}

MATRIX = {
    # set up
    "member.class.rule": Access(
        read="user", change="points_setup", company="company_id"
    ),
    "member.point.rule": Access(
        read="read_ledger reports points_setup",
        change="points_setup",
        company="company_id",
        is_shared=True,
    ),
    "member.reward": Access(read="user", change="points_setup", company="company_id"),
    # what happened
    "member.class.review": Access(read="points_setup reports", company="company_id"),
    "member.class.review.line": Access(
        read="points_setup reports", company="review_id.company_id"
    ),
    "member.point.earning": Access(
        read="read_ledger", company="company_id", store="store_id"
    ),
    "member.point.earning.line": Access(
        read="read_ledger",
        company="earning_id.company_id",
        store="earning_id.store_id",
    ),
    "member.point.warning": Access(read="read_ledger", company="company_id"),
    "member.redemption": Access(
        read="award read_ledger redeem reports",
        company="company_id",
        store="store_id",
    ),
    "member.points.outstanding": Access(read="reports", company="company_id"),
    "member.points.report": Access(
        read="reports", company="company_id", store="store_id"
    ),
    "member.loyalty.import": Access(
        read="points_setup", change="points_setup", company="company_id"
    ),
    "member.loyalty.import.line": Access(
        read="points_setup", company="import_id.company_id"
    ),
    # what counts for the engine alone
    "member.point.cap": Access(),
    # wizards
    "member.class.change": Access(read="edit", write="edit", create="edit"),
    "member.point.award": Access(read="award", write="award", create="award"),
    "member.point.simulation": Access(
        read="read_ledger points_setup",
        write="read_ledger points_setup",
        create="read_ledger points_setup",
    ),
    "member.point.simulation.line": Access(
        read="read_ledger points_setup", change="read_ledger points_setup"
    ),
    "member.points.period": Access(read="reports", write="reports", create="reports"),
    "member.points.provision": Access(
        read="reports", write="reports", create="reports"
    ),
    "member.points.provision.line": Access(read="reports", change="reports"),
    "member.redeem": Access(read="redeem", write="redeem", create="redeem"),
    "member.redemption.return": Access(read="award", write="award", create="award"),
}
