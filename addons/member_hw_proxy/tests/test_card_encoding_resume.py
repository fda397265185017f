from odoo.tests import tagged

from .common_encoding import DEVICE, EncodingCase, Pulled, Writer

UID = "04A1B2C3D4E5{:02X}"
OTHER_UID = "04FFFFFFFFFF01"
STEPS = ("next", "begin", "pulled", "write", "confirm")


@tagged("post_install", "-at_install")
class TestCardEncodingResume(EncodingCase):
    """A3: whatever dies in between, the queue goes on where it was."""

    def work(self, queue, uid, until):
        """Write the next number as far as `until`, then die; return the line.

        `pulled` dies with half of the content on the chip.
        """
        line = self.next(queue)
        if until == "next":
            return line
        begun = self.ok(self.begin(queue, line))
        if until == "begin":
            return line
        if until == "pulled":
            with self.assertRaises(Pulled):
                self.writer.carry_out(begun["order"], pull=15)
            return line
        receipt = self.writer.carry_out(begun["order"])
        if until == "confirm":
            self.ok(queue.encode_confirm(line["id"], receipt))
        return line

    def test_after_each_step_the_next_browser_goes_on(self):
        """The browser, or the agent, died after each step in turn."""
        for number, step in enumerate(STEPS):
            with self.subTest(after=step):
                queue = self.queue(2)
                uid = UID.format(number)
                self.writer.put(uid)
                died_at = self.work(queue, uid, until=step)
                first = queue.line_ids[0].card_id
                line = self.next(queue)
                self.assertEqual(line["id"] == died_at["id"], step != "confirm")
                if step != "confirm":
                    self.encode(queue, uid)
                self.assertEqual(self.card_of(uid), first)
                self.assertEqual(self.writer.number, first.number)
                self.encode(queue, UID.format(number + 100))
                self.assertEqual(queue.state, "done")
                carried = [c for c in self.writer.chips.values() if c]
                self.assertEqual(len(set(carried)), len(carried))
                self.writer.chips.clear()

    def test_the_same_chip_gets_the_same_order(self):
        """So that the agent knows what it began, and writes nothing that is there."""
        queue = self.queue(1)
        self.writer.put(UID.format(1))
        line = self.work(queue, UID.format(1), until="write")
        content = self.writer.chips[UID.format(1)]
        begun = self.ok(self.begin(queue, line))
        order = self.writer.open(begun["order"])
        self.assertEqual(bytes.fromhex(order["content"]), content)
        self.assertEqual(order["card"], self.line_of(line).sudo().request_key)
        self.ok(queue.encode_confirm(line["id"], self.writer.carry_out(begun["order"])))

    def test_another_chip_waits_until_somebody_says_so(self):
        """A number that may be on one chip goes on no other by itself."""
        queue = self.queue(1)
        self.writer.put(UID.format(1))
        line = self.work(queue, UID.format(1), until="pulled")
        self.writer.put(OTHER_UID)
        self.refused("finish_first", self.begin(queue, line))
        self.assertEqual(self.writer.chips[OTHER_UID], b"")
        self.ok(queue.encode_retry(line["id"]))
        self.encode(queue, OTHER_UID)
        self.assertEqual(self.card_of(OTHER_UID), queue.line_ids.card_id)
        self.assertFalse(self.card_of(UID.format(1)))

    def test_the_receipt_of_a_card_that_was_given_up_is_void(self):
        """The late one is told to be put aside; the number stays with the other."""
        queue = self.queue(2)
        self.writer.put(UID.format(1))
        line = self.next(queue)
        begun = self.ok(self.begin(queue, line))
        receipt = self.writer.carry_out(begun["order"])
        self.ok(queue.encode_retry(line["id"]))
        self.refused("bad_receipt", queue.encode_confirm(line["id"], receipt))
        self.encode(queue, OTHER_UID)
        self.refused("bad_receipt", queue.encode_confirm(line["id"], receipt))
        self.assertFalse(self.card_of(UID.format(1)))
        self.writer.put(UID.format(1))
        answer = self.refused("has_number", self.begin(queue, self.next(queue)))
        self.assertTrue(answer["can_erase"])

    def test_a_chip_brings_its_own_number_back(self):
        """Another writer finishes what the first one began, whatever it had next."""
        queue, other = self.queue(3), Writer(self.paired("Desk 2"))
        uid = UID.format(1)
        self.writer.put(uid)
        broken = self.work(queue, uid, until="pulled")
        shown = self.next(queue, other)
        self.assertNotEqual(shown["id"], broken["id"])
        other.chips[uid] = self.writer.chips[uid]
        other.put(uid)
        begun = self.ok(self.begin(queue, shown, other))
        self.assertEqual(begun["line"]["id"], broken["id"])
        receipt = other.carry_out(begun["order"])
        self.ok(queue.encode_confirm(broken["id"], receipt))
        self.assertEqual(self.card_of(uid), self.line_of(broken).card_id)
        self.assertFalse(self.line_of(shown).station)

    def test_a_chip_of_another_queue_is_finished_there(self):
        first, second = self.queue(1), self.queue(1)
        self.writer.put(UID.format(1))
        self.work(first, UID.format(1), until="pulled")
        self.refused("other_queue", self.begin(second, self.next(second)))
        self.encode(first, UID.format(1))

    def test_a_chip_that_was_not_touched_gives_its_number_back(self):
        """Only once: what was begun before stays with its chip."""
        queue = self.queue(1)
        self.writer.put(UID.format(1))
        line = self.work(queue, UID.format(1), until="begin")
        failed = (self.writer.agent.id, "pcsc:writer", line["id"], "no_card")
        self.ok(queue.encode_fail(*failed))
        self.assertEqual(self.line_of(line).state, "waiting")
        self.writer.put(OTHER_UID)
        self.work(queue, OTHER_UID, until="pulled")
        self.ok(self.begin(queue, line))
        self.ok(queue.encode_fail(*failed))
        self.assertEqual(self.line_of(line).state, "writing")

    def test_a_card_that_died_can_be_replaced_by_the_same_chip_again(self):
        """Given up and put on again: the number that it carries is its own."""
        queue = self.queue(1)
        self.writer.put(UID.format(1))
        line = self.work(queue, UID.format(1), until="write")
        self.ok(queue.encode_retry(line["id"]))
        self.encode(queue, UID.format(1))
        self.assertEqual(self.card_of(UID.format(1)), queue.line_ids.card_id)

    def test_a_contact_chip_that_was_pulled_away_says_what_to_do(self):
        """Half written it shows no number: it may be that one, or any other."""
        queue = self.queue(1, medium="contact_ic")
        self.writer.put(None, "contact_ic")
        line = self.work(queue, None, until="pulled")
        self.assertIsNone(self.writer.reading())
        self.assertEqual(self.next(queue)["id"], line["id"])
        answer = self.refused("finish_first", self.begin(queue, line))
        self.assertIn("from the beginning", answer["message"])

        other = {"uid": None, "number": "8800123412341230", "medium": "contact_ic"}
        answer = queue.encode_begin(
            self.writer.agent.id, DEVICE, line["id"], self.writer.seal("reading", other)
        )
        self.refused("finish_first", answer)
        self.assertNotIn("from the beginning", answer["message"])

        self.ok(queue.encode_retry(line["id"]))
        again = self.next(queue)
        self.assertEqual(again["id"], line["id"])
        begun = self.ok(self.begin(queue, again))
        receipt = self.writer.carry_out(begun["order"])
        self.ok(queue.encode_confirm(line["id"], receipt))
        self.assertEqual(self.writer.number, queue.line_ids.card_id.number)

    def test_a_contact_chip_that_was_written_goes_on_by_itself(self):
        """Its answer was lost, and it shows its number."""
        queue = self.queue(1, medium="contact_ic")
        self.writer.put(None, "contact_ic")
        line = self.work(queue, None, until="write")
        order = self.ok(self.begin(queue, line))["order"]
        self.ok(queue.encode_confirm(line["id"], self.writer.carry_out(order)))

    def test_the_late_receipt_of_a_second_contact_chip_is_refused(self):
        """Given up and written elsewhere: the number stays with that chip."""
        first = self.queue(1, medium="contact_ic")
        self.writer.put(None, "contact_ic")
        line = self.next(first)
        late = self.writer.carry_out(self.ok(self.begin(first, line))["order"])
        self.ok(first.encode_skip(line["id"]))
        self.writer.chips.clear()
        card = first.line_ids.card_id.with_user(self.supervisor)
        second = self.queues._make(card, "contact_ic", name="Again")
        self.encode(second, None)
        self.refused("card_used", first.encode_confirm(line["id"], late))
        self.assertEqual(self.line_of(line).state, "skipped")
