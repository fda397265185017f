"""Fill a database with very many members. Runs inside Odoo (tools/populate.py).

Rows go in by COPY, as no verb could bring a million in minutes; they are what the verbs
would have written. Money is not among them: only the first members get some, through
the ledger. Points are (tools/populate_points.py).
"""

import io
import random

from stdnum import luhn

from odoo import SUPERUSER_ID

from odoo.addons.member_card import ledger

from tools.populate_points import copy_points

CHUNK = 50_000
"""Rows that one COPY carries: enough to be fast, little enough to keep in memory."""
WITH_MONEY = 1000
MONEY = 500
SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗"
GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉萍红梅建国文辉"
FIRST = ("Anna", "Ben", "Carla", "David", "Elena", "Frank", "Grace", "Henry", "Iris")
LAST = ("Baker", "Carter", "Dubois", "Evans", "Fischer", "Garcia", "Hansen", "Ivanov")

PARTNER = (
    "name", "complete_name", "active", "is_company", "type", "lang", "phone",
    "autopost_bills", "create_uid", "write_uid", "create_date", "write_date",
    "is_member", "member_number", "member_class_id", "member_state", "member_since",
    "member_company_id", "member_phone",
)  # fmt: skip
CARD = (
    "partner_id", "company_id", "number", "state", "medium", "issued_at",
    "state_changed_at", "create_uid", "write_uid", "create_date", "write_date",
)  # fmt: skip
ASSIGNMENT = ("partner_id", "class_id", "date_from", "reason")


def populate(env, count, entries=0):
    """Add `count` members with cards to the main company, and give some of them money.

    Each gets `entries` entries of points, if there are points. The same count gives the
    same members each time.
    """
    company = env.company
    if not company.chart_template:
        env["account.chart.template"].try_loading("cn", company, install_demo=False)
    company._member_setup()
    classes = env["member.class"].search([("company_id", "=", False)]).ids
    env.flush_all()
    dice = random.Random(count)
    first_id = 0
    for start in range(0, count, CHUNK):
        size = min(CHUNK, count - start)
        ids = reserve(env, "res_partner_id_seq", size)
        first_id = first_id or ids[0]
        numbers = reserve_numbers(env, size)
        people = [person(dice, classes) for _number in range(size)]
        copy_members(env, company, ids, numbers, people)
        copy_cards(env, company, ids, dice)
        copy_points(env, copy, reserve, ids, entries)
        env.cr.commit()
    env.cr.execute(
        "ANALYZE res_partner, member_card, member_class_assignment, member_balance, "
        "member_posting, member_entry, member_lot"
    )
    give_money(env, range(first_id, first_id + min(count, WITH_MONEY)))
    env.registry.clear_cache()


def reserve(env, sequence, size):
    """Return the next `size` values of a sequence of the database."""
    env.cr.execute("SELECT nextval(%s) FROM generate_series(1, %s)", [sequence, size])
    return [value for (value,) in env.cr.fetchall()]


def reserve_numbers(env, size):
    """Return the next member numbers, as registering would have given them."""
    sequence = env["ir.sequence"].search([("code", "=", "member.number")], limit=1)
    values = reserve(env, f"ir_sequence_{sequence.id:03}", size)
    return [sequence.get_next_char(value) for value in values]


def person(dice, classes):
    """Return (name, language, phone, class) of somebody who does not exist."""
    if dice.random() < 0.7:
        name = dice.choice(SURNAMES) + "".join(
            dice.choices(GIVEN, k=dice.choice((1, 2)))
        )
        lang = "zh_CN"
    else:
        name, lang = f"{dice.choice(FIRST)} {dice.choice(LAST)}", "en_US"
    phone = f"+861{dice.randrange(30, 99)}{dice.randrange(10**8):08}"
    return name, lang, phone, dice.choice(classes)


def copy_members(env, company, ids, numbers, people):
    now = "now"
    copy(
        env,
        "res_partner",
        ("id", *PARTNER),
        (
            (
                partner_id, name, name, "t", "f", "contact", lang, phone, "ask",
                SUPERUSER_ID, SUPERUSER_ID, now, now, "t", number, class_id, "active",
                now, company.id, phone,
            )
            for partner_id, number, (name, lang, phone, class_id) in zip(
                ids, numbers, people, strict=True
            )
        ),
    )  # fmt: skip
    env.cr.execute(
        "UPDATE res_partner SET commercial_partner_id = id WHERE id = ANY(%s)", [ids]
    )
    copy(
        env,
        "member_class_assignment",
        ASSIGNMENT,
        (
            (partner_id, class_id, now, "registration")
            for partner_id, (_name, _lang, _phone, class_id) in zip(
                ids, people, strict=True
            )
        ),
    )


def copy_cards(env, company, ids, dice):
    prefix = company._member_root().member_card_prefix
    copy(
        env,
        "member_card",
        CARD,
        (
            (
                partner_id, company.id, card_number(prefix, partner_id, dice), "issued",
                "barcode", "now", "now", SUPERUSER_ID, SUPERUSER_ID, "now", "now",
            )
            for partner_id in ids
        ),
    )  # fmt: skip


def card_number(prefix, partner_id, dice):
    """Return a number that no other member of this run gets: it carries the id."""
    digits = f"{prefix}{partner_id:08}{dice.randrange(1000):03}"
    return digits + luhn.calc_check_digit(digits)


def copy(env, table, columns, rows):
    """COPY rows into a table; values need no escaping but tabs, which none has."""
    text = io.StringIO()
    text.writelines("\t".join(map(str, row)) + "\n" for row in rows)
    text.seek(0)
    cursor = env.cr.connection.cursor()
    cursor.copy_expert(f"COPY {table} ({', '.join(columns)}) FROM STDIN", text)


def give_money(env, partner_ids):
    """Credit members through the ledger, which chains their entries."""
    principal = env.company._member_asset("principal")
    ledger.post(
        env,
        [
            ledger.Intent(
                partner_id=partner_id,
                asset_id=principal.id,
                amount=MONEY,
                kind="opening",
                request_key=f"populate:{partner_id}",
            )
            for partner_id in partner_ids
        ],
    )
    env.cr.commit()
    ledger.recover(env)
