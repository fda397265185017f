from odoo import api, models


class ResPartner(models.Model):
    """A field for a member that is filled by scanning or typing anything of theirs."""

    _inherit = "res.partner"

    @api.model
    def name_search(self, name="", domain=None, operator="ilike", limit=100):
        """Search as the till does where the context asks for `member_lookup`.

        :raise LookupFailure: a card was recognised and may not be used.
        """
        if not self.env.context.get("member_lookup") or not (name or "").strip():
            return super().name_search(name, domain, operator, limit)
        found = self._member_lookup(name, self.env.company, limit=limit or 10)
        # sudo: the look-up decides what it reveals
        return [
            (member.id, f"{member.display_name} · {member.member_number}")
            for member, _how, _card in ((each.sudo(), *rest) for each, *rest in found)
        ]
