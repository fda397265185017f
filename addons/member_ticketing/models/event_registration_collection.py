from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.tools import SQL, format_date, format_datetime, format_time

from odoo.addons.member_card.refusals import MemberRefusal

from ..reading import is_number

MAX_TICKETS = 500
"""Tickets that one look-up shows and one desk hands over together."""

SERVER_FIELDS = (
    "member_ticketed_at",
    "member_collected_at",
    "member_collected_by_id",
    "member_checked_in_by_id",
    "member_checked_in_store_id",
)
"""Written by verbs only: issuing, handing over, checking in."""


class EventRegistration(models.Model):
    """A ticket on its way to the visitor: issued, then handed over if it is of paper.

    Issued means that the visitor was sent the ticket, or that it was printed. Tickets
    sold at a till are printed there at once and never wait for anybody.
    """

    _inherit = "event.registration"

    member_ticketed_at = fields.Datetime(
        "Ticketed", readonly=True, copy=False, help="When the ticket was issued first."
    )
    member_collected_at = fields.Datetime(
        "Collected",
        readonly=True,
        copy=False,
        help="When the ticket was handed over at the box office first.",
    )
    member_collected_by_id = fields.Many2one(
        "res.users",
        "Handed Over By",
        readonly=True,
        copy=False,
        ondelete="set null",
    )

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._check_member_server_fields({k: v for k, v in vals.items() if v})
        return super().create(vals_list)

    def write(self, vals):
        self._check_member_server_fields(vals)
        return super().write(vals)

    @api.model
    def _member_server_fields(self):
        """Return the fields that verbs alone set; other files add theirs."""
        return SERVER_FIELDS

    @api.model
    def _check_member_server_fields(self, vals):
        if self.env.su:
            return
        names = [name for name in self._member_server_fields() if name in vals]
        if names:
            raise AccessError(
                self.env._(
                    "These fields cannot be edited directly: %(fields)s. Use the "
                    "buttons.",
                    fields=", ".join(
                        self._fields[name]._description_string(self.env)
                        for name in names
                    ),
                )
            )

    # === ISSUING AND HANDING OVER === #

    @api.model
    def _member_waiting_domain(self, company):
        """Return which tickets of a legal entity can be handed over at a box office.

        Confirmed ones that were not sold at a till, of performances not over yet;
        handed over already or not.
        """
        return [
            ("state", "=", "open"),
            ("pos_order_line_id", "=", False),
            ("event_end_date", ">=", fields.Datetime.now()),
            "|",
            ("company_id", "=", False),
            ("company_id", "child_of", company._member_root().id),
        ]

    @api.model
    def _member_waiting(self, domain, company):
        """Return tickets that can be handed over, the next performance first."""
        # sudo: the box office serves all branches, and reads no orders otherwise
        found = self.sudo().search(
            [*domain, *self._member_waiting_domain(company)], limit=MAX_TICKETS
        )
        return found.sorted(lambda each: (each._member_begins_at(), each.id))

    @api.model
    def _member_to_hand_over(self, registration_ids, company):
        """Return these tickets, in sudo mode, when all of them can be handed over.

        :raise MemberRefusal: bad_request; not_found, for what is cancelled, used, over
            or another company's.
        """
        wanted = registration_ids if isinstance(registration_ids, (list, tuple)) else ()
        is_list = all(is_number(each, 1) for each in wanted)
        if not wanted or not is_list or len(wanted) > MAX_TICKETS:
            raise MemberRefusal(
                "bad_request", self.env._("Choose the tickets to hand over.")
            )
        tickets = self._member_waiting([("id", "in", list(wanted))], company)
        if len(tickets) != len(set(wanted)):
            raise MemberRefusal(
                "not_found",
                self.env._(
                    "One of these tickets was cancelled, used or is for a performance "
                    "that is over. Look the member up again."
                ),
            )
        return tickets

    def _member_hand_over(self, again=False, till=None):
        """Mark these tickets as handed over and log it: all of them, or none.

        :param again: hand over once more what was handed over before.
        :param till: the `pos.config` where it happens, if any.
        :raise MemberRefusal: collected (by whom and when is said), without `again`.
        """
        before = self.filtered("member_collected_at")
        if before and not again:
            raise MemberRefusal("collected", before[0]._member_collected_words())
        self._member_collect()
        for action, handed in (
            ("ticket_collect", self - before),
            ("ticket_collect_again", before),
        ):
            handed._member_log_tickets(action, till)

    def _member_collected_words(self):
        self.ensure_one()
        return self.env._(
            "Handed over already on %(when)s by %(name)s. Print again only when the "
            "first ticket is lost: only one of the two opens the door.",
            when=format_datetime(self.env, self.member_collected_at, dt_format="short"),
            name=self.member_collected_by_id.name or self.env._("a colleague"),
        )

    def _member_log_tickets(self, action, till=None):
        """Write what was done with these tickets to the operator log, by member."""
        for partner, tickets in self.grouped("partner_id").items():
            self.env["member.operator.log"]._log(
                action,
                partner=partner,
                till=till,
                reference=", ".join(tickets.sale_order_id.mapped("name")) or None,
                detail=self.env._(
                    "%(event)s: %(count)s tickets",
                    event=", ".join(tickets.event_id.mapped("name")),
                    count=len(tickets),
                ),
            )

    def _member_issue(self):
        """Note that these tickets were issued; return those that were not before.

        `self` in sudo mode, and checked by the caller.
        """
        return self._member_mark({"member_ticketed_at": fields.Datetime.now()})

    def _member_collect(self):
        """Note that these tickets were handed over; return those that were not before.

        The mark is a conditional UPDATE: of two desks at once one marks, and the other
        is run again by Odoo and finds the ticket handed over. `self` in sudo mode, and
        checked by the caller, who hands over what is returned and nothing else.
        """
        self._member_issue()
        return self._member_mark(
            {
                "member_collected_at": fields.Datetime.now(),
                "member_collected_by_id": self.env.uid,
            }
        )

    def _member_mark(self, vals):
        """Set `vals` where the first of them is empty yet; return the changed records.

        Not a write: nothing that others are told of changes, neither seats nor state.
        """
        first = next(iter(vals))
        self.flush_recordset()
        self.env.cr.execute(
            SQL(
                "UPDATE event_registration SET %s"
                " WHERE id = ANY(%s) AND %s IS NULL AND state IN ('open', 'done')"
                " RETURNING id",
                SQL(", ").join(
                    SQL("%s = %s", SQL.identifier(name), value)
                    for name, value in vals.items()
                ),
                sorted(self.ids),
                SQL.identifier(first),
            ),
            log_exceptions=False,  # the loser of a race is replayed
        )
        marked = self.browse(row[0] for row in self.env.cr.fetchall())
        marked.invalidate_recordset(list(vals), flush=False)
        marked.modified(list(vals))
        return self & marked

    # === WHAT IS PRINTED AND SHOWN === #

    def _member_begins_at(self):
        """Return the beginning of the performance or slot (naive UTC)."""
        self.ensure_one()
        return self.event_slot_id.start_datetime or self.event_id.date_begin

    def _member_when(self):
        """Return the beginning as a visitor reads it, by the clock of the place."""
        self.ensure_one()
        zone = self.event_id.date_tz or "UTC"
        begins = fields.Datetime.context_timestamp(
            self.with_context(tz=zone), self._member_begins_at()
        ).replace(tzinfo=None)
        day = format_date(self.env, begins.date(), date_format="EEE")
        date = format_date(self.env, begins.date())
        time = format_time(self.env, begins.time(), time_format="short")
        return f"{day} {date} {time}"

    def _member_ticket_data(self):
        """Return what a till shows of a ticket; no code that would open the door."""
        self.ensure_one()
        order = self.sale_order_id
        return {
            "id": self.id,
            "event_id": self.event_id.id,
            "event": self.event_id.name,
            "slot_id": self.event_slot_id.id,
            "begins_at": fields.Datetime.to_string(self._member_begins_at()),
            "when": self._member_when(),
            "ticket_id": self.event_ticket_id.id,
            "ticket": self.event_ticket_id.name or "",
            "name": self.name or "",
            "order_id": order.id,
            "order": order.name or "",
            "is_paid": not order or order._member_is_paid(),
            "ticketed_at": fields.Datetime.to_string(self.member_ticketed_at) or False,
            "collected_at": fields.Datetime.to_string(self.member_collected_at)
            or False,
        }

    def _member_slip_data(self):
        """Return what a till prints of a ticket that it hands over, with its code."""
        self.ensure_one()
        member = self.partner_id if self.partner_id.is_member else None
        return {
            **self._member_ticket_data(),
            "barcode": self.barcode,
            "place": self.event_id.address_id.name or "",
            "price": self._member_paid_price(),
            "currency_id": (
                self.sale_order_id.currency_id or self.event_id.company_id.currency_id
            ).id,
            "member": member.name if member else "",
            "member_number": member.member_number if member else "",
        }

    def _member_paid_price(self):
        """Return what this seat cost, with taxes, in the currency of its order."""
        self.ensure_one()
        return self.member_price
