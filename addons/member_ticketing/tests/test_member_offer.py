"""What a buyer is offered: price, policy, why, limits."""

from datetime import timedelta

from odoo import Command
from odoo.tests import new_test_user, tagged

from odoo.addons.member_ticketing.policies import Figures

from .common_policies import PolicyCase


@tagged("post_install", "-at_install")
class TestMemberOffer(PolicyCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.anna = cls._member(cls.gold, "Anna")
        cls.bert = cls._member(cls.silver, "Bert")
        cls.stranger = cls.env["res.partner"].create({"name": "Stranger"})

    def _offer(self, partner, channel="pos", ticket=None, **kwargs):
        return (ticket or self.stalls)._member_offer(partner, channel, **kwargs)

    def assertOffer(self, offer, status, price):
        self.assertEqual((offer.status, offer.price), (status, price))

    def test_without_policies_the_class_has_its_pricelist(self):
        """A10: the same price in each channel."""
        for channel in ("pos", "backend", "web"):
            with self.subTest(channel=channel):
                self.assertOffer(self._offer(self.anna, channel), "free", 108)
                self.assertOffer(self._offer(self.bert, channel), "free", 120)
                self.assertOffer(self._offer(None, channel), "free", 120)

    def test_kinds_of_prices(self):
        pricelist = self.gold.pricelist_id.copy(
            {"item_ids": [Command.create({"percent_price": 50, **self._percentage()})]}
        )
        for vals, expected in (
            ({"price": 99.99}, 99.99),
            ({"price": 0}, 0),
            ({"percent": 12.5}, 105),
            ({"percent": 100}, 0),
            # the ticket's price goes through the buyer's pricelist
            ({"price_kind": "ticket"}, 108),
            ({"price_kind": "pricelist"}, 108),
            ({"price_kind": "pricelist", "pricelist_id": pricelist}, 60),
        ):
            with self.subTest(vals=vals):
                policy = self._policy(class_id=self.gold, **vals)
                offer = self._offer(self.anna)
                self.assertOffer(offer, "open", expected)
                self.assertEqual(offer.policy_id, policy.id)
                self.assertEqual(offer.list_price, 120)
                policy.unlink()

    @staticmethod
    def _percentage():
        return {"applied_on": "3_global", "compute_price": "percentage"}

    def test_a_fixed_pricelist_price_is_a_ratio(self):
        """As Odoo does: half the product's price makes half the ticket's."""
        self.gold.pricelist_id.item_ids = [
            Command.clear(),
            Command.create(
                {"applied_on": "3_global", "compute_price": "fixed", "fixed_price": 25}
            ),
        ]
        self.assertOffer(self._offer(self.anna), "free", 60)
        self.assertOffer(self._offer(self.anna, ticket=self.balcony), "free", 40)
        self.product.list_price = 0
        self.assertOffer(self._offer(self.anna), "free", 120)

    def test_the_pricelist_in_play_can_be_given(self):
        none = self.env["product.pricelist"]
        self.assertOffer(self._offer(self.anna, pricelist=none), "free", 120)
        gold = self.gold.pricelist_id
        self.assertOffer(self._offer(None, pricelist=gold), "free", 108)

    def test_a_contacts_own_pricelist_goes_before_the_class(self):
        own = self.gold.pricelist_id.copy(
            {"item_ids": [Command.create({"percent_price": 20, **self._percentage()})]}
        )
        self.anna.specific_property_product_pricelist = own
        self.assertOffer(self._offer(self.anna), "free", 96)

    def test_only_active_members_have_the_price_of_their_class(self):
        self._policy(class_id=self.gold, price=70)
        self.assertOffer(self._offer(self.anna), "open", 70)
        self.anna.action_member_freeze()
        self.assertOffer(self._offer(self.anna), "free", 120)

    def test_each_sees_its_own(self):
        self._policy(class_id=self.gold, price=70, channel="web")
        self._policy(price=100, ticket_id=self.stalls, channel="web")
        for partner, channel, ticket, price in (
            (self.anna, "web", self.stalls, 70),
            (self.anna, "pos", self.stalls, 108),
            (self.bert, "web", self.stalls, 100),
            (self.bert, "web", self.balcony, 80),
            (None, "web", self.stalls, 100),
        ):
            with self.subTest(partner=partner and partner.name, channel=channel):
                offer = self._offer(partner, channel, ticket)
                self.assertEqual(offer.price, price)

    def test_a_presale_says_when_the_public_may_buy(self):
        opens = self.now + timedelta(days=3)
        self._policy(class_id=self.gold, price=90, end_date=opens)
        self._policy(price=110, start_date=opens)
        self.assertOffer(self._offer(self.anna), "open", 90)
        closed = self._offer(self.bert)
        # what it will cost is told
        self.assertOffer(closed, "closed", 110)
        self.assertEqual((closed.policy_id, closed.opens_at), (0, opens))
        self.assertIn("On sale from", closed.why)
        later = self._offer(self.anna, now=opens)
        self.assertOffer(later, "open", 110)
        self.assertIn("“Gold” is over", later.why)

    def test_nothing_sells_without_a_policy_where_one_is_needed(self):
        self.event.is_ticket_policy_required = True
        self._policy(class_id=self.gold, price=90)
        self.assertOffer(self._offer(self.anna), "open", 90)
        self.assertEqual(self._offer(self.bert).status, "not_for_sale")

    def test_the_tickets_own_window_counts_but_in_the_backend(self):
        self._policy(price=90)
        opens = self.now + timedelta(days=1)
        self.stalls.start_sale_datetime = opens
        for channel, status in (
            ("pos", "closed"),
            ("web", "closed"),
            ("backend", "open"),
        ):
            with self.subTest(channel=channel):
                self.assertEqual(self._offer(None, channel).status, status)
        self.assertEqual(self._offer(None).opens_at, opens)
        self.stalls.write(
            {
                "start_sale_datetime": False,
                "end_sale_datetime": self.now - timedelta(days=1),
            }
        )
        offer = self._offer(None)
        self.assertEqual((offer.status, offer.opens_at), ("closed", None))

    def test_figures(self):
        policy = self._policy(
            class_id=self.gold,
            price=70,
            quota=10,
            member_limit=4,
            order_limit=3,
            ticket_id=self.stalls,
        )
        self.stalls.limit_max_per_order = 6
        bare = self._offer(self.anna)
        self.assertEqual((bare.limit_left, bare.seats_left), (None, None))
        self.assertEqual((bare.member_limit, bare.order_limit), (4, 3))
        left = Figures(
            policies={policy.id: 2},
            seats={(self.event.id, 0, self.stalls.id): 30},
            bought={(self.event.id, 0, self.stalls.id): 3},
        )
        offer = self._offer(self.anna, left=left)
        self.assertEqual((offer.limit_left, offer.seats_left), (1, 2))
        # the quota has two left: three sell at the public's price, here the pricelist's
        offer = self._offer(self.anna, left=left, quantity=3)
        self.assertOffer(offer, "free", 108)
        self.assertIn("used up", offer.why)
        self.assertEqual((offer.seats_left, offer.order_limit), (30, 6))

    def test_who_is_unknown_is_held_to_the_limit_by_the_order(self):
        self._policy(member_limit=2)
        self.assertEqual(self._offer(None).order_limit, 2)
        self.assertEqual(self._offer(self.anna).order_limit, 0)

    def test_another_policy_can_be_asked_for(self):
        gold = self._policy(class_id=self.gold, price=70)
        late = self._policy(
            class_id=self.silver, price=60, start_date=self.now + timedelta(days=1)
        )
        other = self._policy(price=50, ticket_id=self.balcony)
        offer = self._offer(self.bert, policy=gold)
        self.assertOffer(offer, "open", 70)
        self.assertEqual(offer.policy_id, gold.id)
        self.assertEqual(self._offer(self.bert, policy=late).status, "closed")
        self.assertEqual(self._offer(self.bert, policy=other).status, "not_for_sale")
        found = self.stalls._member_policy_offers(self.bert, "pos")
        self.assertEqual(
            {key: each.status for key, each in found.items()},
            {gold.id: "open", late.id: "closed"},
        )

    def test_clerks(self):
        clerk = new_test_user(
            self.env, "clerk_a", groups="member_ticketing.group_member_ticket_sell"
        )
        self._policy(price=70, user_ids=[Command.set(clerk.ids)])
        theirs = self.stalls.with_user(clerk)
        self.assertOffer(theirs._member_offer(None, "pos"), "open", 70)
        self.assertOffer(self._offer(None, user=clerk), "open", 70)
        refused = self._offer(None)
        self.assertEqual(refused.status, "not_for_sale")
        self.assertIn("certain clerks", refused.why)
        self.assertEqual(theirs._member_offer(None, "web").status, "not_for_sale")

    def test_a_slot_has_its_own_policy_and_beginning(self):
        event = self._event(
            "Run",
            is_multi_slots=True,
            date_begin=self.now.replace(hour=0, minute=0) + timedelta(days=1),
        )
        event.date_end = event.date_begin + timedelta(days=40)
        day = event.date_begin.date()
        early, late = self.env["event.slot"].create(
            [
                {
                    "event_id": event.id,
                    "date": day + timedelta(days=days),
                    "start_hour": 19,
                    "end_hour": 21,
                }
                for days in (2, 30)
            ]
        )
        ticket = event.event_ticket_ids[0]
        self._policy(event_id=event, price=60, slot_id=late)
        self._policy(event_id=event, price=50, days_before_start=7)
        self.assertOffer(ticket._member_offer(None, "pos", slot=early), "open", 50)
        self.assertOffer(ticket._member_offer(None, "pos", slot=late), "open", 60)
        self.policies.search([("slot_id", "=", late.id)]).unlink()
        offer = ticket._member_offer(None, "pos", slot=late)
        self.assertEqual(offer.status, "closed")
        self.assertEqual(offer.opens_at, late.start_datetime - timedelta(days=7))

    def test_a_portal_user_is_offered_as_the_clerk_sells(self):
        self._policy(class_id=self.gold, price=70)
        portal = new_test_user(self.env, "portal_a", groups="base.group_portal")
        theirs = self.stalls.with_user(portal)
        self.assertOffer(theirs._member_offer(self.anna, "web"), "open", 70)

    def test_many_performances_cost_as_many_queries_as_one(self):
        """500 performances at the till: one question, however many there are."""
        events = self.env["event.event"]
        for number in range(8):
            event = self._event(f"Night {number}")
            self._policy(event_id=event, class_id=self.gold, percent=20, quota=10)
            self._policy(
                event_id=event,
                price_kind="pricelist",
                class_id=self.silver,
                pricelist_id=self.gold.pricelist_id,
            )
            events |= event

        def queries(some, partner):
            self.env.flush_all()
            self.env.invalidate_all()
            self.env.registry.clear_cache()
            none = self.env["event.slot"]
            pairs = [(ticket, none) for ticket in some.event_ticket_ids]
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            offers = self.env["event.event.ticket"]._member_offers(
                partner, "pos", pairs
            )
            self.assertEqual(len(offers), 2 * len(some))
            return self.cr.sql_log_count - before

        for partner in (self.anna, self.bert, None):
            queries(events[:1], partner)
            self.assertEqual(
                queries(events[:2], partner), queries(events, partner), partner
            )

    # === WHAT MEMBERSHIP WOULD GIVE === #

    def _class_offers(self, partner, ticket=None):
        ticket = ticket or self.stalls
        offers = ticket._member_class_offers(
            partner, "web", [(ticket, self.env["event.slot"])]
        )
        mine = (self.gold | self.silver).ids
        return [
            (each.class_name, each.price, each.opens_at)
            for each in offers[ticket.id, 0]
            if each.class_id in mine
        ]

    def test_what_classes_pay_is_told_before_log_in(self):
        opens = self.now + timedelta(days=5)
        self._policy(class_id=self.silver, price=100, start_date=opens)
        self._policy(class_id=self.gold, price=130, ticket_id=self.balcony)
        self.assertEqual(
            self._class_offers(None),
            [("Silver", 100, opens), ("Gold", 108, None)],
        )
        self.assertEqual(self._class_offers(self.anna), [("Silver", 100, opens)])
        public = self.env.ref("base.public_user")
        text = self.stalls.with_user(public).sudo(False).member_upcoming_offer
        self.assertIn("Members of Silver", text)
        self.assertIn("100.00", text)

    def test_a_presale_is_told_although_it_is_not_cheaper(self):
        self._policy(start_date=self.now + timedelta(days=5), price=100)
        self._policy(class_id=self.gold, price=100)
        self.assertEqual(self._class_offers(None), [("Gold", 100, None)])
        self.assertEqual(self._class_offers(self.anna), [])
