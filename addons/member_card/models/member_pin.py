import hashlib
import hmac
import itertools
import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from .. import secret
from ..ledger.cursor import ledger_cursor
from ..refusals import PinError

SCRYPT_COST = 2**11
"""Some 5 ms: a PIN is protected by the key and the lock-out, not by its hash."""
TILL_FAILURES = 20
TILL_WINDOW_MINUTES = 10
KEEP_FAILURES_DAYS = 30
PIN_FIELDS = ("member_has_pin", "member_pin_locked_until")
"""What a member shows of the PIN."""


_TILL_FAILURES = f"""
    (SELECT count(*) FROM member_pin_failure
      WHERE pos_config_id = %(till_id)s
        AND at > clock_timestamp() AT TIME ZONE 'UTC'
               - {TILL_WINDOW_MINUTES} * interval '1 minute')"""


@dataclass
class PinProof:
    """A PIN that was typed, for the ledger to hold a member's value (its `Proof`)."""

    pins: "MemberPin"
    partner: models.Model
    pin: str = field(repr=False)
    till: models.Model | None
    check: Callable[[], object] | None = None
    """Called before a try is counted: raises for whom no PIN is to be tried."""
    is_right: bool = False

    @property
    def condition(self):
        return f"""
            EXISTS (SELECT FROM {self.pins._table} WHERE partner_id = %(owner_id)s
                       AND (locked_until IS NULL
                            OR locked_until <= clock_timestamp() AT TIME ZONE 'UTC'))
            AND {_TILL_FAILURES} < {TILL_FAILURES}"""

    @property
    def params(self):
        return {
            "owner_id": self.partner.id,
            "till_id": self.till.id if self.till else None,
        }

    def passes(self, cr):
        self.is_right = self.is_right or self.pins._is_right(
            cr, self.partner, self.pin, self.till
        )
        return self.is_right

    def settle(self):
        """Count a wrong PIN and refuse it; let a right one clear the count.

        :raise PinError: as `_verify` does.
        """
        if self.check:
            self.check()
        self.pins._verify(self.partner, self.pin, self.till)

    def refusal(self, cr):
        return self.pins._read_open(cr, self.partner, self.till)[1]


