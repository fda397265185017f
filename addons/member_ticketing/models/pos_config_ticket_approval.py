from odoo import models

from odoo.addons.member_card.approvals import Subject

from .member_approval import TICKET_ACTS


def ticket_subject(act, line, buyer, text="") -> Subject:
    """Name the tickets of one line that wants seats, that many of them or fewer."""
    key = {"ticket": line.ticket.id, "slot": line.slot.id or 0}
    if act == "ticket_policy":
        key |= {"policy": line.policy_id, "customer": buyer.id or 0}
    else:
        key["reason"] = line.free_reason
    return Subject(key, line.quantity, text, partner=buyer)


class PosConfig(models.Model):
    """What an approval about tickets is asked for."""

    _inherit = "pos.config"

    def _member_approval_subject(self, act, amount, about):
        """Read an approval of tickets: a line as in `member_seats_hold`, and its buyer.

        :param about: a line of `member_seats_hold`, and `partner_id`.
        """
        if act not in TICKET_ACTS:
            return super()._member_approval_subject(act, amount, about)
        buyer = self._member_ticket_buyer(about.get("partner_id"))
        (line,) = self._member_seat_lines([about])
        names = filter(None, (line.ticket.event_id.name, line.slot.display_name))
        what = {
            "quantity": line.quantity,
            "ticket": f"{line.ticket.name} ({' · '.join(names)})",
        }
        if act == "ticket_free":
            text = self.env._(
                "%(quantity)s × %(ticket)s for nothing: %(reason)s",
                reason=line.free_reason,
                **what,
            )
        else:
            # sudo: a cashier cannot read policies; its name is on the tickets
            policy = self.env["member.ticket.policy"].sudo().browse(line.policy_id)
            text = self.env._(
                "%(quantity)s × %(ticket)s under another policy: %(policy)s",
                policy=policy.exists().display_name or "",
                **what,
            )
        return ticket_subject(act, line, buyer, text)
