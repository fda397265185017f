from odoo import Command
from odoo.tests import new_test_user

from ..models.member_ticket_report import MEASURES
from .common_till_tickets import TillTicketsCase


class TicketReportCase(TillTicketsCase):
    """Tickets that a gold policy sells at 80 to Ann, and an accountant who reads."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.gold = cls.policy(name="Gold seats")
        cls.accountant = cls.person("ticket_accountant", "accountant")

    @classmethod
    def person(cls, login, role):
        return new_test_user(
            cls.env,
            login,
            groups=f"member_card.group_member_{role}",
            company_id=cls.company.id,
            company_ids=[Command.set(cls.company.ids)],
        )

    def report(self, *groups, domain=(), user=None):
        """Return `{group: {measure: figure}}`, or the figures of all without groups."""
        self.env.flush_all()
        report = self.env["member.ticket.report"].with_user(user or self.accountant)
        rows = report._read_group(
            [("event_id", "=", self.event.id), *domain],
            groups,
            [f"{measure}:sum" for measure in MEASURES],
        )
        figures = {
            row[: len(groups)]: dict(zip(MEASURES, row[len(groups) :], strict=True))
            for row in rows
        }
        return figures if groups else figures[()]

    def assert_figures(self, figures, **expected):
        for measure, figure in expected.items():
            self.assertAlmostEqual(figures[measure], figure, 2, measure)
