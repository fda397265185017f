from hashlib import sha256
from uuid import uuid4

from psycopg2.errors import UniqueViolation

from odoo import models
from odoo.exceptions import UserError

from ..card_encoding import (
    FAILED,
    NOTHING_WRITTEN,
    EncodingRefusal,
    encoding_verb,
)


class MemberCardEncoding(models.Model):
    """What a writer's station asks: next number, order for this chip, receipt, trouble.

    A station is one writer of one paired computer, however many pages look at it and
    whoever sits there: a browser that died is followed by the next. The server knows
    after each step what the chip can be, so that each step can be asked again:

    * `encode_next` shows a number (`waiting`): no chip knows it.
    * `encode_begin` binds it to the chip on the writer and seals an order (`writing`).
      Only that chip gets it again, by the same key: the agent looks first and writes if
      it must. Another chip needs `encode_retry`, which voids the order.
    * `encode_confirm` takes the agent's sealed receipt, the one proof of writing.
    """

    _inherit = "member.card.encoding"

    # === VERBS === #

    @encoding_verb
    def encode_status(self):
        """Tell how far the queue is, without taking a number."""
        self.ensure_one()
        return self._station_answer()

    @encoding_verb
    def encode_next(self, agent_id, device):
        """Give this writer its number: the one of before, else the next.

        :return: `line` False when none is left for it, be it that others have the rest.
        """
        self.ensure_one()
        station = self._station(agent_id, device)
        if self.state == "open":
            line = self.env["member.card.encoding.line"]._claim(self, station)
            if line:
                return self._station_answer(line)
            self._encode_settle()
        return self._station_answer()

    @encoding_verb
    def encode_begin(self, agent_id, device, line_id, reading):
        """Order the number of this line to be written on the chip that was read.

        A chip whose writing broke off brings its own line back, whatever was next.

        :param reading: sealed by the agent; None for a chip that has nothing to be told
            by, as blank contact chips have.
        :return: `order`, sealed for the agent, beside the line that it is for.
        """
        self.ensure_one()
        station = self._station(agent_id, device)
        agent = self._station_agent(agent_id)
        self._check_open()
        # sudo: queues and cards are written by their verbs only
        shown = line = self._station_line(line_id).sudo()
        seen = self._seen(agent, reading)
        uid_hash = self._check_medium(seen)
        if broken := self._broken_off(uid_hash, seen["number"]):
            line = broken
        resumes = line.state == "writing" and line._is_same_chip(
            uid_hash, seen["number"]
        )
        self._check_chip(line, uid_hash, seen["number"], resumes)
        content, keys = self._application(line.card_id, seen["uid"])
        values = {
            "order_count": line.order_count + 1 if resumes else 1,
            "request_key": line.request_key if resumes else uuid4().hex,
            "uid_hash": uid_hash or None,
            "content_sha256": sha256(content).hexdigest(),
            "agent_id": agent.id,
        }
        if not line._send_out(station, values, resumes=resumes):
            raise EncodingRefusal(
                "taken",
                self.env._("Another writer took this number. Go on with the next."),
            )
        if shown != line and shown.station == station and shown.state == "waiting":
            shown.write({"station": False, "claimed_until": False})
        order = self._seal_order(
            agent, "write", line.request_key, seen["uid"], content, keys
        )
        return {**self._station_answer(line), "order": order}

    @encoding_verb
    def encode_confirm(self, line_id, receipt):
        """Believe the agent that the chip carries the number, and issue it if wanted.

        Asked again with the same receipt it answers the same. `notice` says why a card
        that is written could not be issued.
        """
        self.ensure_one()
        # sudo: as above
        line = self._station_line(line_id).sudo()
        body = self._open_receipt(line, receipt)
        if line.state == "done":
            return self._station_answer(line)
        try:
            with self.env.cr.savepoint():
                if not line._finish(body["card"]):
                    raise self._bad_receipt(
                        self.env._(
                            "This card was given up meanwhile, and its number may be "
                            "on another one. Put it aside and erase it."
                        )
                    )
                line.card_id._encoded(line.uid_hash, self.medium)
        except UniqueViolation as error:
            raise EncodingRefusal(
                "chip_used",
                self.env._("Another writer gave this chip to another card just now."),
                can_erase=False,
            ) from error
        self.env["member.operator.log"]._log(
            "card_encode",
            partner=line.card_id.partner_id,
            card=line.card_id,
            store=self.store_id,
            reference=self.name,
        )
        notice = self._issue_written(line)
        self._encode_settle()
        return {**self._station_answer(line), "notice": notice}

    @encoding_verb
    def encode_fail(self, agent_id, device, line_id, code, message=""):
        """Note what the writer said instead of a receipt.

        Whatever the browser says, a number that may be on a chip stays with that chip.
        """
        self.ensure_one()
        station = self._station(agent_id, device)
        # sudo: as above
        line = self._station_line(line_id).sudo()
        code, message = str(code)[:64], str(message)[:200]
        if line.state == "writing" and line.station == station:
            line.write({"error_code": code, "error": message})
            if code in NOTHING_WRITTEN and line.order_count == 1:
                kept = {"station": station, "claimed_until": line.claimed_until}
                line.write({**line._free(), **kept, "state": "waiting"})
            elif code in FAILED:
                line.write({"state": "failed", "claimed_until": False})
        return self._station_answer(line)

    @encoding_verb
    def encode_retry(self, line_id):
        """Put the number back for another chip; the order that went out is void."""
        self._encode_retry(self._station_line(line_id))
        return self._station_answer()

    @encoding_verb
    def encode_retry_failed(self):
        """Put all failed numbers back in the queue."""
        self.action_retry_failed()
        return self._station_answer()

    @encoding_verb
    def encode_skip(self, line_id):
        """Leave the number out; its card stays blank."""
        self._encode_skip(self._station_line(line_id))
        return self._station_answer()

    @encoding_verb
    def encode_pause(self):
        """Give no writer another card until somebody goes on."""
        self.action_pause()
        return self._station_answer()

    @encoding_verb
    def encode_resume(self):
        """Go on."""
        self.action_resume()
        return self._station_answer()

    @encoding_verb
    def encode_stop(self):
        """Give up what is not written."""
        self.action_stop()
        return self._station_answer()

    # === WHO ASKS === #

    def _station_agent(self, agent_id):
        """Return the paired computer, in sudo mode.

        :raise HardwareRefusal: no_agent.
        """
        # sudo: its secret opens what it sealed
        return self.env["member.hw.agent"]._of_user(agent_id).sudo()

    def _station(self, agent_id, device):
        return f"{self._station_agent(agent_id).id}/{str(device)[:64]}"

    def _station_line(self, line_id):
        line = self.env["member.card.encoding.line"]
        if isinstance(line_id, int):
            line = line.search([("id", "=", line_id), ("encoding_id", "=", self.id)])
        if not line:
            raise EncodingRefusal(
                "not_found", self.env._("This number is not in the queue any more.")
            )
        return line

    def _check_open(self):
        if self.state == "open":
            return
        sentences = {
            "paused": self.env._("This queue is paused. Go on when you are ready."),
            "stopped": self.env._("This queue was stopped."),
            "done": self.env._("This queue is done."),
        }
        code = "paused" if self.state == "paused" else "stopped"
        raise EncodingRefusal(code, sentences[self.state])

    # === ISSUING === #

    def _issue_written(self, line):
        """Issue the card to whom it is meant for; say why not, if it cannot be."""
        if not line.partner_id or line.card_id.state != "encoded":
            return False
        cards = self.env["member.card"]
        values = {"medium": self.medium, "expires_on": line.expires_on}
        try:
            with self.env.cr.savepoint():
                if line.replaces_id:
                    old = cards.browse(line.replaces_id.id)
                    old._replace(line.card_id.number, **values)
                else:
                    partner = self.env["res.partner"].browse(line.partner_id.id)
                    cards._issue(partner, line.card_id.number, **values)
        except UserError as error:
            self.env.invalidate_all()
            return str(error)
        return False

    # === ANSWERS === #

    def _station_answer(self, line=None):
        """Tell the station all that it shows."""
        self.env.invalidate_all()
        answer = {
            "name": self.name,
            "state": self.state,
            "medium": self.medium,
            "total": self.total_count,
            "done": self.done_count,
            "failed": self.failed_count,
            "skipped": self.skipped_count,
            "open": self.open_count,
            "line": False,
        }
        if line:
            # sudo: whoever writes a card sees its number and for whom it is
            card, line = line.sudo().card_id, line.sudo()
            answer["line"] = {
                "id": line.id,
                "position": line.sequence,
                "number": card.number,
                "masked": card.masked,
                "state": line.state,
                "error_code": line.error_code or "",
                "member": (line.partner_id or card.partner_id).name or "",
                "card_state": card.state,
            }
        return answer
