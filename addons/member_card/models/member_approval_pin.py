from odoo import models

from ..refusals import PinError


class MemberApprovalPin(models.Model):
    """The PIN by which a user approves at somebody else's till.

    It is the user's own and not the one of the employee in POS, whose hash every
    browser knows. Kept, counted and locked as members' PINs are, in a table of its own:
    a supervisor who is a member too pays with another one.
    """

    _name = "member.approval.pin"
    _inherit = "member.pin"
    _description = "Approval PIN"
    _log_action = "approval_pin_set"

    def _none(self):
        return PinError(
            "no_pin",
            self.env._(
                "This approver has no approval PIN yet. It is set under My "
                "Preferences, Security."
            ),
        )

    def _locked(self, until):
        refusal = super()._locked(until)
        return PinError(
            "locked",
            self.env._(
                "Too many wrong PINs: this approver is locked for some minutes. Ask "
                "another one, or let them set a new PIN under My Preferences, Security."
            ),
            attempts_left=0,
            locked_until=refusal.locked_until,
        )
