from odoo import api, fields, models


class MemberCardIssue(models.TransientModel):
    """Gives a member a card: a new number, or the one printed on a blank card.

    Also replaces a card that is lost, broken or full.
    """

    _name = "member.card.issue"
    _description = "Issue a Card"

    partner_id = fields.Many2one(
        "res.partner",
        "Member",
        required=True,
        domain=[("is_member", "=", True), ("member_state", "=", "active")],
    )
    member_number = fields.Char(related="partner_id.member_number")
    class_id = fields.Many2one(related="partner_id.member_class_id")
    phone = fields.Char(related="partner_id.phone")
    number_source = fields.Selection(
        [("generate", "Make a new number"), ("type", "Scan or type the card's number")],
        "Number",
        required=True,
        default="type",
    )
    number = fields.Char("Card Number")
    medium = fields.Selection(
        selection=lambda self: (
            self.env["member.card"]._fields["medium"]._description_selection(self.env)
        ),
        required=True,
        default="barcode",
    )
    expires_on = fields.Date(
        "Valid Until", help="Leave empty for a card that does not expire."
    )
    replaces_id = fields.Many2one("member.card", readonly=True)

    @api.model
    def _action(self, partner=None, card=None, replaces=None):
        """Window action that opens the wizard with what is known already."""
        self.env.user._member_require("card_replace" if replaces else "card_issue")
        context = {}
        if partner:
            context["default_partner_id"] = partner.id
        if card:
            context.update(
                default_number_source="type",
                default_number=card.number,
                default_medium=card.medium,
            )
        if replaces:
            context.update(
                default_replaces_id=replaces.id, default_medium=replaces.medium
            )
        return {
            "type": "ir.actions.act_window",
            "name": (
                self.env._("Replace a Card") if replaces else self.env._("Issue a Card")
            ),
            "res_model": self._name,
            "view_mode": "form",
            "target": "new",
            "context": context,
        }

    def action_issue(self):
        """Issue or replace, say which card it became and open the member."""
        self.ensure_one()
        number = self.number if self.number_source == "type" else None
        values = {"medium": self.medium, "expires_on": self.expires_on}
        if self.number_source == "type":
            # an empty number must not draw one behind the operator's back
            self.env["member.card"]._check_number(
                self.env["member.card"]._clean_number(number)
            )
        if self.replaces_id:
            card = self.replaces_id._replace(number, **values)
        else:
            card = self.env["member.card"]._issue(self.partner_id, number, **values)
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._(
                    "Card %(card)s was issued to %(member)s.",
                    card=card.masked,
                    member=self.partner_id.name,
                ),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }
