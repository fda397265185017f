import logging
from collections import defaultdict

from odoo import models
from odoo.tools import SQL

from .. import ledger
from ..booking import link_after_commit
from .pos_payment_method import MEMBER_WALLET

_logger = logging.getLogger(__name__)


class PosSession(models.Model):
    """Closing books the wallets: one item per method and member.

    Uninvoiced and invoiced orders alike: core books the sale or the invoice payment
    against the till's receivable, the items here balance it from the member's deposit
    (principal), from the sales discounts (bonus) or, where the wallet could not pay any
    more, from what the member owes.
    """

    _inherit = "pos.session"

    def _accumulate_amounts(self, data):
        data = super()._accumulate_amounts(data)
        amounts = defaultdict(lambda: {"amount": 0.0, "amount_converted": 0.0})
        payments = defaultdict(list)
        orders = self._get_closed_orders()
        wallet = orders.payment_ids.filtered(
            lambda payment: (
                payment.payment_method_id.type == MEMBER_WALLET and payment.amount
            )
        )
        excused, accounts = {}, {}
        if wallet:
            exceptions = self.env["member.exception"].search(
                [("payment_id", "in", wallet.ids), ("reason", "=", "unpaid")]
            )
            excused = {each.payment_id: each.partner_id for each in exceptions}
            accounts = {
                method: self.company_id._member_spend_account(method.member_asset_id)
                for method in wallet.payment_method_id
            }
        for payment in wallet:
            key = self._get_member_key(payment, accounts, excused.get(payment))
            amounts[key] = self._update_amounts(
                amounts[key], {"amount": payment.amount}, payment.payment_date
            )
            payments[key].append(payment.id)
        data["member_amounts"] = amounts
        data["member_payments"] = {
            key: wallet.browse(payment_ids) for key, payment_ids in payments.items()
        }
        return data

    def _get_member_key(self, payment, accounts, debtor):
        """Return (account, partner, method) of the item that books a wallet payment.

        :param accounts: by method, what a spending debits.
        :param debtor: who owes it, when the wallet did not pay.
        """
        method = payment.payment_method_id
        if debtor:
            # the receivable is the commercial entity's, as for any customer
            partner = self.env["res.partner"]._find_accounting_partner(debtor)
            account = partner.with_company(
                self.company_id
            ).property_account_receivable_id
        else:
            partner = payment.member_id
            account = accounts[method]
        return account, partner, method

    def _create_pay_later_receivable_lines(self, data):
        data = super()._create_pay_later_receivable_lines(data)
        amounts = data["member_amounts"]
        vals_list = [
            self._get_member_vals(*key, amounts[key]["amount"], amounts[key])
            for key in amounts
        ]
        if not self.env["account.analytic.distribution.model"].search_count(
            [], limit=1
        ):
            # core would look for one, member by member
            for vals in vals_list:
                vals["analytic_distribution"] = False
        # what is distributed is made when it is posted: nothing to keep in step before
        move_lines = data["MoveLine"].with_context(skip_analytic_sync=True)
        lines = move_lines.create(vals_list)
        data["member_lines"] = dict(zip(amounts, lines, strict=True))
        return data

    def _get_member_vals(self, account, partner, method, amount, amounts):
        return self._debit_amounts(
            {
                "account_id": account.id,
                "partner_id": partner.id,
                "move_id": self.move_id.id,
                "name": f"{self.name} - {method.name}",
                "no_followup": False,
            },
            amount,
            amounts["amount_converted"],
        )

    # === HOLDS === #

    def _validate_session(self, *args, **kwargs):
        result = super()._validate_session(*args, **kwargs)
        if self.state == "closed":
            self._member_lapse_holds()
        return result

    def _member_lapse_holds(self):
        """Give the members back, once closed, what no order of this till has claimed.

        A rescue session closes beside one that sells: its holds are that one's.
        """
        if self.rescue:
            return
        # sudo: cashiers cannot read holds
        holds = self.env["member.hold"].sudo()
        keys = holds.search(
            [("pos_config_id", "=", self.config_id.id), ("state", "=", "pending")]
        ).mapped("key")

        @self.env.cr.postcommit.add
        def lapse():
            try:
                ledger.lapse(self.env, keys)
            except Exception:
                # the session is closed: they run out by themselves in some minutes
                _logger.exception("member wallet: holds of %s are left", self.name)

    # === TOP-UPS === #

    def _get_sale_key(self, base_line):
        key = super()._get_sale_key(base_line)
        line = base_line["record"]
        if line._is_member_topup():
            key["member_id"] = line.order_id.member_id.id
        return key

    def _get_sale_vals(self, key, sale_vals):
        vals = super()._get_sale_vals(key, sale_vals)
        if key.get("member_id"):
            vals["partner_id"] = key["member_id"]
            vals["name"] = (
                self.env._("%(session)s - Top-up", session=self.name)
                if key["sign"] > 0
                else self.env._("%(session)s - Top-up undone", session=self.name)
            )
        return vals

    # === LINKS === #

    def _reconcile_account_move_lines(self, data):
        data = super()._reconcile_account_move_lines(data)
        self._member_link_payments(
            {
                payment_id: line.id
                for key, line in data["member_lines"].items()
                for payment_id in data["member_payments"][key].ids
            }
        )
        topups = self._get_closed_orders().filtered("is_member_topup").lines
        booked_by = topups.grouped(
            lambda line: (line.order_id.member_id.id, 1 if line.qty > 0 else -1)
        )
        for key, amounts in data["sales"].items():
            if lines := booked_by.get((key.get("member_id"), key["sign"])):
                lines.member_move_line_id = amounts["move_line_id"]
        link_after_commit(self.env, self._member_pairs())
        return data

    def _member_link_payments(self, items):
        """Note which journal item books which payment, in one statement.

        :param items: `{payment id: move line id}`
        """
        payments = self.env["pos.payment"].browse(items)
        payments.flush_recordset()
        self.env.cr.execute(
            SQL(
                """UPDATE pos_payment p SET member_move_line_id = i.line_id
                     FROM unnest(%s::int[], %s::int[]) AS i (payment_id, line_id)
                    WHERE p.id = i.payment_id""",
                list(items),
                list(items.values()),
            )
        )
        payments.invalidate_recordset(["member_move_line_id"])

    def _member_pairs(self):
        """Return [(posting_id, move_line_id)] of what these sessions have booked."""
        self.env.flush_all()
        return self.env.execute_query(
            SQL(
                """SELECT p.id, pay.member_move_line_id
                     FROM pos_order o
                     JOIN pos_payment pay ON pay.pos_order_id = o.id
                     JOIN member_posting p
                       ON p.res_model = 'pos.order' AND p.res_id = o.id
                      AND split_part(p.request_key, '/', 1) = pay.uuid
                    WHERE o.session_id = ANY(%(sessions)s)
                      AND pay.member_move_line_id IS NOT NULL
                UNION ALL
                   SELECT p.id, l.member_move_line_id
                     FROM pos_order o
                     JOIN pos_order_line l ON l.order_id = o.id
                     JOIN member_posting p
                       ON p.res_model = 'pos.order' AND p.res_id = o.id
                      AND p.request_key = l.uuid
                    WHERE o.session_id = ANY(%(sessions)s)
                      AND l.member_move_line_id IS NOT NULL""",
                sessions=self.ids,
            )
        )
