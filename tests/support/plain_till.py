"""A till of plain Odoo: none of our add-ons is in its database."""

from tests.support.shell import run_in_odoo

BARCODE = "6901234567892"

BUILD = """
    from odoo import Command
    from tools.bundles import make_bundles

    env["product.product"].create({
        "name": "Programme", "type": "service", "list_price": 30, "barcode": barcode,
        "available_in_pos": True, "taxes_id": [Command.clear()],
    })
    journal = env["account.journal"].create(
        {"name": "Cash of the till", "type": "cash", "code": "TILL"}
    )
    cash = env["pos.payment.method"].create({"name": "Cash", "journal_id": journal.id})
    till = env["pos.config"].create({
        "name": "Plain till", "payment_method_ids": [Command.set(cash.ids)],
        "is_posbox": True, "iface_print_via_proxy": True, "iface_print_auto": True,
        "iface_scan_via_proxy": True, "iface_cashdrawer": True,
        "iface_print_skip_screen": False,
    })
    till = till.with_user(env.ref("base.user_admin"))
    till.open_ui()
    till.current_session_id.set_opening_control(0, "")
    make_bundles(env)
    result = till.id
"""

ADDRESS = """
    env["pos.config"].browse(till).proxy_ip = address
"""


def build(database):
    """Make a till with an open session and a product; return the till's id."""
    return run_in_odoo(database, BUILD, barcode=BARCODE)


def set_address(database, till, address):
    """Write what `member-hw-agent stock-url` printed into the till's settings."""
    run_in_odoo(database, ADDRESS, till=till, address=address)
