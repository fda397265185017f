"""What the database does with locked counters, without waiting for Python in between.

In a rush everybody waits for the same few counters. Whoever has locked them from Python
keeps them for as many journeys as there are statements, and each journey waits for the
other threads of its process. Here the lock is taken and what it is for done in one.
"""

from .counters import CAPACITY, LIMITED_BY

LOCK = """
    PERFORM c.id FROM member_seat_counter c
      WHERE c.key = ANY(of_counters) OR c.id = ANY(of_ids)
      ORDER BY c.id FOR UPDATE;"""
"""In the order of their ids, as `counters.LOCK`. What follows sees them as they are."""

PLACE = f"""
CREATE OR REPLACE FUNCTION member_seat_place(
    of_key text, of_counters text[], of_seats int[], of_ids int[], of_freed int[],
    of_policies int[], of_events int[], of_members int[],
    seconds int, for_document text, by_user int,
    OUT expires_at timestamp, OUT missing text[]
) LANGUAGE plpgsql AS $$
DECLARE
    enough boolean;
BEGIN
    missing := ARRAY(SELECT w.key FROM unnest(of_counters) w(key) WHERE NOT EXISTS
                     (SELECT 1 FROM member_seat_counter c WHERE c.key = w.key));
    IF missing <> '{{}}' THEN
        RETURN;
    END IF;{LOCK}
    IF EXISTS (SELECT 1 FROM member_seat_hold h WHERE h.key = of_key)
       OR EXISTS (SELECT 1 FROM member_seat_claim m WHERE m.key = of_key) THEN
        RETURN;
    END IF;
    WITH wanted AS (
        SELECT w.key, w.seats FROM unnest(of_counters, of_seats) w(key, seats)
    ), changes AS (
        SELECT f.id, f.freed FROM unnest(of_ids, of_freed) f(id, freed)
    ), limits AS (
        SELECT concat_ws(':', a.event_id, coalesce(p.slot_id, 0),
                         coalesce(p.ticket_id, 0), 0, a.partner_id) AS key,
               min(p.member_limit) AS seats
          FROM unnest(of_policies, of_events, of_members)
               a(policy_id, event_id, partner_id)
          JOIN member_ticket_policy p ON p.id = a.policy_id
         WHERE p.member_limit > 0
      GROUP BY 1
    ), found AS (
        SELECT c.taken + c.held AS used, w.seats - coalesce(f.freed, 0) AS more,
               e.id IS NOT NULL AS is_known,
               CASE c.kind WHEN 'member' THEN l.seats ELSE {CAPACITY} END AS capacity
          FROM wanted w
          JOIN member_seat_counter c ON c.key = w.key {LIMITED_BY}
     LEFT JOIN changes f ON f.id = c.id
     LEFT JOIN limits l ON l.key = c.key
    )
    SELECT count(*) = cardinality(of_counters)
           AND bool_and(is_known AND (more <= 0 OR capacity IS NULL
                                      OR used + more <= capacity))
      INTO enough FROM found;
    IF enough IS NOT TRUE THEN
        RETURN;
    END IF;
    expires_at := now() AT TIME ZONE 'utc' + seconds * interval '1 second';
    UPDATE member_seat_counter c SET held = c.held + n.more
      FROM (SELECT id, sum(x.more)::int AS more
              FROM (SELECT d.id, w.seats AS more
                      FROM unnest(of_counters, of_seats) w(key, seats)
                      JOIN member_seat_counter d ON d.key = w.key
                     UNION ALL
                    SELECT f.id, -f.freed FROM unnest(of_ids, of_freed) f(id, freed)) x
          GROUP BY id) n
     WHERE c.id = n.id;
    INSERT INTO member_seat_hold (key, counter_id, quantity, placed_at, expires_at,
                                  document, user_id)
    SELECT of_key, c.id, w.seats, now() AT TIME ZONE 'utc', expires_at,
           for_document, by_user
      FROM unnest(of_counters, of_seats) w(key, seats)
      JOIN member_seat_counter c ON c.key = w.key;
END $$;
"""
"""Place a hold in place of the seats that its line has freed, and tell until when.

Where counters are missing, tell which. Where it is not plain, tell nothing; the
counters are locked then. In both cases nothing was written. A limit per member is that
of the policies by which these members buy."""

SETTLE = f"""
CREATE OR REPLACE FUNCTION member_seat_settle(
    of_moves int[], of_keys text[], of_counters text[], of_seats int[]
) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
    of_ids int[] := ARRAY(SELECT counter_id FROM member_seat_hold
                           WHERE key = ANY(of_keys));
BEGIN{LOCK}
    IF (SELECT count(*) FROM member_seat_counter WHERE key = ANY(of_counters))
       < cardinality(of_counters) THEN
        RETURN false;
    END IF;
    WITH given_up AS (
        DELETE FROM member_seat_hold WHERE key = ANY(of_keys)
        RETURNING counter_id, quantity
    ), changes AS (
        SELECT id, sum(x.taken)::int AS taken, sum(x.held)::int AS held
          FROM (SELECT d.id, t.seats AS taken, 0 AS held
                  FROM unnest(of_counters, of_seats) t(key, seats)
                  JOIN member_seat_counter d ON d.key = t.key
                 UNION ALL
                SELECT counter_id, 0, quantity FROM given_up) x
      GROUP BY id
    )
    UPDATE member_seat_counter c SET taken = c.taken + n.taken, held = c.held - n.held
      FROM changes n WHERE c.id = n.id;
    DELETE FROM member_seat_move WHERE id = ANY(of_moves);
    DELETE FROM member_seat_claim
     WHERE key = ANY(of_keys) AND key LIKE 'auto:%' AND NOT is_void;
    RETURN true;
END $$;
"""
"""Count moves, by counter, and forget them and their holds; false where a counter does
not exist: nothing was written then."""

REMOVE = """
DROP FUNCTION IF EXISTS member_seat_place(text, text[], int[], int[], int[], int[],
                                          int[], int[], int, text, int);
DROP FUNCTION IF EXISTS member_seat_settle(int[], text[], text[], int[]);
"""


def install(cr) -> None:
    """Install the functions; again at each update."""
    cr.execute(PLACE)
    cr.execute(SETTLE)


def remove(cr) -> None:
    cr.execute(REMOVE)
