from odoo import api, models
from odoo.tools import format_amount, format_datetime


class MemberTicketPolicy(models.Model):
    """What a policy says, in a few words for the grid and the lists."""

    _inherit = "member.ticket.policy"

    def _grid_cell(self, conflicts):
        """Return what the grid shows of a policy."""
        self.ensure_one()
        own = [each for each in conflicts if self.id in each.policy_ids]
        channels = dict(self._fields["channel"]._description_selection(self.env))
        return {
            "id": self.id,
            "name": self.name,
            "ticket_id": (self.ticket_id or self.type_ticket_id).id or 0,
            "slot_id": self.slot_id.id or 0,
            "class_id": self.class_id.id or 0,
            "channel": channels.get(self.channel, ""),
            "price": self._price_words(),
            "limits": self._limit_words(),
            "window": self._window_words(),
            "severity": own[0].severity if own else "",
            "conflicts": [each.sentence for each in own],
        }

    def _price_words(self):
        """Return the price in a few words: “¥80.00”, “25% off”."""
        self.ensure_one()
        if self.price_kind == "fixed":
            return format_amount(self.env, self.price, self.currency_id)
        if self.price_kind == "percent":
            return self.env._("%(percent)s%% off", percent=f"{self.percent:g}")
        if self.price_kind == "pricelist":
            return self.pricelist_id.name or self.env._("Pricelist of the class")
        return self.env._("Ticket's price")

    def _limit_words(self):
        """Return its limits, each in a few words."""
        self.ensure_one()
        words = []
        if self.quota:
            words.append(self.env._("%(count)s tickets", count=self.quota))
        if self.member_limit:
            words.append(self.env._("%(count)s per member", count=self.member_limit))
        if self.order_limit:
            words.append(self.env._("%(count)s per order", count=self.order_limit))
        if self.user_ids:
            words.append(", ".join(self.user_ids.mapped("name")))
        return words

    def _window_words(self):
        """Return when it sells, "": always."""
        self.ensure_one()
        if self.window == "days":
            return self._days_words()
        if self.window != "dates":
            return ""
        start, end = map(self._moment_words, (self.start_date, self.end_date))
        if start and end:
            return f"{start} – {end}"
        if start:
            return self.env._("from %(moment)s", moment=start)
        return self.env._("until %(moment)s", moment=end) if end else ""

    def _days_words(self):
        opens, closes = self.days_before_start, self.days_before_end
        if opens and closes:
            return self.env._(
                "%(opens)s to %(closes)s days before", opens=opens, closes=closes
            )
        if opens:
            return self.env._("from %(days)s days before", days=opens)
        if closes:
            return self.env._("until %(days)s days before", days=closes)
        return self.env._("until it begins")

    @api.model
    def _moment_words(self, moment):
        return format_datetime(self.env, moment, dt_format="short") if moment else ""
