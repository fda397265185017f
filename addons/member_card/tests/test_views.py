from lxml import etree

from odoo.tests import new_test_user, tagged

from .common import MemberCase


@tagged("post_install", "-at_install")
class TestViews(MemberCase):
    """Every menu opens for everybody who sees it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        member = cls.member("Li Ming")
        cls.env["member.card"]._issue(member)
        cls.top_up(member, 100)
        cls.hold(member, 10)

    def actions_of(self, user):
        """Window actions below our top menu that the user sees."""
        menus = self.env["ir.ui.menu"].with_user(user)
        visible = menus.browse(menus._visible_menu_ids())
        root = self.env.ref("member_card.member_menu_root")
        ours = visible.search([("id", "child_of", root.id), ("id", "in", visible.ids)])
        actions = (menu.action for menu in ours)
        return [a for a in actions if a and a._name == "ir.actions.act_window"]

    def open(self, user, action):
        """Load the views and read the first rows, as the web client does."""
        model = self.env[action.res_model].with_user(user)
        views = [view for view in action.sudo().views if view[1] != "search"]
        search = action.sudo().search_view_id.id
        loaded = model.get_views([*views, (search, "search")])["views"]
        for kind in {"list", "kanban", "form"} & set(loaded):
            self.read_all(model.search([], limit=5), loaded[kind]["arch"])

    def read_all(self, records, arch):
        """Read every field that the view shows this user, lists in it left out."""
        names = etree.fromstring(arch).xpath("//field[not(ancestor::field)]/@name")
        if not records._transient:
            records.web_read({name: {} for name in names})

    def test_every_action_opens(self):
        opened = {}
        for role in ("cashier", "supervisor", "accountant", "manager"):
            user = new_test_user(
                self.env, f"views_{role}", groups=f"member_card.group_member_{role}"
            )
            for action in self.actions_of(user):
                with self.subTest(role=role, action=action.sudo().name):
                    self.open(user, action)
                    opened.setdefault(role, []).append(action)
        self.assertGreaterEqual(len(opened["cashier"]), 4)
        self.assertGreater(len(opened["manager"]), len(opened["cashier"]))

    def test_single_rights_reach_what_they_open(self):
        """Who has one right alone finds the screens that it is for."""
        for right, names in (
            ("read_ledger", {"member.exception", "member.entry"}),
            ("edit", {"member.operator.log"}),
            ("discount", {"member.price.exception"}),
            ("reports", {"member.operator.log", "member.price.exception"}),
            ("topup", {"member.topup"}),
        ):
            user = new_test_user(
                self.env, f"only_{right}", groups=f"member_card.group_member_{right}"
            )
            actions = self.actions_of(user)
            with self.subTest(right=right):
                self.assertLessEqual(names, {action.res_model for action in actions})
            for action in actions:
                with self.subTest(right=right, action=action.sudo().name):
                    self.open(user, action)

    def test_who_reads_ledger_and_books_reconciles(self):
        """Both are compared, so both rights are needed, and no role."""
        user = new_test_user(
            self.env,
            "both_ledgers",
            groups="member_card.group_member_read_ledger,account.group_account_readonly",
        )
        menu = self.env.ref("member_card.member_reconciliation_menu").with_user(user)
        self.assertIn(menu.id, menu._visible_menu_ids())
        action = self.env.ref("member_card.member_reconciliation_action")
        opened = action.with_user(user).run()
        self.assertEqual(opened["res_model"], "member.reconciliation")

    def test_member_form_opens_for_every_role(self):
        form = self.env.ref("base.view_partner_form")
        for groups in (
            *("base.group_user", "base.group_user,point_of_sale.group_pos_user"),
            *(
                f"member_card.group_member_{role}"
                for role in ("cashier", "supervisor", "accountant", "manager")
            ),
        ):
            user = new_test_user(
                self.env, f"form_{groups.rpartition('.')[2]}", groups=groups
            )
            partners = self.env["res.partner"].with_user(user)
            with self.subTest(groups=groups):
                view = partners.get_view(form.id, "form")
                members = partners.search([("is_member", "=", True)], limit=1)
                self.read_all(members, view["arch"])
