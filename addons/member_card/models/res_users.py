from odoo import api, fields, models
from odoo.exceptions import AccessError

from ..refusals import MemberRefusal, attempts_logged


class ResUsers(models.Model):
    _inherit = "res.users"

    member_store_ids = fields.Many2many(
        "member.store",
        string="Stores",
        help="Where the user works. Entries, holds and the operator log of other "
        "stores are hidden; leave it empty for people of the head office.",
    )
    member_role = fields.Char(
        "Membership Role",
        compute="_compute_member_role",
        compute_sudo=True,
        groups="member_card.group_member_manager",
        help="Empty for people who have single rights only.",
    )

    # === COMPUTE === #

    @api.depends("group_ids")
    def _compute_member_role(self):
        roles = self.env.ref("member_card.privilege_member").group_ids
        for user in self:
            user.member_role = (user.all_group_ids & roles).sorted("sequence")[-1:].name

    # === CRUD METHODS === #

    def write(self, vals):
        result = super().write(vals)
        if "member_store_ids" in vals:
            self.env.registry.clear_cache()  # of record rules
        return result

    # === BUSINESS METHODS === #

    def _member_store_domain(self):
        """Return what the record rules by store let this user see."""
        self.ensure_one()
        stores = self.with_context(active_test=False).member_store_ids
        if not stores or self.has_group("member_card.group_member_all_stores"):
            return []
        return ["|", ("store_id", "=", False), ("store_id", "child_of", stores.ids)]

    def _member_attempt(self):
        return {}

    @attempts_logged
    def _member_require(self, right):
        """Refuse unless the user has one of the membership rights.

        :param right: as in `_member_may`.
        :raise AccessError: says which right is missing, so that a manager can grant it.
        """
        self.ensure_one()
        # `env.user` is always in sudo mode: that must not open the door
        if not self._member_may(right):
            raise AccessError(self._member_missing(right))

    def _member_may(self, right):
        """Tell whether the user has one of the membership rights.

        :param right: the end of the group's XML id, e.g. `card_issue`; of another
            add-on's right the whole id.
        """
        return self.has_group(self._member_right_group(right))

    @api.model
    def _member_right_group(self, right):
        return right if "." in right else f"member_card.group_member_{right}"

    def _member_missing(self, right):
        """Say which right is missing, and who can help."""
        return self.env._(
            "This needs the right “%(right)s”. Ask a manager to do it or to grant it.",
            # sudo: operators cannot read groups
            right=self.env.ref(self._member_right_group(right)).sudo().name,
        )

    def _member_check_own(self, member, company=None):
        """Refuse that an operator serves the own wallet where the company says so.

        :param company: the one that decides, where the member was not read yet.
        :raise MemberRefusal: own_card.
        """
        # sudo: a setting of the head office, which operators may not read
        company = company or member.sudo().member_company_id
        if company._member_refuses_own_card() and member == self.partner_id:
            raise MemberRefusal(
                "own_card",
                self.env._(
                    "This is your own wallet. Let a colleague serve you at a till of "
                    "theirs."
                ),
                member=member,
            )

    @attempts_logged
    def _member_check_own_in_office(self, member):
        """Refuse the same where no till keeps what was tried.

        :raise MemberRefusal: own_card.
        """
        self._member_check_own(member)

    def _member_log_own(self, member, **line):
        """Note that the user has served themself; nothing for other members."""
        if member and member == self.partner_id:
            self.env["member.operator.log"]._log("own_card", partner=member, **line)
