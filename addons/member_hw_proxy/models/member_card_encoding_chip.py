from time import time

from odoo import models

from odoo.addons.member_card import secret

from .. import card_application, hw_crypto
from ..card_encoding import EncodingRefusal

ORDER_SECONDS = 60
"""How long an agent may begin with an order; the browser is on its way with it."""


def is_random(uid):
    """Tell whether a chip makes up its UID each time (ISO/IEC 14443-3)."""
    return not uid or (len(uid) == 8 and uid.startswith("08"))


class MemberCardEncoding(models.Model):
    """The chip on the writer: what may be written on it, the order, and the receipt."""

    _inherit = "member.card.encoding"

    # === WHAT IS ON THE WRITER === #

    def _seen(self, agent, reading):
        """Return what is on the writer: uid, number, medium.

        :raise HardwareRefusal: revoked, forged, stale, replayed.
        """
        if reading is None:
            return {"uid": None, "number": None, "medium": self.medium}
        body = agent._open_reading(reading)
        return {name: body.get(name) or None for name in ("uid", "number", "medium")}

    def _check_medium(self, seen):
        """Return the hash of the chip's UID, empty for a contact chip without one.

        :raise EncodingRefusal: wrong_medium, no_uid.
        """
        if seen["medium"] != self.medium:
            wanted = dict(self._fields["medium"]._description_selection(self.env))
            raise EncodingRefusal(
                "wrong_medium",
                self.env._(
                    "This queue is for cards with “%(medium)s”. Put such a card on the "
                    "writer.",
                    medium=wanted[self.medium],
                ),
            )
        if self.medium == "contactless" and is_random(seen["uid"]):
            raise EncodingRefusal(
                "no_uid",
                self.env._(
                    "This chip hides its number and could not be told from others. Put "
                    "another kind of card on the writer."
                ),
            )
        return self.env["member.card"]._hash_uid(seen["uid"]) if seen["uid"] else ""

    def _broken_off(self, uid_hash, number):
        """Return the line that was being written on this chip, in sudo mode.

        :raise EncodingRefusal: other_queue.
        """
        chip = [("uid_hash", "=", uid_hash)]
        if not uid_hash:
            chip = [("uid_hash", "=", False), ("card_id.number", "=", number)]
        # sudo: the hash is nobody's to see, and the chip may come from anywhere
        lines = self.env["member.card.encoding.line"].sudo()
        line = lines.search([("state", "=", "writing"), *chip], limit=1)
        if line and line.encoding_id.company_id != self.company_id:
            return lines
        if line and line.encoding_id != self.sudo():
            raise EncodingRefusal(
                "other_queue",
                self.env._(
                    "This card was being written in the queue “%(queue)s”. Finish it "
                    "there, and put another card on the writer.",
                    queue=line.encoding_id.name,
                ),
            )
        return line

    def _check_chip(self, line, uid_hash, number, resumes):
        """Refuse a chip that may not get this line's number.

        :raise EncodingRefusal: chip_used, finish_first, has_number.
        """
        line.card_id._check_chip_free(uid_hash)
        if line.state == "writing" and not resumes:
            if not uid_hash and not number:
                raise EncodingRefusal(
                    "finish_first",
                    self.env._(
                        "Card %(card)s was being written when it was taken away, and "
                        "this chip cannot tell whether it is that one. Put that one on "
                        "and choose “Use another card”: it is written from the "
                        "beginning.",
                        card=line.card_id.masked,
                    ),
                )
            raise EncodingRefusal(
                "finish_first",
                self.env._(
                    "Card %(card)s was being written when it was taken away: put that "
                    "one back. If it is lost or broken, use another card.",
                    card=line.card_id.masked,
                ),
            )
        if number and number != line.card_id.number:
            raise EncodingRefusal(
                "has_number",
                self.env._(
                    "This card carries a number already (ending in %(last)s). Put a "
                    "blank card on the writer, or erase this one.",
                    last=number[-4:],
                ),
                can_erase=True,
            )

    def _application(self, card, uid):
        """Return what the chip shall carry, and the keys that guard it."""
        env = self.env
        # sudo: the database's name of itself, not shown to anybody
        uuid = env["ir.config_parameter"].sudo().get_param("database.uuid")
        issuer = card_application.issuer(uuid, card.company_id.id)
        key = secret.key_for(env, "card-application")
        content = card_application.build(key, issuer, card.number, uid)
        keys = card_application.chip_keys(
            secret.key_for(env, "card-write"), card.company_id.id, uid or card.number
        )
        return content, keys

    def _seal_order(self, agent, op, request_key, uid, content, keys):
        now = int(time())
        return hw_crypto.seal(
            agent._secret(),
            "order",
            agent.identifier,
            {
                "op": op,
                "card": request_key,
                "uid": uid,
                "content": content.hex(),
                "keys": {name: key.hex() for name, key in keys.items()},
                "iat": now,
                "exp": now + ORDER_SECONDS,
                "jti": hw_crypto.new_jti(),
            },
        )

    # === WHAT THE AGENT SAYS === #

    def _open_receipt(self, line, receipt):
        """Return the receipt's body if it proves that this line was written.

        :raise EncodingRefusal: bad_receipt.
        :raise HardwareRefusal: revoked, forged.
        """
        body = line.agent_id._open("receipt", receipt) if line.agent_id else {}
        uid = body.get("uid")
        found = {
            "card": body.get("card"),
            "op": body.get("op"),
            "content": body.get("content_sha256"),
            "uid": self.env["member.card"]._hash_uid(str(uid)) if uid else False,
        }
        wanted = {
            "card": line.request_key,
            "op": "write",
            "content": line.content_sha256,
            "uid": line.uid_hash,
        }
        if found != wanted or body.get("result") not in ("written", "same"):
            raise self._bad_receipt(
                self.env._(
                    "What the writer reported is not for this card. Put the card on "
                    "the writer again."
                )
            )
        return body

    def _bad_receipt(self, message):
        return EncodingRefusal("bad_receipt", message)
