"""Who may do what with the models of this add-on; see common_rights.Access."""

from odoo.addons.member_card.tests.common_rights import Access

RIGHTS = {
    # right: the roles that bring it
    "card_encode": "supervisor manager",
    "hw_setup": "manager",
}

MATRIX = {
    # computers: paired by a code, their devices told by themselves
    "member.hw.agent": Access(
        read="user",
        write="hw_setup",
        unlink="hw_setup",
        company="company_id",
        store="store_id",
    ),
    "member.hw.device": Access(read="user", company="company_id", store="store_id"),
    "member.hw.terminal": Access(
        read="hw_setup reports",
        company="company_id",
        is_of_one=True,
        store="store_id",
    ),
    # cards at the writer: written by their verbs alone
    "member.card.encoding": Access(
        read="card_encode", company="company_id", store="store_id"
    ),
    "member.card.encoding.line": Access(
        read="card_encode", company="company_id", store="store_id"
    ),
    # what guards them
    "member.hw.nonce": Access(),
    "member.hw.pairing": Access(),
    # wizards
    "member.card.encoding.start": Access(
        read="card_encode", write="card_encode", create="card_encode"
    ),
    "member.hw.assign": Access(read="hw_setup", write="hw_setup", create="hw_setup"),
}
