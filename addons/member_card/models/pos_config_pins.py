from odoo import models

from ..till import TillRefusal, till_verb


class PosConfig(models.Model):
    """The till's verbs about PINs: set, change, reset, end a lock-out.

    Who knows the PIN changes it; the first one takes the right to register. Setting
    another one without the old, and ending a lock-out, is a supervisor's: by right or
    by an approval for "pin_reset".
    """

    _inherit = "pos.config"

    @till_verb
    def member_pin_set(self, partner_id, pin, old_pin=False, approval=False):
        """Give the member a PIN: the first one, another one, or a new start.

        :param old_pin: what the member types who knows it; False when it is forgotten.
        :param approval: a supervisor's, when the PIN is forgotten.
        :return: the member's figures as they are now.
        """
        partner = self._member_active(partner_id)
        pins = self.env["member.pin"]
        pins._check_new(pin)
        if not partner.member_has_pin:
            self._member_require("register")
            pins._set(partner, pin, till=self, detail=self.env._("First PIN"))
        elif old_pin is not False:
            self._member_check_pin(partner, old_pin)
            detail = self.env._("By the member, who knew the old one")
            pins._set(partner, pin, till=self, detail=detail)
        else:
            detail = self._member_pin_reset_right(approval)
            pins._set(partner, pin, till=self, detail=detail)
        return self._member_figured(partner)

    @till_verb
    def member_pin_unlock(self, partner_id, approval=False):
        """End the lock-out after wrong PINs; the PIN stays as it is.

        :return: the member's figures as they are now.
        """
        partner = self._member_of_till(partner_id)
        detail = self._member_pin_reset_right(approval)
        self.env["member.pin"]._unlock(partner, till=self, detail=detail)
        return self._member_figured(partner)

    def _member_pin_reset_right(self, approval):
        """Let a supervisor or an approval pass; return a note of who it was."""
        if not approval and not self._member_may("edit"):
            raise TillRefusal(
                "approval_needed",
                self.env._(
                    "A forgotten or locked PIN is a supervisor's matter. Ask one to "
                    "approve it."
                ),
            )
        used = self.env["member.approval"]._use(approval, "pin_reset", self)
        approver = used.approver_id or self.env.user
        return self.env._("Approved by %(name)s", name=approver.name)
