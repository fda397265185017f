from datetime import timedelta
from itertools import product

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from ..card_encoding import LINE_TRANSITIONS, QUEUE_TRANSITIONS
from ..models.member_card_encoding_line import LEASE_MINUTES
from .common_encoding import DEVICE, EncodingCase, Writer

UID = "04A1B2C3D4E5{:02X}"


@tagged("post_install", "-at_install")
class TestCardEncoding(EncodingCase):
    """A3, C1: a queue of numbers becomes chips, each number one chip."""

    def test_a_queue_is_written(self):
        """Each card gets its number, its chip and a line in the log."""
        queue = self.queue(3)
        for number in range(3):
            answer = self.encode(queue, UID.format(number))
            self.assertEqual(answer["done"], number + 1)
            self.assertEqual(answer["line"]["position"], number + 1)
            card = self.card_of(UID.format(number))
            self.assertEqual(self.writer.number, card.number)
            self.assertEqual((card.state, card.medium), ("encoded", "contactless"))
            self.assertTrue(card.has_chip)
        self.assertEqual(queue.state, "done")
        self.assertEqual(queue.progress, 100)
        self.assertEqual(len(self.log("card_encode")), 3)
        self.assertEqual(self.log("card_encode").user_id, self.supervisor)
        self.assertFalse(
            self.ok(queue.encode_next(self.writer.agent.id, DEVICE))["line"]
        )

    def test_a_written_card_is_issued_and_found_by_its_chip(self):
        self.encode(self.queue(1), UID.format(1))
        card = self.card_of(UID.format(1))
        ming = self.member("Li Ming")
        self.cards.with_user(self.supervisor)._issue(ming, card.number)
        found = self.env["res.partner"]._member_lookup(UID.format(1), self.company)
        self.assertEqual(found, [(ming, "uid", card)])

    def test_a_contact_chip_without_uid(self):
        """It is told by the number that is on it."""
        queue = self.queue(2, medium="contact_ic")
        self.encode(queue, None)
        self.assertEqual(self.writer.number, queue.line_ids[0].card_id.number)
        card = queue.line_ids[0].card_id
        self.assertEqual((card.state, card.medium), ("encoded", "contact_ic"))
        self.refused("has_number", self.begin(queue, self.next(queue)))

    def test_every_step_can_be_asked_again(self):
        """An answer that was lost is asked for again and nothing happens twice."""
        queue = self.queue(2)
        line = self.next(queue)
        self.assertEqual(self.next(queue), line)
        self.writer.put(UID.format(1))
        first = self.ok(self.begin(queue, line))
        again = self.ok(self.begin(queue, line))
        keys = {self.writer.open(each["order"])["card"] for each in (first, again)}
        self.assertEqual(len(keys), 1)
        receipt = self.writer.carry_out(again["order"])
        answers = [queue.encode_confirm(line["id"], receipt) for _n in range(3)]
        self.assertEqual({self.ok(each)["done"] for each in answers}, {1})
        self.assertEqual(len(self.log("card_encode")), 1)

    # === TWO WRITERS === #

    def test_two_writers_get_different_numbers(self):
        queue, other = self.queue(2), Writer(self.paired("Desk 2"))
        mine, theirs = self.next(queue), self.next(queue, other)
        self.assertNotEqual(mine["id"], theirs["id"])
        self.assertFalse(self.next(queue, other, "pcsc:third"))
        other.put(UID.format(2))
        self.refused("taken", self.begin(queue, mine, other))
        self.ok(self.begin(queue, theirs, other))

    def test_a_writer_that_went_silent_loses_its_number(self):
        queue, other = self.queue(1), Writer(self.paired("Desk 2"))
        line = self.next(queue)
        self.assertFalse(self.next(queue, other))
        self.lapse(line)
        self.assertEqual(self.next(queue, other)["id"], line["id"])
        self.writer.put(UID.format(1))
        self.refused("taken", self.begin(queue, line))

    def lapse(self, line):
        """Let the time of the station be over."""
        long_ago = fields.Datetime.now() - timedelta(minutes=LEASE_MINUTES + 1)
        self.line_of(line).claimed_until = long_ago
        self.env.flush_all()

    def test_a_chip_that_two_writers_write_is_one_card(self):
        """The second number is refused where the first one was believed."""
        queue, other = self.queue(2), Writer(self.paired("Desk 2"))
        mine, theirs = self.next(queue), self.next(queue, other)
        for writer in (self.writer, other):
            writer.put(UID.format(1))
        first = self.ok(self.begin(queue, mine))
        # the chip is not blank any more, and this says what the other reader saw before
        second = self.line_of(theirs)
        second.write({"state": "writing", "uid_hash": self.line_of(mine).uid_hash})
        self.ok(queue.encode_confirm(mine["id"], self.writer.carry_out(first["order"])))
        self.refused("chip_used", self.begin(queue, theirs, other))
        self.assertEqual(second.card_id.state, "blank")

    # === PAUSE, STOP, SKIP, RETRY === #

    def test_pause_and_go_on(self):
        queue = self.queue(2)
        line = self.next(queue)
        self.ok(queue.encode_pause())
        self.writer.put(UID.format(1))
        self.refused("paused", self.begin(queue, line))
        self.assertFalse(self.next(queue))
        self.ok(queue.encode_resume())
        self.assertEqual(self.next(queue)["id"], line["id"])
        self.encode(queue, UID.format(1))

    def test_a_card_on_the_writer_is_finished_after_a_pause(self):
        queue = self.queue(2)
        line = self.next(queue)
        self.writer.put(UID.format(1))
        begun = self.ok(self.begin(queue, line))
        self.ok(queue.encode_pause())
        answer = queue.encode_confirm(line["id"], self.writer.carry_out(begun["order"]))
        self.assertEqual(self.ok(answer)["state"], "paused")
        self.assertEqual(self.card_of(UID.format(1)).state, "encoded")

    def test_stop_frees_the_numbers(self):
        queue = self.queue(3)
        self.encode(queue, UID.format(1))
        self.assertEqual(self.ok(queue.encode_stop())["skipped"], 2)
        self.assertEqual(queue.state, "stopped")
        left = queue.line_ids.filtered(lambda line: line.state == "skipped").card_id
        self.assertEqual(set(left.mapped("state")), {"blank"})
        again = self.queues._make(left, "contactless", name="Again")
        self.encode(again, UID.format(2))

    def test_a_receipt_that_comes_after_the_stop_counts(self):
        """What a chip carries is true, whatever somebody clicked meanwhile."""
        queue = self.queue(1)
        line = self.next(queue)
        self.writer.put(UID.format(1))
        begun = self.ok(self.begin(queue, line))
        receipt = self.writer.carry_out(begun["order"])
        self.ok(queue.encode_stop())
        self.ok(queue.encode_confirm(line["id"], receipt))
        self.assertEqual(self.line_of(line).state, "done")
        self.assertEqual(self.card_of(UID.format(1)).state, "encoded")

    def test_skip_and_retry(self):
        queue = self.queue(2)
        line = self.next(queue)
        self.assertEqual(self.ok(queue.encode_skip(line["id"]))["skipped"], 1)
        self.assertNotEqual(self.next(queue)["id"], line["id"])
        self.encode(queue, UID.format(1))
        self.assertEqual(queue.state, "done")
        self.ok(queue.encode_retry(line["id"]))
        self.assertEqual(queue.state, "open")
        self.assertEqual(self.encode(queue, UID.format(2))["line"]["id"], line["id"])

    def test_failed_numbers_keep_the_queue_open(self):
        queue = self.queue(1)
        line = self.next(queue)
        self.writer.put(UID.format(1))
        self.ok(self.begin(queue, line))
        failed = self.says(queue, line, "verify_failed")
        self.assertEqual((failed["failed"], failed["line"]["state"]), (1, "failed"))
        self.assertFalse(self.next(queue))
        self.assertEqual(queue.state, "open")
        self.ok(queue.encode_retry_failed())
        self.encode(queue, UID.format(2))
        self.assertEqual(queue.state, "done")

    def says(self, queue, line, code, device=DEVICE):
        agent = self.writer.agent.id
        return self.ok(
            queue.encode_fail(agent, device, line["id"], code, "So it said.")
        )

    def test_what_a_writer_says_decides_whether_the_number_is_free(self):
        for code, state in (
            ("no_card", "waiting"),
            ("wrong_card", "waiting"),
            ("card_removed", "writing"),
            ("timeout", "writing"),
            ("verify_failed", "failed"),
            ("auth_failed", "failed"),
            ("connection_lost", "writing"),
        ):
            with self.subTest(code=code):
                queue = self.queue(1)
                line = self.next(queue)
                self.writer.put(UID.format(1))
                self.ok(self.begin(queue, line))
                self.says(queue, line, code, device="pcsc:another")
                self.assertEqual(self.line_of(line).state, "writing")
                self.assertEqual(self.says(queue, line, code)["line"]["state"], state)
                queue.encode_stop()

    def test_every_transition_is_as_in_the_tables(self):
        """D10's like: allowed moves pass, all others are refused."""
        for model, table in (
            ("member.card.encoding", QUEUE_TRANSITIONS),
            ("member.card.encoding.line", LINE_TRANSITIONS),
        ):
            for source, target in product(table, table):
                if source == target:
                    continue
                with self.subTest(model=model, source=source, target=target):
                    queue = self.queue(1)
                    record = queue.sudo()
                    if model != record._name:
                        record = record.line_ids
                    self.set_state(record, source)
                    if target in table[source]:
                        record.state = target
                        continue
                    with self.assertRaises(UserError):
                        record.state = target

    def set_state(self, record, state):
        self.env.flush_all()
        self.env.cr.execute(
            f"UPDATE {record._table} SET state = %s WHERE id = %s", [state, record.id]
        )
        record.invalidate_recordset()

    # === RIGHTS === #

    def test_the_right_to_encode(self):
        """A1: a right of its own, which supervisors have and cashiers have not."""
        cashier = new_test_user(
            self.env, "encode_cashier", groups="member_card.group_member_cashier"
        )
        queue = self.queue(1)
        theirs = queue.with_user(cashier)
        agent = self.writer.agent.id
        for answer in (
            theirs.encode_next(agent, DEVICE),
            theirs.encode_begin(agent, DEVICE, queue.line_ids.id, None),
            theirs.encode_confirm(queue.line_ids.id, ""),
            theirs.encode_stop(),
            theirs.encode_skip(queue.line_ids.id),
            self.queues.with_user(cashier).format_begin(agent, None),
        ):
            self.assertEqual(answer["status"], "forbidden", answer)
        with self.assertRaises(AccessError):
            theirs.action_encode()
        self.assertEqual(queue.line_ids.state, "waiting")
        clerks = queue.with_user(self.clerk)
        self.ok(clerks.encode_next(agent, DEVICE))
        with self.assertRaises(AccessError):
            clerks.write({"state": "done"})

    def test_another_companys_queue_and_computer(self):
        other = self.env["res.company"].create({"name": "Other Theatre"})
        stranger = Writer(self.paired("Their desk", other))
        queue = self.queue(1)
        self.refused("no_agent", queue.encode_next(stranger.agent.id, DEVICE))
        self.refused("no_agent", queue.encode_next("1", DEVICE))
        cards = self.blank_cards(1, other)
        theirs = self.env["member.card.encoding"]._make(cards, "contactless", name="X")
        answer = theirs.with_user(self.supervisor).encode_status()
        self.assertEqual(answer["status"], "forbidden")
        line = self.next(queue)
        mine = {"id": theirs.line_ids.id}
        self.writer.put(UID.format(1))
        self.refused("not_found", self.begin(queue, mine))
        self.assertEqual(self.line_of(line).state, "waiting")

    def test_a_revoked_computer_writes_nothing(self):
        queue = self.queue(1)
        line = self.next(queue)
        self.writer.put(UID.format(1))
        begun = self.ok(self.begin(queue, line))
        receipt = self.writer.carry_out(begun["order"])
        self.writer.agent._revoke()
        self.refused("revoked", queue.encode_confirm(line["id"], receipt))
        self.refused("revoked", self.begin(queue, line))
