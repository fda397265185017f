import hashlib
import secrets
from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from ..till import TillRefusal

ACT_RIGHTS = {
    "discount": "discount",
    "price": "discount",
    "refund_no_receipt": "refund",
    "refund_limit": "cashout",
    "pin_reset": "edit",
}
"""The right that an act takes: who lacks it asks somebody who has it."""

VALID_MINUTES = 5
VALID_HOURS_BOUND = 24
"""An approval for one order or line lasts until that is paid, within a day."""


class MemberApproval(models.Model):
    """A supervisor's yes to one privileged act at one till, good for one use.

    The browser's roles prove nothing, so the approver's PIN goes to the server, which
    answers with a token. Who has the right themself gets one without a PIN: each
    privileged act leaves a line here. Only the hash of a token is kept.

    It is good for what it names (goods, tickets, a member), whatever uuid a browser
    chooses afterwards.
    """

    _name = "member.approval"
    _description = "Approval"
    _order = "id desc"
    _rec_name = "act"
    _log_access = False

    token_hash = fields.Char(required=True, readonly=True, groups=fields.NO_ACCESS)
    act = fields.Selection(
        [
            ("discount", "Discount"),
            ("price", "Other price"),
            ("refund_no_receipt", "Refund without receipt"),
            ("refund_limit", "Refund over the limit"),
            ("pin_reset", "Reset a PIN"),
        ],
        required=True,
        readonly=True,
    )
    amount = fields.Float(
        "Limit",
        readonly=True,
        digits=(16, 2),
        help="The highest discount in percent, the lowest price, or the highest amount "
        "to be given back.",
    )
    subject_uuid = fields.Char(
        "Order or Line",
        readonly=True,
        help="The order or the order line that it is for; empty when it is for none.",
    )
    subject_key = fields.Char(
        readonly=True,
        help="Names the goods, tickets or the member that it is for, and no others.",
    )
    quantity = fields.Float(
        readonly=True, digits=(16, 3), help="The most units that it is good for."
    )
    text = fields.Char(
        "What For", readonly=True, help="What the supervisor was asked to agree to."
    )
    partner_id = fields.Many2one(
        "res.partner",
        "Member",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )
    config_id = fields.Many2one(
        "pos.config", "Till", required=True, readonly=True, ondelete="restrict"
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True)
    requester_id = fields.Many2one(
        "res.users", "Asked By", required=True, readonly=True, ondelete="restrict"
    )
    approver_id = fields.Many2one(
        "res.users", "Approved By", required=True, readonly=True, ondelete="restrict"
    )
    created_at = fields.Datetime("Approved On", required=True, readonly=True)
    expires_at = fields.Datetime("Valid Until", required=True, readonly=True)
    used_at = fields.Datetime("Used On", readonly=True)

    _token_unique = models.Constraint("UNIQUE (token_hash)", "A token is made once.")
    _subject = models.Index("(subject_uuid) WHERE subject_uuid IS NOT NULL")

    @api.model
    def _act_rights(self):
        """Return the right that each act takes; add-ons add theirs.

        :return: rights as in `res.users._member_may`, by act.
        """
        return ACT_RIGHTS

    @api.model
    def _right(self, act):
        """Name the right that `act` takes.

        :raise TillRefusal: bad_request.
        """
        rights = self._act_rights()
        if act not in rights:
            raise TillRefusal(
                "bad_request",
                self.env._("The till asked for something unknown. Reload it."),
            )
        return rights[act]

    @api.model
    def _approvers(self, act, config):
        """Users who may approve `act` at this till and have a PIN to do so with."""
        group = self.env.ref(
            self.env["res.users"]._member_right_group(self._right(act))
        )
        # sudo: a cashier may know the names of those who can help
        users = (
            self.env["res.users"]
            .sudo()
            .search(
                [
                    ("all_group_ids", "in", group.ids),
                    ("company_ids", "in", config.company_id.ids),
                    ("share", "=", False),
                ],
                order="name, id",
            )
        )
        pins = self.env["member.approval.pin"].sudo()
        with_pin = pins.search([("partner_id", "in", users.partner_id.ids)])
        return users.filtered(lambda user: user.partner_id in with_pin.partner_id)

    @api.model
    def _grant(self, act, approver, config, subject, amount=0, subject_uuid=None):
        """Return a new token. The caller has checked approver and PIN.

        :param subject: the `Subject` that it is for.
        """
        token = secrets.token_urlsafe(32)
        now = fields.Datetime.now()
        valid = (
            timedelta(hours=VALID_HOURS_BOUND)
            if subject_uuid
            else timedelta(minutes=VALID_MINUTES)
        )
        # sudo: approvals are made by this verb only
        self.sudo().create(
            {
                "token_hash": self._token_hash(token),
                "act": act,
                "amount": amount,
                "subject_uuid": subject_uuid,
                "subject_key": subject.fingerprint,
                "quantity": subject.quantity,
                "text": subject.text,
                "partner_id": subject.partner.id if subject.partner else None,
                "config_id": config.id,
                "company_id": config.company_id.id,
                "requester_id": self.env.uid,
                "approver_id": approver.id,
                "created_at": now,
                "expires_at": now + valid,
            }
        )
        return token

    @api.model
    def _use(self, token, act, config, subject, amount=0, subject_uuid=None):
        """Use up the approval behind `token`, and return it.

        Part of the caller's transaction: an act that fails leaves it unused; of two at
        once one wins. Who has the right needs no token: then it is empty.

        :param subject: the `Subject` of what is about to be done.
        :param amount: how far it goes, in the unit of the approval's limit.
        :raise TillRefusal: approval_needed, approval_invalid.
        """
        if not token and self.env.user._member_may(self._right(act)):
            return self.browse()
        if not token or not isinstance(token, str):
            raise TillRefusal(
                "approval_needed",
                self.env._("This needs a supervisor's approval."),
            )
        found = self._take(
            SQL(
                "token_hash = %s AND (subject_uuid IS NULL OR subject_uuid = %s)",
                self._token_hash(token),
                subject_uuid or None,
            ),
            act,
            config,
            subject,
            amount,
        )
        if not found:
            raise TillRefusal(
                "approval_invalid",
                self.env._(
                    "This approval was used already, has run out or is for something "
                    "else. Ask for a new one."
                ),
            )
        return found

    @api.model
    def _is_granted(self, act, config, subject, amount, subject_uuid):
        """Whether an approval of a line or order waits to be used."""
        tills = config | config.trusted_config_ids
        return bool(
            self.sudo().search_count(  # sudo: yes or no is all that is told
                [
                    ("act", "=", act),
                    ("amount", ">=", amount - 0.005),
                    ("config_id", "in", tills.ids),
                    ("expires_at", ">", fields.Datetime.now()),
                    ("subject_uuid", "=", subject_uuid),
                    ("subject_key", "=", subject.fingerprint),
                    ("quantity", ">=", subject.quantity - 0.0005),
                    ("used_at", "=", False),
                ],
                limit=1,
            )
        )

    @api.model
    def _use_bound(self, act, config, subject, amount, subject_uuid):
        """Use up the approval of a line or order, and return it; empty for none."""
        condition = SQL("subject_uuid = %s", subject_uuid)
        return self._take(condition, act, config, subject, amount)

    @api.model
    def _take(self, condition, act, config, subject, amount):
        self.flush_model()
        rows = self.env.execute_query(
            SQL(
                """UPDATE member_approval SET used_at = now() AT TIME ZONE 'UTC'
                    WHERE id = (
                        SELECT id FROM member_approval
                         WHERE %(condition)s AND act = %(act)s
                           AND subject_key = %(key)s
                           AND quantity >= %(quantity)s - 0.0005
                           AND config_id IN %(tills)s AND used_at IS NULL
                           AND expires_at > clock_timestamp() AT TIME ZONE 'UTC'
                           AND CASE WHEN act = 'price' THEN amount - %(amount)s
                                    ELSE %(amount)s - amount END < 0.005
                         ORDER BY id DESC LIMIT 1)
                      AND used_at IS NULL
                RETURNING id""",
                condition=condition,
                act=act,
                key=subject.fingerprint,
                quantity=subject.quantity,
                tills=tuple((config | config.trusted_config_ids).ids),
                amount=amount,
            )
        )
        # sudo: who uses an approval need not be able to read them
        found = self.sudo().browse(row[0] for row in rows)
        found.invalidate_recordset(["used_at"])
        return found

    @api.model
    def _token_hash(self, token):
        return hashlib.sha256(token.encode()).hexdigest()
