from odoo import api, fields, models
from odoo.tools import SQL, format_datetime

from odoo.addons.member_card.refusals import LookupFailure
from odoo.addons.member_card.storable import storable

from ..reading import is_number, record_id
from .event_slot import LEAD

CARD_MATCHES = ("card", "uid", "number", "virtual")
"""Ways of the look-up that a scanner can come from; a name typed is none of them."""


class EventRegistration(models.Model):
    """Check-in: each ticket once, at whichever door, and who let the visitor in.

    Whichever of two doors commits first wins; the other one's transaction cannot be
    serialized, is run again by Odoo and finds the ticket used: it says when and where.
    """

    _inherit = "event.registration"

    member_checked_in_by_id = fields.Many2one(
        "res.users", "Checked In By", readonly=True, copy=False, ondelete="set null"
    )
    member_checked_in_store_id = fields.Many2one(
        "member.store",
        "Checked In At",
        readonly=True,
        copy=False,
        ondelete="set null",
        help="Where the colleague who let the visitor in works, if in one store only.",
    )

    # === CRUD METHODS === #

    def write(self, vals):
        if "state" not in vals:
            return super().write(vals)
        used = self.filtered(lambda each: each.state == "done")
        others = self - used
        if vals["state"] == "done":
            # what was used keeps its time, and is told to nobody twice
            more = {name: value for name, value in vals.items() if name != "state"}
            if used and more:
                super(EventRegistration, used).write(more)
            others._member_claim_entry()
            return super(EventRegistration, others).write(vals)
        if used:
            none = {
                "date_closed": False,
                "member_checked_in_by_id": False,
                "member_checked_in_store_id": False,
            }
            super(EventRegistration, used).write({**none, **vals})
            # sudo: whose tickets these are is for the log
            used.sudo()._member_log_tickets("check_in_undo")
        return super(EventRegistration, others).write(vals)

    def _member_claim_entry(self):
        """Note who lets these visitors in, before anybody else can.

        An UPDATE of what is not used yet: of two doors at once the later one waits for
        the first, and its request is run again from the start.
        """
        if not self:
            return
        entry = {
            "member_checked_in_by_id": self.env.uid,
            "member_checked_in_store_id": self._member_own_store().id or None,
        }
        self.flush_recordset()
        self.env.cr.execute(
            SQL(
                "UPDATE event_registration SET %s"
                " WHERE id = ANY(%s) AND state <> 'done'",
                SQL(", ").join(
                    SQL("%s = %s", SQL.identifier(name), value)
                    for name, value in entry.items()
                ),
                sorted(self.ids),
            ),
            log_exceptions=False,  # the loser of the race is replayed
        )
        self.invalidate_recordset(list(entry), flush=False)

    @api.model
    def _member_own_store(self):
        """Return the store where the user works, if there is just one."""
        # sudo: people need not be able to read stores to work in one
        stores = self.env.user.sudo().member_store_ids
        return stores if len(stores) == 1 else stores.browse()

    # === THE DESK === #

    @api.model
    def register_attendee(self, barcode, event_id):
        """Ask before a ticket for another slot is let in; the rest is core's.

        The slot that the desk is for comes as `member_slot_id` in the context; without
        one, slots are right from three hours before they begin until they end.
        """
        barcode, event_id = storable(barcode), record_id(event_id)
        attendee = self.search([("barcode", "=", barcode)], limit=1)
        if attendee.state == "open" and attendee._member_is_other_slot():
            return {
                **attendee._get_registration_summary(),
                "status": "need_manual_confirmation",
                "member_is_other_slot": True,
            }
        return super().register_attendee(barcode, event_id)

    def _member_is_other_slot(self):
        """Tell whether this ticket is for another slot than visitors come to now."""
        self.ensure_one()
        slot = self.event_slot_id
        if not slot or self.event_id.is_finished:
            return False
        if wanted := self.env.context.get("member_slot_id"):
            return slot.id != wanted and slot.event_id == slot.browse(wanted).event_id
        return not slot._member_is_now()

    @api.model
    def member_desk_scan(self, barcode, event_id=False, slot_id=False):
        """Check in the ticket that was scanned, or find a member's tickets.

        :return: `kind` "ticket" with `registration`, core's summary; "member" with
            `member` and `tickets`, summaries of this performance, or of all that are
            on now without one; "refused" with a `message`; or "unknown".
        """
        self.browse().check_access("write")
        barcode = storable(barcode)
        event_id, slot_id = record_id(event_id), record_id(slot_id)
        desk = self.with_context(member_slot_id=slot_id)
        found = desk.register_attendee(barcode, event_id)
        if "error" not in found:
            return {"kind": "ticket", "registration": found}
        try:
            matches = self.env["res.partner"]._member_lookup(barcode, self.env.company)
        except LookupFailure as error:
            return {"kind": "refused", "message": str(error)}
        members = [member for member, how, _card in matches if how in CARD_MATCHES]
        if len(members) != 1:
            return {"kind": "unknown"}
        # sudo: the desk sees of a member what `_member_desk_match` tells
        member = members[0].sudo()
        return {
            "kind": "member",
            "member": member._member_desk_match(),
            "tickets": desk._member_desk_tickets(member, event_id),
        }

    @api.model
    def member_desk_check_in(self, registration_ids):
        """Let these visitors in, those who may: the tickets' summaries afterwards.

        :return: list of summaries with `status`: confirmed_registration,
            already_registered, canceled_registration, unconfirmed_registration or
            not_ongoing_event.
        """
        self.browse().check_access("write")
        sent = registration_ids if isinstance(registration_ids, list) else ()
        wanted = [each for each in sent if is_number(each, 1)]
        tickets = self.search([("id", "in", wanted)], order="id")
        statuses = {each: each._member_door_status() for each in tickets}
        entering = tickets.filtered(
            lambda each: statuses[each] == "confirmed_registration"
        )
        entering.action_set_done()
        return [
            {**each._get_registration_summary(), "status": statuses[each]}
            for each in tickets
        ]

    def _member_door_status(self):
        """Return what the door says of this ticket if it is let in now."""
        self.ensure_one()
        by_state = {
            "cancel": "canceled_registration",
            "draft": "unconfirmed_registration",
            "done": "already_registered",
        }
        if self.state == "open" and self.event_id.is_finished:
            return "not_ongoing_event"
        return by_state.get(self.state, "confirmed_registration")

    def _member_desk_tickets(self, member, event_id):
        """Return summaries of a member's tickets for a performance, or all of now."""
        domain = [("partner_id", "=", member.id), ("state", "in", ("open", "done"))]
        if event_id:
            domain.append(("event_id", "=", event_id))
        else:
            # a door for all performances: those that visitors come to now
            now = fields.Datetime.now()
            domain += [
                ("event_begin_date", "<=", now + LEAD),
                ("event_end_date", ">=", now),
            ]
        tickets = self.search(domain, order="id").filtered(
            lambda each: (
                not each.event_id.is_finished and not each._member_is_other_slot()
            )
        )
        return [
            {**each._get_registration_summary(), "state": each.state}
            for each in tickets
        ]

    # === WHAT THE DESK SHOWS === #

    def _get_registration_summary(self):
        """Add whose ticket it is, of which class, when for and who let it in."""
        summary = super()._get_registration_summary()
        # sudo: who checks tickets may see whose they are
        member = self.partner_id.sudo()
        return {
            **summary,
            "member": member.is_member and member._member_desk_match(),
            "member_when": self._member_when(),
            "member_used": self._member_used_words() if self.state == "done" else "",
        }

    def _member_used_words(self):
        """Say when, where and by whom the ticket was used."""
        self.ensure_one()
        zone = self.event_id.date_tz
        when = self.date_closed and format_datetime(
            self.env, self.date_closed, tz=zone, dt_format="short"
        )
        # sudo: a colleague's name and store are told to who stands at the other door
        ticket = self.sudo()
        parts = [
            when,
            ticket.member_checked_in_store_id.name,
            ticket.member_checked_in_by_id.name,
        ]
        return " · ".join(filter(None, parts))
