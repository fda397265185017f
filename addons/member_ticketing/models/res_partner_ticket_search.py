from odoo import api, models

SELL = "member_ticketing.group_member_ticket_sell"


class ResPartner(models.Model):
    """A field for a member that is filled by scanning or typing anything of theirs."""

    _inherit = "res.partner"

    @api.model
    def name_search(self, name="", domain=None, operator="ilike", limit=100):
        """Search as the till does where the context asks for `member_lookup`.

        With "first" as its value the members come first and other contacts follow.

        :raise LookupFailure: a card was recognised and may not be used.
        """
        wanted = self.env.context.get("member_lookup") and (name or "").strip()
        # who merely reads some contacts must not find members by it
        if not wanted or not self.env.user._member_may(SELL):
            return super().name_search(name, domain, operator, limit)
        found = self._member_lookup(name, self.env.company, limit=limit or 10)
        # sudo: the look-up decides what it reveals
        members = self.union(*(member for member, _how, _card in found)).sudo()
        found = [
            (member.id, f"{member.display_name} · {member.member_number}")
            for member in members
        ]
        if self.env.context["member_lookup"] == "first":
            others = super().name_search(name, domain, operator, limit)
            found += [other for other in others if other[0] not in members.ids]
        return found

    @api.depends_context("member_lookup", "formatted_display_name")
    def _compute_display_name(self):
        """Tell namesakes apart where a member is chosen: by number and class."""
        result = super()._compute_display_name()
        context = self.env.context
        is_wanted = context.get("member_lookup") and self.env.user._is_internal()
        if is_wanted and context.get("formatted_display_name"):
            for member in self.filtered("is_member"):
                told = f"{member.member_number} · {member.member_class_id.name}"
                member.display_name = f"{member.name} \t --{told}--"
        return result
