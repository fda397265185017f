import logging
from datetime import timedelta

from odoo import SUPERUSER_ID, api, fields, models

from .. import seats
from ..figures import figures
from ..seats.cursor import in_test

_logger = logging.getLogger(__name__)

_CHANGED = "member_ticketing.seats_changed"


class SaleOrder(models.Model):
    """Seats that are held for an order before it is sold: carts and reservations.

    Each line has one hold, under a key that begins with `so:<order id>:<line id>:`. It
    is committed at once, whatever becomes of the caller's transaction; what is given
    back is given back after the commit. When the transaction fails, each line holds
    again what it sells as it stands in the database, unless somebody was faster.
    """

    _inherit = "sale.order"

    def _member_hold_seats(self, lines=None, ttl=None):
        """Hold the seats that these lines sell in place of those they hold, or none.

        Lines that sell none any more give theirs back.

        :param lines: ticket lines of this order, all of them when not given.
        :param ttl: for how long, in seconds; as long as the order's other seats when
            not given.
        :return: the naive UTC moment until when they are held.
        :raise SeatRefusal: nothing is held for lines that held nothing before.
        """
        self.ensure_one()
        lines = self._member_ticket_lines(lines)
        ttl = self._member_hold_ttl() if ttl is None else ttl
        until = fields.Datetime.now() + timedelta(seconds=ttl)
        new = []
        try:
            for line in lines:
                prefix = line._member_seat_prefix()
                known = seats.find(self.env, prefix)
                self._member_settle_after_rollback(line)
                held = seats.resize(
                    self.env,
                    prefix,
                    line._member_wants(),
                    ttl,
                    document=f"{self._name},{self.id}",
                )
                if held:
                    self._member_released_at_commit().discard(prefix)
                if held and not known:
                    new.append(held.key)
        except seats.SeatRefusal:
            seats.release(self.env, new)
            raise
        # sudo: nobody writes until when seats are held
        for line in lines.sudo():
            line.member_held_until = line._member_quantity() and until
        return until

    def _member_release_seats(self, lines=None):
        """Give back, after the commit, what is held for these lines or for all."""
        prefixes = set()
        for order in self:
            mine = order._member_ticket_lines(
                None if lines is None else lines & order.order_line
            ).filtered("member_held_until")
            prefixes.update(line._member_seat_prefix() for line in mine)
            # sudo: nobody writes until when seats are held
            mine.sudo().member_held_until = False
        if prefixes:
            released = self._member_released_at_commit()
            released.update(prefixes)
            self.env.cr.postcommit.add(
                lambda: self._member_give_up(prefixes & released)
            )

    def _member_released_at_commit(self):
        """Return the lines, by their prefix, that give back at the next commit.

        One that is held for again meanwhile is taken off.
        """
        return self.env.cr.postcommit.data.setdefault("member_seats_released", set())

    def _member_settle_after_rollback(self, line):
        """Have a line hold what it did before if the transaction is rolled back."""
        if in_test():
            return  # its holds are in that transaction
        postrollback, registry = self.env.cr.postrollback, self.env.registry
        if changed := postrollback.data.get(_CHANGED):
            changed[line._member_seat_prefix()] = line.id
            return
        postrollback.data[_CHANGED] = {line._member_seat_prefix(): line.id}

        @postrollback.add
        def settle():
            changed = postrollback.data.pop(_CHANGED, {})
            for prefix, line_id in changed.items():
                try:
                    with registry.cursor() as cr:
                        env = api.Environment(cr, SUPERUSER_ID, {})
                        lines = env["sale.order.line"]
                        lines.browse(line_id).exists()._member_hold_as_saved(prefix)
                except Exception:
                    # the caller has an error of its own to tell
                    _logger.exception("holds %s are left as they are", prefix)

    def _member_give_up(self, prefixes):
        """Release holds after a transaction: whatever happens, its end stands."""
        try:
            found = [
                held.key for each in prefixes for held in seats.find(self.env, each)
            ]
            seats.release(self.env, found)
        except Exception:
            _logger.exception("holds %s are left to expire", prefixes)

    def _member_prolong_seats(self, ttl):
        """Hold the seats that are still held for at least so many seconds from now.

        :return: whether all seats of the order are held; else hold them again.
        """
        self.ensure_one()
        lines = self._member_ticket_lines()
        keys = []
        for line in lines:
            prefix = line._member_seat_prefix()
            if seats.count(self.env, prefix) < line._member_quantity():
                return False
            keys += [held.key for held in seats.find(self.env, prefix)]
        kept = seats.prolong(self.env, keys, ttl)
        if not kept or len(kept) < len(keys):
            return False
        for line in lines.sudo():  # sudo: as above
            line.member_held_until = min(held.expires_at for held in kept)
        return True

    def _member_resize_seats(self, lines, others=None):
        """Follow a change of these lines where seats are held for the order.

        :param others: those that sell more than before, other seats or to somebody
            else: a policy that has closed keeps what is held and sells no more.
        """
        self.ensure_one()
        if self._member_hold_ttl() <= 0:
            return
        if others:
            left = self._member_seats_left(others)
            for line in others:
                line._member_check_offer(left)
        self._member_check_tickets(lines)
        self._member_check_order_limits()
        self._member_hold_seats(lines)

    def _member_hold_ttl(self):
        """Return for how many seconds more seats of this order are held."""
        self.ensure_one()
        until = self.order_line.filtered("member_held_until").mapped(
            "member_held_until"
        )
        if not until:
            return 0
        left = max(until) - fields.Datetime.now()
        return max(int(left.total_seconds()), 0)

    def _member_seats_left(self, lines):
        """Return the `Figures` of what is left for the customer of these lines.

        What the lines have sold already is theirs: more of it is asked for as a whole.
        """
        # sudo: what is left decides, whoever sells
        pairs = [(line.event_ticket_id, line.event_slot_id) for line in lines.sudo()]
        customer = lines[:1]._member_customer() if lines else self.partner_id
        sold = self.env["event.registration"].sudo()  # sudo: as above
        for line in lines:
            sold |= line._member_seats_taken()
        return figures(
            self.env,
            customer,
            pairs,
            but=self._member_seat_keys(),
            back=sold._member_seat_wants(),
        )[0]

    def _member_ticket_lines(self, lines=None):
        """Return the ticket lines of the order, or those among `lines`."""
        self.ensure_one()
        return (self.order_line if lines is None else lines).filtered("event_ticket_id")


