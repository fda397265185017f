from decimal import Decimal
from uuid import uuid4

from odoo import api, fields, models
from odoo.exceptions import UserError

from .. import ledger
from ..booking import link_after_commit
from ..topup_bonus import take_bonus_back


class AccountPayment(models.Model):
    """A payment that topped up a wallet stays what it was: the value was given."""

    _inherit = "account.payment"

    member_topup_key = fields.Char(
        "Top-up Key",
        readonly=True,
        copy=False,
        help="Names the top-up that this payment paid, once.",
    )

    _member_topup_key_unique = models.UniqueIndex(
        "(member_topup_key) WHERE member_topup_key IS NOT NULL",
        "This top-up was recorded already.",
    )

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            vals_list = [self._without_topup_key(vals) for vals in vals_list]
        return super().create(vals_list)

    def write(self, vals):
        if not self.env.su:
            vals = self._without_topup_key(vals)
        if vals.get("state") in ("draft", "canceled", "rejected"):
            self._check_member_value_taken_back()
        return super().write(vals)

    def unlink(self):
        self._check_member_value_taken_back()
        return super().unlink()

    @api.model
    def _without_topup_key(self, vals):
        """Drop the key: the wizard alone says which payment paid a top-up."""
        return {name: vals[name] for name in vals if name != "member_topup_key"}

    # === ACTIONS === #

    def action_member_take_back(self):
        """Take a top-up out of the wallet again and reverse its payment.

        Only what the member has not spent can be taken, and all of it or nothing.
        """
        self.ensure_one()
        self.env.user._member_require("cashout")
        payment = self.sudo()  # the right to pay out is enough
        posting = payment._member_posting()
        self.env.user._member_check_own_in_office(posting.partner_id)
        left = Decimal(
            str(payment.currency_id.round(posting.amount - posting.reversed_amount))
        )
        if not payment.member_topup_key or left <= 0:
            raise UserError(
                self.env._("Nothing of this payment is left to be taken back.")
            )
        context = ledger.Context(
            res_model=payment._name, res_id=payment.id, reference=payment.name
        )
        hold_key = str(uuid4())
        ledger.hold(
            self.env,
            [(posting.partner_id.id, posting.asset_id.id, left, hold_key)],
            hold_key,
            context=context,
        )
        taken = ledger.reverse(
            self.env,
            posting,
            amount=left,
            request_key=f"{payment.member_topup_key}:back",
            kind="cashout",
            hold_key=hold_key,
            context=context,
        )
        take_bonus_back(self.env, posting, f"{payment.member_topup_key}:back", context)
        reversal = payment.move_id._reverse_moves(
            [
                {
                    "date": fields.Date.context_today(payment),
                    "ref": self.env._("Top-up taken back: %s", payment.name),
                }
            ],
            cancel=True,
        )
        items = reversal.line_ids.filtered(
            lambda line: line.account_id == payment.destination_account_id
        )
        link_after_commit(self.env, [(taken.id, item.id) for item in items])
        self.env["member.operator.log"]._log(
            "topup_take_back",
            partner=posting.partner_id,
            reference=payment.name,
            detail=payment.currency_id.format(float(left)),
        )
        self.env.user._member_log_own(
            posting.partner_id,
            reference=payment.name,
            detail=payment.currency_id.format(float(-left)),
        )

    # === BUSINESS METHODS === #

    def _check_member_value_taken_back(self):
        """Refuse to undo a payment while the member has what it bought."""
        for payment in self.filtered("member_topup_key"):
            posting = payment._member_posting()
            if payment.state not in ("draft", "canceled") and (
                payment.currency_id.compare_amounts(
                    posting.reversed_amount, posting.amount
                )
                < 0
            ):
                raise UserError(
                    self.env._(
                        "%(payment)s topped up the wallet of %(member)s. Use Take Back "
                        "Top-up: it takes the money out of the wallet and reverses "
                        "this payment.",
                        payment=payment.name,
                        member=payment.partner_id.name,
                    )
                )

    def _member_posting(self):
        """Return the credit of the top-up that this payment paid."""
        self.ensure_one()
        # sudo: accountants may undo payments without reading the ledger
        return (
            self.env["member.posting"]
            .sudo()
            .search(
                [("request_key", "=", self.member_topup_key), ("kind", "=", "topup")],
                limit=1,
            )
        )

    def _member_pairs(self):
        """Return [(posting_id, move_line_id)] of what this payment has booked."""
        items = self.move_id.line_ids.filtered(
            lambda line: line.account_id == self.destination_account_id
        )
        return [
            (posting.id, item.id)
            for posting in self._member_posting()
            for item in items
        ]

    def action_view_member_entries(self):
        """Open the entries that this payment's top-up made."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "member_card.member_entry_action"
        )
        action["domain"] = [("posting_id", "=", self._member_posting().id)]
        action["context"] = {}
        return action
