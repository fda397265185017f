from odoo.tests import tagged

from ..refusals import LookupFailure
from .common import MemberCase


@tagged("post_install", "-at_install")
class TestMemberLookup(MemberCase):
    """A11: one look-up finds a member by whatever is scanned or typed."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.country_id = cls.env.ref("base.cn")
        cls.ming = cls.member("李明", phone="138 0013 8000", country_id=False)
        cls.anna = cls.member("Anna Bell", phone="+86 139 1111 2222")
        cls.card = cls.env["member.card"]._issue(cls.ming)
        cls.env.flush_all()

    def look_up(self, query, company=None):
        found = self.env["res.partner"]._member_lookup(query, company or self.company)
        return [(partner, how) for partner, how, _card in found]

    def test_card_number_is_found_however_it_is_typed(self):
        number = self.card.number
        spaced = " ".join(number[i : i + 4] for i in range(0, 16, 4))
        wide = number.translate({48 + i: 0xFF10 + i for i in range(10)})
        for query in (number, spaced, number.replace("8800", "8800-", 1), wide):
            with self.subTest(query=query):
                self.assertEqual(self.look_up(query), [(self.ming, "card")])

    def test_card_comes_with_its_record(self):
        [(_partner, _how, card)] = self.env["res.partner"]._member_lookup(
            self.card.number, self.company
        )
        self.assertEqual(card, self.card)

    def test_chip_uid_is_found_by_its_hash(self):
        self.card.sudo().uid_hash = self.card._hash_uid("04:a2:2b:11:5c:80:03")
        self.assertEqual(self.look_up("04A22B115C8003"), [(self.ming, "uid")])
        self.assertNotIn("04A22B", self.card.sudo().uid_hash.upper())

    def test_member_number_in_any_case(self):
        self.assertEqual(
            self.look_up(self.anna.member_number.lower()), [(self.anna, "number")]
        )

    def test_phone_in_any_writing(self):
        for query in ("13800138000", "+86 138 0013 8000", "138-0013-8000"):
            with self.subTest(query=query):
                self.assertEqual(self.look_up(query), [(self.ming, "phone")])

    def test_a_family_shares_a_phone(self):
        child = self.member("李小明", phone="13800138000")
        self.assertEqual(
            {partner for partner, _how in self.look_up("13800138000")},
            {self.ming, child},
        )

    def test_identity_document(self):
        document = self.env["member.identity"]._set(
            self.anna, "resident", "11010519491231002X"
        )
        for query in ("11010519491231002X", "110105 19491231 002x"):
            with self.subTest(query=query):
                self.assertEqual(self.look_up(query), [(self.anna, "identity")])
        self.assertEqual(self.look_up("110105194912310038"), [])
        document.action_remove()
        self.assertEqual(self.look_up("11010519491231002X"), [])

    def test_part_of_a_name(self):
        self.assertEqual(self.look_up("李明"), [(self.ming, "name")])
        self.assertEqual(self.look_up("bell"), [(self.anna, "name")])

    def test_nobody_and_nothing(self):
        self.assertEqual(self.look_up("nobody by this name"), [])
        self.assertEqual(self.look_up("  "), [])
        self.assertEqual(self.look_up(None), [])

    def test_contacts_who_are_no_members_are_not_found(self):
        self.env["res.partner"].create({"name": "Zoe Quill", "phone": "13700137000"})
        self.assertEqual(self.look_up("Zoe Quill"), [])
        self.assertEqual(self.look_up("13700137000"), [])

    def test_cancelled_and_archived_members_are_not_found(self):
        self.env["member.identity"]._set(self.anna, "passport", "E1234 5678")
        self.anna.action_member_cancel()
        self.assertEqual(self.look_up("Anna Bell"), [])
        self.assertEqual(self.look_up("E12345678"), [])
        self.assertEqual(self.look_up(self.anna.member_number), [])
        other = self.member("Bo Archer")
        other.active = False
        self.assertEqual(self.look_up("Bo Archer"), [])

    def test_unusable_cards_say_why(self):
        sources = {
            "lost": lambda card: card.action_report_lost(),
            "frozen": lambda card: card.action_freeze(),
            "cancelled": lambda card: card.action_cancel(),
            "replaced": lambda card: card._replace(),
            "expired": lambda card: card._transition("expired"),
        }
        for code, spoil in sources.items():
            with self.subTest(code=code):
                card = self.env["member.card"]._issue(self.ming)
                spoil(card)
                with self.assertRaises(LookupFailure) as failure:
                    self.look_up(card.number)
                self.assertEqual(failure.exception.code, code)

    def test_a_card_past_its_last_day_is_expired_before_the_job_runs(self):
        card = self.env["member.card"]._issue(self.ming, expires_on="2020-01-01")
        with self.assertRaises(LookupFailure) as failure:
            self.look_up(card.number)
        self.assertEqual(failure.exception.code, "expired")

    def test_blank_card_is_not_issued(self):
        blank = self.env["member.card"].create(
            {"number": self.env["member.card"]._generate_number(self.company)}
        )
        with self.assertRaises(LookupFailure) as failure:
            self.look_up(blank.number)
        self.assertEqual(failure.exception.code, "not_issued")

    def test_mistyped_number_is_told_apart_from_an_unknown_one(self):
        wrong = self.card.number[:-1] + str((int(self.card.number[-1]) + 1) % 10)
        with self.assertRaises(LookupFailure) as failure:
            self.look_up(wrong)
        self.assertEqual(failure.exception.code, "wrong_check_digit")
        self.assertEqual(
            self.look_up(self.env["member.card"]._generate_number(self.company)), []
        )

    def test_another_company_finds_nobody(self):
        other = self.env["res.company"].create({"name": "Other Theatre"})
        with self.assertRaises(LookupFailure) as failure:
            self.look_up(self.card.number, other)
        self.assertEqual(failure.exception.code, "other_company")
        self.assertEqual(self.look_up("李明", other), [])
        self.assertEqual(self.look_up("13800138000", other), [])

    def test_a_branch_finds_the_members_of_its_head_office(self):
        branch = self.env["res.company"].create(
            {"name": "Branch", "parent_id": self.company.id}
        )
        self.assertEqual(self.look_up(self.card.number, branch), [(self.ming, "card")])

    def test_exact_kinds_use_their_indexes(self):
        """Every exact search is an index scan, whatever the number of contacts."""
        self.env.cr.execute("SET LOCAL enable_seqscan = off")
        for table, where, index in (
            ("member_card", "number = '8800'", "member_card_number_unique"),
            ("member_card", "uid_hash = 'x'", "member_card_uid_unique"),
            (
                "member_identity",
                "number_hash = 'x' AND company_id = 1",
                "member_identity_number_unique",
            ),
            ("res_partner", "member_number = 'M1'", "res_partner_member_number_unique"),
            ("res_partner", "member_phone = '+86'", "res_partner_member_phone"),
        ):
            with self.subTest(where=where):
                self.env.cr.execute(f"EXPLAIN SELECT id FROM {table} WHERE {where}")
                plan = " ".join(row[0] for row in self.env.cr.fetchall())
                self.assertIn(index, plan)