class MemberPin(models.Model):
    """The PIN of a member, where neither users nor the browser can read it.

    Stored is scrypt(HMAC(key outside the database, PIN), salt). Wrong tries are
    counted in a transaction of their own, so that they survive the caller's rollback;
    of any number of tills guessing at once, none gets a try more than allowed.
    """

    _name = "member.pin"
    _description = "Member PIN"
    _rec_name = "partner_id"
    _log_action = "pin_set"

    partner_id = fields.Many2one(
        "res.partner", "Member", required=True, index=True, ondelete="cascade"
    )
    hash = fields.Char(required=True, groups=fields.NO_ACCESS)
    failure_count = fields.Integer(required=True, default=0)
    locked_until = fields.Datetime()
    changed_at = fields.Datetime(required=True)

    _partner_unique = models.Constraint("UNIQUE (partner_id)", "A member has one PIN.")

    # === SETTING === #

    @api.model
    def _set(self, partner, pin, *, till=None, detail=None):
        """Give `partner` a PIN, or a new one; unlocks. The caller checks the right.

        :raise PinError: bad_format, trivial.
        """
        self._check_new(pin)
        values = {
            "hash": self._hash(pin, secrets.token_bytes(16)),
            "failure_count": 0,
            "locked_until": False,
            "changed_at": fields.Datetime.now(),
        }
        # sudo: nobody may read or write PINs, the verbs of this model do
        pins = self.sudo()
        if known := pins.search([("partner_id", "=", partner.id)]):
            known.write(values)
        else:
            pins.create({"partner_id": partner.id, **values})
        partner.invalidate_recordset(PIN_FIELDS)
        self.env["member.operator.log"]._log(
            self._log_action, partner=partner, till=till, detail=detail
        )

    @api.model
    def _unlock(self, partner, *, till=None, detail=None):
        """End a lock-out, the PIN staying as it is. The caller checks the right."""
        # sudo: as above
        pin = self.sudo().search([("partner_id", "=", partner.id)])
        if not pin.locked_until:
            return
        pin.write({"failure_count": 0, "locked_until": False})
        partner.invalidate_recordset(PIN_FIELDS)
        self.env["member.operator.log"]._log(
            "pin_unlock", partner=partner, till=till, detail=detail
        )

    @api.model
    def _check_new(self, pin):
        """Refuse what may not become a PIN.

        :raise PinError: bad_format, trivial.
        """
        self._check_format(pin)
        if self._is_trivial(pin):
            raise PinError(
                "trivial",
                self.env._("This PIN is too easy to guess. Choose another one."),
            )

    @api.model
    def _is_trivial(self, pin):
        """Tell whether the digits are all alike or each is the one before ± 1."""
        steps = {int(b) - int(a) for a, b in itertools.pairwise(pin)}
        return steps in ({0}, {1}, {-1})

    @api.model
    def _check_format(self, pin):
        if not isinstance(pin, str) or not re.fullmatch(r"[0-9]{4,6}", pin):
            raise PinError("bad_format", self.env._("A PIN has 4 to 6 digits."))

    # === VERIFYING === #

    @api.model
    def _verify(self, partner, pin, till=None):
        """Let a right PIN pass; count and refuse a wrong one.

        :param till: the `pos.config` that asks; limits how fast one till can guess
            through many members.
        :raise PinError: wrong_pin (with `attempts_left`), locked (with `locked_until`),
            no_pin, bad_format, too_many.
        """
        self._check_format(pin)
        # sudo: limits are the company's, the cashier may not see its settings
        company = partner.sudo().member_company_id or self.env.company._member_root()
        with ledger_cursor(self.env) as cr:
            refusal = self._judge(cr, partner, pin, till, company.sudo())
        if refusal:
            raise refusal

    @api.model
    def _proof(self, partner, pin, till=None, check=None) -> PinProof:
        """Return what lets the ledger hold value of `partner` by this PIN only.

        :param check: as `PinProof` has it.
        :raise PinError: bad_format; the others `_verify` raises are the hold's.
        """
        self._check_format(pin)
        return PinProof(self, partner, pin, till, check)

    def _is_right(self, cr, partner, pin, till):
        """Tell whether this is the PIN, may be tried and has no count to be cleared."""
        row, refusal = self._read_open(cr, partner, till)
        if refusal or row["failure_count"] or row["locked_until"]:
            return False
        return self._matches(row, pin)

    def _judge(self, cr, partner, pin, till, company):
        """Return the refusal, or None; must not raise, or the count is rolled back."""
        row, refusal = self._read_open(cr, partner, till)
        if refusal:
            return refusal
        if not self._matches(row, pin):
            return self._count_failure(cr, partner, till, company)
        # tries that other tills made during the hash count: look again, then clear
        row, refusal = self._read_open(cr, partner, till)
        if not refusal and (row["failure_count"] or row["locked_until"]):
            cr.execute(
                SQL(
                    "UPDATE %s SET failure_count = 0, locked_until = NULL"
                    " WHERE partner_id = %s AND (failure_count > 0"
                    "    OR locked_until < clock_timestamp() AT TIME ZONE 'UTC')",
                    SQL.identifier(self._table),
                    partner.id,
                )
            )
        return refusal

    def _matches(self, row, pin):
        cost, salt, _digest = row["hash"].split("$")
        given = self._hash(pin, bytes.fromhex(salt), int(cost))
        return hmac.compare_digest(row["hash"], given)

    def _read_open(self, cr, partner, till):
        """Return the stored PIN and why it may not be tried now, or None."""
        cr.execute(
            SQL(
                f"""
                SELECT hash, failure_count, locked_until,
                       locked_until > clock_timestamp() AT TIME ZONE 'UTC' AS is_locked,
                       {_TILL_FAILURES} AS till_failures
                  FROM %(table)s WHERE partner_id = %(partner)s
                """,
                till_id=till.id if till else None,
                table=SQL.identifier(self._table),
                partner=partner.id,
            )
        )
        row = cr.dictfetchone()
        if not row:
            return None, self._none()
        if row["till_failures"] >= TILL_FAILURES:
            return row, PinError(
                "too_many",
                self.env._(
                    "Too many wrong PINs at this till. Wait ten minutes or use another "
                    "means of payment."
                ),
            )
        return row, self._locked(row["locked_until"]) if row["is_locked"] else None

    def _count_failure(self, cr, partner, till, company):
        """Count one wrong try; the one that reaches the limit locks the PIN."""
        now = self._now(cr)
        limit = max(company.member_pin_attempts, 1)
        cr.execute(
            SQL(
                "INSERT INTO member_pin_failure (partner_id, pos_config_id, at)"
                " VALUES (%s, %s, %s)",
                partner.id,
                till.id if till else None,
                now,
            )
        )
        cr.execute(
            SQL(
                """
                UPDATE %(table)s
                   SET failure_count = (failure_count + 1) %% %(limit)s,
                       locked_until = CASE WHEN failure_count + 1 >= %(limit)s
                                           THEN %(until)s::timestamp END
                 WHERE partner_id = %(partner)s
                   AND (locked_until IS NULL OR locked_until <= %(now)s)
             RETURNING failure_count, locked_until
                """,
                table=SQL.identifier(self._table),
                limit=limit,
                until=now + timedelta(minutes=company.member_pin_lock_minutes),
                partner=partner.id,
                now=now,
            )
        )
        row = cr.fetchone()
        if not row:
            _row, refusal = self._read_open(cr, partner, till)
            return refusal or self._locked(now)
        failures, locked_until = row
        if locked_until:
            return self._locked(locked_until)
        left = limit - failures
        return PinError(
            "wrong_pin",
            self.env._("Wrong PIN. Tries left: %(count)s.", count=left),
            attempts_left=left,
        )

    def _locked(self, until):
        local = fields.Datetime.context_timestamp(self, until)
        return PinError(
            "locked",
            self.env._(
                "Too many wrong PINs: locked until %(time)s. Pay another way, or set a "
                "new PIN on the member's form.",
                time=local.strftime("%H:%M"),
            ),
            attempts_left=0,
            locked_until=until,
        )

    def _none(self):
        return PinError(
            "no_pin",
            self.env._(
                "No PIN is set. Let the member choose one on the member's form."
            ),
        )

    @api.model
    def _now(self, cr):
        """Read the database's clock, naive UTC: one clock for all servers."""
        cr.execute("SELECT clock_timestamp() AT TIME ZONE 'UTC'")
        return cr.fetchone()[0].replace(microsecond=0)

    @api.model
    def _hash(self, pin, salt, cost=SCRYPT_COST):
        """Return cost, salt and digest, joined by dollar signs."""
        keyed = secret.keyed_hash(self.env, "pin", pin).encode()
        digest = hashlib.scrypt(keyed, salt=salt, n=cost, r=8, p=1)
        return f"{cost}${salt.hex()}${digest.hex()}"
