"""P6: jobs over all members, against the best single SQL statement for each.

`build` and `measure` run inside Odoo. Every member has entries of points; a third of
them reach a class that they are not in. A rival moves as many in one statement, with
the rows that nobody can do without: a member's class, the end of the old row of its
history and the new one; for lots the posting, the entry, the lot, its use and the
balance. What ours keeps beyond that is ours to answer for: a review's own list of whom
it moves, and the hashes, whose key the database does not know. Each round starts from
the same state: what a rival did is undone, and the next lot of each is due.
"""

import time

from odoo import fields

from odoo.addons.member_card import ledger

from tools.populate_data import populate

REVIEW = """
    WITH reached AS (
        SELECT b.partner_id, sum(e.amount) AS figure
          FROM member_balance b JOIN member_entry e ON e.balance_id = b.id
         WHERE b.asset_id = %(asset)s AND e.kind IN ('earn', 'clawback')
           AND e.date >= now() AT TIME ZONE 'utc' - interval '12 months'
      GROUP BY b.partner_id HAVING sum(e.amount) >= %(threshold)s
    ), moved AS (
        UPDATE res_partner p SET member_class_id = %(target)s, write_date = now()
          FROM reached r
         WHERE r.partner_id = p.id AND p.member_class_id = %(ordinary)s
     RETURNING p.id, r.figure
    ), closed AS (
        UPDATE member_class_assignment a SET date_to = now()
          FROM moved WHERE a.partner_id = moved.id AND a.date_to IS NULL
     RETURNING a.partner_id
    )
    INSERT INTO member_class_assignment (partner_id, class_id, date_from, reason, note)
    SELECT moved.id, %(target)s, now(), 'rule', moved.figure::text
      FROM moved LEFT JOIN closed ON closed.partner_id = moved.id"""

EXPIRE = """
    WITH due AS (
        SELECT b.id, b.partner_id, b.asset_id, b.amount, b.seq, l.id AS lot_id,
               l.remaining, nextval('member_entry_id_seq')::int AS entry_id,
               nextval('member_posting_id_seq')::int AS posting_id
          FROM member_balance b
          JOIN member_lot l ON l.balance_id = b.id AND l.remaining > 0
           AND l.expires_at <= now() AT TIME ZONE 'utc'
         WHERE b.next_expiry_at <= now() AT TIME ZONE 'utc' AND b.held = 0
    ), posting AS (
        INSERT INTO member_posting (id, partner_id, asset_id, balance_id, amount, owed,
               allow_owed, kind, request_key, reversed_amount, state, created_at)
        SELECT posting_id, partner_id, asset_id, id, -remaining, 0, false, 'expire',
               'expire:' || id || ':' || seq + 1, 0, 'applied', now() FROM due
    ), entry AS (
        INSERT INTO member_entry (id, balance_id, seq, date, kind, amount,
               balance_after, owed_change, request_key, posting_id, hash)
        SELECT entry_id, id, seq + 1, now(), 'expire', -remaining, amount - remaining,
               0, 'expire:' || id || ':' || seq + 1, posting_id, repeat('0', 64)
          FROM due
    ), lot AS (
        UPDATE member_lot l SET remaining = 0 FROM due WHERE l.id = due.lot_id
    ), lot_use AS (
        INSERT INTO member_lot_use (lot_id, entry_id, amount)
        SELECT lot_id, entry_id, -remaining FROM due
    )
    UPDATE member_balance b
       SET amount = b.amount - due.remaining, seq = b.seq + 1,
           last_hash = repeat('0', 64),
           next_expiry_at = (SELECT min(l.expires_at) FROM member_lot l
                              WHERE l.balance_id = b.id AND l.remaining > 0
                                AND l.expires_at > now() AT TIME ZONE 'utc')
      FROM due WHERE b.id = due.id"""

