from decimal import Decimal
from uuid import uuid4

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from odoo.addons.member_card import ledger

from ..words import listed

MAX_MEMBERS = 1000
"""Members that one award is for at most: they are all locked together."""


class MemberPointAward(models.TransientModel):
    """Gives points to members by hand, or takes them, for a reason.

    All members get them or none. Taking holds the points first, so that it never takes
    more than there is. The `request_key` is made when the wizard opens and names each
    member's posting: confirming twice moves once.
    """

    _name = "member.point.award"
    _description = "Give or Take Points"

    partner_ids = fields.Many2many(
        "res.partner",
        string="Members",
        required=True,
        domain=[("is_member", "=", True)],
    )
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    operation = fields.Selection(
        [("give", "Give"), ("take", "Take")], required=True, default="give"
    )
    points = fields.Float(required=True, digits=(16, 2), help="For each member.")
    expiry_date = fields.Date(
        "Last Day",
        help="The points can be spent to the end of this day. Empty: they expire as "
        "points of this company do.",
    )
    reason = fields.Char(
        required=True, help="The member may ask: kept on the entry and in the log."
    )
    request_key = fields.Char(
        required=True, readonly=True, default=lambda self: str(uuid4())
    )
    member_count = fields.Integer(
        "Number of Members", compute="_compute_figures", compute_sudo=True
    )
    total_points = fields.Float(
        "In Total", digits=(16, 2), compute="_compute_figures", compute_sudo=True
    )
    balance_before = fields.Float(
        "Points Now", digits=(16, 2), compute="_compute_figures", compute_sudo=True
    )
    balance_after = fields.Float(
        "Points After", digits=(16, 2), compute="_compute_figures", compute_sudo=True
    )
    short_names = fields.Char(
        "Members with Fewer Points",
        compute="_compute_figures",
        compute_sudo=True,
        help="Of these members less can be taken.",
    )

    @api.model
    def default_get(self, fields_list):
        values = super().default_get(fields_list)
        if (
            "partner_ids" in fields_list
            and not values.get("partner_ids")
            and self.env.context.get("active_model") == "res.partner"
        ):
            chosen = self.env["res.partner"].browse(self.env.context.get("active_ids"))
            members = chosen.filtered("is_member")
            values["partner_ids"] = [fields.Command.set(members.ids)]
        return values

    @api.depends("partner_ids", "company_id", "operation", "points")
    def _compute_figures(self):
        for wizard in self:
            members = wizard.partner_ids._origin
            asset = wizard.company_id._member_asset("points")
            sign = 1 if wizard.operation == "give" else -1
            free, owed = wizard._figures(members, asset)
            wizard.member_count = len(members)
            wizard.total_points = sign * wizard.points * len(members)
            wizard.balance_before = wizard.balance_after = 0
            if len(members) == 1:
                wizard.balance_before = free[members]
                settled = min(owed[members], wizard.points) if sign > 0 else 0
                wizard.balance_after = free[members] + sign * wizard.points - settled
            short = members.filtered(
                lambda member, free=free, wizard=wizard: free[member] < wizard.points
            )
            wizard.short_names = sign < 0 and listed(self.env, short[:5].mapped("name"))

    @api.model
    def _figures(self, members, asset):
        """Return what is free and what is owed, each by member, in two dicts."""
        balances = self.env["member.balance"].search(
            [
                ("partner_id", "in", members.ids),
                ("asset_id", "=", asset.id),
                ("merged_into_id", "=", False),
            ]
        )
        free = dict.fromkeys(members, 0.0)
        owed = dict.fromkeys(members, 0.0)
        for balance in balances:
            free[balance.partner_id] = balance.amount - balance.held
            owed[balance.partner_id] = balance.owed
        return free, owed

    # === ACTIONS === #

    def action_confirm(self):
        """Move the points, and tell what happened."""
        self.ensure_one()
        self.env.user._member_require("award")
        asset = self.company_id._member_asset("points")
        if not self._is_done(asset):
            self._check()
            amount = Decimal(str(round(self.points, 2)))
            if self.operation == "give":
                self._give(asset, amount)
            else:
                self._take(asset, amount)
            self._log(asset)
        return self._notice(asset)

    # === BUSINESS METHODS === #

    def _is_done(self, asset):
        """Tell whether confirming has moved the points before."""
        # sudo: whoever awards need not read the ledger
        return (
            self.env["member.posting"]
            .sudo()
            .search_count(
                [
                    ("asset_id", "=", asset.id),
                    ("kind", "=", "award"),
                    (
                        "request_key",
                        "in",
                        [self._key(each) for each in self.partner_ids],
                    ),
                ],
                limit=1,
            )
        )

    def _check(self):
        """Refuse before anything moves what would be refused afterwards."""
        company, root = self.company_id, self.company_id._member_root()
        if company not in self.env.user.company_ids and not self.env.su:
            raise AccessError(
                self.env._("You do not work for %(company)s.", company=company.name)
            )
        if not company._member_asset("points"):
            raise UserError(
                self.env._(
                    "Points are not set up for %(company)s. Install its chart of "
                    "accounts, then update the Member Loyalty app.",
                    company=root.name,
                )
            )
        if not self.partner_ids:
            raise UserError(self.env._("Choose the members first."))
        if len(self.partner_ids) > MAX_MEMBERS:
            raise UserError(
                self.env._("Choose at most %(max)s members at a time.", max=MAX_MEMBERS)
            )
        if self.points <= 0:
            raise UserError(self.env._("Enter how many points, above zero."))
        if not (self.reason or "").strip():
            raise UserError(self.env._("Enter a reason: the member may ask for it."))
        self._check_expiry()
        # sudo: the state of a member is no secret to who may award
        for member in self.partner_ids.sudo():
            self.env.user._member_check_own(member)
            self._check_member(member, root)

    def _check_expiry(self):
        if (
            self.operation == "give"
            and self.expiry_date
            and self.expiry_date < self.company_id._member_today()
        ):
            raise UserError(
                self.env._("Points cannot expire in the past: choose another last day.")
            )

    def _check_member(self, member, root):
        if not member.is_member or member.member_company_id != root:
            raise UserError(
                self.env._(
                    "%(contact)s is not a member of %(company)s. Register the contact "
                    "first.",
                    contact=member.name,
                    company=root.name,
                )
            )
        if self.operation == "take":
            return
        if member.member_state == "cancelled":
            raise UserError(
                self.env._(
                    "The membership of %(member)s has ended.", member=member.name
                )
            )
        if not member.member_class_id.can_earn_points:
            raise UserError(
                self.env._(
                    "Members of the class %(class_name)s get no points, and "
                    "%(member)s is one. Leave them out, or change the class first.",
                    class_name=member.member_class_id.name,
                    member=member.name,
                )
            )

    def _give(self, asset, amount):
        expires_at = self.expiry_date and asset._end_of_day(self.expiry_date)
        ledger.post(
            self.env,
            [
                ledger.Intent(
                    partner_id=member.id,
                    asset_id=asset.id,
                    amount=amount,
                    kind="award",
                    request_key=self._key(member),
                    expires_at=expires_at or None,
                    context=self._context(),
                )
                for member in self.partner_ids
            ],
        )

    def _take(self, asset, amount):
        """Hold the points of all these members, then take them.

        :raise UserError: somebody has fewer; nothing was taken.
        """
        context = self._context()
        ledger.hold(
            self.env,
            [
                (member.id, asset.id, amount, self._key(member))
                for member in self.partner_ids
            ],
            self.request_key,
            context=context,
        )
        for member in self.partner_ids:
            ledger.capture(self.env, self._key(member), kind="award", context=context)

    def _key(self, member):
        return f"{self.request_key}:{member.id}"

    def _context(self):
        return ledger.Context(
            # sudo: where an operator works is no secret to themselves
            store_id=self.env.user.sudo().member_store_ids[:1].id,
            note=self.reason.strip(),
        )

    def _log(self, asset):
        sign = "+" if self.operation == "give" else "−"
        store = self.env.user.sudo().member_store_ids[:1]
        detail = f"{sign}{asset._format(self.points)}: {self.reason.strip()}"
        log = self.env["member.operator.log"]
        for member in self.partner_ids:
            log._log("points_award", partner=member, store=store, detail=detail)
            if member == self.env.user.partner_id:
                log._log("own_card", partner=member, store=store, detail=detail)

    def _notice(self, asset):
        members = self.partner_ids
        values = {
            "points": asset._format(self.points),
            "who": members.name
            if len(members) == 1
            else self.env._("%(count)s members", count=len(members)),
        }
        if self.operation == "give":
            message = self.env._("%(points)s given to %(who)s.", **values)
        else:
            message = self.env._("%(points)s taken from %(who)s.", **values)
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": message,
                "next": {"type": "ir.actions.act_window_close"},
            },
        }
