"""Every public method of ours, called by people who have no business with it.

The methods and tables of all our add-ons are read from the registry, so that a new one
is called and watched here without anybody thinking of it. What is refused or answers
nothing is fine; value, members, cards, PINs, orders and books stay as they were.
"""

import pytest

from tests.support.odoo_server import OdooServer
from tests.support.points import cash_order, credit, make_gift, reserved, with_gift
from tests.support.rpc import Client, RpcError
from tests.support.shell import run_in_odoo
from tests.support.shop import (
    CASHIER,
    CASHIER_PASSWORD,
    PIN,
    ledger_problems,
    new_key,
)

MONEY = 100
PRICE = 40
POINTS = 100
COST = 10

OURS = """
    import inspect

    WRITING = ("action_archive", "copy", "create", "load", "name_create", "unlink",
               "web_save", "web_save_multi", "write")

    def ours(model):
        if model.startswith("member.") and env[model]._auto:
            yield from () if env[model]._transient else WRITING
        for cls in env.registry[model].mro():
            if cls.__module__.startswith("odoo.addons.member_"):
                yield from (
                    name for name, value in vars(cls).items()
                    if inspect.isfunction(value) and not name.startswith("_")
                )

    def parameters(method):
        found = list(inspect.signature(method).parameters.values())[1:]
        return [
            (each.name, each.default is each.empty) for each in found
            if each.kind in (each.POSITIONAL_OR_KEYWORD, each.POSITIONAL_ONLY)
        ]

    methods = []
    for model in sorted(env.registry):
        for name in sorted(set(ours(model))):
            method = getattr(env.registry[model], name)
            if not getattr(method, "_api_private", False):
                row = {"model": model, "method": name, "id": 1}
                row["is_model"] = getattr(method, "_api_model", False)
                row["parameters"] = parameters(method)
                row["fields"] = sorted(env[model]._fields)
                if not env[model]._abstract and env[model]._auto:
                    row["id"] = env[model].search([], order="id", limit=1).id or 1
                methods.append(row)
    tables = [
        env[name]._table for name, model in sorted(env.registry.items())
        if name.startswith("member.") and model._auto
        and not (model._abstract or model._transient)
    ]
    result = {"methods": methods, "tables": tables}
"""

NOT_STORABLE = ("\0", "\ud800", "8800\0000\udc00")
"""What JSON can say and PostgreSQL cannot keep."""

VERBS = ("member_", "pair_", "encode_", "register_", "card", "connect", "report")

NAMES = ("name", "phone", "card_number", "pin", "uuid")

REFUSED_BY_DATABASE = ("NUL (0x00)", "UnicodeEncodeError", "psycopg2.")

PEOPLE = """
    from odoo import Command
    groups = {"clerk": "base.group_user", "seller": "point_of_sale.group_pos_user"}
    for login, group in groups.items():
        env["res.users"].with_context(no_reset_password=True).create({
            "name": login, "login": login, "password": login + "_password",
            "group_ids": [Command.set(env.ref(group).ids)],
        })
"""

KEPT = (
    "account_move",
    "account_move_line",
    "account_payment",
    "loyalty_card",
    "loyalty_program",
    "loyalty_reward",
    "loyalty_rule",
    "pos_payment",
    "pos_payment_method",
    "pos_session",
    "res_company",
    "sale_order",
    "stock_move",
    "stock_picking",
)
"""Tables of others that must not change, whole, beside all of ours."""

COUNTED = ("member_operator_log", "member_pin", "member_pin_failure")
"""Of ours, those that tell who tried."""

IN_PART = {
    "member_pin": "partner_id, hash",  # a wrong one is counted
    "pos_order": "amount_total, amount_paid, is_member_topup, member_id, member_paid,"
    " member_available_after, session_id",  # the rest is core's
    "pos_order_line": "order_id, product_id, qty, price_unit, discount,"
    " price_subtotal_incl",
    "res_partner": "name, active, is_member, member_state, member_class_id,"
    " member_number, member_phone, member_company_id",
}
"""Columns that must not change, of the rows that were there before."""


HARMLESS = {
    "event.registration.register_attendee",  # core's: there is no such ticket
    "ir.http.session_info",  # of the caller's own session
    "member.ticket.policy.copy.default_get",  # what the caller's context says
    "res.partner.name_search",  # core's, of contacts that the caller may read
    # a till without a membership right sells to members all the same
    "pos.config.member_history",
    "pos.config.member_info",
    "pos.config.member_lookup",
    "pos.config.member_points_preview",
    "pos.config.member_redeem_cancel",
    "pos.config.member_release",
    "pos.config.member_topup_left",
    "pos.config.use_coupon_code",  # core's: it says that there is no such code
    # core's: drafts may be made and noted on, paid orders are guarded
    "pos.order.create",
    "pos.order.line.write",
    "pos.order.write",
}
"""What strangers may have answered: it tells what is no secret to them."""


@pytest.fixture(scope="module")
def server(shop):
    """Give a server whose log may tell of each refusal and each nonsense."""
    run_in_odoo(shop.database, PEOPLE)
    server = OdooServer(shop.database, name="test_public_methods")
    server.allow_lines(
        r"odoo\.http: ",
        r"odoo\.sql_db: ",
        r"odoo\.addons\.base\.",
        r"Cannot execute name_create",
    )
    server.start()
    yield server
    server.stop()
    server.check_log()


