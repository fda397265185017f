from decimal import Decimal
from uuid import uuid4

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from .. import ledger
from ..booking import link_after_commit
from ..topup_bonus import bonus_key


class MemberTopup(models.TransientModel):
    """Tops up a wallet from the office: cash or bank in, deposit and value out.

    The `request_key` is made when the wizard opens and names the payment, the room
    under the cap and the credit: confirming twice credits once.
    """

    _name = "member.topup"
    _description = "Top Up a Wallet"

    partner_id = fields.Many2one(
        "res.partner",
        "Member",
        required=True,
        domain=[("is_member", "=", True)],
    )
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    currency_id = fields.Many2one(
        "res.currency", compute="_compute_currency_id", compute_sudo=True
    )
    amount = fields.Monetary("Amount Paid", required=True)
    bonus_amount = fields.Monetary(
        "Bonus", help="Given on top. It is spent first and never paid out."
    )
    can_award = fields.Boolean(compute="_compute_can_award")
    journal_id = fields.Many2one(
        "account.journal",
        "Paid By",
        required=True,
        compute="_compute_journal_id",
        store=True,
        precompute=True,
        readonly=False,
        domain="[('type', 'in', ('cash', 'bank'))]",
        check_company=True,
    )
    memo = fields.Char("Reason", help="Printed on the payment and on the entry.")
    request_key = fields.Char(
        required=True, readonly=True, default=lambda self: str(uuid4())
    )
    balance_before = fields.Monetary(
        "Balance Now", compute="_compute_balances", compute_sudo=True
    )
    balance_after = fields.Monetary(compute="_compute_balances", compute_sudo=True)
    room = fields.Monetary(
        "Can Still Be Topped Up", compute="_compute_balances", compute_sudo=True
    )
    has_cap = fields.Boolean(compute="_compute_balances", compute_sudo=True)

    @api.depends("company_id")
    def _compute_currency_id(self):
        for wizard in self:
            wizard.currency_id = wizard.company_id.root_id.currency_id

    @api.depends_context("uid")
    def _compute_can_award(self):
        self.can_award = self.env.user.has_group("member_card.group_member_award")

    @api.depends("company_id")
    def _compute_journal_id(self):
        for wizard in self:
            # sudo: whoever tops up need not see the journals
            journals = self.env["account.journal"].sudo()
            wizard.journal_id = journals.search(
                [
                    *journals._check_company_domain(wizard.company_id),
                    ("type", "in", ("cash", "bank")),
                ],
                order="type desc, sequence, id",
                limit=1,
            )

    @api.depends("partner_id", "company_id", "amount", "bonus_amount")
    def _compute_balances(self):
        for wizard in self:
            company, member = wizard.company_id, wizard.partner_id
            principal = company._member_asset("principal")
            bonus = company._member_asset("bonus")
            found = ledger.figures(self.env, member.id or 0, (principal | bonus).ids)
            now = sum(float(figures.available) for figures in found.values())
            wizard.balance_before = now
            wizard.balance_after = now + wizard.amount + wizard.bonus_amount
            cap = company._member_cap(member) if member else None
            wizard.has_cap = cap is not None
            wizard.room = 0
            if cap is not None and principal:
                own = found[principal.id]
                wizard.room = max(float(cap) - float(own.amount + own.incoming), 0)

    # === ACTIONS === #

    def action_confirm(self):
        """Take the money, credit the member, and tell what happened."""
        self.ensure_one()
        self._check_right()
        payment = self._payment()
        if not payment:
            self._check()
            room_key = self._reserve_room()
            payment = self._create_payment()
            self._credit(payment, room_key)
        return self._notice(payment)

    # === BUSINESS METHODS === #

    def _check_right(self):
        self.env.user._member_require("topup")
        self.env.user._member_check_own_in_office(self.partner_id)

    def _check(self):
        """Refuse before anything is written what would be refused afterwards."""
        if self.company_id not in self.env.user.company_ids and not self.env.su:
            raise AccessError(
                self.env._(
                    "You do not work for %(company)s.", company=self.company_id.name
                )
            )
        member = self.partner_id.sudo()  # the state of a member is no secret here
        root = self.company_id._member_root()
        if not root.member_deposit_account_id or not root._member_asset("principal"):
            raise UserError(
                self.env._(
                    "Wallets are not set up for %(company)s. Install its chart of "
                    "accounts, then update the Member Card app.",
                    company=root.name,
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
        if member.member_state == "cancelled":
            raise UserError(
                self.env._(
                    "The membership of %(member)s has ended.", member=member.name
                )
            )
        if not member.member_class_id.can_hold_money:
            raise UserError(
                self.env._(
                    "Members of the class %(class_name)s cannot be topped up. Change "
                    "the class first.",
                    class_name=member.member_class_id.name,
                )
            )
        journal_currency = self.journal_id.sudo().currency_id or root.currency_id
        if journal_currency != root.currency_id:
            raise UserError(
                self.env._(
                    "Wallets are in %(wallet)s; choose a journal in that currency.",
                    wallet=root.currency_id.name,
                )
            )
        if self.currency_id.compare_amounts(self.amount, 0) <= 0:
            raise UserError(self.env._("Enter the amount that was paid."))
        if self.bonus_amount:
            self.env.user._member_require("award")
            if self.currency_id.compare_amounts(self.bonus_amount, 0) < 0:
                raise UserError(self.env._("A bonus is given, not taken."))

    def _payment(self):
        """Return the payment that confirming made before, if any."""
        # sudo: whoever tops up need not see payments
        return (
            self.env["account.payment"]
            .sudo()
            .search([("member_topup_key", "=", self.request_key)], limit=1)
        )

    def _reserve_room(self):
        """Reserve the room under the cap; return the key, or None without a cap."""
        cap = self.company_id._member_cap(self.partner_id)
        if cap is None:
            return None
        principal = self.company_id._member_asset("principal")
        ledger.hold(
            self.env,
            [(self.partner_id.id, principal.id, self.amount, self.request_key)],
            self.request_key,
            direction="in",
            cap=cap,
            context=self._context(None),
        )
        return self.request_key

    def _context(self, payment):
        store = self.env.user.sudo().member_store_ids[:1]
        return ledger.Context(
            store_id=store.id,
            res_model=payment and payment._name,
            res_id=payment and payment.id,
            reference=payment and payment.name,
            note=self.memo,
        )

    def _create_payment(self):
        """Book the money: Dr cash or outstanding receipts, Cr the member's deposit."""
        # sudo: the right to top up is enough, accounting rights are not needed
        journal = self.journal_id.sudo()
        payments = self.env["account.payment"].sudo().with_company(self.company_id)
        payment = payments.create(
            {
                "amount": self.currency_id.round(self.amount),
                "company_id": self.company_id.id,
                "destination_account_id": (
                    self.company_id._member_root().member_deposit_account_id.id
                ),
                "force_outstanding_account_id": self._outstanding_account(journal).id,
                "journal_id": journal.id,
                "member_topup_key": self.request_key,
                "memo": self.memo
                or self.env._("Top-up of %(member)s", member=self.partner_id.name),
                "partner_id": self.partner_id.id,
                "partner_type": "customer",
                "payment_type": "inbound",
            }
        )
        payment.action_post()
        return payment

    @api.model
    def _outstanding_account(self, journal):
        """Cash is in the drawer at once; a bank receipt waits until it is matched."""
        if journal.type == "cash":
            return journal.default_account_id
        line = journal.inbound_payment_method_line_ids[:1]
        return line.payment_account_id or journal.env["account.payment"].new(
            {"journal_id": journal.id, "company_id": journal.company_id.id}
        )._get_outstanding_account("inbound")

    def _credit(self, payment, room_key):
        """Insert the credits in this very transaction and link them once applied."""
        context = self._context(payment)
        principal = self.company_id._member_asset("principal")
        amount = Decimal(str(payment.amount))
        if room_key:
            ledger.capture(
                self.env,
                room_key,
                direction="in",
                amount=amount,
                kind="topup",
                context=context,
            )
        else:
            ledger.post(
                self.env,
                [
                    ledger.Intent(
                        partner_id=self.partner_id.id,
                        asset_id=principal.id,
                        amount=amount,
                        kind="topup",
                        request_key=self.request_key,
                        context=context,
                    )
                ],
            )
        if self.bonus_amount:
            ledger.post(
                self.env,
                [
                    ledger.Intent(
                        partner_id=self.partner_id.id,
                        asset_id=self.company_id._member_asset("bonus").id,
                        amount=self.bonus_amount,
                        kind="bonus",
                        request_key=bonus_key(self.request_key),
                        context=context,
                    )
                ],
            )
        link_after_commit(self.env, payment._member_pairs())
        self.env["member.operator.log"]._log(
            "topup",
            partner=self.partner_id,
            store=self.env.user.sudo().member_store_ids[:1],
            reference=payment.name,
            detail=self.currency_id.format(payment.amount),
        )
        self.env.user._member_log_own(self.partner_id, reference=payment.name)

    def _notice(self, payment):
        """Tell what happened, with a link to the payment for those who may see it."""
        values = {
            "amount": self.currency_id.format(payment.amount),
            "member": payment.partner_id.name,
        }
        message = self.env._("%(amount)s topped up for %(member)s.", **values)
        links = []
        if self.env["account.payment"].has_access("read"):
            message += " %s"
            links = [
                {
                    "label": payment.name,
                    "url": f"/odoo/account.payment/{payment.id}",
                }
            ]
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "title": self.env._("Top-up done"),
                "message": message,
                "links": links,
                "next": {"type": "ir.actions.act_window_close"},
            },
        }
