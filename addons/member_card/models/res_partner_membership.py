from odoo import models
from odoo.exceptions import UserError


class ResPartner(models.Model):
    """Becoming a member, and the states of a membership."""

    _inherit = "res.partner"

    # === ACTIONS === #

    def action_member_register(self):
        """Open the registration for this contact."""
        self.ensure_one()
        return self.env["member.registration"]._action(self)

    def action_member_freeze(self):
        """Stop spending at once; refunds still arrive."""
        self._member_change_state("active", "frozen", "member_freeze")

    def action_member_unfreeze(self):
        """Allow spending again."""
        self._member_change_state("frozen", "active", "member_unfreeze")

    def action_member_cancel(self):
        """End the membership: needs an empty wallet, cancels the cards."""
        self.env.user._member_require("cancel")
        self._check_member_without_value()
        self._member_change_state(
            ("active", "frozen"), "cancelled", "member_cancel", "cancel"
        )
        # sudo: who may cancel the member may cancel what belongs to the membership
        for card in self.sudo().member_card_ids:
            if card._can_become("cancelled"):
                card._transition("cancelled")

    def action_member_reactivate(self):
        """Take a cancelled member back; cards are issued anew."""
        self._member_change_state("cancelled", "active", "member_reactivate", "cancel")

    # === BUSINESS === #

    def _member_register(self, vals=None):
        """Make these contacts members; contacts that are members already are refused.

        :param vals: may name `member_class_id`, `member_store_id`, `member_company_id`
            and `member_since`; what is missing gets the company's usual value.
        :return: the contacts.
        """
        self.env.user._member_require("register")
        vals = dict(vals or {})
        company = self.env["res.company"].browse(
            vals.pop("member_company_id", False) or self.env.company.id
        )
        root = company._member_root()
        # sudo: who registers may not be allowed to edit contacts or members
        for partner in self.sudo():
            partner._check_can_join(root)
            partner.write(
                {
                    "member_class_id": root._member_default_class().id,
                    "member_since": root._member_today(),
                    **vals,
                    "is_member": True,
                    "member_number": self.env["ir.sequence"]
                    .sudo()
                    .next_by_code("member.number"),
                    "member_state": "active",
                    "member_company_id": root.id,
                }
            )
            self.env["member.operator.log"]._log(
                "member_register", partner=partner, store=partner.member_store_id
            )
        members = self.sudo()
        members.env["member.class.assignment"]._assign(members, "registration")
        return self

    def _check_can_join(self, root):
        self.ensure_one()
        if self.is_member:
            raise UserError(
                self.env._(
                    "%(member)s is a member already, number %(number)s.",
                    member=self.display_name,
                    number=self.member_number,
                )
            )
        if self.company_id and self.company_id.root_id != root:
            raise UserError(
                self.env._(
                    "%(contact)s belongs to another company. Register somebody of "
                    "%(company)s.",
                    contact=self.display_name,
                    company=root.name,
                )
            )

    def _member_change_state(self, sources, target, action, right="edit"):
        self.env.user._member_require(right)
        sources = (sources,) if isinstance(sources, str) else sources
        # sudo: the state is written by this verb only
        for partner in self.sudo():
            if not partner.is_member or partner.member_state not in sources:
                raise UserError(
                    self.env._(
                        "This cannot be done for %(member)s in the present state.",
                        member=partner.display_name,
                    )
                )
            partner.member_state = target
            self.env["member.operator.log"]._log(action, partner=partner)
        self._member_tell_tills()
