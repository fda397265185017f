from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from odoo import fields, models

from odoo.addons.member_card.till import TillRefusal, refusal, till_verb, to_json

from .. import seats
from ..seats.errors import SeatRefusal
from .event_registration_till import TAKING
from .pos_config_tickets import SELL

MAX_LINES = 50
MAX_QUANTITY = 100
REASON_LENGTH = 200
SEAT_SECONDS = 15 * 60
"""How long a till holds seats for a customer who is at the counter."""

SHORT = {"sold_out", "quota_used_up", "limit_reached"}
"""Refusals beside which the till tells what else can be had."""


@dataclass
class _Asked:
    """One order line that wants seats, as it was read and as it will be agreed."""

    uuid: str
    ticket: Any
    slot: Any
    quantity: int
    policy_id: int
    free_reason: str
    is_as_agreed: bool = False
    approval: Any = None
    before: Any = None
    offer: Any = None
    is_other: bool = False
    granted: Any = None
    instead: Any = None
    """Tickets that the order gives back and these stand for."""

    @property
    def prefix(self):
        return seat_prefix(self.uuid)

    @property
    def sells_by(self):
        """The id of the policy, 0 for none."""
        if self.is_kept:
            return self.before.policy_id.id or 0
        return self.offer.policy_id

    def take_terms(self, order_uuid):
        """Ask by the policy and for the reason that this line was agreed with."""
        agreed = self.before
        if (
            agreed
            and agreed.order_uuid == order_uuid
            and agreed.ticket_id == self.ticket
            and agreed.slot_id == self.slot
        ):
            self.policy_id = agreed.policy_id.id if agreed.is_policy_asked else 0
            self.free_reason = agreed.free_reason or ""

    @property
    def is_kept(self):
        """Whether it stays as it was agreed before: then nothing is chosen again."""
        return self.offer is None


def seat_prefix(line_uuid):
    """Return how the keys of a till line's holds begin."""
    return f"pol:{line_uuid}:"


