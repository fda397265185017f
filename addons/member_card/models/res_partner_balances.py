from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from .member_asset import MONEY

LAST_ENTRIES = 10

BALANCE_READERS = (
    "member_card.group_member_read_ledger,member_card.group_member_register"
)


class ResPartner(models.Model):
    """What a member owns, as the form shows it; nobody goes while owning it."""

    _inherit = "res.partner"

    member_balance_ids = fields.One2many(
        "member.balance", "partner_id", "Balances", groups=BALANCE_READERS
    )
    member_money_ids = fields.One2many(
        "member.balance",
        "partner_id",
        "Pockets",
        domain=[("asset_id.kind", "in", MONEY)],
        groups=BALANCE_READERS,
    )
    member_available = fields.Monetary(
        "Money Available",
        compute="_compute_member_figures",
        compute_sudo=True,
        currency_field="member_currency_id",
        groups=BALANCE_READERS,
        help="What the member can spend now: all pockets, less what is reserved.",
    )
    member_entry_count = fields.Integer(
        "Wallet Entries",
        compute="_compute_member_figures",
        compute_sudo=True,
        groups=BALANCE_READERS,
    )
    member_last_entry_ids = fields.Many2many(
        "member.entry",
        string="Last Entries",
        compute="_compute_member_last_entry_ids",
        groups="member_card.group_member_read_ledger",
        help="Of money.",
    )

    # === COMPUTE === #

    @api.depends(
        "member_balance_ids.amount",
        "member_balance_ids.held",
        "member_balance_ids.seq",
    )
    def _compute_member_figures(self):
        """Sum per member in one query; balances of points and visits are no money."""
        figures = {}
        for partner, kind, amount, held, entries in self.env[
            "member.balance"
        ]._read_group(
            [("partner_id", "in", self.ids), ("merged_into_id", "=", False)],
            ["partner_id", "asset_id"],
            ["amount:sum", "held:sum", "seq:sum"],
        ):
            money, count = figures.get(partner, (0.0, 0))
            if kind.is_money:
                money += amount - held
            figures[partner] = (money, count + entries)
        for partner in self:
            partner.member_available, partner.member_entry_count = figures.get(
                partner._origin, (0.0, 0)
            )

    @api.depends("member_balance_ids.seq")
    def _compute_member_last_entry_ids(self):
        entries = self._member_last_entries(MONEY)
        for partner in self:
            partner.member_last_entry_ids = entries[partner]

    def _member_last_entries(self, kinds):
        """Return {partner: its newest entries} of these kinds of assets."""
        entries = {}
        if self.ids:
            self.env.cr.execute(
                SQL(
                    """
                    SELECT balance.partner_id,
                           array_agg(entry.id ORDER BY entry.id DESC)
                      FROM member_balance AS balance
                      JOIN member_asset AS asset
                        ON asset.id = balance.asset_id AND asset.kind IN %(kinds)s
                CROSS JOIN LATERAL (
                           SELECT id FROM member_entry
                            WHERE balance_id = balance.id
                         ORDER BY seq DESC LIMIT %(limit)s
                           ) AS entry
                     WHERE balance.partner_id IN %(partners)s
                  GROUP BY balance.partner_id
                    """,
                    limit=LAST_ENTRIES,
                    partners=tuple(self.ids),
                    kinds=tuple(kinds),
                )
            )
            entries = dict(self.env.cr.fetchall())
        return {
            partner: self.env["member.entry"].browse(
                entries.get(partner._origin.id, [])[:LAST_ENTRIES]
            )
            for partner in self
        }

    # === ACTIONS === #

    def action_view_member_balances(self):
        """Open the balances of this member."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "member_card.member_balance_action"
        )
        action["domain"] = [("partner_id", "=", self.id)]
        action["context"] = {}
        return action

    def action_view_member_entries(self):
        """Open the wallet entries of this member."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "member_card.member_entry_action"
        )
        action["domain"] = [("balance_id.partner_id", "=", self.id)]
        action["context"] = {}
        return action

    # === RULES === #

    def _check_member_without_value(self):
        # sudo: value in a company that the user cannot see counts as well
        balances = self.env["member.balance"].sudo()
        owner = balances.search(
            [
                ("partner_id", "in", self.ids),
                *("|", "|", ("amount", "!=", 0)),
                *(("owed", "!=", 0), ("incoming", "!=", 0)),
            ],
            limit=1,
        ).partner_id
        if not owner:
            pending = self.env["member.posting"].sudo()
            owner = pending.search(
                [("partner_id", "in", self.ids), ("state", "=", "pending")], limit=1
            ).partner_id
        if owner:
            raise UserError(
                self.env._(
                    "%(member)s still has value on the card. Spend it, pay it out or "
                    "move it to another member first.",
                    member=owner.display_name,
                )
            )
