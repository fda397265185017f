from odoo.tests import HttpCase, new_test_user, tagged

from odoo.addons.member_card.tests.common_tours import TOUR_LIMIT

from .common_policies import PolicyCase

FORM = "/odoo/action-event.action_event_view"


@tagged("post_install", "-at_install")
class TestToursPolicies(PolicyCase, HttpCase):
    """The grid of policies in a real browser."""

    registry_test_mode = False  # PolicyCase does it

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.stalls.sequence = 1
        new_test_user(
            cls.env,
            "policy_manager",
            groups="member_card.group_member_manager,event.group_event_manager",
        )

    def test_a_policy_is_added_corrected_and_removed(self):
        """A10: what is odd is said while it is edited."""
        self.start_tour(
            f"{FORM}/{self.event.id}",
            "member_policy_grid",
            login="policy_manager",
            timeout=TOUR_LIMIT,
        )
        policies = self.policies.with_context(active_test=False)
        policy = policies.search([("event_id", "=", self.event.id)])
        self.assertEqual(
            (policy.ticket_id, policy.price, policy.quota, policy.active),
            (self.stalls, 70, 60, False),
        )

    def test_a_new_performance_is_saved_first(self):
        self.start_tour(
            f"{FORM}/new",
            "member_policy_grid_new",
            login="policy_manager",
            timeout=TOUR_LIMIT,
        )
        self.assertTrue(self.env["event.event"].search([("name", "=", "Giselle")]))

    def test_who_may_not_change_policies_reads_them(self):
        self._policy(price=90)
        new_test_user(self.env, "policy_reader", groups="event.group_event_manager")
        self.start_tour(
            f"{FORM}/{self.event.id}",
            "member_policy_grid_read",
            login="policy_reader",
            timeout=TOUR_LIMIT,
        )
