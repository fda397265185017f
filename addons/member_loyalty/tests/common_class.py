"""What the tests of classes by rule share."""

from uuid import uuid4

from odoo.addons.member_card import ledger
from odoo.addons.member_card.tests.common_books import BooksCase


class ClassCase(BooksCase):
    """Ann and Bob are ordinary members; above that are discount and gold."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.points = cls.company._member_asset("points")
        cls.ordinary = cls.env.ref("member_card.member_class_ordinary")
        cls.discount = cls.env.ref("member_card.member_class_discount")
        cls.gold = cls.env["member.class"].create(
            {"name": "Gold", "code": "test_gold", "sequence": 90}
        )
        (cls.ann | cls.bob).member_class_id = cls.ordinary
        cls.rules = cls.env["member.class.rule"]
        cls.reviews = cls.env["member.class.review"]
        cls.rules.search([]).active = False

    @classmethod
    def rule(cls, member_class=None, threshold=1000, **vals):
        return cls.rules.create(
            {
                "class_id": (member_class or cls.discount).id,
                "company_id": cls.company.id,
                "threshold": threshold,
                **vals,
            }
        )

    @classmethod
    def earn(cls, partner, points, kind="earn"):
        """Give a member points, usually as a sale does; return the posting."""
        posting = ledger.post(
            cls.env,
            [
                ledger.Intent(
                    partner_id=partner.id,
                    asset_id=cls.points.id,
                    amount=points,
                    kind=kind,
                    request_key=str(uuid4()),
                )
            ],
        )
        cls.post_commit()
        return posting

    @classmethod
    def claw_back(cls, posting, points):
        ledger.reverse(
            cls.env,
            posting,
            amount=points,
            request_key=str(uuid4()),
            kind="clawback",
            allow_owed=True,
        )
        cls.post_commit()

    def spend_points(self, partner, points):
        key = self.hold(partner, points, asset=self.points)
        ledger.capture(self.env, key, kind="redeem")
        self.post_commit()

    def rise(self):
        """Apply the rules at once to everybody."""
        self.rules._raise_at_once(self.company)
        self.env.invalidate_all()

    def review(self):
        self.reviews._review_now(self.company)
        self.env.invalidate_all()

    def history(self, partner):
        return self.env["member.class.assignment"].search(
            [("partner_id", "=", partner.id)], order="id desc"
        )
