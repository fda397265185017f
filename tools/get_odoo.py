"""Get Odoo 19 with package managers only.

Debian's `odoo-19` (suite sid) holds the whole Community edition. It is read
through an apt state of its own, so the machine's sources stay as they are, and
unpacked into the cache, not installed. apt verifies signatures and checksums.
"""

import os
import re
import shutil
import tarfile
from dataclasses import dataclass
from pathlib import Path

from tools import cache, config
from tools.console import Failure, step
from tools.process import run

KEYRING = Path("/usr/share/keyrings/debian-archive-keyring.gpg")

#: Debian package of Odoo, and what the links inside it point to.
SUITES = {
    "bookworm": ("fonts-font-awesome", "fonts-inconsolata"),
    "sid": (
        "odoo-19",
        "libjs-jquery",
        "libjs-jquery-form",
        "libjs-underscore",
        "fonts-montserrat",
        "fonts-ocr-b",
        "fonts-roboto-unhinted",
        "fonts-glyphicons-halflings",
    ),
}

#: Debian leaves this asset out; without it the backend's bundle logs an error.
SELFIE = ("@mediapipe/selfie_segmentation", "0.1.1675465747")
SELFIE_FILE = "selfie_segmentation.js"

#: Change to have every cache fetch Odoo again.
REVISION = "1"

HELP = (
    "Name a mirror that has it with DEBIAN_MIRROR, or an Odoo 19 checkout with "
    "ODOO_HOME"
)


@dataclass(frozen=True)
class Odoo:
    """An Odoo 19: the folders that go on `sys.path` and on the add-ons path."""

    paths: tuple
    addons: tuple
    version: str


def get():
    """Return the Odoo to use: `ODOO_HOME`, else the one in the cache."""
    if home := os.environ.get("ODOO_HOME"):
        return given(Path(home).resolve())
    key = config.digest(REVISION, *(name for s in SUITES.values() for name in s))
    return unpacked(cache.once(f"odoo-{key}", fetch))


def given(home):
    """Return the Odoo in `ODOO_HOME`: a checkout, or an unpacked package."""
    if (home / "odoo" / "release.py").exists() and (home / "addons").is_dir():
        lib, addons = home, (home / "addons", home / "odoo" / "addons")
    else:
        return unpacked(home)
    return Odoo((lib,), addons, check_version(lib))


def unpacked(root):
    """Return the Odoo in an unpacked Debian package."""
    lib = root / "usr/lib/python3/dist-packages"
    if not (lib / "odoo" / "release.py").exists():
        raise Failure(
            f"{root} holds no Odoo: expected odoo/release.py and addons/ (a checkout) "
            "or usr/lib/python3/dist-packages/odoo (an unpacked package)"
        )
    return Odoo((lib,), (lib / "odoo" / "addons",), check_version(lib))


def check_version(lib):
    """Return the version of the Odoo in `lib`; it must be 19.0."""
    text = (lib / "odoo" / "release.py").read_text()
    match = re.search(r"^version_info\s*=\s*\((\d+),\s*(\d+)", text, re.MULTILINE)
    version = ".".join(match.groups()) if match else "unknown"
    if version != "19.0":
        raise Failure(f"{lib} is Odoo {version}; this project needs Odoo 19.0")
    return version


def fetch(root):
    """Download Odoo and what its links point to, and unpack it into `root`."""
    if not shutil.which("apt-get"):
        raise Failure(f"Odoo is fetched with apt-get, which is not here. {HELP}")
    if not KEYRING.exists():
        raise Failure(
            f"{KEYRING} is missing: apt-get install debian-archive-keyring. {HELP}"
        )
    with step("fetching Odoo 19 from Debian (about 130 MB)"):
        mirror = find_mirror()
        for suite, packages in SUITES.items():
            download(root, mirror, suite, packages)
        add_selfie(root)
        shutil.rmtree(root / "apt")
        check_links(root)


def find_mirror():
    """Return the Debian mirror: `DEBIAN_MIRROR`, else the machine's own."""
    if mirror := os.environ.get("DEBIAN_MIRROR"):
        return mirror.rstrip("/") + "/"
    targets = run(
        ["apt-get", "indextargets", "--format", "$(ORIGIN) $(COMPONENT) $(REPO_URI)"]
    )
    for line in targets.splitlines():
        origin, component, uri = line.split(" ", 2)
        if origin == "Debian" and component == "main" and "security" not in uri:
            return uri
    raise Failure(f"no Debian mirror is configured on this machine. {HELP}")


def download(root, mirror, suite, packages):
    """Unpack packages of one Debian suite into `root`."""
    state = root / "apt" / suite
    (state / "lists/partial").mkdir(parents=True)
    (state / "cache/archives/partial").mkdir(parents=True)
    sources = state / "sources.list"
    sources.write_text(f"deb [signed-by={KEYRING}] {mirror} {suite} main\n")
    apt = [
        "apt-get",
        "-q",
        "-o",
        f"Dir::Etc::SourceList={sources}",
        "-o",
        "Dir::Etc::SourceParts=/dev/null",
        "-o",
        f"Dir::State::Lists={state / 'lists'}",
        "-o",
        f"Dir::Cache={state / 'cache'}",
        "-o",
        "APT::Sandbox::User=",
        "-o",
        "APT::Update::Error-Mode=any",
        "-o",
        "Acquire::Retries=3",
    ]
    where = f"the Debian mirror {mirror} (suite {suite})"
    run([*apt, "update"], hint=f"{where} could not be read: is there a network? {HELP}")
    run(
        [*apt, "download", *packages],
        cwd=state,
        hint=f"{where} no longer has one of these packages. {HELP}",
    )
    if suite == "sid" and not list(state.glob("odoo-19_19.0.*.deb")):
        raise Failure(f"{where} has an odoo-19 that is not 19.0. {HELP}")
    for deb in sorted(state.glob("*.deb")):
        run(["dpkg", "-x", deb, root])


def add_selfie(root):
    """Put back the asset that Debian leaves out, from npm as upstream does."""
    name, version = SELFIE
    folder = root / "apt" / "npm"
    folder.mkdir()
    run(
        ["npm", "pack", "--silent", f"{name}@{version}"],
        cwd=folder,
        hint="the npm registry could not be read: is there a network?",
    )
    target = unpacked(root).addons[0] / "mail/static/lib/selfie_segmentation"
    target.mkdir(parents=True, exist_ok=True)
    with tarfile.open(next(folder.glob("*.tgz"))) as archive:
        member = archive.extractfile(f"package/{SELFIE_FILE}")
        (target / SELFIE_FILE).write_bytes(member.read())


def check_links(root):
    """Broken links break asset bundles at run time: find them here instead."""
    addons = unpacked(root).addons[0]
    broken = [p for p in addons.rglob("*") if p.is_symlink() and not p.exists()]
    if broken:
        names = ", ".join(str(path.relative_to(addons)) for path in broken[:5])
        raise Failure(f"Debian's Odoo has links to packages we do not fetch: {names}")
