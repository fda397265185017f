"""What was changed behind Odoo's back is refused by the database, or found."""

import json

from psycopg2.errors import IntegrityConstraintViolation

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.member_card import ledger
from odoo.addons.member_card.ledger import chain

from .common import MemberCase


@tagged("post_install", "-at_install")
class TestLedgerTamper(MemberCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.li = cls.member()
        cls.top_up(cls.li, 100)
        cls.spend(cls.li, 30)
        cls.top_up(cls.li, 5)

    def codes(self):
        problems = ledger.verify(self.env, self.balance(self.li).ids)
        return sorted(problem.code for problem in problems)

    def tamper(self, query, *params):
        """Do what an owner of the tables can do."""
        for table in ("member_entry", "member_lot_use"):
            self.env.cr.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        self.env.cr.execute(query, params)
        for table in ("member_entry", "member_lot_use"):
            self.env.cr.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
        self.env.invalidate_all()

    def test_orm_refuses(self):
        entry = self.balance(self.li).entry_ids[0].sudo()
        with self.assertRaises(AccessError):
            entry.write({"note": "other"})
        with self.assertRaises(AccessError):
            entry.unlink()

    @mute_logger("odoo.sql_db")
    def test_trigger_refuses(self):
        for query in (
            "UPDATE member_entry SET amount = 1000",
            "DELETE FROM member_entry",
            "TRUNCATE member_entry CASCADE",
            "UPDATE member_lot_use SET amount = 1000",
            "DELETE FROM member_lot_use",
            "TRUNCATE member_entry_link",
        ):
            with (
                self.subTest(query=query),
                self.assertRaises(IntegrityConstraintViolation),
                self.env.cr.savepoint(),
            ):
                self.env.cr.execute(query)

    def test_untouched_is_clean(self):
        self.assertEqual(self.codes(), [])

    def test_changed_amount_is_found(self):
        self.tamper(
            "UPDATE member_entry SET amount = amount + 1000 WHERE balance_id = %s "
            "AND seq = 1",
            self.balance(self.li).id,
        )
        self.assertIn("hash", self.codes())
        self.assertIn("running", self.codes())

    def test_changed_note_is_found(self):
        self.tamper(
            "UPDATE member_entry SET note = 'x' WHERE balance_id = %s AND seq = 2",
            self.balance(self.li).id,
        )
        self.assertEqual(self.codes(), ["hash"])

    def test_balance_made_up_is_found(self):
        self.tamper(
            "UPDATE member_balance SET amount = amount + 1000 WHERE id = %s",
            self.balance(self.li).id,
        )
        self.assertEqual(self.codes(), ["amount", "lots"])

    def test_forged_hash_without_the_key_is_found(self):
        self.tamper(
            "UPDATE member_entry SET note = 'x', hash = encode(sha256('x'), 'hex') "
            "WHERE balance_id = %s AND seq = 2",
            self.balance(self.li).id,
        )
        self.assertIn("hash", self.codes())

    def test_cut_chain_is_found_by_the_exported_heads(self):
        path = ledger.export_heads(self.env)
        self.addCleanup(path.unlink)
        heads = [json.loads(line) for line in path.read_text().splitlines()]
        balance = self.balance(self.li)
        self.assertIn([balance.id, balance.seq, balance.last_hash], heads)
        previous = balance.entry_ids.filtered(lambda entry: entry.seq == 2)
        self.tamper(
            """WITH u AS (DELETE FROM member_lot_use WHERE lot_id IN (
                    SELECT id FROM member_lot WHERE balance_id = %(b)s AND amount = 5)),
                 l AS (DELETE FROM member_lot WHERE balance_id = %(b)s AND amount = 5),
                 e AS (DELETE FROM member_entry WHERE balance_id = %(b)s AND seq = 3)
               UPDATE member_balance SET seq = 2, amount = 70, last_hash = %(h)s
                WHERE id = %(b)s""".replace("%(b)s", str(balance.id)).replace(
                "%(h)s", "%s"
            ),
            previous.hash,
        )
        self.assertEqual(self.codes(), ["exported"])

    def test_another_secret_is_told_apart(self):
        registry = self.env.registry
        known = registry.__dict__.pop(chain._KEY)
        self.addCleanup(setattr, registry, chain._KEY, known)
        self.env["ir.config_parameter"].set_param(
            "member_card.secret_fingerprint", "0" * 16
        )
        self.env.flush_all()
        with self.assertRaisesRegex(UserError, "secret is not the one"):
            ledger.verify(self.env)
