from odoo.tests import tagged

from .common_till_tickets import TillTicketsCase


@tagged("post_install", "-at_install")
class TestPosBoxOffice(TillTicketsCase):
    """Which tills sell tickets from the list of performances."""

    def loaded_tickets(self):
        tickets = self.env["event.event.ticket"]
        data = {"product.product": [{"id": self.seat.id}]}
        return tickets.search(tickets._load_pos_data_domain(data, self.till))

    def new_till(self):
        vals = {"name": "Second", "company_id": self.company.id}
        return self.env["pos.config"].create({**vals, "payment_method_ids": []})

    def test_first_policy_makes_box_offices(self):
        self.assertFalse(self.till.member_is_box_office)
        self.policy()
        self.assertTrue(self.till.member_is_box_office)
        self.till.member_is_box_office = False
        self.policy(name="Another", ticket_id=self.balcony.id)
        self.assertFalse(self.till.member_is_box_office, "switched off by hand")

    def test_policy_of_another_company_changes_nothing(self):
        other = self.env["res.company"].create({"name": "Other Theatre"})
        event = self.make_event("Elsewhere", company_id=other.id)
        self.policy(event_id=event.id)
        self.assertFalse(self.till.member_is_box_office)

    def test_new_till_of_a_theatre_is_a_box_office(self):
        self.assertFalse(self.new_till().member_is_box_office)
        self.policy()
        self.assertTrue(self.new_till().member_is_box_office)

    def test_box_office_loads_no_tickets(self):
        """Any other till has the tiles of performances that Odoo has."""
        self.assertEqual(self.loaded_tickets(), self.event.event_ticket_ids)
        self.till.member_is_box_office = True
        self.assertFalse(self.loaded_tickets())

    def test_box_office_has_no_empty_category(self):
        """The tile of events goes with their tiles, unless something else is in it."""
        events = self.env.ref("pos_event.pos_category_event")
        categories = self.env["pos.category"]

        def shown():
            domain = categories._load_pos_data_domain({}, self.till)
            return events in categories.search(domain)

        self.seat.pos_categ_ids = events
        self.assertTrue(shown())
        self.till.member_is_box_office = True
        self.assertFalse(shown())
        self.make_product("Programme", 5).pos_categ_ids = events
        self.assertTrue(shown())