@pytest.fixture(scope="module")
def member(shop, server):
    """Give a member who has been topped up, has paid, and has redeemed points."""
    member = shop.members[0]["id"]
    till = shop.till(server)
    till.top_up(member, MONEY)
    assert till.sell(member, PRICE)["state"] == "paid"
    assert till.hold(member, 5)["status"] == "ok"
    credit(shop, member, POINTS)
    gift, _product = make_gift(shop, "Mug", points=COST)
    till.send(
        with_gift(till, cash_order(till, member, PRICE), reserved(till, member, gift))
    )
    reserved(till, member, gift)
    return member


@pytest.fixture(scope="module")
def ours(shop, member):
    """Return our methods and the tables of our records."""
    found = run_in_odoo(shop.database, OURS)
    names = {(row["model"], row["method"]) for row in found["methods"]}
    # the list is what it is taken for
    assert {("pos.config", "member_hold"), ("member.card", "action_report_lost"),
            ("member.hold", "web_save"), ("pos.order", "create")} <= names  # fmt: skip
    assert len(names) > 200
    assert {"member_balance", "member_entry", *COUNTED} <= set(found["tables"])
    return found


@pytest.fixture(params=["clerk", "seller", "portal", "public"])
def stranger(request, server):
    """Give the connection of somebody without a membership right."""
    if request.param == "public":
        return Client("127.0.0.1", server.port, server.database)
    return server.client(request.param, f"{request.param}_password")


def state(shop, tables):
    """Return what must not change: rows of a till's order are core's to add."""
    kept = {*KEPT, *tables}.difference(COUNTED)
    found = {table: shop.query(f"SELECT * FROM {table} ORDER BY id") for table in kept}
    for table, columns in IN_PART.items():
        found[table] = shop.query(f"SELECT id, {columns} FROM {table} ORDER BY id")
    return found


def changes(before, after):
    """Return what differs, by table: rows that went or changed, rows that came."""
    return {
        table: (
            [row for row in before[table] if row not in after[table]],
            [row for row in after[table] if row not in before[table]],
        )
        for table in before
        if before[table] != after[table]
    }


def arguments(row, member, till):
    """Return what a curious person would try; the PIN is wrong, they do not know it."""
    forged = {
        name: value
        for name, value in {
            "active": False,
            "amount": 9999,
            "member_state": "frozen",
            "partner_id": member,
            "state": "done",
        }.items()
        if name in row["fields"]
    }
    known = {
        "amount": 5,
        "data": [["1"]],
        "fields": ["partner_id/.id"],
        "line_uuid": new_key(),
        "lines": [],
        "new_pin": "1379",
        "partner_id": member,
        "pin": "9173",
        "query": "Member 001",
        "request_key": new_key(),
        "specification": {},
        "vals": forged,
        "vals_list": [forged],
        "values": forged,
    }
    given = [
        known.get(name, 1)
        for name, is_required in row["parameters"]
        if is_required or name in known
    ]
    record = till.config if row["model"] == "pos.config" else row["id"]
    return given if row["is_model"] else [[record], *given]


def is_done(answer):
    """Tell whether an answer says that something was done or tells something."""
    if isinstance(answer, dict):
        if str(answer.get("type")).startswith("ir.actions."):
            return False  # it opens or closes a window, where rights are asked again
        if answer.get("status", "ok") != "ok":
            return False
        return answer.get("ids", True) is not False  # an import's
    return bool(answer)


def test_strangers_call_everything(shop, server, ours, member, stranger):
    """A1, A12: nothing moves, nothing changes, and no verb says that it was done."""
    till = shop.till(server)
    before = state(shop, ours["tables"])
    done = set()
    for row in ours["methods"]:
        try:
            answer = stranger.call(
                row["model"], row["method"], *arguments(row, member, till)
            )
        except RpcError:
            continue
        if is_done(answer):
            done.add(f"{row['model']}.{row['method']}")
    assert changes(before, state(shop, ours["tables"])) == {}
    assert ledger_problems(shop.database) == []
    assert ", ".join(sorted(done - HARMLESS)) == ""


def test_the_right_pin_is_of_no_use_to_a_clerk(shop, server, member):
    """A12: who is no cashier holds nothing, though the member's PIN is known."""
    clerk = shop.till(server, login="clerk", password="clerk_password")
    before = shop.figures(member)
    assert clerk.hold(member, 5, pin=PIN)["status"] == "forbidden"
    assert shop.figures(member) == before
    assert shop.query(
        """SELECT log.action, log.outcome, log.reference FROM member_operator_log log
             JOIN res_users u ON u.id = log.user_id
            WHERE u.login = 'clerk' AND log.reference = 'member_hold'"""
    ) == [("attempt", "refused", "member_hold")]


def test_what_no_database_keeps(shop, server, ours, member):
    """Verbs of till, door and desk answer with data, whatever text they are given."""
    people = {
        "pos.config": server.client(CASHIER, CASHIER_PASSWORD),
        "member.hw.agent": server.client(),
        "member.card.encoding": server.client(),
        "event.registration": server.client(),
    }
    verbs = [
        row
        for row in ours["methods"]
        if row["model"] in people
        and row["method"].startswith(VERBS)
        and row["parameters"]
    ]
    assert len(verbs) > 30
    till = shop.till(server)
    faults = {}
    for row in verbs:
        given = arguments(row, member, till)
        for place in range(0 if row["is_model"] else 1, len(given)):
            for text in NOT_STORABLE:
                for tried in text, [text], dict.fromkeys(NAMES, text):
                    tries = [*given[:place], tried, *given[place + 1 :]]
                    try:
                        people[row["model"]].call(row["model"], row["method"], *tries)
                    except RpcError as error:
                        if any(each in error.debug for each in REFUSED_BY_DATABASE):
                            faults[row["method"], place, repr(tried)] = error.debug
    assert faults == {}
