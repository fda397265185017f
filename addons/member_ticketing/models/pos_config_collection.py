from odoo import models

from odoo.addons.member_card.till import till_verb

PROCESS = "member_ticketing.group_member_ticket_process"


class PosConfig(models.Model):
    """The till's verbs that hand over tickets bought on the web or in the office."""

    _inherit = "pos.config"

    @till_verb
    def member_tickets_of(self, partner_id):
        """Say what a member comes for: tickets to collect, reservations to pay.

        :return: `tickets` to hand over, the next performance first, and `collected`
            ones, handed over before: lists of `_member_ticket_data`. `reservations`:
            list of {id, name, until, when, event, seats, total}, `until` in UTC or
            False. `summary`: what the till's chip says, or "".
        """
        self._member_require(PROCESS)
        partner = self._member_of_till(partner_id)
        found = self.env["event.registration"]._member_waiting(
            [("partner_id", "=", partner.id)], self.company_id
        )
        waiting = found.filtered(lambda each: not each.member_collected_at)
        # sudo: cashiers read no orders
        orders = (
            self.env["sale.order"].sudo()._member_reservations(partner, self.company_id)
        )
        return {
            "status": "ok",
            "tickets": [each._member_ticket_data() for each in waiting],
            "collected": [each._member_ticket_data() for each in found - waiting],
            "reservations": [each._member_reservation_data() for each in orders],
            "summary": orders._member_desk_summary(len(waiting)),
        }

    @till_verb
    def member_tickets_collect(self, registration_ids, again=False):
        """Hand these tickets over: all of them are marked, or none.

        Asked again, for a ticket that went missing, it needs `again` and is logged.

        :return: `tickets`, list of `_member_slip_data`, ready to be printed.
        Refused as collected (by whom and when is said), or as not_found, for
        what is cancelled, used, over or another company's.
        """
        self._member_require(PROCESS)
        tickets = self.env["event.registration"]._member_to_hand_over(
            registration_ids, self.company_id
        )
        tickets._member_hand_over(bool(again), till=self)
        return {
            "status": "ok",
            "tickets": [each._member_slip_data() for each in tickets],
        }
