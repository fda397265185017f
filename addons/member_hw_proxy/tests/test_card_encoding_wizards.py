from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from .common_encoding import EncodingCase

UID = "04A1B2C3D4E5F6"


@tagged("post_install", "-at_install")
class TestCardEncodingWizards(EncodingCase):
    """A3: new numbers, blank cards and a member's card become queues."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.ming = cls.member("Li Ming")

    # === QUEUES === #

    def start(self, user=None, **values):
        """Run the wizard; return the queue that its action opens."""
        wizard = self.env["member.card.encoding.start"].with_user(
            user or self.supervisor
        )
        return self.opened(wizard.create(values).action_start())

    def opened(self, action):
        self.assertEqual(action["tag"], "member_card_encoding")
        return self.queues.browse(action["context"]["active_id"])

    def test_new_numbers(self):
        queue = self.start(source="new", count=5, user=self.clerk)
        self.assertEqual(queue.total_count, 5)
        cards = queue.line_ids.card_id
        self.assertEqual(set(cards.mapped("state")), {"blank"})
        self.assertEqual(set(cards.mapped("medium")), {"contactless"})
        self.assertEqual(len(set(cards.mapped("number"))), 5)
        self.assertEqual(queue.line_ids.mapped("sequence"), [1, 2, 3, 4, 5])

    def test_how_many(self):
        for count in (0, -1, 1001):
            with self.subTest(count=count), self.assertRaises(UserError):
                self.start(source="new", count=count)

    def test_marked_blank_cards(self):
        cards = self.blank_cards(2).with_user(self.supervisor)
        action = cards.action_encode_marked()
        wizard = self.env["member.card.encoding.start"].with_user(self.supervisor)
        wizard = wizard.with_context(**action["context"]).create({})
        queue = self.opened(wizard.action_start())
        self.assertEqual(queue.line_ids.card_id, cards)
        with self.assertRaises(UserError):
            self.start(source="blank", card_ids=cards.ids)
        with self.assertRaises(UserError):
            self.start(source="blank")

    def test_only_blank_cards_are_marked(self):
        card = self.cards._issue(self.ming)
        with self.assertRaises(UserError):
            card.with_user(self.supervisor).action_encode_marked()

    def test_the_card_of_a_member(self):
        """A card in use gets its chip and stays in use."""
        card = self.cards._issue(self.ming)
        queue = self.start(source="member", partner_id=self.ming.id)
        self.assertEqual(queue.line_ids.card_id, card)
        answer = self.encode(queue, UID)
        self.assertEqual(answer["line"]["member"], "Li Ming")
        self.assertEqual((card.state, card.medium), ("issued", "contactless"))
        self.assertEqual(self.card_of(UID), card)
        with self.assertRaises(UserError):
            self.start(source="member", partner_id=self.ming.id)

    def test_from_the_form_of_a_card(self):
        """Asked again, the same queue opens."""
        card = self.cards._issue(self.ming).with_user(self.supervisor)
        queue = self.opened(card.action_encode())
        self.assertEqual(self.opened(card.action_encode()), queue)
        self.encode(queue, UID)
        with self.assertRaises(UserError):
            card.action_encode()

    def test_cards_that_cannot_be_written(self):
        card = self.cards._issue(self.ming)
        card.action_report_lost()
        with self.assertRaises(UserError):
            card.action_encode()
        other = self.env["res.company"].create({"name": "Other Theatre"})
        cards = self.blank_cards(1) + self.blank_cards(1, other)
        with self.assertRaises(UserError):
            self.env["member.card.encoding"]._make(cards, "contactless", name="X")

    def test_has_chip_is_searched(self):
        blank, written = self.blank_cards(2)
        written._encoded(self.cards._hash_uid(UID), "contactless")
        both = [("id", "in", (blank + written).ids)]
        find = self.cards.with_user(self.supervisor).search
        self.assertEqual(find([*both, ("has_chip", "=", True)]), written)
        self.assertEqual(find([*both, ("has_chip", "=", False)]), blank)
        self.assertEqual(find([*both, ("has_chip", "!=", True)]), blank)

    def test_a_contact_chip_is_written_once(self):
        """It has no UID to be known by: that it was written is kept with the card."""
        queue = self.queue(1, medium="contact_ic")
        self.encode(queue, None)
        card = self.cards._issue(self.ming, queue.line_ids.card_id.number)
        self.assertEqual((card.state, card.has_chip), ("issued", True))
        find = self.cards.with_user(self.supervisor).search
        self.assertEqual(find([("id", "=", card.id), ("has_chip", "=", True)]), card)
        self.assertFalse(find([("id", "=", card.id), ("has_chip", "=", False)]))
        with self.assertRaises(UserError):
            card.with_user(self.supervisor).action_encode()
        with self.assertRaises(UserError):
            self.start(source="member", partner_id=self.ming.id)

    def test_a_contact_chip_that_was_erased_has_none(self):
        queue = self.queue(1, medium="contact_ic")
        self.encode(queue, None)
        card = queue.line_ids.card_id
        card._erased()
        self.assertEqual((card.state, card.has_chip), ("cancelled", False))

    def test_chips_that_were_written_before_the_upgrade(self):
        """A database from before knew of contact chips by what the writer confirmed."""
        queue = self.queue(3, medium="contact_ic")
        for _chip in range(2):
            self.encode(queue, None)
            self.writer.chips.clear()
        encoded, issued, blank = queue.line_ids.card_id
        self.cards._issue(self.ming, issued.number)
        by_hand = self.cards._issue(self.ming, medium="contact_ic")
        contactless = self.blank_cards(1)
        contactless._encoded(self.cards._hash_uid(UID), "contactless")
        cards = encoded + issued + blank + by_hand + contactless
        self.env.flush_all()
        self.env.cr.execute("ALTER TABLE member_card DROP COLUMN has_chip")
        self.cards._init_has_chip()
        self.env.invalidate_all()
        self.assertEqual(
            cards.mapped("has_chip"), [True, True, False, False, True], cards
        )
        issued.sudo().has_chip = False
        self.env.flush_all()
        self.cards._init_has_chip()
        self.env.invalidate_all()
        self.assertFalse(issued.has_chip, "told once, at the upgrade")

    def test_the_wizard_needs_the_right(self):
        cashier = new_test_user(
            self.env, "start_cashier", groups="member_card.group_member_cashier"
        )
        with self.assertRaises(AccessError):
            self.start(source="new", count=1, user=cashier)
        with self.assertRaises(AccessError):
            self.blank_cards(1).with_user(cashier).action_encode_marked()

    # === ISSUE AND ENCODE === #

    def issue(self, user=None, **values):
        wizard = self.env["member.card.issue"].with_user(user or self.supervisor)
        values = {"partner_id": self.ming.id, "number_source": "generate", **values}
        return self.opened(wizard.create(values).action_issue_and_encode())

    def test_issue_and_encode(self):
        """Blank until it is written, issued as soon as it is."""
        queue = self.issue(expires_on="2099-12-31")
        card = queue.line_ids.card_id
        self.assertEqual((card.state, card.partner_id.id), ("blank", False))
        answer = self.encode(queue, UID)
        self.assertFalse(answer["notice"])
        self.assertEqual(answer["line"]["card_state"], "issued")
        self.assertEqual((card.state, card.partner_id), ("issued", self.ming))
        self.assertEqual(str(card.expires_on), "2099-12-31")
        log = self.env["member.operator.log"].search([("card_id", "=", card.id)])
        self.assertEqual(
            log.sorted("id").mapped("action"), ["card_encode", "card_issue"]
        )

    def test_the_number_printed_on_a_blank_card(self):
        blank = self.blank_cards(1)
        queue = self.issue(number_source="type", number=blank.number)
        self.assertEqual(queue.line_ids.card_id, blank)
        self.encode(queue, UID)
        self.assertEqual(blank.state, "issued")
        with self.assertRaises(UserError):
            self.issue(number_source="type", number=blank.number)

    def test_an_encoded_card_is_issued_not_encoded_again(self):
        self.encode(self.queue(1), UID)
        with self.assertRaises(UserError):
            self.issue(number_source="type", number=self.card_of(UID).number)

    def test_a_card_that_is_given_up_is_nobodys(self):
        queue = self.issue()
        self.ok(queue.encode_stop())
        self.assertEqual(queue.line_ids.card_id.state, "blank")
        self.assertFalse(self.ming.member_card_ids)

    def test_a_member_who_was_frozen_meanwhile(self):
        """The chip is written all the same, and the screen says what is left to do."""
        queue = self.issue()
        self.ming.action_member_freeze()
        answer = self.encode(queue, UID)
        self.assertIn("Li Ming", answer["notice"])
        self.assertEqual(queue.line_ids.card_id.state, "encoded")
        with self.assertRaises(UserError):
            self.issue()

    def test_a_replacement_is_encoded(self):
        """The old card is good until the new one is written."""
        old = self.cards._issue(self.ming)
        queue = self.issue(replaces_id=old.id)
        self.assertEqual(old.state, "issued")
        self.encode(queue, UID)
        new = queue.line_ids.card_id
        self.assertEqual((old.state, old.replaced_by_id), ("replaced", new))
        self.assertEqual((new.state, new.partner_id), ("issued", self.ming))

    def test_replacing_needs_its_right(self):
        old = self.cards._issue(self.ming)
        with self.assertRaises(AccessError):
            self.issue(user=self.clerk, replaces_id=old.id)