NEXT_DUE = """
    WITH next AS (
        SELECT DISTINCT ON (balance_id) id, balance_id FROM member_lot
         WHERE remaining > 0 AND expires_at IS NOT NULL ORDER BY balance_id, id
    ), due AS (
        UPDATE member_lot l
           SET expires_at = date_trunc('second', now() AT TIME ZONE 'utc')
                            - interval '1 minute'
          FROM next WHERE l.id = next.id
     RETURNING l.balance_id, l.expires_at
    )
    UPDATE member_balance b SET next_expiry_at = due.expires_at
      FROM due WHERE due.balance_id = b.id"""


def build(env, members, entries):
    """Fill the database; nothing of it is due yet."""
    populate(env, members, entries)
    env.cr.execute("UPDATE member_lot SET expires_at = expires_at + interval '9 years'")
    env.cr.execute(
        "UPDATE member_balance SET next_expiry_at = next_expiry_at + interval '9 years'"
    )


def measure(env, rounds, entries):
    """Return milliseconds of each round, by job and rival."""
    return {
        "review": review(env, rounds, entries),
        "expire": expire(env, min(rounds, (entries - 1) // 2)),
    }


def review(env, rounds, entries):
    company = env.company._member_root()
    ordinary = env.ref("member_card.member_class_ordinary")
    target = env.ref("member_card.member_class_discount")
    rules = env["member.class.rule"]
    rules.search([]).active = False
    threshold = 10 * entries  # all reach it; a third are not in that class yet
    rules.create(
        {
            "class_id": target.id,
            "metric": "points_earned",
            "threshold": threshold,
            "timing": "review",
        }
    )
    env.cr.commit()
    values = {
        "asset": company._member_asset("points").id,
        "threshold": threshold,
        "target": target.id,
        "ordinary": ordinary.id,
    }

    def ours():
        return env["member.class.review"]._review_now(company)

    def bare():
        env.cr.execute(REVIEW, values)
        moved = env.cr.rowcount
        env.cr.commit()
        return moved

    def reset():
        env.cr.execute(
            """DELETE FROM member_class_assignment WHERE reason = 'rule';
               DELETE FROM member_class_review;
               UPDATE member_class_assignment SET date_to = NULL
                WHERE date_to IS NOT NULL;
               UPDATE res_partner SET member_class_id = CASE id %% 3
                      WHEN 0 THEN %(ordinary)s ELSE %(target)s END
                WHERE is_member""",
            values,
        )

    return in_turns(env, {"ours": ours, "bare": bare}, reset, rounds)


def expire(env, rounds):
    def ours():
        return ledger.expire_lots(env)

    def bare():
        env.cr.execute(EXPIRE)
        count = env.cr.rowcount
        env.cr.commit()
        return count

    def reset():
        env.cr.execute(NEXT_DUE)

    return in_turns(env, {"ours": ours, "bare": bare}, reset, rounds)


def in_turns(env, rivals, reset, rounds):
    """Time each rival once a round, from the same state; both must do as much."""
    samples, done = {name: [] for name in rivals}, set()
    for number in range(rounds):
        for name in sorted(rivals, reverse=bool(number % 2)):
            reset()
            env.cr.commit()
            vacuum(env)
            start = time.perf_counter()
            done.add(rivals[name]())
            samples[name].append((time.perf_counter() - start) * 1000)
            env.cr.commit()  # what ours wrote is seen from here on
    assert len(done) == 1, done
    return {**samples, "count": done.pop(), "at": str(fields.Datetime.now())}


def vacuum(env):
    """Clear away what the last round left, so that none pays for another."""
    connection = env.cr.connection
    connection.autocommit = True
    try:
        with connection.cursor() as cr:
            cr.execute(
                "VACUUM ANALYZE member_lot, member_lot_use, member_balance, "
                "member_entry, member_posting, member_class_assignment, "
                "member_class_review, member_class_review_line, res_partner"
            )
    finally:
        connection.autocommit = False
