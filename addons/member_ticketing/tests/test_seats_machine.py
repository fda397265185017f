import os
from collections import Counter

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    rule,
    run_state_machine_as_test,
)

from odoo.tests import tagged

from .. import seats
from ..seats import SeatRefusal
from .common_seats import SeatCase

EXAMPLES = int(os.environ.get("MEMBER_SEAT_EXAMPLES", "12"))
ROOM = 5
BALCONY = 2
QUOTA = 3
LIMIT = 2

keys = st.sampled_from([f"pol:{letter}" for letter in "abc"])
tickets = st.sampled_from(["stalls", "balcony"])
policies = st.sampled_from([None, "gold"])
members = st.sampled_from(["lin", "mo"])
quantities = st.integers(1, 3)
picks = st.integers(0, 20)


class House:
    """What the verbs promise, in plain Python: who has which seats."""

    def __init__(self):
        self.seats = {}
        """By what holds or is registered: (ticket, policy, member, quantity)."""

    def used(self):
        used = Counter()
        for asked in self.seats.values():
            used.update(dict.fromkeys(counted_on(asked), asked[-1]))
        return used

    def fits(self, asked, instead_of=None):
        """Whether there is room; what is only kept or made less always fits."""
        used, freed = self.used(), Counter()
        if instead_of:
            freed.update(dict.fromkeys(counted_on(instead_of), instead_of[-1]))
        limits = {"room": ROOM, "balcony": BALCONY}
        if asked[1]:
            limits |= {"gold": QUOTA, asked[2]: LIMIT}
        more = {name: asked[-1] - freed[name] for name in counted_on(asked)}
        return all(
            more[name] <= 0 or used[name] + more[name] <= limit
            for name, limit in limits.items()
            if name in more
        )


def counted_on(asked):
    ticket, policy, member, _quantity = asked
    return {"room", ticket, policy or "public", member}


@tagged("post_install", "-at_install")
class TestSeatsMachine(SeatCase):
    """Holds, sales and everything that changes them, in any order, against a model."""

    def test_against_a_model(self):  # pylint: disable=missing-return
        case = self

        class Machine(RuleBasedStateMachine):
            def __init__(self):
                super().__init__()
                case.env.cr.execute("SAVEPOINT machine")
                self.house = House()
                self.sold = []
                self.given_up = set()
                case.event = case.performance(ROOM)
                case.stalls, case.balcony = case.event.event_ticket_ids
                self.gold = case.policy(quota=QUOTA, member_limit=LIMIT)
                self.gold.flush_recordset()
                case.event.flush_recordset()

            def teardown(self):
                case.env.cr.execute("ROLLBACK TO SAVEPOINT machine")
                case.env.invalidate_all()

            def want(self, ticket, policy, member, quantity):
                return case.want(
                    quantity,
                    ticket=case.stalls if ticket == "stalls" else case.balcony,
                    policy=self.gold if policy else None,
                    partner=case.member if member == "lin" else case.other,
                )

            def tried(self, fits, action):
                """Act; refused if and only if the model says so."""
                try:
                    with case.env.cr.savepoint():
                        result = action()
                except SeatRefusal:
                    case.env.invalidate_all()
                    assert not fits
                    return None
                assert fits
                return result

            @rule(
                key=keys, ticket=tickets, policy=policies, member=members, n=quantities
            )
            def hold(self, key, ticket, policy, member, n):
                asked = (ticket, policy, member, n)
                known = self.house.seats.get(key)
                fits = key not in self.given_up and (
                    known == asked or (not known and self.house.fits(asked))
                )
                if self.tried(
                    fits, lambda: seats.hold(case.env, key, [self.want(*asked)])
                ):
                    self.house.seats[key] = asked

            @rule(key=keys)
            def release(self, key):
                released = seats.release(case.env, [key])
                assert bool(released) == (key in self.house.seats)
                if released:
                    del self.house.seats[key]
                    self.given_up.add(key)

            @rule(ticket=tickets, policy=policies, member=members, n=quantities)
            def resize(self, ticket, policy, member, n):
                asked = (ticket, policy, member, n)
                if self.tried(
                    self.house.fits(asked, self.house.seats.get("so:1:1:")),
                    lambda: seats.resize(case.env, "so:1:1:", [self.want(*asked)]),
                ):
                    self.house.seats["so:1:1:"] = asked

            @rule(ticket=tickets, policy=policies, member=members, n=quantities)
            def sell(self, ticket, policy, member, n):
                asked = (ticket, policy, member, n)
                want = self.want(*asked)
                sold = self.tried(
                    self.house.fits(asked),
                    lambda: case.register(
                        n,
                        event_ticket_id=want.ticket_id,
                        partner_id=want.partner_id,
                        member_policy_id=want.policy_id or False,
                    ),
                )
                for registration in sold or ():
                    self.house.seats[registration] = (ticket, policy, member, 1)
                    self.sold.append(registration)

            @rule(pick=picks, ticket=tickets)
            def change_ticket(self, pick, ticket):
                if not self.sold:
                    return
                one = self.sold[pick % len(self.sold)]
                if one not in self.house.seats:
                    return
                was, policy, member, _one = self.house.seats[one]
                used = self.house.used()
                fits = ticket in (was, "stalls") or used["balcony"] < BALCONY
                want = self.want(ticket, policy, member, 1)
                if self.tried(
                    fits, lambda: one.write({"event_ticket_id": want.ticket_id})
                ):
                    self.house.seats[one] = (ticket, policy, member, 1)

            @rule(pick=picks)
            def cancel_or_revive(self, pick):
                if not self.sold:
                    return
                one = self.sold[pick % len(self.sold)]
                if self.house.seats.pop(one, None):
                    one.action_cancel()
                    return
                asked = (
                    "balcony" if one.event_ticket_id == case.balcony else "stalls",
                    "gold" if one.member_policy_id else None,
                    "lin" if one.partner_id == case.member else "mo",
                    1,
                )
                fits = self.house.fits(asked)
                self.tried(fits, one.action_confirm)
                if fits:
                    self.house.seats[one] = asked

            @rule(pick=picks)
            def delete(self, pick):
                if self.sold:
                    one = self.sold.pop(pick % len(self.sold))
                    self.house.seats.pop(one, None)
                    one.unlink()

            @rule()
            def recover(self):
                seats.recover(case.env)

            @invariant()
            def counted(self):
                case.env.flush_all()
                used = self.house.used()
                (left,) = seats.left(case.env, [self.want("balcony", "gold", "lin", 1)])
                assert left.event == ROOM - used["room"]
                assert left.ticket == BALCONY - used["balcony"]
                assert left.policy == QUOTA - used["gold"]
                assert left.member == max(LIMIT - used["lin"], 0)
                problems = seats.verify(case.env)
                assert not problems, problems

        run_state_machine_as_test(
            Machine,
            settings=settings(
                max_examples=EXAMPLES,
                stateful_step_count=20,
                deadline=None,
                suppress_health_check=list(HealthCheck),
            ),
        )
