import time

from odoo.tests import new_test_user, tagged

from .. import card_application
from .common_encoding import EncodingCase, Writer

UID = "04A1B2C3D4E5F6"
OTHER_UID = "04FFFFFFFFFF01"


@tagged("post_install", "-at_install")
class TestCardEncodingChips(EncodingCase):
    """C1: the server alone decides what goes on which chip, and what it believes."""

    def setUp(self):
        super().setUp()
        self.line_queue = self.queue(2)
        self.line = self.next(self.line_queue)
        self.writer.put(UID)

    def begin_refused(self, code, **changes):
        answer = self.begin(self.line_queue, self.line, **changes)
        self.assertEqual(self.line_of(self.line).state, "waiting")
        return self.refused(code, answer)

    # === WRONG CARDS === #

    def test_the_wrong_kind_of_card(self):
        self.begin_refused("wrong_medium", medium="contact_ic")
        self.begin_refused("wrong_medium", medium="magnetic")

    def test_a_chip_that_cannot_be_told_from_others(self):
        """ISO/IEC 14443-3: four bytes that begin with 08 are made up each time."""
        self.writer.put("08A1B2C3")
        self.begin_refused("no_uid")
        answer = self.line_queue.encode_begin(
            self.writer.agent.id, "pcsc:writer", self.line["id"], None
        )
        self.refused("no_uid", answer)

    def test_a_chip_that_another_card_has(self):
        """It is named, masked; a chip of another company is not."""
        owner = self.blank_cards(1)
        owner._encoded(self.cards._hash_uid(UID), "contactless")
        answer = self.begin_refused("chip_used")
        self.assertIn(owner.masked, answer["message"])
        self.assertNotIn(owner.number, answer["message"])
        self.assertTrue(answer["can_erase"])
        self.cards._issue(self.member("Li Ming"), owner.number)
        self.assertFalse(self.begin_refused("chip_used")["can_erase"])

        other = self.env["res.company"].create({"name": "Other Theatre"})
        theirs = self.blank_cards(1, other)
        theirs._encoded(self.cards._hash_uid(OTHER_UID), "contactless")
        self.writer.put(OTHER_UID)
        answer = self.begin_refused("chip_used")
        self.assertNotIn(theirs.masked, answer["message"])
        self.assertFalse(answer["can_erase"])

    def test_a_chip_with_a_number_of_its_own(self):
        self.begin_refused("has_number", number="8800123412341230")

    # === FORGED AND OLD === #

    def test_readings_are_the_agents_fresh_and_used_once(self):
        queue, line, agent = self.line_queue, self.line, self.writer.agent.id
        stranger = Writer(self.writer.agent, secret=bytes(32)).put(UID)
        old = int(time.time()) - 60
        for code, reading in (
            ("forged", stranger.reading()),
            ("forged", "nonsense"),
            ("forged", 17),
            ("stale", self.writer.reading(iat=old)),
        ):
            answer = queue.encode_begin(agent, "pcsc:writer", line["id"], reading)
            self.refused(code, answer)
        reading = self.writer.reading(medium="contact_ic")
        for code in ("wrong_medium", "replayed"):
            answer = queue.encode_begin(agent, "pcsc:writer", line["id"], reading)
            self.refused(code, answer)
        attempts = self.log("attempt").filtered(lambda a: a.reference == "encode_begin")
        self.assertTrue(attempts)
        self.assertEqual(self.line_of(line).state, "waiting")

    def test_receipts_are_believed_for_this_order_alone(self):
        """Forged, of another order, of another content: refused, logged, blank."""
        queue, line = self.line_queue, self.line
        order = self.writer.open(self.ok(self.begin(queue, line))["order"])
        stranger = Writer(self.writer.agent, secret=bytes(32))
        good = self.writer.receipt(order, "written")
        for code, receipt in (
            ("forged", stranger.receipt(order, "written")),
            ("forged", good[:-2] + ("AA" if good[-2:] != "AA" else "BB")),
            ("forged", self.writer.reading()),
            ("forged", None),
            ("bad_receipt", self.writer.receipt(order, "written", card="another")),
            ("bad_receipt", self.writer.receipt(order, "written", uid=OTHER_UID)),
            ("bad_receipt", self.writer.receipt(order, "written", uid=None)),
            ("bad_receipt", self.writer.receipt(order, "written", op="format")),
            ("bad_receipt", self.writer.receipt(order, "failed")),
            (
                "bad_receipt",
                self.writer.receipt(order, "written", content_sha256="00" * 32),
            ),
        ):
            answer = queue.encode_confirm(line["id"], receipt)
            self.refused(code, answer)
            self.assertEqual(self.line_of(line).state, "writing")
            self.assertEqual(self.line_of(line).card_id.state, "blank")
        self.assertTrue(
            self.log("attempt").filtered(lambda a: a.reference == "encode_confirm")
        )
        self.ok(queue.encode_confirm(line["id"], good))

    def test_a_receipt_for_another_number(self):
        queue, other = self.line_queue, Writer(self.paired("Desk 2"))
        order = self.writer.open(self.ok(self.begin(queue, self.line))["order"])
        theirs = self.next(queue, other)
        other.put(OTHER_UID)
        self.ok(self.begin(queue, theirs, other))
        receipt = self.writer.receipt(order, "written")
        self.refused("forged", queue.encode_confirm(theirs["id"], receipt))

    def test_the_order_is_for_this_chip_alone(self):
        """It carries content, keys of the chip's own, and an end."""
        answer = self.ok(self.begin(self.line_queue, self.line))
        order = self.writer.open(answer["order"])
        self.assertEqual((order["op"], order["uid"]), ("write", UID))
        self.assertEqual(set(order["keys"]), set(card_application.KEY_LENGTHS))
        self.assertLessEqual(order["exp"] - time.time(), 60)
        self.assertNotIn(order["content"], str(answer))
        self.assertNotIn(UID, str(answer))

    # === ERASING === #

    def erase(self, user=None):
        """Erase what lies on the writer; return the two answers."""
        queues, agent = (
            self.queues.with_user(user or self.supervisor),
            self.writer.agent,
        )
        begun = queues.format_begin(agent.id, self.writer.reading())
        if begun["status"] != "ok":
            return begun, None
        receipt = self.writer.carry_out(begun["order"])
        return begun, queues.format_confirm(agent.id, receipt)

    def test_an_encoded_card_ends_with_its_chip(self):
        self.encode(self.line_queue, UID)
        card = self.card_of(UID)
        begun, done = self.erase()
        self.assertEqual(self.ok(begun)["masked"], card.masked)
        self.assertEqual(self.ok(done)["masked"], card.masked)
        self.assertEqual((card.state, self.writer.chips[UID]), ("cancelled", b""))
        self.assertFalse(self.card_of(UID))
        self.assertEqual(self.log("card_format").card_id, card)
        self.encode(self.line_queue, UID)
        self.assertEqual(self.card_of(UID), self.line_queue.line_ids[1].card_id)

    def test_the_chip_of_a_replaced_card_is_used_again(self):
        ming = self.member("Li Ming")
        self.encode(self.line_queue, UID)
        old = self.card_of(UID)
        self.cards._issue(ming, old.number)
        self.refused("in_use", self.erase()[0])
        old.action_report_lost()
        self.refused("in_use", self.erase()[0])
        old._replace()
        self.ok(self.erase()[1])
        self.assertEqual((old.state, old.uid_hash), ("replaced", False))
        self.encode(self.line_queue, UID)

    def test_an_unknown_chip_is_erased_and_no_card_ends(self):
        self.writer.chips[UID] = b"\x01\x01\x01"
        before = self.cards.search_count([("state", "=", "cancelled")])
        self.ok(self.erase()[1])
        self.assertEqual(self.cards.search_count([("state", "=", "cancelled")]), before)

    def test_a_contact_chip_is_erased_by_its_number(self):
        queue = self.queue(1, medium="contact_ic")
        self.encode(queue, None)
        card = queue.line_ids.card_id
        self.ok(self.erase()[1])
        self.assertEqual(card.state, "cancelled")

    def test_a_contact_chip_of_a_number_that_was_given_up_is_erased(self):
        """Written, and skipped before the receipt came: the card is blank still."""
        queue = self.queue(1, medium="contact_ic")
        self.writer.put(None, "contact_ic")
        line = self.next(queue)
        self.writer.carry_out(self.ok(self.begin(queue, line))["order"])
        self.ok(queue.encode_skip(line["id"]))
        card = queue.line_ids.card_id
        self.assertEqual((self.writer.number, card.state), (card.number, "blank"))
        self.ok(self.erase()[1])
        self.assertEqual((self.writer.number, card.state), (None, "blank"))

    def test_a_card_that_is_issued_while_its_chip_is_erased(self):
        """A contact chip has no UID to be known by: it is the card that is asked."""
        queue = self.queue(1, medium="contact_ic")
        self.encode(queue, None)
        card = queue.line_ids.card_id
        agent = self.writer.agent.id
        begun = self.ok(self.queues.format_begin(agent, self.writer.reading()))
        self.cards._issue(self.member("Li Ming"), card.number)
        receipt = self.writer.carry_out(begun["order"])
        self.refused("in_use", self.queues.format_confirm(agent, receipt))
        self.assertEqual(card.state, "issued")
        self.assertFalse(self.log("card_format"))

    def test_erasing_is_a_right_of_its_own(self):
        self.encode(self.line_queue, UID)
        self.refused("forbidden", self.erase(self.clerk)[0])
        boss = new_test_user(
            self.env, "erase_only", groups="member_card.group_member_card_manage"
        )
        self.refused("forbidden", self.erase(boss)[0])
        self.assertEqual(self.card_of(UID).state, "encoded")

    def test_an_erasing_receipt_counts_once(self):
        """The chip may be a card again by the time that somebody repeats it."""
        self.encode(self.line_queue, UID)
        agent = self.writer.agent.id
        begun = self.ok(self.queues.format_begin(agent, self.writer.reading()))
        receipt = self.writer.carry_out(begun["order"])
        self.ok(self.queues.format_confirm(agent, receipt))
        self.encode(self.line_queue, UID)
        self.refused("replayed", self.queues.format_confirm(agent, receipt))
        self.assertEqual(self.card_of(UID).state, "encoded")

    def test_a_writing_receipt_erases_nothing(self):
        agent = self.writer.agent.id
        begun = self.ok(self.begin(self.line_queue, self.line))
        receipt = self.writer.carry_out(begun["order"])
        self.refused("bad_receipt", self.queues.format_confirm(agent, receipt))
