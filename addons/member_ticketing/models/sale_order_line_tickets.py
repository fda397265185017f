from odoo import api, fields, models
from odoo.exceptions import AccessError

from ..refusals import TicketRefusal

POLICY_CHANGE = "member_ticketing.group_member_ticket_policy_change"
OPEN_STATES = ("draft", "sent")
SEATS = ("event_id", "event_slot_id", "event_ticket_id")
PRICED = {"price_unit", "discount"}
TOTALLED = {*PRICED, "product_uom_qty", "product_id", "tax_ids"}
"""What changes which part of the order a discount on all of it takes off."""
OFFER = (
    "member_ticket_policy_id",
    "member_ticket_why",
    "member_ticket_price",
    "is_member_policy_price",
    "member_policy_user_id",
)
"""What a line keeps of an offer."""
GUARDED = {*OFFER[1:], "member_held_until", "is_member_free"}
"""Set by the rules below only."""


class SaleOrderLine(models.Model):
    """Tickets on an order: the policy that sells them, its price and their attendees.

    The policy is chosen for the customer when the line is made, and again when ticket,
    slot or customer change; what it said then stays on the line. It is looked at again
    before seats are held and before the order is confirmed.
    """

    _inherit = "sale.order.line"

    member_ticket_policy_id = fields.Many2one(
        "member.ticket.policy",
        "Sales Policy",
        compute="_compute_member_ticket_policy",
        store=True,
        readonly=False,
        precompute=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        help="What sells these tickets to this customer. Another one takes the "
        "right to sell under another policy.",
    )
    member_ticket_why = fields.Char(
        "Why This Price",
        compute="_compute_member_ticket_policy",
        store=True,
        precompute=True,
        copy=False,
    )
    member_ticket_price = fields.Float(
        "Price by Policy",
        digits="Product Price",
        compute="_compute_member_ticket_policy",
        store=True,
        precompute=True,
        copy=False,
        help="Of one ticket, in the currency of the performance's company.",
    )
    is_member_policy_price = fields.Boolean(
        compute="_compute_member_ticket_policy",
        store=True,
        precompute=True,
        copy=False,
        help="Whether the policy says the price, not the ticket and the pricelist.",
    )
    member_policy_user_id = fields.Many2one(
        "res.users",
        "Policy Chosen By",
        compute="_compute_member_ticket_policy",
        store=True,
        precompute=True,
        copy=False,
        help="Who chose another policy than the one that applies to the customer.",
    )
    member_held_until = fields.Datetime(
        "Seats Held Until",
        copy=False,
        readonly=True,
        help="Until then nobody else can buy these seats.",
    )
    is_member_free = fields.Boolean(
        "Complimentary",
        copy=False,
        readonly=True,
        help="Given away, with the reason on the order.",
    )

    # === COMPUTE === #

    @api.depends(*SEATS, "order_id.partner_id")
    def _compute_member_ticket_policy(self):
        for line in self:
            if line.order_id.state in (*OPEN_STATES, False) or not line._origin:
                line.update(line._member_offer_vals(line._member_offer()))
            else:  # what was sold stays as it was sold
                line.update({name: line[name] for name in OFFER})

    @api.onchange("member_ticket_policy_id")
    def _onchange_member_ticket_policy_id(self):
        """Show at once what the chosen policy costs."""
        if not self.event_ticket_id:
            return
        chosen = self.member_ticket_policy_id
        automatic = self._member_offer()
        if chosen.id in (automatic.policy_id, False):
            self.update(self._member_offer_vals(automatic))
        else:
            self.update(self._member_offer_vals(self._member_offer(policy=chosen)))
            self.member_policy_user_id = self.env.user
        self._member_reprice(force=True)

    def _get_display_price(self):
        if self.event_ticket_id and self.is_member_policy_price:
            company = self.event_ticket_id.company_id or self.env.company
            return self._convert_to_sol_currency(
                self.member_ticket_price, company.currency_id
            )
        return super()._get_display_price()

    def _compute_discount(self):
        """A price by policy is what the customer pays: no pricelist lowers it again."""
        result = super()._compute_discount()
        for line in self:
            if line.is_member_policy_price and line.pricelist_item_id._show_discount():
                line.discount = 0
        return result

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._member_check_guarded(vals)
        default_id = self.env.context.get("default_order_id")
        order_ids = {vals.get("order_id") or default_id for vals in vals_list}
        orders = self.order_id.browse(order_ids - {None, False})
        before = orders._member_parts_taken_off()
        lines = super().create(vals_list)
        asked = [
            vals.get("member_ticket_policy_id") if line.event_ticket_id else None
            for line, vals in zip(lines, vals_list, strict=True)
        ]
        for line, policy_id in zip(lines, asked, strict=True):
            if policy_id:
                line._member_take_policy(policy_id)
        lines._member_check_typed_price()
        lines.order_id._member_check_taken_off(before, but=lines)
        lines._member_follow_seats(lines)
        return lines

    def write(self, vals):
        self._member_check_guarded(vals)
        self._member_refuse_moved_seats(vals)
        others = self.filtered(
            lambda line: (
                vals.get("product_uom_qty", 0) > line.product_uom_qty
                # also the same again: their policy is chosen anew
                or {*SEATS} & vals.keys()
                or not vals.get("member_ticket_policy_id", True)
            )
        )
        paid = PRICED & vals.keys() and {
            line: line._member_price_typed() for line in self
        }
        before = TOTALLED & vals.keys() and self.order_id._member_parts_taken_off()
        result = super().write(vals)
        if policy_id := vals.get("member_ticket_policy_id"):
            for line in self.filtered("event_ticket_id"):
                if line.order_id.state in OPEN_STATES:
                    line._member_take_policy(policy_id)
        if paid:
            self._member_check_typed_price(paid)
        if before:
            self.order_id._member_check_taken_off(before)
        if {"product_uom_qty", "member_ticket_policy_id", *SEATS} & vals.keys():
            self._member_follow_seats(others)
        return result

    def unlink(self):
        orders = self.order_id
        before = orders._member_parts_taken_off()
        result = super().unlink()
        orders._member_check_taken_off(before)
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_release_seats(self):
        for order, lines in self.grouped("order_id").items():
            order._member_release_seats(lines)

    # === POLICY === #

    def _member_channel(self):
        """Return the channel of the policies that these tickets are sold by."""
        return "web" if self.order_id.website_id else "backend"

    def _member_customer(self):
        """Return who buys, as policies and limits see it: nobody for a guest's cart."""
        customer, website = self.order_id.partner_id, self.order_id.website_id
        # sudo: shoppers cannot read the website's own user
        return customer - website.sudo().user_id.partner_id

    def _member_offer(self, policy=None, left=None):
        """Return the offer for this line now, None when it sells no ticket.

        :param policy: one that somebody asks for, in place of the one that applies.
        :param left: what is left, to look at quotas as well.
        """
        self.ensure_one()
        # sudo: what is for sale is no secret to who sells it
        # sudo: shoppers and clerks cannot read all that makes a price
        ticket = self.event_ticket_id.sudo()
        if not ticket:
            return None
        return ticket._member_offer(
            self._member_customer().sudo(),
            self._member_channel(),
            slot=self.event_slot_id.sudo(),
            user=self.env.user,
            quantity=max(int(self.product_uom_qty), 1),
            policy=policy,
            left=left,
            pricelist=self.order_id.pricelist_id,
        )

    @api.model
    def _member_offer_vals(self, offer):
        """Return what a line keeps of an offer."""
        if offer is None:
            return {
                "member_ticket_policy_id": False,
                "member_ticket_why": False,
                "member_ticket_price": 0,
                "is_member_policy_price": False,
                "member_policy_user_id": False,
            }
        # sudo: clerks read no policies
        policy = self.env["member.ticket.policy"].sudo().browse(offer.policy_id or None)
        return {
            "member_ticket_policy_id": policy.id,
            "member_ticket_why": offer.why,
            "member_ticket_price": offer.price,
            "is_member_policy_price": bool(policy) and policy.price_kind != "ticket",
            "member_policy_user_id": False,
        }

    def _member_take_policy(self, policy_id):
        """Sell by the policy that somebody chose; refused without the right.

        :raise AccessError: another one applies, and the right is missing.
        :raise TicketRefusal: other_policy, it cannot sell these tickets.
        """
        self.ensure_one()
        automatic = self._member_offer()
        if policy_id == automatic.policy_id:
            self._member_write_offer(automatic)
            return
        self.env.user._member_require(POLICY_CHANGE)
        # sudo: who may choose a policy need not be able to read all of it
        policy = self.env["member.ticket.policy"].sudo().browse(policy_id)
        offer = self._member_offer(policy=policy)
        if not offer.is_for_sale:
            raise TicketRefusal("other_policy", offer.why)
        self._member_write_offer(offer, self.env.user)
        self.env["member.operator.log"]._log(
            "ticket_policy",
            partner=self._member_customer(),
            reference=self.order_id.name,
            detail=f"{self.event_ticket_id.display_name}: {offer.policy_name}",
        )

    # pylint: disable=missing-return,super-method-mismatch
    def _member_write_offer(self, offer, chosen_by=None):
        """Keep an offer on the line, and its price unless somebody typed another."""
        self.ensure_one()
        vals = self._member_offer_vals(offer)
        if chosen_by:
            vals["member_policy_user_id"] = chosen_by.id
        # sudo: nobody writes what a policy said
        super(SaleOrderLine, self.sudo()).write(vals)
        self._member_reprice()

    def _member_reprice(self, force=False):
        """Price these ticket lines as their policies say.

        :param force: also those whose price was typed by hand.
        """
        # sudo: what a policy says is not typed, and takes no right
        lines = self.filtered("event_ticket_id").sudo()
        lines.with_context(force_price_recomputation=force)._compute_price_unit()
        lines._compute_discount()

    @api.model
    def _member_check_guarded(self, vals):
        """Refuse that somebody writes what only an offer or a hold says."""
        if not self.env.su and GUARDED & vals.keys():
            raise AccessError(
                self.env._(
                    "What a sales policy says cannot be edited. Choose another policy, "
                    "or press “Update Ticket Prices”."
                )
            )

    # === SEATS === #

    def _member_quantity(self):
        """Return how many seats this line sells."""
        self.ensure_one()
        return max(int(self.product_uom_qty), 0)

    def _member_is_held(self):
        """Tell whether the seats of this line are kept for it at this moment."""
        self.ensure_one()
        return bool(
            self.member_held_until and self.member_held_until > fields.Datetime.now()
        )

    def _member_follow_seats(self, others):
        """Bring held and sold seats to what these lines sell now.

        :param others: lines that sell more than before, or other seats, which must be
            for sale now.
        """
        lines = self.filtered("event_ticket_id")
        for order, changed in lines.grouped("order_id").items():
            if order.state == "sale":
                # also one that was only called confirmed, and sold nothing yet
                wanting = changed.filtered(
                    lambda line: (
                        len(line._member_seats_taken()) < line._member_quantity()
                    )
                )
                if wanting:
                    order._member_check_tickets(wanting)
                changed._init_registrations()
            elif order.state in OPEN_STATES:
                order._member_resize_seats(changed, changed & others)
