"""Which Odoo databases this agent trusts, and how one comes to be trusted.

Kept in two files of the state folder: `pairings`, and `pending` while a code waits to
be typed. The commands write them beside a running agent, which notices. What a pairing
holds is secret as a whole: nothing of it is logged or shown, apart from its origin,
name and date.
"""

import functools
import hmac
import re
import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

from . import __version__
from .state import State
from .wire import b64u, fields, pairing_proofs

ODOO = "odoo"
STOCK = "stock"
CODE_VALID_S = 600
ATTEMPTS = 5
MAX_PAIRINGS = 32

WAITING = "waiting"
REDEEMED = "redeemed"
EXPIRED = "expired"
SPENT = "spent"

_ORIGIN = re.compile(
    r"https?://(?:[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?|\[[0-9a-f:.]+\])(?::[0-9]{1,5})?",
    re.ASCII,
)
_MAX_ORIGIN = 256
_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f]")
"""A name is printed on a terminal, which must not take it for a command."""


@dataclass(frozen=True)
class Pairing:
    """One database that may use this agent from one origin."""

    id: str
    kind: str
    """odoo: paired with the add-on; stock: a till without it, no tokens, no seals."""
    origin: str
    name: str
    capability: str
    """22 characters that stand in the path of the stock routes; secret."""
    secret: bytes | None
    """Shared with Odoo's server; None for stock."""
    paired_at: int
    """Unix time."""


class PairingError(Exception):
    """Pairing is refused. `code` is stable; the sentence says what to do next."""

    def __init__(self, code: str, message: str):
        super().__init__(message)
        self.code = code


def clean_origin(typed: str) -> str:
    """Return the origin of an address as a browser sends it.

    :raise PairingError: bad_origin.
    """
    origin = typed.strip().lower().rstrip("/")
    scheme, _, host = origin.partition("://")
    for usual in (("http", ":80"), ("https", ":443")):
        if scheme == usual[0] and host.endswith(usual[1]):
            origin = origin.removesuffix(usual[1])
    if not is_origin(origin):
        raise PairingError(
            "bad_origin",
            "Give Odoo's address as it stands in the browser, without a path: "
            "https://pos.example.com",
        )
    return origin


def is_origin(text: object) -> bool:
    """Tell whether `text` is an origin as browsers write it, and not `null`."""
    return (
        isinstance(text, str)
        and len(text) <= _MAX_ORIGIN
        and _ORIGIN.fullmatch(text) is not None
    )


