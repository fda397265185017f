from odoo.tests import tagged

from .common_pos_points import PosPointsCase


@tagged("post_install", "-at_install")
class TestTopupPoints(PosPointsCase):
    """A top-up from the office earns by the rules for top-ups (B3)."""

    def top_up_at_desk(self, amount):
        wizard = (
            self.env["member.topup"]
            .with_user(self.cashier)
            .with_context(allowed_company_ids=self.company.ids)
            .create({"partner_id": self.ann.id, "amount": amount})
        )
        wizard.action_confirm()
        self.post_commit()
        return self.env["account.payment"].search(
            [("member_topup_key", "=", wizard.request_key)]
        ), wizard

    def test_earns_once_and_goes_with_the_top_up(self):
        self.rule("Sales")
        self.rule("Top-ups", earn_on="topup", rate_points=1, rate_amount=10)
        payment, wizard = self.top_up_at_desk(500)
        self.assert_points(50)
        wizard.action_confirm()
        self.post_commit()
        self.assert_points(50)
        payment.with_user(self.supervisor).action_member_take_back()
        self.post_commit()
        self.assert_points(0)

    def test_without_a_rule_for_top_ups(self):
        self.rule("Sales")
        self.top_up_at_desk(500)
        self.assert_points(0)
