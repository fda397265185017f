from odoo import models
from odoo.exceptions import UserError

from .. import ledger


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    _inherit = "base.partner.merge.automatic.wizard"

    def _merge(self, partner_ids, dst_partner=None, extra_checks=True):
        """Refuse what cannot be one member before anything is touched."""
        # sudo: membership in companies that the user cannot see counts as well
        partners = self.env["res.partner"].browse(partner_ids).exists().sudo()
        members = partners.filtered("is_member")
        if members:
            self.env.user._member_require("edit")
        if len(members.member_company_id) > 1:
            raise UserError(
                self.env._(
                    "These contacts are members of different companies "
                    "(%(companies)s), which cannot share what is on a card. Leave "
                    "them apart.",
                    companies=", ".join(members.member_company_id.mapped("name")),
                )
            )
        return super()._merge(partner_ids, dst_partner, extra_checks)

    def _update_foreign_keys(self, src_partners, dst_partner):
        """Bring wallets and membership together before contacts are repointed."""
        # sudo: wallets and membership are merged by their verbs, by nobody's hand
        sources = src_partners.sudo()
        balances = self.env["member.balance"].sudo()
        if balances.search_count([("partner_id", "in", sources.ids)], limit=1):
            ledger.merge(self.env, sources.ids, dst_partner.id)
        if sources.filtered("is_member"):
            self._merge_members(sources, dst_partner.sudo())
        return super()._update_foreign_keys(src_partners, dst_partner)

    def _merge_members(self, sources, target):
        """Leave one membership: the target's, or the oldest of the sources'.

        The cards follow by themselves, as every reference to a contact does.
        """
        members = sources.filtered("is_member")
        adopted = target if target.is_member else members.sorted("member_since")[0]
        values = {
            name: target._fields[name].convert_to_write(adopted[name], adopted)
            for name in (
                "is_member",
                "member_number",
                "member_class_id",
                "member_state",
                "member_store_id",
                "member_company_id",
            )
        }
        values["member_since"] = min(
            (members | target).filtered("member_since").mapped("member_since")
        )
        if "frozen" in (members | target).mapped("member_state"):
            values["member_state"] = "frozen"
        self._merge_pins(members, target, adopted)
        assignments = self.env["member.class.assignment"].sudo()
        assignments._close(members | target)
        members.write(dict.fromkeys(values, False))
        members.flush_recordset()
        target.write(values)
        assignments._assign(target, "merge")
        target.flush_recordset()
        self.env["member.operator.log"]._log(
            "member_merge",
            partner=target,
            detail=", ".join(members.mapped("display_name")),
        )

    def _merge_pins(self, members, target, adopted):
        """One contact has one PIN: that of the membership that stays."""
        pins = self.env["member.pin"].sudo()
        kept = pins.search([("partner_id", "=", adopted.id)])
        (pins.search([("partner_id", "in", (members | target).ids)]) - kept).unlink()
        pins.flush_model()
        kept.partner_id = target
