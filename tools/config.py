"""Where things are, and what the environment may say about it.

| Variable | Meaning |
|---|---|
| `MEMBER_CACHE` | folder for what is fetched or built (Odoo, PostgreSQL, databases) |
| `MEMBER_DATABASE_URL` | `postgresql://user:password@host:port`: use this server |
| `ODOO_HOME` | an Odoo 19 checkout or unpacked package to use instead of Debian's |
| `DEBIAN_MIRROR` | the Debian mirror that `odoo-19` is read from |
| `PORT` | HTTP port of `make run` |
"""

import hashlib
import os
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ADDONS = ROOT / "addons"
BUILD = ROOT / "build"

#: Odoo and OCA modules that every template database has. Ours come on top.
MODULES = (
    "account",
    "auth_signup",
    "event_sale",
    "l10n_cn",
    "partner_contact_birthdate",
    "partner_contact_gender",
    "partner_identification",
    "payment",
    "payment_demo",
    "phone_validation",
    "point_of_sale",
    "portal",
    "pos_event",
    "pos_event_sale",
    "pos_hr",
    "pos_loyalty",
    "queue_job",
    "report_xlsx",
    "sale_loyalty",
    "spreadsheet_dashboard",
    "website",
    "website_event_sale",
)

#: The language installed in every template beside English.
LANGUAGE = "zh_CN"


def cache_dir():
    """Return the folder shared by all clones of the project.

    PostgreSQL refuses to run as root, and the user it then runs as cannot enter
    root's home: so root's cache is outside it.
    """
    if value := os.environ.get("MEMBER_CACHE"):
        return Path(value).resolve()
    if os.getuid() == 0:
        return Path("/var/cache/odoo-members")
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base) / "odoo-members"


def own_addons():
    """Return the names of the installable add-ons of this repository, sorted."""
    return sorted(path.parent.name for path in ADDONS.glob("*/__manifest__.py"))


def digest(*parts, length=12):
    """Return a short hash of strings and of the contents of files."""
    sha = hashlib.sha256()
    for part in parts:
        data = part.read_bytes() if isinstance(part, Path) else str(part).encode()
        sha.update(len(data).to_bytes(8, "big"))
        sha.update(data)
    return sha.hexdigest()[:length]
