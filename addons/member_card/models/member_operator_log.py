from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import clean_context

ACTIONS = [
    ("member_register", "Registered a member"),
    ("member_freeze", "Froze a member"),
    ("member_unfreeze", "Unfroze a member"),
    ("member_cancel", "Cancelled a membership"),
    ("member_reactivate", "Took a member back"),
    ("member_merge", "Merged members"),
    ("card_issue", "Issued a card"),
    ("card_replace", "Replaced a card"),
    ("card_freeze", "Froze a card"),
    ("card_unfreeze", "Unfroze a card"),
    ("card_lost", "Reported a card lost"),
    ("card_cancel", "Cancelled a card"),
    ("pin_set", "Set a PIN"),
    ("wrong_pin", "Refused a wrong PIN"),
    ("locked", "Refused a locked PIN"),
    ("topup", "Topped up"),
    ("topup_take_back", "Took a top-up back"),
]


class MemberOperatorLog(models.Model):
    """Who did what with members, cards and money: written once, never changed.

    `detail` is for people and never contains a PIN, a full card number or a chip's UID.
    """

    _name = "member.operator.log"
    _description = "Operator Log"
    _order = "date desc, id desc"
    _rec_name = "action"
    _log_access = False

    date = fields.Datetime(required=True, readonly=True, index=True)
    user_id = fields.Many2one(
        "res.users", "Operator", required=True, readonly=True, ondelete="restrict"
    )
    action = fields.Selection(ACTIONS, required=True, readonly=True)
    partner_id = fields.Many2one(
        "res.partner", "Member", readonly=True, index=True, ondelete="set null"
    )
    card_id = fields.Many2one(
        "member.card", readonly=True, index=True, ondelete="set null"
    )
    store_id = fields.Many2one("member.store", readonly=True, ondelete="restrict")
    company_id = fields.Many2one("res.company", readonly=True, index=True)
    reference = fields.Char(readonly=True)
    detail = fields.Char(readonly=True)

    _operator = models.Index("(user_id, date DESC)")

    def write(self, vals):  # pylint: disable=method-required-super
        raise UserError(self.env._("The operator log cannot be changed."))

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("The operator log cannot be deleted."))

    @api.model
    def _log(
        self,
        action,
        *,
        partner=None,
        card=None,
        store=None,
        reference=None,
        detail=None,
    ):
        """Add a line in the name of the user; it dies with a failed transaction."""
        company = (
            (card and card.company_id)
            or (partner and partner.sudo().member_company_id)
            or self.env.company.root_id
        )
        # sudo: everybody's acts are recorded and nobody may write the log by hand
        log = self.sudo().with_context(clean_context(self.env.context))
        return log.create(
            {
                "date": fields.Datetime.now(),
                "user_id": self.env.uid,
                "action": action,
                "partner_id": partner and partner.id,
                "card_id": card and card.id,
                "store_id": store and store.id,
                "company_id": company.id,
                "reference": reference,
                "detail": detail,
            }
        )
