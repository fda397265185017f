from odoo import fields, models
from odoo.tools import SQL

from .member_entry import KINDS

MEASURES = (
    "topup_amount",
    "bonus_amount",
    "spent_amount",
    "refunded_amount",
    "paid_out_amount",
    "other_amount",
    "amount",
)


class MemberWalletReport(models.Model):
    """A7, A4: the ledger's entries of money, one column for each way money moves.

    `amount` is the sum of the others with their signs: top-ups, bonuses, refunds and
    the rest as they are, spending and payments out with a minus. The class is the one
    that the member had at that moment.
    """

    _name = "member.wallet.report"
    _description = "Top-ups and Spending"
    _inherit = ["member.export.mixin"]
    _auto = False
    _order = "date desc, id desc"
    _rec_name = "reference"
    _depends = {
        "member.entry": ["balance_id", "date", "kind", "amount", "store_id"],
        "member.class.assignment": ["partner_id", "date_from", "date_to", "class_id"],
        "res.partner": ["member_class_id"],
    }

    date = fields.Datetime(readonly=True)
    partner_id = fields.Many2one("res.partner", "Member", readonly=True)
    class_id = fields.Many2one("member.class", readonly=True)
    asset_id = fields.Many2one("member.asset", "Pocket", readonly=True)
    asset_kind = fields.Selection(
        [("principal", "Principal"), ("bonus", "Bonus")], "Pocket Kind", readonly=True
    )
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    kind = fields.Selection(KINDS, readonly=True)
    store_id = fields.Many2one("member.store", readonly=True)
    pos_config_id = fields.Many2one("pos.config", "Till", readonly=True)
    operator_id = fields.Many2one("res.users", readonly=True)
    salesperson_id = fields.Many2one("hr.employee", readonly=True)
    reference = fields.Char(readonly=True)
    topup_amount = fields.Monetary("Top-ups", readonly=True)
    bonus_amount = fields.Monetary("Bonus Given", readonly=True)
    spent_amount = fields.Monetary("Spent", readonly=True)
    refunded_amount = fields.Monetary("Refunded", readonly=True)
    paid_out_amount = fields.Monetary("Paid Out", readonly=True)
    other_amount = fields.Monetary("Other Changes", readonly=True)
    amount = fields.Monetary("Change", readonly=True)

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT e.id, e.date, b.partner_id, b.asset_id,
                   coalesce(h.class_id, p.member_class_id) AS class_id,
                   a.kind AS asset_kind, b.company_id, a.currency_id, e.kind,
                   e.store_id, e.pos_config_id, e.operator_id, e.salesperson_id,
                   e.reference, e.amount,
                   CASE e.kind WHEN 'topup' THEN e.amount ELSE 0 END AS topup_amount,
                   CASE e.kind WHEN 'bonus' THEN e.amount ELSE 0 END AS bonus_amount,
                   CASE e.kind WHEN 'spend' THEN -e.amount ELSE 0 END AS spent_amount,
                   CASE e.kind WHEN 'refund' THEN e.amount ELSE 0 END
                       AS refunded_amount,
                   CASE e.kind WHEN 'cashout' THEN -e.amount ELSE 0 END
                       AS paid_out_amount,
                   CASE WHEN e.kind IN ('topup', 'bonus', 'spend', 'refund', 'cashout')
                        THEN 0 ELSE e.amount END AS other_amount
              FROM member_entry e
              JOIN member_balance b ON b.id = e.balance_id
              JOIN res_partner p ON p.id = b.partner_id
              JOIN member_asset a
                ON a.id = b.asset_id AND a.kind IN ('principal', 'bonus')
         LEFT JOIN member_class_assignment h
                ON h.partner_id = b.partner_id AND h.date_from <= e.date
               AND (h.date_to IS NULL OR h.date_to > e.date)
            """
        )

    def action_open_entry(self):
        """Open the entry that a line shows."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "member.entry",
            "res_id": self.id,
            "views": [(False, "form")],
        }
