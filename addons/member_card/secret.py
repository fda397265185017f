"""The secret outside the database, and the keyed hashes made with it.

The ledger's hash chain, the PINs and the look-up hashes of chip UIDs and identity
documents are worth something only if whoever can write the database cannot
recompute them. So the key comes from, in this order:

1. the environment variable `MEMBER_SECRET`;
2. the file that `MEMBER_SECRET_FILE` names (a Docker or systemd secret);
3. `member_card.secret` in Odoo's data directory, made on first use, mode 0600. Share
   that directory between the nodes of a cluster; back it up apart from the database.
"""

import contextlib
import hashlib
import hmac
import os
import secrets
import stat
import tempfile
from functools import lru_cache
from pathlib import Path

from odoo.exceptions import UserError
from odoo.tools import config

MIN_LENGTH = 32
"""Characters that a secret must have at least (128 bits written in hexadecimal)."""
FINGERPRINT_PARAMETER = "member_card.secret_fingerprint"


def keyed_hash(env, purpose: str, value: str) -> str:
    """Return the HMAC-SHA256 of `value`, in hexadecimal, under the purpose's own key.

    :raise UserError: the secret is not the one this database was made with, is too
        short or cannot be read.
    """
    return hmac.new(key_for(env, purpose), value.encode(), hashlib.sha256).hexdigest()


def key_for(env, purpose: str) -> bytes:
    """Return the 32-byte key of one purpose, derived from the secret."""
    return _derive(_secret(env), purpose)


def check_fingerprint(env, cr) -> None:
    """Refuse a secret that is not the one that this database was made with.

    A wrong key would make every entry look tampered with, so it is told apart. The
    fingerprint reveals nothing of the key; the first use records it.

    :raise UserError: with what to restore.
    """
    found = _derive(_secret(env), "fingerprint").hex()[:16]
    cr.execute(
        """INSERT INTO ir_config_parameter (key, value) VALUES (%s, %s)
           ON CONFLICT (key) DO NOTHING""",
        [FINGERPRINT_PARAMETER, found],
    )
    cr.execute(
        "SELECT value FROM ir_config_parameter WHERE key = %s", [FINGERPRINT_PARAMETER]
    )
    (expected,) = cr.fetchone()
    if not hmac.compare_digest(expected, found):
        raise UserError(
            env._(
                "The member secret is not the one this database was made with "
                "(fingerprint %(found)s, expected %(expected)s). Restore "
                "MEMBER_SECRET, MEMBER_SECRET_FILE or the data directory's "
                "member_card.secret.",
                found=found,
                expected=expected,
            )
        )


@lru_cache(maxsize=64)
def _derive(secret: str, purpose: str) -> bytes:
    return hmac.new(secret.encode(), purpose.encode(), hashlib.sha256).digest()


def _secret(env) -> str:
    if value := os.environ.get("MEMBER_SECRET"):
        secret = value
    else:
        named = os.environ.get("MEMBER_SECRET_FILE")
        path = named or os.path.join(config["data_dir"], "member_card.secret")
        try:
            secret = _read_secret(path, bool(named))
        except OSError as error:
            raise UserError(
                env._("The member secret cannot be read: %s", error)
            ) from error
    if len(secret) < MIN_LENGTH:
        raise UserError(
            env._(
                "The member secret needs at least %(length)s characters; "
                "make one with: openssl rand -hex 32",
                length=MIN_LENGTH,
            )
        )
    return secret


@lru_cache(maxsize=8)
def _read_secret(path: str, must_exist: bool) -> str:
    file = Path(path)
    if not must_exist and not file.exists():
        _make_secret(file)
    return file.read_text().strip()


def _make_secret(file: Path) -> None:
    """Create the file atomically: of two processes that try, one wins."""
    file.parent.mkdir(parents=True, exist_ok=True)
    descriptor, temporary = tempfile.mkstemp(dir=file.parent)
    try:
        with os.fdopen(descriptor, "w") as stream:
            stream.write(secrets.token_hex(32) + "\n")
        os.chmod(temporary, stat.S_IRUSR | stat.S_IWUSR)
        with contextlib.suppress(FileExistsError):
            os.link(temporary, file)
    finally:
        os.unlink(temporary)
