import json
from datetime import UTC, datetime, timedelta

from psycopg2.errors import DeadlockDetected

from odoo import fields, models
from odoo.tools import SQL

from odoo.addons.member_card.errors import Busy
from odoo.addons.member_card.ledger.cursor import ledger_cursor

from ..refusals import HardwareRefusal
from .member_hw_device import KINDS, STATES

MAX_DEVICES = 64
NEEDED = ("id", "driver", "state")
SEEN_EVERY = timedelta(minutes=1)
TOLD = ("driver", "kind", "name", "state", "code", "message", "active")
"""Columns of a device that its computer alone decides."""


class MemberHwAgent(models.Model):
    """What a computer tells of itself and its devices; nobody else writes that.

    Several open pages of one computer tell it at once, beside the sale. So it is kept
    in short transactions of its own: they wait for each other on the computer's row
    and never make the request that brought them fail or run again.
    """

    _inherit = "member.hw.agent"

    def _take_report(self, sealed, till=None):
        """Keep how the devices are. What is older than the last report is ignored.

        The caller must not have written this computer or its devices, and does not see
        what is kept here before its own transaction ends.

        :raise HardwareRefusal: revoked, forged, stale, busy.
        """
        try:
            body = self._open("report", sealed)
            self._check_fresh(body)
            devices = self._checked_devices(body)
        except HardwareRefusal as error:
            self._log_forged(error, till)
            raise
        try:
            with ledger_cursor(self.env, repeatable=True) as cr:
                if self._keep_report(cr, body):
                    self._keep_devices(cr, devices)
        except (Busy, DeadlockDetected) as error:
            raise HardwareRefusal(
                "busy",
                self.env._("This computer is just being set up. Report again."),
            ) from error
        self._forget_read()

    def _checked_devices(self, body):
        """Return the values of the devices in a report.

        :raise HardwareRefusal: forged.
        """
        told = body.get("devices")
        if not isinstance(told, list) or len(told) > MAX_DEVICES:
            raise self._forged()
        devices = {}  # of two with one name the later counts
        for device in told:
            if (
                not isinstance(device, dict)
                or any(not isinstance(device.get(name), str) for name in NEEDED)
                or device["state"] not in dict(STATES)
            ):
                raise self._forged()
            stable_id, kind = device["id"][:128], str(device.get("kind"))
            devices[stable_id] = {
                "stable_id": stable_id,
                "driver": device["driver"][:64],
                "kind": kind if kind in dict(KINDS) else "other",
                "name": str(device.get("name") or device["id"])[:128],
                "state": device["state"],
                "code": str(device.get("code") or "")[:32] or None,
                "message": str(device.get("message") or "")[:256] or None,
                "active": True,
            }
        return list(devices.values())

    # === IN TRANSACTIONS OF ITS OWN === #

    def _keep_report(self, cr, body):
        """Take the computer's row for this report; tell whether it is the newest one.

        A computer that was revoked or paired anew meanwhile keeps nothing that was
        opened with its former secret.
        """
        # sudo: as `_secret`, which opened it
        secret_sealed = self.sudo().secret_sealed
        cr.execute(
            SQL(
                """UPDATE member_hw_agent
                      SET reported_at = %(at)s, last_seen = %(now)s,
                          version = coalesce(%(version)s, version)
                    WHERE id = %(id)s AND secret_sealed = %(secret)s
                      AND (reported_at IS NULL OR reported_at <= %(at)s)""",
                at=_reported_at(body),
                now=fields.Datetime.now(),
                version=str(body.get("version") or "")[:32] or None,
                id=self.id,
                secret=secret_sealed,
            )
        )
        return bool(cr.rowcount)

    def _keep_devices(self, cr, devices):
        """Write what is new of the devices; those that are not told are gone."""
        now = fields.Datetime.now()
        cr.execute(
            SQL(
                """UPDATE member_hw_device
                      SET state = 'disconnected', active = FALSE, write_date = %(now)s,
                          write_uid = %(uid)s,
                          left_at = CASE WHEN state = 'connected' THEN %(now)s
                                         ELSE left_at END
                    WHERE agent_id = %(agent)s
                      AND stable_id != ALL(%(told)s::varchar[])
                      AND (active OR state != 'disconnected')""",
                now=now,
                uid=self.env.uid,
                agent=self.id,
                told=[device["stable_id"] for device in devices],
            )
        )
        cr.execute(
            SQL(
                """INSERT INTO member_hw_device AS known
                          (agent_id, company_id, store_id, stable_id, %(columns)s,
                           create_uid, create_date, write_uid, write_date)
                   SELECT agent.id, agent.company_id, agent.store_id,
                          told.stable_id, %(told)s, %(uid)s, %(now)s, %(uid)s, %(now)s
                     FROM member_hw_agent agent,
                          jsonb_populate_recordset(
                              NULL::member_hw_device, %(devices)s) told
                    WHERE agent.id = %(agent)s
                       ON CONFLICT (agent_id, stable_id) DO UPDATE
                      SET (%(columns)s) = (%(excluded)s),
                          write_uid = excluded.write_uid,
                          write_date = excluded.write_date,
                          left_at = CASE WHEN known.state = 'connected'
                                          AND excluded.state != 'connected'
                                         THEN excluded.write_date
                                         ELSE known.left_at END
                    WHERE (%(known)s) IS DISTINCT FROM (%(excluded)s)""",
                columns=SQL(", ").join(map(SQL.identifier, TOLD)),
                told=_of("told"),
                known=_of("known"),
                excluded=_of("excluded"),
                devices=json.dumps(devices),
                uid=self.env.uid,
                now=now,
                agent=self.id,
            )
        )

    def _seen(self):
        """Note that the computer is alive, each minute at most.

        Whoever writes its row just now notes that, too: nothing waits here.
        """
        # sudo: who uses a computer may not change it
        agent, now = self.sudo(), fields.Datetime.now()
        if agent.last_seen and now - agent.last_seen <= SEEN_EVERY:
            return
        with ledger_cursor(self.env, repeatable=True) as cr:
            cr.execute(
                SQL(
                    """UPDATE member_hw_agent SET last_seen = %(now)s
                        WHERE id = (SELECT id FROM member_hw_agent
                                     WHERE id = %(id)s AND (last_seen IS NULL
                                        OR last_seen < %(before)s)
                                       FOR NO KEY UPDATE SKIP LOCKED)""",
                    now=now,
                    id=self.id,
                    before=now - SEEN_EVERY,
                )
            )
        agent.invalidate_recordset(["last_seen"])

    def _forget_read(self):
        """Let nothing be believed that was read before the report."""
        self.invalidate_recordset(["last_seen", "reported_at", "version", "device_ids"])
        self.env["member.hw.device"].invalidate_model()


def _reported_at(body):
    """Return when a report was made, in UTC without a zone, to the millisecond.

    An older agent tells seconds alone.
    """
    at_ms = body.get("at_ms")
    if type(at_ms) is not int or at_ms // 1000 != body["iat"]:
        at_ms = body["iat"] * 1000
    return datetime.fromtimestamp(at_ms / 1000, UTC).replace(tzinfo=None)


def _of(table):
    """Return the columns that a computer decides, of a table in the query."""
    return SQL(", ").join(SQL.identifier(table, name) for name in TOLD)
