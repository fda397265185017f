from odoo import models
from odoo.tools import format_datetime


class EventEventTicket(models.Model):
    """Why a ticket is offered as it is, in sentences for clerks and buyers."""

    _inherit = "event.event.ticket"

    def _member_why(self, choice):
        """Return why this policy sells, or what must happen before one does."""
        if choice.status == "closed":
            return self._member_why_closed(choice)
        if choice.status == "used_up":
            return self.env._("All tickets of this offer are sold.")
        if choice.status == "not_for_sale":
            if any(each.code == "clerk" for each in choice.why):
                return self.env._("Only certain clerks sell this ticket.")
            return self.env._("Not for sale here to this customer.")
        passed = [self._member_why_passed_over(each) for each in choice.why]
        name = choice.rule.name if choice.rule else self.env._("The ticket's own price")
        first = self.env._("%(policy)s.", policy=name)
        return " ".join((first, *filter(None, passed)))

    def _member_why_closed(self, choice):
        if choice.opens_at:
            return self.env._(
                "On sale from %(moment)s.", moment=self._member_moment(choice.opens_at)
            )
        ended = [each.at for each in choice.why if each.code == "late"]
        if not ended and not self.end_sale_datetime:
            return self.env._("Sales are closed.")
        return self.env._(
            "Sales closed on %(moment)s.",
            moment=self._member_moment(max(ended, default=self.end_sale_datetime)),
        )

    def _member_why_passed_over(self, why):
        """Say of a better policy why it does not sell, of other clerks' nothing."""
        name = why.rule.name
        if why.code == "early":
            moment = self._member_moment(why.at)
            return self.env._(
                "“%(policy)s” opens on %(moment)s.", policy=name, moment=moment
            )
        if why.code == "late":
            return self.env._("“%(policy)s” is over.", policy=name)
        if why.code == "used_up":
            return self.env._("“%(policy)s” is used up.", policy=name)
        return ""

    def _member_moment(self, moment):
        """Return a moment as people at the place of the performance read it."""
        zone = self.event_id.date_tz
        return format_datetime(self.env, moment, tz=zone, dt_format="short")
