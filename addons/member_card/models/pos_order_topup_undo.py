from decimal import Decimal

from odoo import models
from odoo.exceptions import UserError
from odoo.tools import SQL

from .. import ledger
from ..topup_bonus import bonus_key, take_bonus_back


class PosOrder(models.Model):
    """Undoing a top-up: the money goes out of the wallet and over the counter.

    It is a refund of the top-up's order, whole or in part, for one member. What this
    very top-up brought and is not spent yet can be paid out, no more; it is held when
    the till asks for it. The bonus that came with it goes as well, in proportion.
    """

    _inherit = "pos.order"

    def _check_member_topup(self, topups):
        if any(line.qty < 0 for line in topups):
            return self._check_member_topup_undo(topups)
        return super()._check_member_topup(topups)

    def _check_member_topup_undo(self, topups):
        """Refuse to pay out what is no top-up of this member, or without the right."""
        if topups != self.lines or len(topups) > 1:
            raise UserError(
                self.env._("A top-up is undone in an order of its own, one at a time.")
            )
        self._check_member_topup_means()
        self._check_member_undo(topups)
        amount = -self.amount_total
        self._member_authorise(
            "refund_limit",
            amount,
            self.env._(
                "Paying money out of a wallet takes the right to do so. Ask a "
                "supervisor to approve it."
            ),
        )
        self._member_log("topup_undo", amount)

    def _check_member_undo(self, line):
        """Refuse a line that does not undo a top-up of this order's customer."""
        origin = line.refunded_orderline_id
        posting = origin._member_topup_posting()
        if not posting or not origin._is_member_topup():
            raise UserError(
                self.env._(
                    "A top-up is undone from its own order: find it under Orders, then "
                    "Refund."
                )
            )
        if posting.partner_id != self.partner_id:
            raise UserError(
                self.env._("This top-up was another member's. Choose that member.")
            )
        currency = self.currency_id
        if (
            line.qty != -1
            or line.discount
            or line.tax_ids
            or currency.compare_amounts(line.price_unit, 0) <= 0
            # a till sends the lines of a refund without their sign
            or currency.compare_amounts(line.price_unit, abs(line.price_subtotal_incl))
            or currency.compare_amounts(-line.price_unit, self.amount_total)
        ):
            raise UserError(
                self.env._(
                    "An undone top-up carries no tax, no discount and no other price."
                )
            )

    def _member_claim_topup(self, line, claims):
        if line.qty > 0:
            return super()._member_claim_topup(line, claims)
        return self._member_claim_undo(line, claims)

    def _member_claim_undo(self, line, claims):
        """Take what was set aside out of the wallet, and the bonus with it."""
        amount = Decimal(str(self.currency_id.round(line.price_unit)))
        self._check_member_undo_hold(line, amount)
        posting = line.refunded_orderline_id._member_topup_posting()
        left = posting._unspent()
        if amount > left:
            raise UserError(
                self.env._(
                    "Only %(left)s of this top-up is not spent yet. Cancel and undo "
                    "that.",
                    left=self.currency_id.format(float(left)),
                )
            )
        context = self._member_context()
        ledger.reverse(
            self.env,
            posting,
            amount=amount,
            request_key=line.uuid,
            kind="cashout",
            hold_key=line.uuid,
            context=context,
        )
        bonus = take_bonus_back(self.env, posting, line.uuid, context)
        if bonus:
            free = ledger.available(self.env, posting.partner_id.id, bonus.asset_id.id)
            taken = min(Decimal(str(-bonus.amount)), free)
            claims.changes[posting.partner_id.id, bonus.asset_id.id] -= taken

    def _check_member_undo_hold(self, line, amount):
        """Refuse to pay out what was not set aside for exactly this."""
        # sudo: cashiers cannot read holds
        hold = (
            self.env["member.hold"]
            .sudo()
            .search([("key", "=", line.uuid), ("direction", "=", "out")])
        )
        if (
            hold.state not in ("pending", "captured")
            or hold.partner_id != self.partner_id
            or hold.asset_id != self.company_id._member_asset("principal")
            or self.currency_id.compare_amounts(hold.amount, float(amount))
        ):
            raise UserError(
                self.env._(
                    "The money to be paid out is not reserved any more. Cancel this "
                    "order and undo the top-up again."
                )
            )


class PosOrderLine(models.Model):
    _inherit = "pos.order.line"

    def _member_topup_posting(self):
        """Return the credit that this top-up line has made; empty for none."""
        # sudo: cashiers cannot read postings
        return (
            self.env["member.posting"]
            .sudo()
            .search(
                [
                    ("kind", "=", "topup"),
                    (
                        "request_key",
                        "in",
                        [uuid for uuid in self.mapped("uuid") if uuid],
                    ),
                    ("state", "in", ("pending", "applied")),
                ]
            )
        )


class MemberPosting(models.Model):
    _inherit = "member.posting"

    def _bonus(self):
        """Return the credit of the bonus that came with this top-up, empty for none."""
        self.ensure_one()
        # sudo: whoever undoes a top-up need not read postings
        return self.sudo().search(
            [
                ("kind", "=", "bonus"),
                ("request_key", "=", bonus_key(self.request_key)),
                ("partner_id", "=", self.partner_id.id),
                ("state", "in", ("pending", "applied")),
            ],
            limit=1,
        )

    def _unspent(self) -> Decimal:
        """Return how much of a credit is neither spent nor taken back.

        What undoing has claimed and not applied yet counts as taken back.
        """
        self.ensure_one()
        self.env.flush_all()
        (row,) = self.env.execute_query(
            SQL(
                """SELECT (SELECT coalesce(sum(l.remaining), 0)
                             FROM member_entry e JOIN member_lot l ON l.entry_id = e.id
                            WHERE e.posting_id = %(id)s),
                          (SELECT coalesce(sum(abs(u.amount)), 0)
                             FROM member_posting u
                            WHERE u.reverses_posting_id = %(id)s
                              AND u.state = 'pending')""",
                id=self.id,
            )
        )
        in_lots, claimed = row
        unspent = abs(self.amount) if self.state == "pending" else float(in_lots)
        left = Decimal(str(self.currency_id.round(unspent - float(claimed))))
        return max(min(left, self._left()), Decimal(0))
