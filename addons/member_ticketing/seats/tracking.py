"""The triggers that write down each seat taken or given back, whoever changes it.

No path escapes them: the ORM, a cascade of foreign keys, an import, plain SQL. What
takes a seat is refused at the commit unless the gate has stamped the key of a hold
on it.
"""

FUNCTIONS = """
CREATE OR REPLACE FUNCTION member_seat_counters(
    event int, slot int, ticket int, policy int, partner int
) RETURNS TABLE (key text) LANGUAGE sql IMMUTABLE AS $$
    SELECT concat_ws(':', event, coalesce(slot, 0), 0, 0, 0)
     UNION SELECT concat_ws(':', event, coalesce(slot, 0), ticket, 0, 0)
            WHERE ticket > 0
     UNION SELECT concat_ws(':', event, 0, 0, policy, 0) WHERE policy > 0
     UNION SELECT concat_ws(':', event, s, t, 0, partner)
             FROM unnest(ARRAY[0, slot]) s, unnest(ARRAY[0, ticket]) t
            WHERE partner > 0 AND s IS NOT NULL AND t IS NOT NULL
$$;

CREATE OR REPLACE FUNCTION member_seat_track() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    was boolean := false;
    now_is boolean := false;
    stamp text;
BEGIN
    IF TG_OP <> 'INSERT' THEN
        was := OLD.active AND OLD.state IN ('open', 'done');
    END IF;
    IF TG_OP <> 'DELETE' THEN
        now_is := NEW.active AND NEW.state IN ('open', 'done');
    END IF;
    IF was AND now_is THEN
        IF (OLD.event_id, OLD.event_slot_id, OLD.event_ticket_id)
           IS NOT DISTINCT FROM
           (NEW.event_id, NEW.event_slot_id, NEW.event_ticket_id) THEN
            IF (OLD.member_policy_id, OLD.partner_id)
               IS NOT DISTINCT FROM (NEW.member_policy_id, NEW.partner_id) THEN
                RETURN NULL;
            END IF;
            -- deleting a contact or a policy takes nothing from anybody
            IF (NEW.member_policy_id IS NULL
                OR NEW.member_policy_id = OLD.member_policy_id)
               AND (NEW.partner_id IS NULL OR NEW.partner_id = OLD.partner_id) THEN
                stamp := 'free:' || txid_current();
            END IF;
        END IF;
    END IF;
    IF was THEN
        INSERT INTO member_seat_move (registration_id, delta, event_id, slot_id,
                                      ticket_id, policy_id, partner_id, key)
        VALUES (OLD.id, -1, OLD.event_id, OLD.event_slot_id, OLD.event_ticket_id,
                OLD.member_policy_id, OLD.partner_id, stamp);
    END IF;
    IF now_is THEN
        INSERT INTO member_seat_move (registration_id, delta, event_id, slot_id,
                                      ticket_id, policy_id, partner_id, key)
        VALUES (NEW.id, 1, NEW.event_id, NEW.event_slot_id, NEW.event_ticket_id,
                NEW.member_policy_id, NEW.partner_id, stamp);
    END IF;
    RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION member_seat_backed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM member_seat_move WHERE id = NEW.id AND key IS NULL) THEN
        RAISE EXCEPTION 'the seat of registration % is taken without a hold',
              NEW.registration_id
        USING ERRCODE = 'integrity_constraint_violation', TABLE = 'event_registration';
    END IF;
    RETURN NULL;
END $$;
"""

ON_REGISTRATIONS = """
DROP TRIGGER IF EXISTS member_seat_track ON event_registration;
CREATE TRIGGER member_seat_track
    AFTER INSERT OR DELETE OR UPDATE OF active, state, event_id, event_slot_id,
          event_ticket_id, member_policy_id, partner_id
    ON event_registration FOR EACH ROW EXECUTE FUNCTION member_seat_track();
"""

ON_MOVES = """
DROP TRIGGER IF EXISTS member_seat_backed ON member_seat_move;
CREATE CONSTRAINT TRIGGER member_seat_backed
    AFTER INSERT ON member_seat_move DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW WHEN (NEW.delta > 0 AND NEW.key IS NULL)
    EXECUTE FUNCTION member_seat_backed();
"""

REMOVE = """
DROP TRIGGER IF EXISTS member_seat_track ON event_registration;
DROP TRIGGER IF EXISTS member_seat_backed ON member_seat_move;
DROP FUNCTION IF EXISTS member_seat_track();
DROP FUNCTION IF EXISTS member_seat_backed();
DROP FUNCTION IF EXISTS member_seat_counters(int, int, int, int, int);
"""

LIVE_SEATS = """event_registration r,
           member_seat_counters(r.event_id, r.event_slot_id, r.event_ticket_id,
                                r.member_policy_id, r.partner_id) k
     WHERE r.active AND r.state IN ('open', 'done')"""

BACKFILL = f"""
    INSERT INTO member_seat_counter (key, kind, event_id, slot_id, ticket_id, policy_id,
                                     partner_id, taken, held)
    SELECT key,
           CASE WHEN part[5] > 0 THEN 'member' WHEN part[4] > 0 THEN 'policy'
                WHEN part[3] > 0 THEN 'ticket' ELSE 'event' END,
           part[1], nullif(part[2], 0), nullif(part[3], 0), nullif(part[4], 0),
           nullif(part[5], 0), taken, 0
      FROM (SELECT k.key, string_to_array(k.key, ':')::int[] AS part, count(*) AS taken
              FROM {LIVE_SEATS}
             GROUP BY k.key) counted
        ON CONFLICT (key) DO NOTHING
"""
"""Count what was sold before the add-on was installed."""


def track_registrations(cr) -> None:
    """Install what needs the registrations' columns; again at each update."""
    cr.execute(FUNCTIONS)
    cr.execute(ON_REGISTRATIONS)


def guard_moves(cr) -> None:
    """Install what needs the table of moves; again at each update."""
    cr.execute(FUNCTIONS)
    cr.execute(ON_MOVES)


def backfill(cr) -> None:
    cr.execute(BACKFILL)


def remove(cr) -> None:
    cr.execute(REMOVE)
