"""What the token that a page showed allows it, and for how long."""

from ..events import Event
from ..pairing import ODOO, Pairing
from ..values import EVENTS, Action
from ..wire import tokens
from ..wire.error import WireError
from .closing import NOT_AUTHORISED, SCOPE, Closed
from .context import Context
from .sealing import Sealer


class Access:
    """The rights of one socket: none before the first `grant`."""

    def __init__(self, context: Context, origin: str):
        self._context = context
        self._origin = origin
        self._pairing = None
        self._token = None
        self.sealer = None
        """Seals for the pairing that the token came from."""

    @property
    def pairing_id(self) -> str | None:
        return self._pairing.id if self._pairing else None

    @property
    def until(self) -> int:
        """Unix time at which the rights end."""
        return self._token.until

    def grant(self, text: object) -> None:
        """Take a token: the first, or a fresh one of the same user.

        :raise Closed: not authorised.
        """
        try:
            pairing, token = self._checked_token(text)
        except WireError as error:
            raise Closed(NOT_AUTHORISED, error.code, error.message) from error
        if self._token and (pairing.id, token.user) != (
            self._pairing.id,
            self._token.user,
        ):
            raise Closed(NOT_AUTHORISED, "wrong_user", "This token is of someone else.")
        self._pairing, self._token = pairing, token
        self.sealer = Sealer(self._context, pairing)

    def check(self) -> None:
        """Refuse to go on once the time is over or the pairing was removed.

        :raise Closed: not authorised.
        """
        if self._context.now() >= self._token.until:
            raise Closed(NOT_AUTHORISED, "expired", "The permission has ended.")
        if not self._context.pairings.is_trusted(self._pairing):
            raise Closed(NOT_AUTHORISED, "not_paired", "The pairing was removed.")

    def check_action(self, action: Action) -> None:
        """:raise Closed: the token does not name the action's scope."""
        if action.scope not in self._token.scopes:
            raise Closed(SCOPE, "scope", f"You may not do this: {action.scope}.")

    def allows_device(self, device: str) -> bool:
        return self._token.allows_device(device)

    def may_hear(self, event: Event) -> bool:
        return EVENTS in self._token.scopes and self.allows_device(event.device)

    def _checked_token(self, text) -> tuple[Pairing, tokens.Token]:
        """Return a token that is good here and now, and its pairing.

        :raise WireError:
        """
        pairing, token = self._signed_token(text)
        tokens.check(
            token,
            agent_id=self._context.pairings.agent_id,
            origin=self._origin,
            now=self._context.now(),
        )
        if token.issued_at < int(self._context.started_at):
            # what was presented before the agent started is not remembered
            raise WireError(
                "expired", "This token is older than the agent's start: get a new one."
            )
        kept_until = token.expires_at + tokens.SKEW_S
        if not self._context.tokens.take((pairing.id, token.jti), kept_until):
            raise WireError("replayed", "This token was presented before.")
        return pairing, token

    def _signed_token(self, text):
        error = WireError("bad_signature", "This agent is not paired with this Odoo.")
        for pairing in self._context.pairings.of_origin(self._origin):
            if pairing.kind != ODOO:
                continue
            try:
                return pairing, tokens.parse(text, pairing.secret)
            except WireError as caught:
                error = caught
                if caught.code != "bad_signature":
                    break
        raise error
