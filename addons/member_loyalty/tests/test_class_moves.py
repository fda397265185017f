import json

from odoo.tests import tagged
from odoo.tools import SQL

from ..class_moves import move
from .common_class import ClassCase

MANY = 100
"""Members that move at once: enough for a comparison of each with each to show."""


@tagged("post_install", "-at_install")
class TestClassMoves(ClassCase):
    """A6: the statement that moves all members of a review."""

    def lines(self, members):
        """Return what moves these members by a rule, as a review's lines do."""
        # sudo: nobody writes reviews but they themselves
        review = self.reviews.sudo().create(
            {"company_id": self.company.id, "date": "2026-01-01"}
        )
        rule = self.rule(self.gold)
        review.line_ids.create(
            [
                {
                    "review_id": review.id,
                    "partner_id": member.id,
                    "from_class_id": self.ordinary.id,
                    "class_id": self.gold.id,
                    "rule_id": rule.id,
                    "figure": 2000,
                    "is_up": True,
                }
                for member in members
            ]
        )
        self.env.flush_all()
        source = SQL(
            """SELECT partner_id, from_class_id, class_id, rule_id, figure, is_up
                 FROM member_class_review_line WHERE review_id = %s""",
            review.id,
        )
        return move(source, rule, self.company, today=self.company._member_today())

    def test_it_compares_no_member_with_each_other(self):
        """P6: it takes ten times as long for ten times the members, not a hundred."""
        members = self.env["res.partner"].create(
            [{"name": f"Member {number}"} for number in range(MANY)]
        )
        members.with_user(self.cashier)._member_register(
            {
                "member_class_id": self.ordinary.id,
                "member_company_id": self.company.id,
            }
        )
        statement = self.lines(members)
        self.env.cr.execute(
            SQL("EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON) %s", statement)
        )
        (explained,) = self.env.cr.fetchone()
        plan = explained if isinstance(explained, list) else json.loads(explained)
        self.env.invalidate_all()
        self.assertEqual(members.member_class_id, self.gold)
        # the tables of a test are so small that the planner may scan them for each
        # member; what the statement made itself has no index at any size
        opened = next(
            node
            for node in plan[0]["Plan"]["Plans"]
            if node.get("Subplan Name") == "CTE opened"
        )
        self.assertLessEqual(compared_in_vain(opened), MANY)

    def test_a_member_without_an_open_row(self):
        """A6: the history of a member whose rows are all closed goes on."""
        # sudo: nobody writes the history but the class itself
        open_row = self.history(self.ann)[0].sudo()
        open_row.date_to = open_row.date_from
        self.env.cr.execute(self.lines(self.ann | self.bob))
        self.env.invalidate_all()
        for member in (self.ann, self.bob):
            rows = self.history(member).filtered(lambda row: not row.date_to)
            self.assertEqual(rows.class_id, self.gold)
            self.assertEqual(member.member_class_id, self.gold)


def compared_in_vain(node):
    """Return how many pairs the joins of a plan looked at and threw away."""
    own = node.get("Rows Removed by Join Filter", 0) * node["Actual Loops"]
    return own + sum(map(compared_in_vain, node.get("Plans", ())))
