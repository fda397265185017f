"""A shop without guards, where tills that race wait for each other.

Whether two requests meet between a look and what is done about it is a matter of
chance, so a race that is left to the scheduler is sometimes not run at all. Here the
servers (tests/support/addons/member_test_unguarded) call `member_test_meet()` where a
guard was: it returns when all tills of the race are there. Outside a race it returns
at once.
"""

from tests.support.shop import Shop

MEET = """
CREATE SEQUENCE member_test_race;  -- outside transactions: how many are to meet, or 1

CREATE FUNCTION member_test_meet() RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    tired timestamptz := clock_timestamp() + interval '60 seconds';
    wanted bigint := (SELECT last_value FROM member_test_race);
BEGIN
    IF wanted > 1 THEN
        PERFORM pg_advisory_xact_lock_shared(20261122);
    END IF;
    WHILE wanted > 1 LOOP
        IF wanted <= (
            SELECT count(*) FROM pg_locks
             WHERE locktype = 'advisory' AND objid = 20261122 AND granted
               AND database = (SELECT oid FROM pg_database
                                WHERE datname = current_database()))
        THEN
            PERFORM setval('member_test_race', 1);
        ELSIF clock_timestamp() > tired THEN
            RAISE EXCEPTION 'not every till of the race came to where it meets';
        ELSE
            PERFORM pg_sleep(0.002);
        END IF;
        wanted := (SELECT last_value FROM member_test_race);
    END LOOP;
END $$
"""


PLACE = "SELECT pg_get_functiondef('member_seat_place'::regproc)"
LOCK, TAKE = "FOR UPDATE;", "UPDATE member_seat_counter"


class UnguardedShop(Shop):
    """A shop for negative controls: its races are run each time."""

    def __init__(self, database, ids):
        super().__init__(database, ids)
        self.query(MEET)
        place = self.value(PLACE)
        assert place.count(LOCK) == place.count(TAKE) == 1, place
        place = place.replace(TAKE, f"PERFORM member_test_meet(); {TAKE}")
        self.query(place.replace(LOCK, ";"))

    def race(self, *functions):
        self.value("SELECT setval('member_test_race', %s)", len(functions))
        answers = super().race(*functions)
        waiting = self.value("SELECT last_value FROM member_test_race")
        assert waiting == 1, f"the tills did not meet: {answers}"
        return answers
