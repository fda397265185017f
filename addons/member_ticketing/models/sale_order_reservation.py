from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.tools import format_datetime

from ..refusals import TicketRefusal

SELL = "member_ticketing.group_member_ticket_sell"
PROCESS = "member_ticketing.group_member_ticket_process"
GRACE_MINUTES = 15
"""So long seats are held after the moment that people are told: the job takes time,
and who stands at the till in the last minute gets the seats."""
GUARDED = {
    "is_member_reservation",
    "member_reserved_until",
    "member_held_since",
    "member_reservation_ended_at",
    "member_reminded_at",
    "member_request_key",
}


class SaleOrder(models.Model):
    """Seats that a member takes now and pays later.

    A reservation is a quotation whose seats are held until a moment. Until then it is
    paid at a till, by its link, or confirmed in the office; afterwards a job gives the
    seats back and cancels it. It can be made again, if there are seats.
    """

    _inherit = "sale.order"

    is_member_reservation = fields.Boolean("Reservation", copy=False, readonly=True)
    member_reserved_until = fields.Datetime(
        "Reserved Until",
        copy=False,
        readonly=True,
        tracking=True,
        index="btree_not_null",
    )
    member_reservation_ended_at = fields.Datetime(
        "Expired On", copy=False, readonly=True
    )
    member_reminded_at = fields.Datetime("Reminded On", copy=False, readonly=True)
    member_request_key = fields.Char(copy=False, readonly=True)
    member_reservation_state = fields.Selection(
        [
            ("open", "Reserved"),
            ("done", "Bought"),
            ("expired", "Expired"),
            ("cancelled", "Cancelled"),
        ],
        "Reservation Status",
        compute="_compute_member_reservation_state",
        store=True,
        copy=False,
    )
    member_ticket_summary = fields.Char(
        "Performance and Seats",
        compute="_compute_member_ticket_summary",
        compute_sudo=True,
    )
    member_pay_url = fields.Char("Payment Link", compute="_compute_member_pay_url")

    _member_request_key = models.UniqueIndex(
        "(member_request_key) WHERE member_request_key IS NOT NULL",
        "This reservation was made already.",
    )

    # === COMPUTE === #

    @api.depends("is_member_reservation", "member_reservation_ended_at", "state")
    def _compute_member_reservation_state(self):
        states = {"sale": "done", "cancel": "cancelled"}
        for order in self:
            state = states.get(order.state, "open")
            if state == "cancelled" and order.member_reservation_ended_at:
                state = "expired"
            order.member_reservation_state = order.is_member_reservation and state

    @api.depends("order_line.event_ticket_id", "order_line.product_uom_qty")
    @api.depends_context("lang")
    def _compute_member_ticket_summary(self):
        for order in self:
            order.member_ticket_summary = "; ".join(
                line._member_seats_said() for line in order._member_ticket_lines()
            )

    def _compute_member_pay_url(self):
        for order in self:
            payable = order.is_member_reservation and order._has_to_be_paid()
            order.member_pay_url = payable and (
                order.get_base_url() + order.get_portal_url()
            )

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._member_check_reservation_vals(vals)
        return super().create(vals_list)

    def write(self, vals):
        self._member_check_reservation_vals(vals)
        return super().write(vals)

    # === ACTIONS === #

    def action_member_prolong(self):
        """Open the dialog that keeps the seats longer, or takes them again."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "member_ticketing.member_ticket_prolong_action"
        )
        action["context"] = {"default_order_id": self.id}
        return action

    def action_member_cancel_reservation(self):
        """Give the seats of these reservations back."""
        self.env.user._member_require(SELL)
        for order in self:
            order.check_access("read")
            if order.member_reservation_state != "open":
                raise TicketRefusal(
                    "not_reserved",
                    self.env._(
                        "%(number)s is no open reservation: %(state)s.",
                        number=order.name,
                        state=order._member_reservation_state_said(),
                    ),
                )
            # sudo: the right to sell tickets is enough, no sales rights are needed
            order.sudo()._action_cancel()
            order._member_log_reservation("ticket_reserve_cancel")

    def action_member_send_reservation(self):
        """Send the number and the payment link by mail once more."""
        self.ensure_one()
        self.env.user._member_require(SELL)
        self.check_access("read")
        if not self.partner_id.email:
            raise TicketRefusal(
                "no_email",
                self.env._(
                    "%(member)s has no e-mail address. Tell the number %(number)s, or "
                    "copy the payment link.",
                    member=self.partner_id.name,
                    number=self.name,
                ),
            )
        self._member_mail("mail_template_reservation")
        return self._member_notice(
            self.env._("Sent to %(email)s.", email=self.partner_id.email)
        )

    # === RESERVING === #

    def _member_reserve(self, until):
        """Hold the seats of this quotation until a moment, or take them again.

        :param until: naive UTC.
        :raise TicketRefusal: too_late, or what stands in the way of selling.
        :raise SeatRefusal: not all seats are left; nothing is held.
        """
        self.ensure_one()
        self.env.user._member_require(SELL)
        now = fields.Datetime.now()
        self._member_check_until(until, now)
        order = self.sudo()  # the right to sell tickets is enough
        if order.state == "cancel":
            order.action_draft()
            order._member_rechoose()
        order._member_check_tickets()
        reminder = timedelta(
            hours=order._member_root().member_reservation_reminder_hours
        )
        order.write(
            {
                "is_member_reservation": True,
                "member_reserved_until": until,
                "member_reservation_ended_at": False,
                # who has less time than that needs no reminder
                "member_reminded_at": until - reminder <= now and now,
                "prepayment_percent": 1.0,
                "require_payment": True,
                "require_signature": False,
                "validity_date": fields.Datetime.context_timestamp(self, until).date(),
            }
        )
        order._member_hold_seats(ttl=order._member_hold_ttl())
        if order.state == "draft":
            order.action_quotation_sent()
        self._member_log_reservation("ticket_reserve")

    def _member_prolong(self, until):
        """Keep the seats until a later moment; hold again what is held no more.

        :raise TicketRefusal: too_late, not_reserved.
        :raise SeatRefusal: they are gone meanwhile.
        """
        self.ensure_one()
        self.env.user._member_require(PROCESS)
        if self.member_reservation_state not in ("open", "expired"):
            raise TicketRefusal(
                "not_reserved",
                self.env._(
                    "%(number)s is no open reservation: %(state)s.",
                    number=self.name,
                    state=self._member_reservation_state_said(),
                ),
            )
        self._member_reserve(until)

    def _member_check_until(self, until, now):
        """Refuse an end that is over, too late for the house, or too far for the user.

        :raise TicketRefusal: too_late.
        """
        latest = self._member_latest_reservation()
        if latest and until > latest:
            raise TicketRefusal(
                "too_late",
                self.env._(
                    "Seats of this performance are kept until %(moment)s at most. "
                    "Choose an earlier time, or sell the tickets now.",
                    moment=self._member_said(latest),
                ),
            )
        if until <= now:
            raise TicketRefusal(
                "too_late", self.env._("Choose a time that is not over yet.")
            )
        usual = timedelta(hours=self._member_root().member_reservation_hours)
        if until > now + usual + timedelta(minutes=1):
            self.env.user._member_require(PROCESS)

    def _member_latest_reservation(self):
        """Return until when seats of the order may be kept, None without tickets."""
        # sudo: sellers need not see performances
        begins = [
            line.event_slot_id.start_datetime or line.event_id.date_begin
            for line in self.sudo()._member_ticket_lines()
        ]
        hours = self._member_root().member_reservation_close_hours
        return min(begins) - timedelta(hours=hours) if begins else None

    def _member_root(self):
        # sudo: a setting of the head office
        return (self.company_id or self.env.company).sudo()._member_root()

    def _member_hold_ttl(self):
        """A reservation keeps its seats to its end, also those added later."""
        if self.member_reservation_state == "open":
            grace = timedelta(minutes=GRACE_MINUTES)
            left = self.member_reserved_until + grace - fields.Datetime.now()
            return max(int(left.total_seconds()), 0)
        return super()._member_hold_ttl()

    def _has_to_be_paid(self):
        """A reservation that is over is not paid any more: its seats may be gone."""
        is_over = (
            self.member_reserved_until
            and self.member_reserved_until <= fields.Datetime.now()
        )
        return super()._has_to_be_paid() and not is_over

    def _member_check_reservation_vals(self, vals):
        if not self.env.su and GUARDED & vals.keys():
            raise AccessError(
                self.env._(
                    "Until when seats are kept cannot be edited. Use “Keep Longer”."
                )
            )

    # === FOR DESKS AND TILLS === #

    @api.model
    def _member_reservations(self, partner, company):
        return self.search(
            [
                ("partner_id", "=", partner.id),
                ("company_id", "child_of", company._member_root().id),
                ("member_reservation_state", "=", "open"),
            ],
            order="member_reserved_until, id",
        )

    def _member_reservation_until(self):
        self.ensure_one()
        return self.member_reserved_until

    # === WORDS === #

    def _member_said(self, moment):
        return format_datetime(self.env, moment, dt_format="short")

    def _member_until_said(self, until=None):
        """Return until when the seats are kept, by the clock of the performance.

        :param until: naive UTC; the end of the reservation when not given.
        """
        return format_datetime(
            self.env,
            until or self.member_reserved_until,
            # sudo: sellers need not see performances
            tz=self.sudo()._member_ticket_lines()[:1].event_id.date_tz,
            dt_format="short",
        )

    def _member_reservation_state_said(self):
        states = self._fields["member_reservation_state"]._description_selection(
            self.env
        )
        return dict(states).get(self.member_reservation_state, "")

    def _member_mail(self, template):
        """Send one of our mails to the customer; it is kept with the order."""
        # sudo: sellers need not see templates, nor post on orders
        self.sudo().message_post_with_source(
            self.env.ref(f"member_ticketing.{template}").sudo(),
            email_layout_xmlid="mail.mail_notification_layout_with_responsible_signature",
            subtype_xmlid="mail.mt_comment",
        )

    def _member_notice(self, message):
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": message,
                "next": {"type": "ir.actions.act_window_close"},
            },
        }

    def _member_log_reservation(self, action):
        self.env["member.operator.log"]._log(
            action,
            partner=self.partner_id,
            reference=self.name,
            detail=self.member_ticket_summary,
        )
