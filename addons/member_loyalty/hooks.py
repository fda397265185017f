"""What installing and uninstalling the add-on do to a database that is in use."""


def post_init_hook(env):
    """Give every company that is set up for members its points."""
    env["res.company"].search(
        [("chart_template", "!=", False)], order="parent_path"
    )._member_setup()
    # what models here take from mixins of member_card has its words there, which were
    # loaded when these models did not exist
    env.ref("base.module_member_card")._update_translations()


def uninstall_hook(env):
    """Keep what members own: the points wait, archived, until the add-on is back."""
    env["member.asset"].search([("kind", "=", "points")]).active = False
    # by which rules points were earned goes with its table, after the rules of our data
    env.cr.execute("DELETE FROM member_point_earning_line")
