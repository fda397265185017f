from . import (
    base_partner_merge,
    member_approval_pin_wizard,
    member_card_issue,
    member_hold_release,
    member_identity_wizard,
    member_period_mixin,
    member_period_report,
    member_pin_wizard,
    member_reconciliation,
    member_registration,
    member_topup,
)
