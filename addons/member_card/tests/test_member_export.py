import json

from odoo import http
from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from .common import MemberCase
from .common_http import PatientHttpCase


@tagged("post_install", "-at_install")
class TestMemberExport(MemberCase):
    """A1: exporting members and their money is a right of its own, and is noted."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.ming = cls.member("Li Ming")
        cls.env["member.card"]._issue(cls.ming)
        cls.top_up(cls.ming, 100)
        cls.hold(cls.ming, 10)
        # base's own right to export, which everybody has by default
        groups = "member_card.group_member_supervisor,base.group_allow_export"
        cls.without = new_test_user(cls.env, "export_no", groups=groups)
        groups = "member_card.group_member_accountant,member_card.group_member_register"
        cls.with_right = new_test_user(cls.env, "export_yes", groups=groups)

    def lines(self, user, outcome):
        return self.env["member.operator.log"].search(
            [("user_id", "=", user.id), ("outcome", "=", outcome)]
        )

    def test_every_model_of_value(self):
        for model in (
            *("member.balance", "member.card", "member.class.assignment"),
            *("member.entry", "member.hold", "member.lot", "member.operator.log"),
            *("member.posting", "res.partner"),
        ):
            records = self.env[model].search([], limit=1)
            if model == "res.partner":
                records = self.ming
            with self.subTest(model=model):
                self.assertTrue(records)
                with self.assertRaisesRegex(AccessError, "export"):
                    records.with_user(self.without).export_data(["id"])
                rows = records.with_user(self.with_right).export_data(["id"])
                self.assertEqual(len(rows["datas"]), 1)
                self.assertIn(
                    f"{records._description}: 1",
                    self.lines(self.with_right, "done").mapped("detail"),
                )
        self.assertTrue(self.lines(self.without, "refused"))

    def test_other_contacts_are_not_ours(self):
        supplier = self.env["res.partner"].create({"name": "Paper Mill"})
        rows = supplier.with_user(self.without).export_data(["name"])
        self.assertEqual(rows["datas"], [["Paper Mill"]])
        with self.assertRaises(AccessError):
            (supplier | self.ming).with_user(self.without).export_data(["name"])
        self.env.cr.execute(
            "UPDATE res_partner SET active = false WHERE id = %s", [self.ming.id]
        )
        self.env.invalidate_all()
        with self.assertRaises(AccessError):
            self.ming.with_user(self.without).export_data(["name"])


@tagged("post_install", "-at_install")
class TestPivotExport(PatientHttpCase):
    """The pivot's own download takes the same right, and is noted as well."""

    def download(self, login, model):
        self.authenticate(login, login)
        table = {
            "model": model,
            "title": "Figures",
            "measure_count": 1,
            "origin_count": 1,
            "col_group_headers": [[{"title": "", "width": 1, "height": 1}]],
            "measure_headers": [],
            "origin_headers": [],
            "rows": [{"title": "Total", "indent": 0, "values": [{"value": 5}]}],
        }
        return self.url_open(
            "/web/pivot/export_xlsx",
            data={
                "data": json.dumps(table),
                "csrf_token": http.Request.csrf_token(self),
            },
        )

    def noted(self, user):
        lines = self.env["member.operator.log"].search(
            [("user_id", "=", user.id), ("action", "=", "export")]
        )
        return lines.mapped("detail")

    def test_by_right(self):
        groups = "member_card.group_member_reports,member_card.group_member_export"
        user = new_test_user(self.env, "pivot_yes", groups=groups)
        answer = self.download("pivot_yes", "member.wallet.report")
        self.assertEqual(answer.status_code, 200)
        self.assertIn("spreadsheet", answer.headers["Content-Type"])
        self.assertEqual(len(self.noted(user)), 1)

    def test_not_without_it(self):
        groups = "member_card.group_member_reports,base.group_allow_export"
        user = new_test_user(self.env, "pivot_no", groups=groups)
        with mute_logger("odoo.http"):
            answer = self.download("pivot_no", "member.wallet.report")
        self.assertNotEqual(answer.status_code, 200)
        self.assertNotIn("spreadsheet", answer.headers["Content-Type"])
        self.assertFalse(self.noted(user))
        self.assertEqual(self.download("pivot_no", "res.partner").status_code, 200)