class PosConfig(models.Model):
    """The till's verbs that set seats aside for the lines of an order."""

    _inherit = "pos.config"

    @till_verb
    def member_seats_hold(self, order_uuid, lines, partner_id=False, back=()):
        """Set seats aside for lines of an order, all of them or none, and agree prices.

        What the same order gives back counts as free for it: of such seats only what is
        wanted beside them is set aside, and the order must bring them when it is paid.

        Asked again with other content it replaces what these lines held; with the same
        it holds longer, at the price agreed before. Call it whenever the customer, a
        ticket or a quantity changes; other lines of the order keep what they have.

        Another policy, or a ticket given away, takes the right or an approval: of
        `member_approve` with the act "ticket_policy" or "ticket_free" and the uuid of
        the line as its subject. It is found by the line, so several lines can have one.

        :param lines: `[{uuid, ticket_id, slot_id, quantity}]`, and where wanted
            `policy_id` (another policy than the one that applies), `free_reason` (given
            away) and `approval`, the token of one that names no line. `as_agreed` takes
            policy and reason as they were agreed for this line: another till sold it.
        :param back: what the order gives back, `[{line_uuid, quantity, ids}]`: of which
            sold line, how many, and which tickets where they were chosen.
        :return: `lines` as asked: uuid, price and list_price (unit prices), amount and
            list_amount (with taxes), policy_id, policy_name, is_other_policy, why,
            free_reason, expires_at (UTC) and seconds_left until then, for a till whose
            own clock is off. Or a refusal with the `line` it is about: sold_out,
            quota_used_up, limit_reached (with `left`, and `alternatives` of the same
            performance: ticket_id, name, seats_left, amount), closed (with
            `opens_at`), not_for_sale, other_policy, order_limit, approval_needed (with
            the `act`, the `amount` that an approval must cover, and the `policy_id` and
            `free_reason` that it is about).
        """
        self._member_require(SELL)
        order_uuid = str(self._member_request_key(order_uuid))
        buyer = self._member_ticket_buyer(partner_id)
        asked = self._member_seat_lines(lines)
        known = self.env["member.till.ticket"]._of_lines(line.uuid for line in asked)
        for line in asked:
            line.before = self._member_own_agreement(known.get(line.uuid))
            if line.is_as_agreed:
                line.take_terms(order_uuid)
        leaving = self._member_leaving(back, order_uuid, [each.uuid for each in asked])
        self._member_share_leaving(asked, leaving)
        changed = [
            line
            for line in asked
            if not self._member_is_as_agreed(order_uuid, line, buyer)
        ]
        at_fault = []
        try:
            # an approval is used up only if the seats are held
            with self.env.cr.savepoint():
                self._member_agree_offers(order_uuid, changed, buyer, at_fault, leaving)
                held = self._member_hold_lines(asked, buyer, at_fault)
        except (SeatRefusal, TillRefusal) as error:
            return self._member_seat_refusal(error, at_fault, buyer, leaving)
        return {
            "status": "ok",
            "lines": [
                self._member_agree_line(order_uuid, line, buyer, held[line.uuid])
                for line in asked
            ],
        }

    @till_verb
    def member_seats_release(self, line_uuids):
        """Give back what these lines hold; sold seats are not touched.

        :return: "ok", also for lines that hold nothing.
        """
        self._member_require(SELL)
        if not isinstance(line_uuids, list) or len(line_uuids) > MAX_LINES:
            raise self._member_malformed()
        agreed = self.env["member.till.ticket"]._of_lines(
            str(self._member_request_key(uuid)) for uuid in line_uuids
        )
        own = [each for each in agreed.values() if self._member_own_agreement(each)]
        keys = [each.seat_key for each in own]
        # sudo: what was agreed is written and forgotten by these verbs only
        self.env["member.till.ticket"].sudo().union(*own)._forget()
        if keys:
            seats.release(self.env, keys)
        return {"status": "ok"}

    # === READING WHAT WAS SENT === #

    def _member_seat_lines(self, lines):
        """Read the lines that want seats.

        :raise TillRefusal: bad_request, not_found, invalid_amount.
        """
        if not isinstance(lines, list) or not 0 < len(lines) <= MAX_LINES:
            raise self._member_malformed()
        asked, events = [], {}
        for line in lines:
            if not isinstance(line, dict):
                raise self._member_malformed()
            ticket = self._member_ticket_of_till(line.get("ticket_id"), events)
            slot = self._member_slot(ticket.event_id, line.get("slot_id"))
            asked.append(
                _Asked(
                    uuid=str(self._member_request_key(line.get("uuid"))),
                    ticket=ticket,
                    slot=slot,
                    quantity=self._member_quantity(line.get("quantity")),
                    policy_id=self._member_count(line.get("policy_id") or 0),
                    free_reason=" ".join(str(line.get("free_reason") or "").split())[
                        :REASON_LENGTH
                    ],
                    is_as_agreed=bool(line.get("as_agreed")),
                    approval=line.get("approval"),
                )
            )
        if len({line.uuid for line in asked}) != len(asked):
            raise self._member_malformed()
        return asked

    def _member_ticket_of_till(self, ticket_id, events):
        # sudo: what is on is no secret to who sells tickets
        tickets = self.env["event.event.ticket"].sudo()
        if isinstance(ticket_id, int):
            tickets = tickets.browse(ticket_id).exists()
        if not tickets or tickets.product_id.service_tracking != "event":
            raise TillRefusal(
                "not_found",
                self.env._("This ticket is no longer on sale. Choose another one."),
            )
        event = tickets.event_id
        if event not in events:
            events[event] = self._member_event(event.id)
        return tickets

    def _member_quantity(self, quantity):
        number = isinstance(quantity, (int, float)) and not isinstance(quantity, bool)
        # in range first: neither NaN nor infinity is, and neither becomes an int
        if not (number and 0 < quantity <= MAX_QUANTITY and quantity == int(quantity)):
            raise TillRefusal(
                "invalid_amount",
                self.env._(
                    "Enter a whole number of seats, at most %(most)s.",
                    most=MAX_QUANTITY,
                ),
            )
        return int(quantity)

    def _member_malformed(self):
        return TillRefusal(
            "bad_request", self.env._("The till sent malformed lines. Reload it.")
        )

    def _member_own_agreement(self, agreed):
        """Return what was agreed at this till or one that it shares orders with."""
        tills = self | self.trusted_config_ids
        if agreed and agreed.config_id in tills:
            return agreed
        return None

    # === HOLDING === #

    def _member_hold_lines(self, asked, buyer, at_fault):
        """Hold the seats of all lines; return `Held` by uuid.

        What a line held before is given back to it when another one is refused.

        :raise SeatRefusal:
        """
        held, changed = {}, []
        for line in asked:
            at_fault[:] = [line]
            try:
                held[line.uuid] = seats.resize(
                    self.env,
                    line.prefix,
                    [self._member_want(line, buyer)],
                    SEAT_SECONDS,
                    back=line.instead._member_seat_wants(),
                ) or self._member_held_by_others(line)
            except SeatRefusal:
                for other in changed:
                    self._member_hold_as_before(other)
                raise
            changed.append(line)
        return held

    def _member_want(self, line, buyer):
        return seats.Want(
            event_id=line.ticket.event_id.id,
            slot_id=line.slot.id or 0,
            ticket_id=line.ticket.id,
            policy_id=line.sells_by,
            partner_id=buyer.id or 0,
            quantity=line.quantity,
        )

    def _member_held_by_others(self, line):
        """Return the hold of a line that needs none: the seats coming back are its."""
        expires_at = fields.Datetime.now() + timedelta(seconds=SEAT_SECONDS)
        return seats.Held(f"{line.prefix}0", expires_at)  # holds have numbers from 1

    def _member_hold_as_before(self, line):
        before = line.before
        sold = before and before._instead().filtered(lambda each: each.state in TAKING)
        wants = before and [
            seats.Want(
                event_id=before.ticket_id.event_id.id,
                slot_id=before.slot_id.id or 0,
                ticket_id=before.ticket_id.id,
                policy_id=before.policy_id.id or 0,
                partner_id=before.partner_id.id or 0,
                quantity=before.quantity,
            )
        ]
        try:
            held = seats.resize(
                self.env,
                line.prefix,
                wants or [],
                SEAT_SECONDS,
                back=sold._member_seat_wants() if sold else (),
            )
        except SeatRefusal:
            return  # somebody was faster; the line is held anew, or refused, when paid
        if before and held:
            before.write({"seat_key": held.key, "expires_at": held.expires_at})

    def _member_agree_line(self, order_uuid, line, buyer, held):
        """Put down what was agreed, and tell the till."""
        agreements = self.env["member.till.ticket"]
        instead = ",".join(map(str, line.instead.ids)) or None
        if line.is_kept:
            line.before.write(
                {
                    "seat_key": held.key,
                    "expires_at": held.expires_at,
                    "instead": instead,
                }
            )
            return self._member_agreed_data(line.before)
        offer = line.offer
        agreements._agree(
            {
                "line_uuid": line.uuid,
                "order_uuid": order_uuid,
                "config_id": self.id,
                "user_id": self.env.uid,
                "partner_id": buyer.id or None,
                "ticket_id": line.ticket.id,
                "slot_id": line.slot.id or None,
                "quantity": line.quantity,
                "policy_id": offer.policy_id or None,
                "price": 0.0 if line.free_reason else offer.price,
                "list_price": offer.list_price,
                "why": offer.why,
                "free_reason": line.free_reason or None,
                "is_policy_asked": line.is_other,
                "approval_id": line.granted.id if line.granted else None,
                "instead": instead,
                "seat_key": held.key,
                "agreed_at": fields.Datetime.now(),
                "expires_at": held.expires_at,
            }
        )
        return self._member_agreed_data(agreements._of_lines([line.uuid])[line.uuid])

    def _member_agreed_data(self, agreed):
        price = self._member_till_price(agreed.ticket_id, agreed.price)
        list_price = self._member_till_price(agreed.ticket_id, agreed.list_price)
        left = agreed.expires_at - fields.Datetime.now()
        return {
            "uuid": agreed.line_uuid,
            "price": price,
            "list_price": list_price,
            "amount": self._member_with_taxes(agreed.ticket_id, price),
            "list_amount": self._member_with_taxes(agreed.ticket_id, list_price),
            "policy_id": agreed.policy_id.id,
            "policy_name": agreed.policy_id.name or "",
            "is_other_policy": agreed.is_policy_asked,
            "why": agreed.why or "",
            "free_reason": agreed.free_reason or "",
            "expires_at": to_json(agreed.expires_at),
            "seconds_left": max(int(left.total_seconds()), 0),
        }

    # === REFUSING === #

    def _member_seat_refusal(self, error, at_fault, buyer, leaving):
        """Answer with what stands in the way, of which line, and what else there is."""
        answer = refusal(error)
        for name in ("left", "opens_at", "act", "amount", "policy_id", "free_reason"):
            if getattr(error, name, None) is not None:
                answer[name] = to_json(getattr(error, name))
        if at_fault:
            line = at_fault[0]
            answer["line"] = line.uuid
            if error.code in SHORT:
                answer.update(
                    self._member_alternatives(line, buyer, answer["message"], leaving)
                )
        return answer

    def _member_alternatives(self, line, buyer, message, leaving):
        """Return what else of the performance can be had, and say it."""
        tickets = self._member_tickets_on_sale(line.ticket.event_id) - line.ticket
        offered = self._member_ticket_offers(
            buyer,
            [(ticket, line.slot) for ticket in tickets],
            leaving._member_seat_wants(),
        )
        found = [
            {
                "ticket_id": each.ticket.id,
                "name": each.ticket.name,
                "seats_left": each.offer.seats_left,
                "amount": self._member_prices(each.ticket, each.offer)["amount"],
            }
            for each in offered
            if each.can_be_had
        ]
        words = [
            self.env._(
                "%(left)s left in %(ticket)s",
                left=each["seats_left"],
                ticket=each["name"],
            )
            if each["seats_left"] is not None
            else self.env._("%(ticket)s is to be had", ticket=each["name"])
            for each in found
        ]
        if words:
            message = self.env._(
                "%(message)s %(others)s.", message=message, others=", ".join(words)
            )
        return {"message": message, "alternatives": found}
