from dataclasses import replace
from uuid import uuid4

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from odoo.addons.member_card import ledger
from odoo.addons.member_card.refusals import MemberRefusal, PinError

from .. import redemptions
from ..rewards import DESK_KINDS, number
from ..words import listed

REDEEM = "member_loyalty.group_member_redeem"


class MemberRedeem(models.TransientModel):
    """Gives a reward for points in the office: a gift from stock, bonus, a coupon.

    The `request_key` is made when the wizard opens and names the redemption: confirming
    twice gives once. Money off needs an order, which is the till's; for a sale order
    there are coupons.

    Many points need the member's PIN: saving the form verifies it and keeps for what it
    was given, never the PIN itself.
    """

    _name = "member.redeem"
    _description = "Redeem Points"

    partner_id = fields.Many2one(
        "res.partner", "Member", required=True, domain=[("is_member", "=", True)]
    )
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    currency_id = fields.Many2one(related="reward_id.currency_id")
    store_choice_ids = fields.Many2many(
        "member.store", compute="_compute_store_choice_ids", compute_sudo=True
    )
    is_store_needed = fields.Boolean(
        compute="_compute_store_choice_ids", compute_sudo=True
    )
    store_id = fields.Many2one(
        "member.store",
        # sudo: where an operator works is no secret to themselves
        default=lambda self: self.env.user.sudo().member_store_ids[:1],
        domain="[('id', 'in', store_choice_ids)]",
        help="Where the member stands: its warehouse gives the gift.",
    )
    offered_ids = fields.Many2many(
        "member.reward", compute="_compute_offered_ids", compute_sudo=True
    )
    reward_id = fields.Many2one(
        "member.reward", "Gift", required=True, domain="[('id', 'in', offered_ids)]"
    )
    picture = fields.Image(related="reward_id.picture")
    quantity = fields.Integer("Times", default=1, required=True)
    points_before = fields.Float(
        "Points Now", digits=(16, 2), compute="_compute_points", compute_sudo=True
    )
    points = fields.Float(
        "Costs", digits=(16, 2), compute="_compute_points", compute_sudo=True
    )
    points_after = fields.Float(
        digits=(16, 2), compute="_compute_points", compute_sudo=True
    )
    what = fields.Char("The Member Gets", compute="_compute_points", compute_sudo=True)
    objection = fields.Char(compute="_compute_points", compute_sudo=True)
    is_pin_needed = fields.Boolean(compute="_compute_points", compute_sudo=True)
    pin = fields.Char(
        "Member's PIN",
        compute="_compute_pin",
        inverse="_inverse_pin",
        help="The member types it. So many points need it.",
    )
    pin_given_for = fields.Char(groups=fields.NO_ACCESS, copy=False)
    request_key = fields.Char(
        required=True, readonly=True, default=lambda self: str(uuid4())
    )

    # === COMPUTE === #

    @api.depends("company_id")
    @api.depends_context("uid")
    def _compute_store_choice_ids(self):
        """Offer the operator's own stores, to the head office every one."""
        user = self.env.user
        # sudo: where an operator works is no secret to themselves
        own = user.sudo().member_store_ids
        if user._member_may("all_stores"):
            own = own.browse()
        stores = self.env["member.store"].sudo()
        for wizard in self:
            domain = Domain(
                "company_id", "child_of", wizard.company_id._member_root().ids
            )
            if own:
                domain &= Domain("id", "child_of", own.ids)
            wizard.store_choice_ids = stores.search(domain)
            wizard.is_store_needed = bool(own)

    @api.depends("company_id", "partner_id", "store_id")
    def _compute_offered_ids(self):
        """Offer what this member may take here, whatever it costs."""
        for wizard in self:
            rewards = self.env["member.reward"]._offered_at(wizard.company_id)
            rewards = rewards.filtered(lambda reward: reward.kind in DESK_KINDS)
            if wizard.partner_id:
                taker = wizard._taker(rewards)
                rewards = rewards.filtered(
                    lambda reward, taker=taker: not reward._objection(taker)
                )
            wizard.offered_ids = rewards

    @api.depends("partner_id", "reward_id", "quantity", "store_id", "company_id")
    def _compute_points(self):
        for wizard in self:
            reward, times = wizard.reward_id, max(wizard.quantity, 1)
            taker = wizard._taker(reward)
            wizard.points_before = float(taker.available)
            wizard.points = reward.points_cost * times
            wizard.points_after = wizard.points_before - wizard.points
            wizard.what = reward and reward._what(times)
            wizard.objection = reward and (
                reward._objection(taker, reward._quote(wizard.points).points)
            )
            limit = number(wizard.company_id._member_root().member_points_pin_from)
            wizard.is_pin_needed = bool(limit) and number(wizard.points) >= limit

    def _compute_pin(self):
        """Show nothing: what was typed is not kept."""
        self.pin = False

    def _inverse_pin(self):
        """Verify the PIN as soon as the form is saved, for just this redemption."""
        for wizard in self.filtered("pin"):
            wizard._check_pin()
            # sudo: no operator may write for what a PIN was given
            wizard.sudo().pin_given_for = wizard._pin_subject()

    def _taker(self, rewards):
        warehouse = self._warehouse()
        # sudo: what a member has decides, whoever serves them
        taker = rewards.sudo()._taker(
            self.partner_id.sudo(), self.company_id, self.store_id.sudo(), warehouse
        )
        return replace(taker, is_without_goods=not warehouse)

    def _warehouse(self):
        return self.store_id._member_gift_warehouse(self.company_id)

    # === ACTIONS === #

    def action_confirm(self):
        """Spend the points, hand the reward over, and tell what happened."""
        self.ensure_one()
        self.env.user._member_require(REDEEM)
        self.env.user._member_check_own(self.partner_id)
        self._check_store()
        self._check_pin_given()
        known = redemptions.find(self.env, [self.request_key])
        if not known:
            self._check()
        quote = self.reward_id._quote(self.reward_id.points_cost * self.quantity)
        wanted = self.reward_id._wanted(
            self.partner_id,
            quote,
            self.request_key,
            warehouse=self._warehouse(),
            context=ledger.Context(
                store_id=self.store_id.id, reference=self.reward_id.name
            ),
        )
        redemptions.reserve(self.env, wanted)
        self.reward_id._give(wanted)
        if not known:
            self._log()
        return self._notice()

    def _check_store(self):
        """Refuse a store where the operator does not work.

        Which gifts there are, what is in stock and the reports depend on it.
        """
        if not self.store_id and not self.is_store_needed:
            return
        if self.store_id not in self.store_choice_ids:
            raise MemberRefusal(
                "other_store",
                self.env._("Choose the store of yours where the member stands."),
            )

    def _check_pin(self):
        """Verify the PIN that was typed; a wrong one is counted and logged.

        :raise PinError: as `member.pin` does.
        """
        self.env.user._member_require(REDEEM)
        try:
            # sudo: no one may read PINs; verifying one tells nothing but yes or no
            self.env["member.pin"].sudo()._verify(self.partner_id, self.pin)
        except PinError as error:
            if error.code in ("wrong_pin", "locked"):
                self.env["member.operator.log"]._log_attempt(
                    error, partner=self.partner_id, reference=self._name
                )
            raise

    def _check_pin_given(self):
        # sudo: what the PIN was given for is out of the operators' reach
        if self.is_pin_needed and self.sudo().pin_given_for != self._pin_subject():
            raise MemberRefusal(
                "pin_needed",
                self.env._(
                    "Spending so many points needs the member's PIN. Let the member "
                    "type it here."
                ),
            )

    def _pin_subject(self):
        """Name the one redemption that a PIN is given for."""
        parts = (self.request_key, self.partner_id.id, self.reward_id.id, self.quantity)
        return "/".join(map(str, parts))

    def _check(self):
        """Refuse before anything is held what cannot be given here."""
        member = self.partner_id.sudo()  # the state of a member is no secret here
        root = self.company_id._member_root()
        if self.company_id not in self.env.user.company_ids and not self.env.su:
            raise UserError(
                self.env._(
                    "You do not work for %(company)s.", company=self.company_id.name
                )
            )
        if not member.is_member or member.member_company_id != root:
            raise UserError(
                self.env._(
                    "%(contact)s is not a member of %(company)s. Register the contact "
                    "first.",
                    contact=member.name,
                    company=root.name,
                )
            )
        reward = self.reward_id
        if reward.kind not in DESK_KINDS or reward.company_id != root:
            raise MemberRefusal(
                "not_at_desk",
                self.env._(
                    "Money off is taken at the till, with an order. For a sale order "
                    "choose a coupon."
                ),
            )
        if self.quantity < 1:
            raise UserError(self.env._("Give it once at least."))
        taker = self._taker(reward)
        reward._check_for(taker)
        reward._check_expiring(taker, reward._quote(self.points).points)

    def _log(self):
        asset = self.company_id._member_asset("points")
        log = self.env["member.operator.log"]
        what = self.reward_id._what(self.quantity)
        detail = f"{what} (−{asset._format(self.points)})"
        log._log("redeem", partner=self.partner_id, store=self.store_id, detail=detail)
        if self.partner_id == self.env.user.partner_id:
            log._log("own_card", partner=self.partner_id, detail=detail)

    def _notice(self):
        message = self.env._(
            "%(member)s gets %(what)s.",
            member=self.partner_id.name,
            what=self.reward_id._what(self.quantity),
        )
        coupons = self.reward_id._coupons_of(self.request_key)
        if coupons:
            codes = listed(self.env, coupons.mapped("code"))
            message = self.env._(
                "%(message)s Code: %(codes)s", message=message, codes=codes
            )
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "title": self.env._("Points redeemed"),
                "message": message,
                "sticky": bool(coupons),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }
