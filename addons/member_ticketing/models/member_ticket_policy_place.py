from datetime import timedelta

from odoo import fields, models
from odoo.tools import format_amount


class MemberTicketPolicyPlace(models.AbstractModel):
    """What has sales policies: a performance, or a template for performances."""

    _name = "member.ticket.policy.place"
    _description = "Place of Sales Policies"

    def _member_policy_tickets(self):
        """Return the tickets for which this place can have policies."""
        raise NotImplementedError

    def _member_policy_slots(self):
        """Return the slots for which this place can have policies."""
        return self.env["event.slot"]

    def _member_policy_facts(self):
        """Return what policies are compared with.

        A template's performance begins at no known time: `is_dated` is False, and
        `begins` one far enough that days before it lie in the future.
        """
        self.ensure_one()
        begins = fields.Datetime.now() + timedelta(days=3660)
        return {
            "tickets": {
                each._origin.id: each for each in self._member_policy_tickets()
            },
            "slots": tuple(self._member_policy_slots().ids),
            "is_dated": False,
            "begins": begins,
            "over": begins + timedelta(hours=1),
            "capacity": 0,
            "is_required": self.is_ticket_policy_required,
        }

    # === GRID === #

    def member_policy_grid(self):
        """Return rows, columns, cells and conflicts for the editor, all in words."""
        self.ensure_one()
        self.check_access("read")
        policies = self.member_ticket_policy_ids.filtered("active")
        conflicts = policies._conflicts()
        classes = self._member_policy_classes()
        return {
            "can_edit": policies.has_access("write"),
            "columns": [
                {"class_id": 0, "name": self.env._("Public"), "color": 0},
                *(
                    {"class_id": each.id, "name": each.name, "color": each.color}
                    for each in classes
                ),
            ],
            "slots": [
                {"id": each.id, "name": each.display_name}
                for each in self._member_policy_slots()
            ],
            "tickets": [
                self._member_policy_ticket_row(each)
                for each in self._member_policy_tickets()
            ],
            "policies": [each._grid_cell(conflicts) for each in policies],
            "without_policy": self._member_policy_prices(classes),
            "conflicts": [each._asdict() for each in conflicts],
        }

    def _member_policy_classes(self):
        """Return the classes of the place's company, and those that policies name."""
        company = self._member_policy_company().root_id
        classes = self.env["member.class"].search(
            [("company_id", "in", (False, company.id))]
        )
        return classes | self.member_ticket_policy_ids.class_id

    def _member_policy_company(self):
        return self.env.company

    def _member_policy_ticket_row(self, ticket):
        seats = ""
        if ticket.seats_max:
            seats = self.env._("%(count)s seats", count=ticket.seats_max)
        currency = self._member_policy_company().currency_id
        return {
            "id": ticket.id,
            "name": ticket.name,
            "price": format_amount(self.env, ticket.price, currency),
            "seats": seats,
        }

    def _member_policy_prices(self, classes):
        """Return what cells without a policy sell at now, by ticket, slot and class."""
        return {}
