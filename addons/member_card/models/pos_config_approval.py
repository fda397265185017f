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
    def member_approve(
        self, approver_id, pin, act, amount=0, subject_uuid=False, about=False
    ):
        """Approve a privileged act once: `approver_id` has the right and knows the PIN.

        Without an approver it asks who could: a user who has the right gets the token
        at once, everybody else "approver_needed", the `text` of what is to be agreed to
        and the `approvers` to choose from.

        :param amount: the limit: percent of a discount, the new price, or money.
        :param subject_uuid: the order or line that it is for, where there is one.
        :param about: what it is for, as `_member_approval_subject` reads it; for
            anything else it will not be good.
        :return: "ok" with the `token`, or a refusal; each is in the operator log.
        """
        approvals = self.env["member.approval"]
        right = approvals._right(act)
        amount = self._member_limit(amount)
        subject_uuid = (
            str(self._member_request_key(subject_uuid)) if subject_uuid else False
        )
        subject = self._member_approval_subject(
            act, amount, about if isinstance(about, dict) else {}
        )
        approver = self.env.user
        if not approver._member_may(right):
            approvers = approvals._approvers(act, self)
            if not approver_id:
                return self._member_approvers(approvers, subject)
            approver = approvers.filtered(lambda user: user.id == approver_id)
            self._member_check_approver(approver, pin, act, subject)
        token = approvals._grant(act, approver, self, subject, amount, subject_uuid)
        self._member_log_approval("approval", approver, act, subject)
        return {"status": "ok", "token": token, "approver": approver.name}

    def _member_approvers(self, approvers, subject):
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
            "text": self._member_approval_question(subject),
            "approvers": [{"id": user.id, "name": user.name} for user in approvers],
        }

    def _member_approval_question(self, subject):
        """Say what is to be agreed to, and with whom: names are shown and not kept."""
        # sudo: the till shows its customer's name and number anyway
        partner = (subject.partner or self.env["res.partner"]).sudo()
        words = (subject.text, subject.more, partner.name, partner.member_number)
        return " · ".join(filter(None, words))

    def _member_check_approver(self, approver, pin, act, subject):
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
                self._member_log_approval("approval_refused", approver, act, subject)
            raise

    def _member_log_approval(self, action, approver, act, subject):
        """Write down who asked (the user), whom, for what, and at which till."""
        acts = dict(
            self.env["member.approval"]._fields["act"]._description_selection(self.env)
        )
        self.env["member.operator.log"]._log(
            action,
            partner=subject.partner,
            till=self,
            detail=self.env._(
                "%(act)s: %(what)s; approver: %(approver)s",
                act=acts[act],
                what=subject.text,
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
