"""A ticket opens one door once, is handed over once, and is counted elsewhere once."""

from collections import Counter
from functools import partial

from tests.support.parallel import at_once
from tests.support.rpc import RpcError
from tests.support.shop import new_key
from tests.support.tickets import at_desk, make_performances

DOORS = 6
ROUNDS = 4


def test_a_ticket_opens_one_door(shop, pair):
    """Six doors on two servers read one code: one lets in, five say when and who."""
    (performance,) = make_performances(shop, ROUNDS)
    member = shop.newcomer()
    doors = [pair[number % 2].client() for number in range(DOORS)]
    tickets = at_desk(doors[0], performance, member, seats=ROUNDS)
    for ticket in tickets:
        code = shop.value(
            "SELECT barcode FROM event_registration WHERE id = %s", ticket
        )
        answers = at_once(
            *(
                partial(
                    door.call,
                    "event.registration",
                    "member_desk_scan",
                    code,
                    performance["id"],
                )
                for door in doors
            )
        )
        found = [answer["registration"] for answer in answers]
        assert Counter(each["status"] for each in found) == {
            "confirmed_registration": 1,
            "already_registered": DOORS - 1,
        }
        assert all(
            each["member_used"]
            for each in found
            if each["status"] == "already_registered"
        )


def test_two_doors_that_both_found_it_unused_let_in_once(unguarded_shop, unguarded):
    """The race is run each time: the doors wait for each other after they looked."""
    (performance,) = make_performances(unguarded_shop, 1)
    doors = [server.client() for server in unguarded]
    (ticket,) = at_desk(doors[0], performance, unguarded_shop.newcomer(), seats=1)
    answers = unguarded_shop.race(
        *(
            partial(door.call, "event.registration", "member_desk_check_in", [ticket])
            for door in doors
        )
    )
    assert sorted(each["status"] for (each,) in answers) == [
        "already_registered",
        "confirmed_registration",
    ]


def test_let_in_by_hand_at_two_doors_once(shop, pair):
    """Both asked and were answered with yes; the second one is told."""
    (performance,) = make_performances(shop, ROUNDS)
    doors = [server.client() for server in pair]
    tickets = at_desk(doors[0], performance, shop.newcomer(), seats=ROUNDS)
    for ticket in tickets:
        answers = at_once(
            *(
                partial(
                    door.call, "event.registration", "member_desk_check_in", [ticket]
                )
                for door in doors
            )
        )
        assert sorted(each["status"] for (each,) in answers) == [
            "already_registered",
            "confirmed_registration",
        ]


def test_tickets_are_handed_over_once(shop, pair):
    """Two tills read the same card: one prints, the other says who did."""
    (performance,) = make_performances(shop, ROUNDS * 2)
    member = shop.newcomer()
    tills = [shop.till(server, number) for number, server in enumerate(pair)]
    for _round in range(ROUNDS):
        tickets = at_desk(pair[0].client(), performance, member, seats=2)
        answers = at_once(
            *(partial(till.verb, "member_tickets_collect", tickets) for till in tills)
        )
        assert sorted(answer["status"] for answer in answers) == ["collected", "ok"]


def test_a_purchase_elsewhere_counts_once(shop, pair):
    """Two clerks enter the same number: one is recorded, the other is told."""
    for server in pair:
        server.allow_lines("duplicate key value|entered before")
    member = shop.newcomer()
    clerks = [server.client() for server in pair]
    seller = clerks[0].call(
        "member.external.seller", "create", [{"name": f"Seller {new_key()}"}]
    )[0]

    def enter(clerk, reference):
        (purchase,) = clerk.call(
            "member.external.purchase",
            "create",
            [
                {
                    "partner_id": member,
                    "seller_id": seller,
                    "reference": reference,
                    "performance": "Giselle",
                    "amount": 100,
                }
            ],
        )
        clerk.call("member.external.purchase", "action_record", [purchase])
        return purchase

    for _round in range(ROUNDS):
        reference = new_key()
        answers = at_once(*(partial(enter, clerk, reference) for clerk in clerks))
        kinds = Counter(type(answer) for answer in answers)
        assert kinds == {int: 1, RpcError: 1}, answers