class Pairings:
    """The pairings of one state folder. Any thread may call.

    :param name: what Odoo shows for this agent.
    """

    def __init__(self, state: State, name: str, now: Callable[[], float] = time.time):
        self._state = state
        self._name = name
        self._now = now
        self._lock = threading.RLock()
        self._stamp = None
        self._pairings = ()

    @functools.cached_property
    def agent_id(self) -> str:
        return self._state.agent_id()

    # === WHO IS TRUSTED === #

    def all(self) -> tuple[Pairing, ...]:
        """Return the pairings as they are now, oldest first.

        :raise StateError: the file is damaged.
        """
        stamp = self._read_stamp()
        with self._lock:
            if stamp != self._stamp:
                self._pairings = self._read()
                self._stamp = stamp
            return self._pairings

    def of_origin(self, origin: str | None) -> tuple[Pairing, ...]:
        return tuple(one for one in self.all() if origin and one.origin == origin)

    def of_capability(self, capability: str, origin: str | None) -> Pairing | None:
        """Return the pairing that a path of the stock routes belongs to."""
        found = None
        for one in self.of_origin(origin):
            if hmac.compare_digest(one.capability.encode(), capability.encode()):
                found = one
        return found

    def is_trusted(self, pairing: Pairing) -> bool:
        """Tell whether a pairing that was good before still is."""
        return any(one.id == pairing.id for one in self.all())

    def remove(self, pairing_id: str) -> bool:
        """Trust a pairing no more; open sockets end within seconds."""
        kept = [one for one in self.all() if one.id != pairing_id]
        removed = len(kept) < len(self.all())
        if removed:
            self._write(kept)
        return removed

    def add_stock(self, origin: str) -> Pairing:
        """Let a till without the add-on use the stock routes from `origin`.

        A second call for the same origin takes the place of the first.

        :raise PairingError: bad_origin, too_many.
        """
        pairing = self._new(STOCK, clean_origin(origin), "", None)
        self._add(pairing)
        return pairing

    # === PAIRING === #

    def begin(self, origin: str | None = None) -> str:
        """Return a new one-time code, to be typed in Odoo within ten minutes.

        A code that waited before is good no longer. The code itself is not kept.

        :param origin: the only address that may redeem it, if that is known.
        :raise PairingError: bad_origin.
        """
        code = pairing_proofs.new_code()
        self._state.write(
            "pending",
            {
                "key": pairing_proofs.code_key(code).hex(),
                "origin": clean_origin(origin) if origin else None,
                "until": int(self._now()) + CODE_VALID_S,
                "attempts": ATTEMPTS,
                "outcome": WAITING,
            },
        )
        return code

    def outcome(self) -> str:
        """Return how the last code fares: waiting, redeemed, expired or spent."""
        pending = self._state.read("pending") or {"outcome": EXPIRED}
        if pending["outcome"] == WAITING and self._now() > pending["until"]:
            return EXPIRED
        return pending["outcome"]

    def cancel(self) -> None:
        """Forget the code, whatever became of it."""
        self._state.delete("pending")

    def redeem(self, request: dict[str, Any], origin: str) -> dict[str, str]:
        """Pair with the Odoo whose page at `origin` sent `request`.

        An attempt is counted before it is judged; a right one ends the code.

        :raise PairingError: no_code, wrong_code, spent, wrong_origin, too_many.
        :raise WireError: malformed.
        """
        server_public = fields.text(request, "server_public", longest=64)
        public_bytes = b64u.decode(server_public, 32)
        proof = b64u.decode(request.get("proof"), 32)
        name = _CONTROLS.sub(" ", fields.text(request, "name", longest=128))
        if fields.text(request, "origin") != origin or not is_origin(origin):
            raise PairingError(
                "wrong_origin",
                "The page that asks is not the one that is to be paired.",
            )
        agent_id = self.agent_id
        with self._lock:
            key = self._attempt(server_public, origin, proof)
            agreement = pairing_proofs.agree(key, public_bytes, agent_id, origin)
            pairing = self._new(ODOO, origin, name, agreement.secret)
            self._add(pairing)
            self._state.write("pending", {"outcome": REDEEMED})
        agent_public = b64u.encode(agreement.public)
        answer_proof = pairing_proofs.answer_proof(
            key, server_public, agent_public, agent_id, pairing.capability, origin
        )
        return {
            "agent": agent_id,
            "name": self._name,
            "version": __version__,
            "agent_public": agent_public,
            "capability": pairing.capability,
            "proof": b64u.encode(answer_proof),
        }

    def _attempt(self, server_public, origin, proof) -> bytes:
        """Return the code's key if `proof` shows that its code was typed."""
        pending = self._state.read("pending")
        if self.outcome() != WAITING or not pending:
            raise PairingError(
                "no_code",
                "No code waits to be typed. Run “member-hw-agent pair” on this "
                "computer for a new one.",
            )
        if pending["origin"] not in (None, origin):
            raise PairingError(
                "wrong_origin", "This code is for another address of Odoo."
            )
        pending["attempts"] -= 1
        left = pending["attempts"]
        if not left:
            pending["outcome"] = SPENT
        self._state.write("pending", pending)
        key = bytes.fromhex(pending["key"])
        expected = pairing_proofs.request_proof(key, server_public, origin)
        if not hmac.compare_digest(expected, proof):
            raise self._wrong_code(left)
        return key

    @staticmethod
    def _wrong_code(left):
        if left:
            return PairingError(
                "wrong_code", f"The code is wrong; {left} more attempts. Look again."
            )
        return PairingError(
            "spent",
            "The code was wrong too often. Run “member-hw-agent pair” on this computer "
            "for a new one.",
        )

    # === THE FILE === #

    def _new(self, kind, origin, name, secret):
        return Pairing(
            id=secrets.token_hex(8),
            kind=kind,
            origin=origin,
            name=name,
            capability=b64u.encode(secrets.token_bytes(16)),
            secret=secret,
            paired_at=int(self._now()),
        )

    def _add(self, pairing):
        """Keep a pairing instead of the same database's former one."""
        same = (pairing.kind, pairing.origin, pairing.name)
        kept = [one for one in self.all() if (one.kind, one.origin, one.name) != same]
        if len(kept) >= MAX_PAIRINGS:
            raise PairingError(
                "too_many",
                "This agent is paired too often already. Remove what is not used with "
                "“member-hw-agent unpair”.",
            )
        self._write([*kept, pairing])

    def _write(self, pairings):
        self._state.write(
            "pairings",
            [
                {**asdict(one), "secret": one.secret and b64u.encode(one.secret)}
                for one in pairings
            ],
        )

    def _read(self):
        return tuple(
            Pairing(**{**one, "secret": one["secret"] and b64u.decode(one["secret"])})
            for one in self._state.read("pairings", [])
        )

    def _read_stamp(self):
        try:
            stat = self._state.path("pairings").stat()
        except FileNotFoundError:
            return None
        return stat.st_mtime_ns, stat.st_ino, stat.st_size
