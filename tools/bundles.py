"""Bundles made ahead, so that the first page does not wait for them."""

BUNDLES = (
    "web.assets_web",
    "web.assets_frontend",
    "web.assets_frontend_minimal",
    "web.assets_frontend_lazy",
    "web.assets_tests",
    "point_of_sale.assets_prod",
    "point_of_sale.customer_display_assets",
)

#: What the page of Odoo's JavaScript unit tests loads.
UNIT_TESTS = ("web.assets_unit_tests_setup", "web.assets_unit_tests")


def make_bundles(env, names=BUNDLES):
    """Generate script and style bundles into attachments; the caller commits."""
    for name in names:
        bundle = env["ir.qweb"]._get_asset_bundle(name, assets_params={})
        if bundle.javascripts:
            bundle.js()
        if bundle.stylesheets:
            bundle.css()
