from math import isfinite

from odoo import api, models

from ..till import TillRefusal, till_verb


class PosConfig(models.Model):
    """The till's verb by which a supervisor approves what the cashier may not do."""

    _inherit = "pos.config"

    @api.model
    def _load_pos_data_read(self, records, config):
        read_records = super()._load_pos_data_read(records, config)
        if read_records:
            # sudo: a setting of the head office, which the cashier may not read
            root = config.company_id._member_root().sudo()
            read_records[0]["_member_discount_limit"] = (
                root.member_discount_limit if root.member_approve_discounts else False
            )
        return read_records

    @till_verb
    def member_approve(self, approver_id, pin, act, amount=0, subject_uuid=False):
        """Approve a privileged act once: `approver_id` has the right and knows the PIN.

        Without an approver it asks who could: a user who has the right gets the token
        at once, everybody else "approver_needed" and the `approvers` to choose from.

        :param amount: the limit: percent of a discount, the new price, or money.
        :param subject_uuid: the order or line that it is for, where there is one.
        :return: "ok" with the `token`, or a refusal; each is in the operator log.
        """
        approvals = self.env["member.approval"]
        right = approvals._right(act)
        amount = self._member_limit(amount)
        subject_uuid = (
            str(self._member_request_key(subject_uuid)) if subject_uuid else False
        )
        approver = self.env.user
        if not approver._member_may(right):
            approvers = approvals._approvers(act, self)
            if not approver_id:
                return self._member_approvers(approvers)
            approver = approvers.filtered(lambda user: user.id == approver_id)
            self._member_check_approver(approver, pin, act, amount)
        token = approvals._grant(act, approver, self, amount, subject_uuid)
        self._member_log_approval("approval", approver, act, amount)
        return {"status": "ok", "token": token, "approver": approver.name}

    def _member_approvers(self, approvers):
        if not approvers:
            raise TillRefusal(
                "no_approver",
                self.env._(
                    "Nobody can approve this yet. A supervisor sets an approval PIN "
                    "under My Preferences, Security."
                ),
            )
        return {
            "status": "approver_needed",
            "message": self.env._("This needs a supervisor's approval."),
            "approvers": [{"id": user.id, "name": user.name} for user in approvers],
        }

    def _member_check_approver(self, approver, pin, act, amount):
        if not approver:
            raise TillRefusal(
                "forbidden",
                self.env._("This person cannot approve this. Choose another one."),
            )
        try:
            # sudo: no one may read PINs; verifying one tells nothing but yes or no
            self.env["member.approval.pin"].sudo()._verify(
                approver.partner_id, pin, till=self
            )
        except Exception as error:
            if getattr(error, "code", None) in ("wrong_pin", "locked"):
                self._member_log_approval("approval_refused", approver, act, amount)
            raise

    def _member_log_approval(self, action, approver, act, amount):
        """Write down who asked (the user), whom, for what, and at which till."""
        acts = dict(
            self.env["member.approval"]._fields["act"]._description_selection(self.env)
        )
        self.env["member.operator.log"]._log(
            action,
            till=self,
            detail=self.env._(
                "%(act)s, limit %(amount)s, approver: %(approver)s",
                act=acts[act],
                amount=f"{amount:.2f}",
                approver=approver.name,
            ),
        )

    def _member_limit(self, amount):
        if (
            isinstance(amount, bool)
            or not isinstance(amount, (int, float))
            or not isfinite(amount)
            or amount < 0
        ):
            raise TillRefusal(
                "invalid_amount", self.env._("Enter zero or a positive number.")
            )
        return amount
