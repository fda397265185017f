"""What the tests of this add-on share."""

from uuid import uuid4

from odoo.tests import TransactionCase

from odoo.addons.member_card import ledger


class MemberCase(TransactionCase):
    """The main company set up for members; own transactions join the test's.

    Under tests the registry gives the ledger's verbs a TestCursor on this test's
    connection. Post-commit hooks never run by themselves: `post_commit` runs them.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.registry_enter_test_mode_cls()
        cls.company = cls.env.company
        cls.company._member_setup()
        cls.principal = cls.company._member_asset("principal")
        cls.bonus = cls.company._member_asset("bonus")

    @classmethod
    def member(cls, name="Li Ming", **vals):
        """Return a registered member of the stored-value class."""
        partner = cls.env["res.partner"].create({"name": name, **vals})
        partner._member_register(
            {"member_class_id": cls.env.ref("member_card.member_class_stored_value").id}
        )
        cls.env.flush_all()
        return partner

    @classmethod
    def post_commit(cls):
        """Do what a commit would have done, and forget what was cached before."""
        cls.env.flush_all()
        cls.env.cr.postcommit.run()
        cls.env.invalidate_all()

    @classmethod
    def top_up(cls, partner, amount, asset=None, **vals):
        """Credit a member as a paid top-up does; return the posting."""
        vals = {"kind": "topup", "request_key": str(uuid4()), **vals}
        posting = ledger.post(
            cls.env,
            [
                ledger.Intent(
                    partner_id=partner.id,
                    asset_id=(asset or cls.principal).id,
                    amount=amount,
                    **vals,
                )
            ],
        )
        cls.post_commit()
        return posting

    @classmethod
    def hold(cls, partner, amount, key=None, asset=None, **kwargs):
        """Hold an amount under one key; return the hold as placed."""
        key = key or str(uuid4())
        asset = asset or cls.principal
        (held,) = ledger.hold(
            cls.env, [(partner.id, asset.id, amount, key)], key, **kwargs
        )
        return held

    @classmethod
    def spend(cls, partner, amount, **kwargs):
        """Hold and capture; return the posting."""
        posting = ledger.capture(cls.env, cls.hold(partner, amount, **kwargs).key)
        cls.post_commit()
        return posting

    def balance(self, partner, asset=None):
        """Return the member's balance record of one asset."""
        return self.env["member.balance"].search(
            [
                ("partner_id", "=", partner.id),
                ("asset_id", "=", (asset or self.principal).id),
                ("merged_into_id", "=", False),
            ]
        )

    def assertFigures(self, partner, amount, held=0, owed=0, incoming=0, asset=None):
        """The balance stands at these figures and all guarantees hold for it."""
        balance = self.balance(partner, asset)
        balance.invalidate_recordset()
        self.assertEqual(
            (balance.amount, balance.held, balance.owed, balance.incoming),
            (amount, held, owed, incoming),
        )
        self.assertEqual(ledger.verify(self.env, balance.ids), [])