class SaleOrderLine(models.Model):
    """What a line asks of the seats."""

    _inherit = "sale.order.line"

    def _member_hold_as_saved(self, prefix):
        """Hold what this line sells and no more; nothing where it is not there.

        :param prefix: how the keys of its holds begin.
        """
        order = self.order_id
        is_open = order.state in ("draft", "sent") and self.member_held_until
        ttl = order._member_hold_ttl() if is_open else 0
        wants = self._member_wants() if ttl > 0 else []
        try:
            seats.resize(
                self.env, prefix, wants, ttl, document=f"sale.order,{order.id}"
            )
        except seats.SeatRefusal as refusal:
            # somebody was faster; what is missing is held again, or refused, when paid
            _logger.info("holds %s are left as they are: %s", prefix, refusal)

    def _member_seat_prefix(self):
        """Return how the keys of this line's holds begin."""
        self.ensure_one()
        return f"so:{self.order_id.id}:{self.id}:"

    def _member_wants(self):
        """Return the seats of this line as its attendees will take them."""
        self.ensure_one()
        quantity = self._member_quantity()
        return [self._member_want(quantity)] if quantity else []

    def _member_want(self, quantity=1, policy_id=None):
        return seats.Want(
            event_id=self.event_id.id,
            slot_id=self.event_slot_id.id or 0,
            ticket_id=self.event_ticket_id.id,
            policy_id=policy_id or self.member_ticket_policy_id.id or 0,
            partner_id=self._member_customer().id or 0,
            quantity=quantity,
        )
