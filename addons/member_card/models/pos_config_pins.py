from odoo import models

from .. import approvals
from ..till import TillRefusal, till_verb


class PosConfig(models.Model):
    """The till's verbs about PINs: set, change, reset, end a lock-out.

    Who knows the PIN changes it; the first one takes the right to register. Setting
    another one without the old, and ending a lock-out, is a supervisor's: by right or
    by an approval for "pin_reset".
    """

    _inherit = "pos.config"

    @till_verb
    def member_pin_set(
        self, partner_id, pin, old_pin=False, approval=False, request_key=False
    ):
        """Give the member a PIN: the first one, another one, or a new start.

        Asked again with the same `request_key` after it was done, since no answer came,
        it answers as if it did it: the old PIN is not the old one any more then, and
        the approval is used.

        :param old_pin: what the member types who knows it; False when it is forgotten.
        :param approval: a supervisor's, when the PIN is forgotten.
        :return: the member's figures as they are now.
        """
        partner = self._member_active(partner_id)
        key = str(self._member_request_key(request_key)) if request_key else ""
        requests = self.env["member.till.request"]
        if done := requests._done(key):
            self._member_check_same(done, partner)
            return self._member_figured(partner)
        pins = self.env["member.pin"]
        pins._check_new(pin)
        detail = self._member_pin_set_right(partner, old_pin, approval)
        if key:
            requests._claim(key).partner_id = partner
        pins._set(partner, pin, till=self, detail=detail)
        return self._member_figured(partner)

    def _member_check_same(self, done, partner):
        """Refuse a key under which something was done for somebody else."""
        if done.partner_id != partner:
            raise TillRefusal(
                "bad_request",
                self.env._("The till asked for something unknown. Reload it."),
            )

    def _member_pin_set_right(self, partner, old_pin, approval):
        """Let who may give the member a PIN pass.

        :return: a note of why it may be.
        """
        if not partner.member_has_pin:
            self._member_require("register")
            return self.env._("First PIN")
        if old_pin is not False:
            self._member_check_pin(partner, old_pin)
            return self.env._("By the member, who knew the old one")
        return self._member_pin_reset_right(partner, approval)

    @till_verb
    def member_pin_unlock(self, partner_id, approval=False):
        """End the lock-out after wrong PINs; the PIN stays as it is.

        :return: the member's figures as they are now.
        """
        partner = self._member_of_till(partner_id)
        detail = self._member_pin_reset_right(partner, approval)
        self.env["member.pin"]._unlock(partner, till=self, detail=detail)
        return self._member_figured(partner)

    def _member_pin_reset_right(self, partner, approval):
        """Let a supervisor or an approval for this very member pass.

        :return: a note of who it was.
        """
        if not approval and not self._member_may("edit"):
            raise TillRefusal(
                "approval_needed",
                self.env._(
                    "A forgotten or locked PIN is a supervisor's matter. Ask one to "
                    "approve it."
                ),
            )
        used = self.env["member.approval"]._use(
            approval, "pin_reset", self, approvals.of_member(partner)
        )
        approver = used.approver_id or self.env.user
        return self.env._("Approved by %(name)s", name=approver.name)
