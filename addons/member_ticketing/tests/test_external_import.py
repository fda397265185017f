from base64 import b64encode
from datetime import date
from io import BytesIO
from zipfile import ZipFile

import openpyxl
from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .test_external_purchase import ExternalCase

TITLES = (
    "Member", "Seller", "Seller's Number", "Bought On", "Performance", "Seats", "Paid",
)  # fmt: skip


@tagged("post_install", "-at_install")
class TestExternalImport(ExternalCase):
    """A9: a table of purchases: all good rows or none, the bad ones listed."""

    def row(self, reference="D1", member=None, **vals):
        cells = {
            "member": self.ann.member_number if member is None else member,
            "seller": "Damai",
            "reference": reference,
            "date": "2026-05-31",
            "performance": "Giselle",
            "seats": 2,
            "amount": 100,
            **vals,
        }
        return list(cells.values())

    def excel(self, *rows, titles=TITLES):
        book = openpyxl.Workbook()
        for row in (titles, *rows):
            book.active.append(row)
        content = BytesIO()
        book.save(content)
        return content.getvalue()

    def document(self):
        """Return what a word processor saves: a zip archive as Excel's is."""
        content = BytesIO()
        with ZipFile(content, "w") as archive:
            archive.writestr(
                "[Content_Types].xml",
                '<Types xmlns="http://schemas.openxmlformats.org/package/2006/'
                'content-types"/>',
            )
        return content.getvalue()

    def csv(self, *rows, delimiter=",", encoding="utf-8"):
        lines = (delimiter.join(map(str, row)) for row in (TITLES, *rows))
        return "\r\n".join(lines).encode(encoding)

    def check(self, content, **vals):
        wizard = self.purchases.env["member.external.import"].create(
            {
                "file": b64encode(content),
                "filename": "table",
                "company_id": self.company.id,
                **vals,
            }
        )
        wizard.action_check()
        return wizard

    def problems(self, *rows):
        wizard = self.check(self.excel(*rows))
        return {line.row: line.problem for line in wizard.bad_line_ids}

    def test_looks_first_then_records(self):
        self.external_rule()
        wizard = self.check(self.excel(self.row("D1"), self.row("D2", amount=50.5)))
        self.assertEqual((wizard.good_count, wizard.bad_count), (2, 0))
        self.assertEqual(wizard.total, 150.5)
        self.assertFalse(self.purchases.search([]))
        wizard.action_import()
        self.post_commit()
        self.assertEqual(wizard.points, 150)
        self.assert_points(150)
        purchases = self.purchases.search([("import_key", "!=", False)])
        self.assertEqual(len(purchases), 2)
        self.assertEqual(set(purchases.mapped("state")), {"done"})
        log = self.env["member.operator.log"].search(
            [("action", "=", "external_import")]
        )
        self.assertEqual(log.user_id, self.clerk)
        found = self.purchases.search(wizard.action_view()["domain"])
        self.assertEqual(found, purchases)

    def test_bad_rows_are_left_out_and_say_why(self):
        problems = self.problems(
            self.row("D1"),
            self.row("D2", member="nobody"),
            self.row("D3", date="soon"),
            self.row("D4", seats=1.5),
            self.row("D5", seats=0),
            self.row("D6", amount="much"),
            self.row("D7", amount=-1),
            self.row("D8", amount=1.005),
            self.row("D9", performance=""),
            self.row("D1"),
            self.row("D10", date="2999-01-01"),
            self.row("D11", member=""),
            self.row("D12", amount="2026053122001412345678901234"),
            self.row("D13", seats="1e999999999"),
        )
        self.assertEqual(set(problems), set(range(3, 16)))
        for row, words in {
            3: "No member",
            4: "no date",
            5: "whole number",
            7: "no amount",
            9: "cents",
            10: "Performance is empty",
            11: "stands in row 2",
            12: "future",
            13: "Member is empty",
            14: "no amount",
            15: "whole number",
        }.items():
            self.assertIn(words, problems[row])

    def test_imported_again_records_nothing_twice(self):
        content = self.excel(self.row("D1"), self.row("D2"))
        self.check(content).action_import()
        wizard = self.check(content)
        self.assertEqual((wizard.good_count, wizard.bad_count), (0, 2))
        self.assertIn("entered before", wizard.bad_line_ids[0].problem)
        with self.assertRaises(UserError):
            wizard.action_import()
        self.assertEqual(len(self.purchases.search([])), 2)

    def test_none_when_one_fails_after_all(self):
        """Somebody entered one of them between the look and the import."""
        self.external_rule()
        wizard = self.check(self.excel(self.row("D1"), self.row("D2")))
        self.purchase("D2", record=False)
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(IntegrityError),
            self.env.cr.savepoint(),
        ):
            wizard.action_import()
        self.assertEqual(self.purchases.search([]).mapped("reference"), ["D2"])
        self.assert_points(0)

    def test_csv_as_spreadsheets_write_it(self):
        for delimiter, encoding in (
            (",", "utf-8-sig"),
            (";", "utf-8"),
            (",", "gb18030"),
        ):
            with self.subTest(delimiter=delimiter, encoding=encoding):
                row = self.row(f"D-{encoding}", performance="天鹅湖")
                wizard = self.check(
                    self.csv(row, delimiter=delimiter, encoding=encoding)
                )
                self.assertEqual(wizard.line_ids.performance, "天鹅湖")
                self.assertEqual(wizard.good_count, 1)

    def test_csv_of_an_old_mac(self):
        content = self.csv(self.row("D1"), self.row("D2")).replace(b"\r\n", b"\r")
        self.assertEqual(self.check(content).good_count, 2)

    def test_reads_dates_and_numbers_as_they_come(self):
        for day in (date(2026, 5, 31), "2026/5/31", "31.5.2026", "2026年5月31日"):
            with self.subTest(day=day):
                wizard = self.check(self.excel(self.row("D1", date=day)))
                self.assertEqual(wizard.line_ids.date, date(2026, 5, 31))
        wizard = self.check(self.excel(self.row(1001.0, amount="1,234.50")))
        self.assertEqual(wizard.line_ids.amount, 1234.5)
        self.assertEqual(wizard.line_ids.reference, "1001")

    def test_refuses_what_is_no_table(self):
        for content, words in (
            (b"\x00\x01\xff\xfe\x00", "cannot be read"),
            (b"PK\x03\x04broken", "read|missing"),
            (self.document(), "cannot be read"),
            (b"", "Choose a table"),
            (b"a,b\n1,2", "missing"),
            (self.csv(), "no rows"),
            (self.excel(titles=TITLES[:3]), "Bought On, Performance, Seats, Paid"),
        ):
            with self.subTest(words=words), self.assertRaisesRegex(UserError, words):
                self.check(content)

    def test_members_by_number_card_phone_and_whole_name(self):
        card = self.env["member.card"]._issue(self.ann)
        self.ann.phone = "+1 212 555 0123"
        self.make_member("Bo")
        for text in (card.number, "+1 212 555 0123", "ann", self.ann.member_number):
            with self.subTest(text=text):
                wizard = self.check(self.excel(self.row("D1", member=text)))
                self.assertEqual(wizard.line_ids.partner_id, self.ann)
        wizard = self.check(self.excel(self.row("D1", member="Bo")))
        self.assertEqual(wizard.line_ids.partner_id.name, "Bo")
        wizard = self.check(self.excel(self.row("D1", member="An")))
        self.assertEqual(wizard.bad_count, 1)

    def test_links_our_own_performance(self):
        event = self.env["event.event"].create(
            {
                "name": "Giselle",
                "company_id": self.company.id,
                "date_begin": "2026-05-31 19:00:00",
                "date_end": "2026-05-31 22:00:00",
            }
        )
        self.check(self.excel(self.row("D1"))).action_import()
        self.assertEqual(self.purchases.search([]).event_id, event)

    def test_needs_the_right(self):
        with self.assertRaises(AccessError):
            self.purchases.env["member.external.import"].with_user(self.cashier).create(
                {"company_id": self.company.id}
            )
