"""Tills of one computer report and read cards on it at once; no sale waits for that."""

from functools import partial

from tests.support.hardware import SealedComputer, give_chip
from tests.support.parallel import at_once

REPORTERS, READERS = 4, 4
ROUNDS = 20
UID = "04A1B2C3D4E5F6"


def test_tills_of_one_computer_do_not_disturb_each_other(shop, pair):
    """Nothing fails, no request runs twice, and what was told last is what is kept."""
    computer = SealedComputer(shop, range(REPORTERS + READERS))
    tills = [shop.till(pair[n % 2], n) for n in range(REPORTERS + READERS)]
    member = shop.members[0]
    give_chip(shop, member, UID)

    for number in range(ROUNDS):
        shop.query(
            "UPDATE member_hw_agent SET last_seen = NULL WHERE id = %s", computer.id
        )
        reports = [
            computer.report(printer(f"{number}.{told}"), device(f"usb:{told}"))
            for told in range(REPORTERS)
        ]
        # the newest one comes from another till each time
        reports = reports[number % REPORTERS :] + reports[: number % REPORTERS]

        reported, read = halves(
            at_once(
                *map(report, tills, reports),
                *(read_card(till, computer) for till in tills[REPORTERS:]),
            )
        )

        assert reported == [{"status": "ok"}] * REPORTERS, reported
        found = [each["matches"][0]["partner_id"] for each in read]
        assert found == [member["id"]] * READERS, read
        kept = shop.query(
            """SELECT stable_id, message, state, active FROM member_hw_device
                WHERE agent_id = %s AND active ORDER BY stable_id""",
            computer.id,
        )
        last = REPORTERS - 1
        assert kept == [
            ("printer", f"{number}.{last}", "connected", True),
            (f"usb:{last}", None, "connected", True),
        ]
        assert shop.value(
            "SELECT last_seen FROM member_hw_agent WHERE id = %s", computer.id
        )
    for server in pair:
        assert "tries left" not in server.read_log()


def test_in_the_request_s_own_transaction_they_do(unguarded_shop, unguarded):
    """Negative control: the same reports, written beside the sale, run again."""
    for server in unguarded:
        server.allow_lines("could not serialize access")
    computer = SealedComputer(unguarded_shop, range(REPORTERS))
    tills = [unguarded_shop.till(unguarded[n % 2], n) for n in range(REPORTERS)]
    reports = [computer.report(device("printer")) for _till in tills]

    answers = unguarded_shop.race(*map(report, tills, reports))

    assert answers == [{"status": "ok"}] * REPORTERS, answers
    assert any("tries left" in server.read_log() for server in unguarded)


def halves(answers):
    return answers[:REPORTERS], answers[REPORTERS:]


def report(till, sealed):
    return partial(till.verb, "member_hw_report", sealed)


def read_card(till, computer):
    return partial(till.verb, "member_hw_card", computer.reading(UID))


def printer(message):
    return device("printer", kind="printer", message=message)


def device(stable_id, **told):
    return {
        "id": stable_id,
        "driver": "simulator.reader",
        "state": "connected",
        "name": stable_id,
        **told,
    }
