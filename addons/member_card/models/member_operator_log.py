import logging

import psycopg2

from odoo import api, fields, models
from odoo.tools import SQL, clean_context

from ..errors import Busy
from ..ledger.cursor import ledger_cursor

_logger = logging.getLogger(__name__)

ACTIONS = [
    ("member_register", "Registered a member"),
    ("member_freeze", "Froze a member"),
    ("member_unfreeze", "Unfroze a member"),
    ("member_cancel", "Cancelled a membership"),
    ("member_reactivate", "Took a member back"),
    ("member_merge", "Merged members"),
    ("export", "Exported records"),
    ("hold_release", "Released a hold"),
    ("card_issue", "Issued a card"),
    ("card_replace", "Replaced a card"),
    ("card_freeze", "Froze a card"),
    ("card_unfreeze", "Unfroze a card"),
    ("card_lost", "Reported a card lost"),
    ("card_cancel", "Cancelled a card"),
    ("identity_set", "Took down an identity document"),
    ("identity_remove", "Removed an identity document"),
    ("pin_set", "Set a PIN"),
    ("pin_unlock", "Unlocked a PIN"),
    ("wrong_pin", "Refused a wrong PIN"),
    ("locked", "Refused a locked PIN"),
    ("approval", "Approved at the till"),
    ("approval_refused", "Refused an approval"),
    ("approval_pin_set", "Set an approval PIN"),
    ("approval_pin_removed", "Removed an approval PIN"),
    ("refund_changed", "Gave back otherwise than it was paid"),
    ("refund_no_receipt", "Took goods back without a receipt"),
    ("topup", "Topped up"),
    ("topup_undo", "Undid a top-up at the till"),
    ("topup_take_back", "Took a top-up back"),
    ("own_card", "Served the own wallet"),
    ("price_late", "Let a wrong price through, said to be late"),
    ("class_change", "Changed a class"),
    ("class_review", "Carried out a class review"),
    ("loyalty_import", "Imported loyalty cards"),
    ("attempt", "Refused an attempt"),
]

REFUSED = frozenset({"approval_refused", "attempt", "locked", "wrong_pin"})
"""Actions that were tried and not done."""

REPEAT_MINUTES = 60
"""The same attempt again within this time adds no line: a till resends its queue."""


class MemberOperatorLog(models.Model):
    """Who did what with members, cards and money: written once, never changed.

    `detail` is for people and never contains a PIN, a full card number or a chip's UID.
    A merge of contacts points a line to the member who is kept, a deleted card or till
    is forgotten; nothing else of a line ever changes.
    """

    _name = "member.operator.log"
    _description = "Operator Log"
    _inherit = ["member.append.only.mixin", "member.export.mixin"]
    _order = "date desc, id desc"
    _rec_name = "action"
    _log_access = False
    _append_only_except = ("card_id", "partner_id", "pos_config_id")

    date = fields.Datetime(required=True, readonly=True, index=True)
    user_id = fields.Many2one(
        "res.users", "Operator", required=True, readonly=True, ondelete="restrict"
    )
    action = fields.Selection(ACTIONS, required=True, readonly=True)
    outcome = fields.Selection(
        [("done", "Done"), ("refused", "Refused")],
        required=True,
        readonly=True,
        default="done",
    )
    partner_id = fields.Many2one(
        "res.partner", "Member", readonly=True, index=True, ondelete="set null"
    )
    card_id = fields.Many2one(
        "member.card", readonly=True, index=True, ondelete="set null"
    )
    store_id = fields.Many2one("member.store", readonly=True, ondelete="restrict")
    pos_config_id = fields.Many2one(
        "pos.config", "Till", readonly=True, ondelete="set null"
    )
    company_id = fields.Many2one("res.company", readonly=True, index=True)
    reference = fields.Char(readonly=True)
    detail = fields.Char(readonly=True)

    _operator = models.Index("(user_id, date DESC)")

    @api.model
    def _log_export(self, records, what=None):
        """Note an export of `records`; refused without the right to export.

        :param what: how it was saved, where that is no list of so many rows.
        """
        self.env.user._member_require("export")
        self._log("export", detail=f"{records._description}: {what or len(records)}")

    @api.model
    def _log(
        self,
        action,
        *,
        partner=None,
        card=None,
        store=None,
        till=None,
        reference=None,
        detail=None,
    ):
        """Add a line in the name of the user; it dies with a failed transaction.

        :param till: the `pos.config` where it was done; its store, unless one is given.
        """
        # sudo: which store a till is in is no secret to who works there
        store = store or (till.sudo().member_store_id if till else None)
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
                "outcome": "refused" if action in REFUSED else "done",
                "partner_id": partner.id if partner else None,
                "card_id": card.id if card else None,
                "store_id": store.id if store else None,
                "pos_config_id": till.id if till else None,
                "company_id": company.id,
                "reference": reference,
                "detail": detail,
            }
        )

    @api.model
    def _log_attempt(self, error, *, till=None, reference=None, partner=None):
        """Record what was refused, although the refusal rolls the transaction back.

        A failure to record never replaces the refusal: the user must read that one.

        :param error: the refusal; the first line of its words is the detail. A member
            whom it names is who it was about, whoever the customer is.
        """
        partner = getattr(error, "member", None) or partner
        # sudo: nobody may write the log by hand, and who tries may see even less
        till = (till or self.env["pos.config"]).sudo()
        company = till.company_id.root_id or self.env.company.root_id
        line = {
            "user_id": self.env.uid,
            "action": "attempt",
            "outcome": "refused",
            "partner_id": partner.id if partner else None,
            "store_id": till.member_store_id.id or None,
            "pos_config_id": till.id or None,
            "company_id": company.id,
            "reference": reference or None,
            "detail": str(error).split("\n")[0],
        }
        try:
            with ledger_cursor(self.env) as cr:
                cr.execute(self._attempt_query(line))
        except (Busy, psycopg2.Error):
            _logger.exception("operator log: lost %s of user %s", line, self.env.uid)

    def _attempt_query(self, line):
        """Return the statement that adds this line unless it was added just now."""
        return SQL(
            """INSERT INTO member_operator_log (date, %(names)s)
               SELECT date_trunc('second', now() AT TIME ZONE 'utc'), %(values)s
                WHERE NOT EXISTS (
                    SELECT 1 FROM member_operator_log
                     WHERE user_id = %(user)s AND action = 'attempt'
                       AND date > now() AT TIME ZONE 'utc'
                                - %(minutes)s * interval '1 minute'
                       AND reference IS NOT DISTINCT FROM %(reference)s::varchar
                       AND detail IS NOT DISTINCT FROM %(detail)s::varchar)""",
            names=SQL(", ").join(map(SQL.identifier, line)),
            values=SQL(", ").join(SQL("%s", value) for value in line.values()),
            user=line["user_id"],
            minutes=REPEAT_MINUTES,
            reference=line["reference"],
            detail=line["detail"],
        )
