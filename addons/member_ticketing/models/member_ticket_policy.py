from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import ormcache

from ..policies import Rule

CHANNELS = [("pos", "Box Office"), ("backend", "Backend"), ("web", "Website")]

AXES = ("event_id", "event_type_id", "slot_id", "ticket_id", "type_ticket_id")
"""What a policy is of, beside whom and where it sells."""


class MemberTicketPolicy(models.Model):
    """Who may buy which ticket of a performance, when, where, at which price, how many.

    Of a performance, or of an event template, whose policies each new performance gets.
    `..policies` chooses between them; tickets already sold keep what they were sold by.
    """

    _name = "member.ticket.policy"
    _description = "Sales Policy"
    _inherit = ["mail.thread", "member.cached.mixin"]
    _order = "sequence, id"

    name = fields.Char(
        compute="_compute_name",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
        tracking=True,
        help="Clerks and buyers read it beside the price.",
    )
    active = fields.Boolean(default=True, tracking=True)
    sequence = fields.Integer(
        default=10,
        help="Between policies that name as much, the one with the lower number sells.",
    )

    # Of what
    event_id = fields.Many2one(
        "event.event", "Performance", index=True, ondelete="cascade"
    )
    event_type_id = fields.Many2one(
        "event.type", "Template", index="btree_not_null", ondelete="cascade"
    )
    slot_id = fields.Many2one(
        "event.slot",
        domain="[('event_id', '=', event_id)]",
        index="btree_not_null",
        ondelete="cascade",
        help="Empty: all slots.",
    )
    ticket_id = fields.Many2one(
        "event.event.ticket",
        domain="[('event_id', '=', event_id)]",
        index="btree_not_null",
        ondelete="cascade",
        help="Empty: all tickets.",
    )
    type_ticket_id = fields.Many2one(
        "event.type.ticket",
        "Ticket of the Template",
        domain="[('event_type_id', '=', event_type_id)]",
        index="btree_not_null",
        ondelete="cascade",
        help="Empty: all tickets.",
    )
    company_id = fields.Many2one(related="event_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(
        "res.currency", compute="_compute_currency_id", compute_sudo=True
    )

    # Whom and where
    class_id = fields.Many2one(
        "member.class",
        ondelete="restrict",
        index=True,
        tracking=True,
        help="Members of this class. Empty: the public, that is everybody for whom no "
        "policy of a class sells.",
    )
    channel = fields.Selection(CHANNELS, tracking=True, help="Empty: everywhere.")
    user_ids = fields.Many2many(
        "res.users",
        "member_ticket_policy_user_rel",
        string="Clerks",
        domain=[("share", "=", False)],
        # one who has left must not leave the policy to everybody
        context={"active_test": False},
        help="Only these may sell by it, so it sells nothing on the website. Nobody "
        "chosen: everybody. It counts who is logged in: at a till that several "
        "employees share, that is the user whose session it is, whoever sells.",
    )

    # At which price
    price_kind = fields.Selection(
        [
            ("ticket", "The Ticket's Price"),
            ("fixed", "A Price of Its Own"),
            ("percent", "Percent Off"),
            ("pricelist", "By a Pricelist"),
        ],
        required=True,
        default="ticket",
        tracking=True,
        help="The ticket's price goes through the pricelist of the buyer, as without a "
        "policy. Percent are off the ticket's price.",
    )
    price = fields.Monetary(tracking=True)
    percent = fields.Float(digits=(5, 2), tracking=True)
    pricelist_id = fields.Many2one(
        "product.pricelist",
        ondelete="restrict",
        tracking=True,
        help="Empty: the pricelist of the class.",
    )

    # How many
    quota = fields.Integer(
        tracking=True,
        help="The most tickets that this policy sells, over all channels; of a "
        "performance with slots over all of them, unless the policy names one. 0: as "
        "many as there are seats.",
    )
    member_limit = fields.Integer(
        "Limit per Member",
        tracking=True,
        help="The most tickets that a member can have of what this policy names (the "
        "performance, its slot, its ticket): bought through any channel, on any order "
        "and by any policy. 0: no limit.",
    )
    order_limit = fields.Integer(
        "Limit per Order",
        tracking=True,
        help="The most tickets on one order, also of buyers whom nobody knows. 0: no "
        "limit.",
    )

    # When
    window = fields.Selection(
        [
            ("always", "Always"),
            ("dates", "Between Two Moments"),
            ("days", "Days Before the Performance"),
        ],
        "On Sale",
        required=True,
        default="always",
        tracking=True,
    )
    start_date = fields.Datetime("From", tracking=True, help="Empty: from now on.")
    end_date = fields.Datetime("Until", tracking=True, help="Empty: with no end.")
    days_before_start = fields.Integer(
        "Opens Days Before",
        tracking=True,
        help="Days of 24 hours before the performance begins. 0: from now on.",
    )
    days_before_end = fields.Integer(
        "Closes Days Before",
        tracking=True,
        help="Days of 24 hours before the performance begins. 0: when it begins.",
    )

    _of_one = models.Constraint(
        "CHECK (num_nonnulls(event_id, event_type_id) = 1)",
        "A sales policy is of a performance or of an event template.",
    )
    _not_negative = models.Constraint(
        "CHECK (price >= 0 AND quota >= 0 AND member_limit >= 0 AND order_limit >= 0"
        " AND days_before_start >= 0 AND days_before_end >= 0)",
        "A price, a quota, a limit and days are not below zero.",
    )
    _percent = models.Constraint(
        "CHECK (percent BETWEEN 0 AND 100)", "Percent off are between 0 and 100."
    )
    _window_in_order = models.Constraint(
        "CHECK (\"window\" <> 'dates' OR start_date < end_date"
        " OR start_date IS NULL OR end_date IS NULL)",
        "A policy closes after it opens.",
    )
    _days_in_order = models.Constraint(
        "CHECK (\"window\" <> 'days' OR days_before_start = 0"
        " OR days_before_start > days_before_end)",
        "A policy closes after it opens: fewer days before the performance.",
    )

    # === COMPUTE === #

    @api.depends("class_id", "channel", "ticket_id", "type_ticket_id", "slot_id")
    def _compute_name(self):
        for policy in self:
            policy.name = policy._default_name()

    def _default_name(self):
        """Return whom and what the policy names, as in “Gold · Stalls · Website”."""
        self.ensure_one()
        channels = dict(self._fields["channel"]._description_selection(self.env))
        parts = (
            self.class_id.name or self.env._("Public"),
            (self.ticket_id or self.type_ticket_id).name,
            self.slot_id.display_name,
            channels.get(self.channel),
        )
        return " · ".join(part for part in parts if part)

    @api.depends("company_id")
    @api.depends_context("company")
    def _compute_currency_id(self):
        for policy in self:
            company = policy.company_id or self.env.company
            policy.currency_id = company.currency_id

    # === CONSTRAINTS === #

    @api.constrains(*AXES)
    def _check_parts(self):
        for policy in self:
            strange = (
                policy.slot_id.event_id | policy.ticket_id.event_id
            ) - policy.event_id
            if strange or policy.type_ticket_id.event_type_id - policy.event_type_id:
                raise ValidationError(
                    self.env._(
                        "%(policy)s: choose a slot and a ticket of the same "
                        "performance.",
                        policy=policy.name,
                    )
                )

    @api.constrains("event_id", "class_id", "pricelist_id")
    def _check_company(self):
        for policy in self:
            theirs = (
                policy.class_id.company_id | policy.pricelist_id.company_id
            ).root_id
            if policy.company_id and theirs - policy.company_id.root_id:
                raise ValidationError(
                    self.env._(
                        "%(policy)s: the class or pricelist belongs to another company "
                        "than the performance.",
                        policy=policy.name,
                    )
                )

    @api.constrains("price_kind", "pricelist_id", "class_id")
    def _check_pricelist(self):
        for policy in self:
            if policy.price_kind != "pricelist" or policy.pricelist_id:
                continue
            if not policy.class_id:
                raise ValidationError(
                    self.env._(
                        "%(policy)s: choose a pricelist. Only a policy of a class can "
                        "take the pricelist of the class.",
                        policy=policy.name,
                    )
                )

    # === CRUD === #

    @api.ondelete(at_uninstall=False)
    def _unlink_except_sold(self):
        # sudo: tickets count that the user cannot see
        registrations = self.env["event.registration"].sudo()
        sold = registrations.with_context(active_test=False).search(
            [("member_policy_id", "in", self.ids)], limit=1
        )
        if sold:
            raise UserError(
                self.env._(
                    "Tickets were sold by “%(policy)s”. Archive it instead: it sells "
                    "no more, and what was sold keeps its policy.",
                    policy=sold.member_policy_id.name,
                )
            )

    # === RULES OF THE CHOICE === #

    @api.model
    def _rules(self, event_id):
        """Return the rules of a performance for `choose`; kept in memory."""
        return self._rules_of([event_id])[event_id]

    @api.model
    def _rules_of(self, event_ids):
        """Return the rules of performances by their ids, with one query at most."""
        loader = self.with_context(
            member_rules_wanted=tuple(event_ids), member_rules_loaded={}
        )
        return {event_id: loader._cached_rules(event_id) for event_id in event_ids}

    @api.model
    @ormcache("event_id")
    def _cached_rules(self, event_id):
        """Return one performance's rules; the first miss reads all that are wanted."""
        loaded = self.env.context["member_rules_loaded"]
        if not loaded:
            loaded.update(self._read_rules(self.env.context["member_rules_wanted"]))
        return loaded[event_id]

    @api.model
    def _read_rules(self, event_ids):
        # sudo: what is for sale is no secret; buyers ask, who cannot read policies
        policies = self.sudo().with_context(active_test=True)
        found = policies.search([("event_id", "in", event_ids)])
        rules = {event_id: [] for event_id in event_ids}
        for policy in found:
            rules[policy.event_id.id].append(policy._to_rule())
        return {event_id: tuple(each) for event_id, each in rules.items()}

    def _to_rule(self):
        """Return this policy as the choice computes with it."""
        self.ensure_one()
        amount = {"fixed": self.price, "percent": self.percent}.get(self.price_kind, 0)
        by_date, by_days = self.window == "dates", self.window == "days"
        return Rule(
            # one that is tried before it is saved has no id
            id=self._origin.id or 0,
            name=self.name or "",
            sequence=self.sequence,
            ticket_id=self.ticket_id._origin.id or self.type_ticket_id._origin.id or 0,
            slot_id=self.slot_id._origin.id or 0,
            class_id=self.class_id._origin.id or 0,
            channel=self.channel or "",
            user_ids=frozenset(self.user_ids.ids),
            price_kind=self.price_kind,
            amount=Decimal(str(amount)),
            pricelist_id=self.pricelist_id._origin.id or 0,
            quota=self.quota,
            limit=self.member_limit,
            order_limit=self.order_limit,
            start=(by_date and self.start_date) or None,
            end=(by_date and self.end_date) or None,
            opens_days=(by_days and self.days_before_start) or None,
            closes_days=self.days_before_end if by_days else None,
        )
