from odoo import api, fields, models

from odoo.addons.member_card.models.res_partner_balances import BALANCE_READERS
from odoo.addons.member_card.models.res_partner_history import LEDGER_READERS

POINTS = ("points",)


class ResPartner(models.Model):
    """What a member's form tells about points."""

    _inherit = "res.partner"

    member_points = fields.Float(
        "Points",
        digits=(16, 2),
        compute="_compute_member_points",
        compute_sudo=True,
        groups=BALANCE_READERS,
        help="What the member can spend now: less what is reserved.",
    )
    member_points_held = fields.Float(
        "Reserved Points",
        digits=(16, 2),
        compute="_compute_member_points",
        compute_sudo=True,
        groups=BALANCE_READERS,
        help="For redemptions in progress.",
    )
    member_points_owed = fields.Float(
        "Owed Points",
        digits=(16, 2),
        compute="_compute_member_points",
        compute_sudo=True,
        groups=BALANCE_READERS,
        help="Taken back after a refund but spent already; the next points settle it.",
    )
    member_points_expire_at = fields.Datetime(
        "Next Points Expire",
        compute="_compute_member_points",
        compute_sudo=True,
        groups=BALANCE_READERS,
    )
    member_has_points = fields.Boolean(
        "Has Had Points",
        compute="_compute_member_points",
        compute_sudo=True,
        groups=BALANCE_READERS,
    )
    member_point_lot_ids = fields.Many2many(
        "member.lot",
        string="Points by Expiry",
        compute="_compute_member_point_lot_ids",
        groups=LEDGER_READERS,
    )
    member_point_entry_ids = fields.Many2many(
        "member.entry",
        string="Last Point Entries",
        compute="_compute_member_point_entry_ids",
        groups=LEDGER_READERS,
    )

    @api.depends(
        "member_balance_ids.amount",
        "member_balance_ids.held",
        "member_balance_ids.owed",
        "member_balance_ids.next_expiry_at",
    )
    def _compute_member_points(self):
        """Sum the points of each member, of many in one query."""
        figures = {
            partner: (amount - held, held, owed, expiry)
            for partner, amount, held, owed, expiry in self.env[
                "member.balance"
            ]._read_group(
                [
                    ("partner_id", "in", self.ids),
                    ("asset_id.kind", "in", POINTS),
                    ("merged_into_id", "=", False),
                ],
                ["partner_id"],
                ["amount:sum", "held:sum", "owed:sum", "next_expiry_at:min"],
            )
        }
        for partner in self:
            (
                partner.member_points,
                partner.member_points_held,
                partner.member_points_owed,
                partner.member_points_expire_at,
            ) = figures.get(partner._origin, (0.0, 0.0, 0.0, False))
            partner.member_has_points = partner._origin in figures

    def _compute_member_point_lot_ids(self):
        for partner in self:
            partner.member_point_lot_ids = partner._member_open_lots(POINTS)

    @api.depends("member_balance_ids.seq")
    def _compute_member_point_entry_ids(self):
        entries = self._member_last_entries(POINTS)
        for partner in self:
            partner.member_point_entry_ids = entries[partner]

    def action_view_member_points(self):
        """Open the entries of this member's points."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "member_loyalty.member_point_entry_action"
        )
        action["domain"] = [
            ("balance_id.partner_id", "=", self.id),
            ("balance_id.asset_id.kind", "in", POINTS),
        ]
        action["context"] = {}
        return action
