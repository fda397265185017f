"""What installing and uninstalling the add-on do to a database that is in use."""


def post_init_hook(env):
    """Set up every company that has accounts already."""
    env["res.company"].search(
        [("chart_template", "!=", False)], order="parent_path"
    )._member_setup()


def uninstall_hook(env):
    """Take the wallet off the tills: without us it would book to the customer."""
    methods = (
        env["pos.payment.method"]
        .with_context(active_test=False)
        .search([("member_asset_id", "!=", False)])
    )
    for method in methods:
        # past payments keep their method
        method.config_ids = False
    methods.active = False
