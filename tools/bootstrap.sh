#!/usr/bin/env bash
# usage: bootstrap.sh [--lint] MODULE [ARGUMENT…]
# Installs the system packages that the machine lacks, then runs a Python module
# of this repository with a Python that can make virtual environments.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

lint=
if [ "${1:-}" = --lint ]; then
    lint=1
    shift
fi

say() { printf '%s\n' "$*" >&2; }

die() {
    say "error: $*"
    exit 1
}

# --- what is missing ---------------------------------------------------------

missing=()

# need PACKAGE CHECK…: remembers the package when the check fails
need() {
    local package=$1
    shift
    "$@" >/dev/null 2>&1 || missing+=("$package")
}

find_python() {
    local python
    for python in /usr/bin/python3.11 /usr/bin/python3.12 python3.11 python3.12 python3; do
        if "$python" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 10))' 2>/dev/null; then
            echo "$python"
            return
        fi
    done
    return 1
}

keyring=/usr/share/keyrings/debian-archive-keyring.gpg

postgres_server() {
    [ -n "${MEMBER_DATABASE_URL:-}" ] || compgen -G '/usr/lib/postgresql/*/bin/initdb'
}

postgres_client() { command -v psql && command -v pg_dump && command -v createdb; }

browser() { command -v chromium || command -v chromium-browser || command -v google-chrome; }

# The agent's environment compiles pyscard and evdev for the Python it is made with;
# one that is not the system's brings its headers along.
python_headers() {
    "$(find_python)" -c 'import os, sys, sysconfig
header = sysconfig.get_path("include") + "/Python.h"
sys.exit(sys.prefix == "/usr" and not os.path.exists(header))'
}

header_package() {
    case "$(find_python)" in
        /usr/bin/python3.*) echo "lib$(basename "$(find_python)")-dev" ;;
        *) echo python3-dev ;;
    esac
}

cjk_font() { compgen -G '/usr/share/fonts/opentype/noto/NotoSansCJK-*'; }

need python3-venv find_python
need postgresql-15 postgres_server
need postgresql-client postgres_client
need chromium browser
need fonts-noto-cjk cjk_font
need gettext command -v msgmerge
need wkhtmltopdf command -v wkhtmltopdf
need nodejs command -v node
need npm command -v npm
need libmagic1 compgen -G '/usr/lib/*/libmagic.so.1'
need gcc command -v gcc
need libc6-dev test -e /usr/include/stdio.h
need "$(header_package)" python_headers
need swig command -v swig
need libpcsclite-dev test -e /usr/include/PCSC/winscard.h
need pcscd test -x /usr/sbin/pcscd
need vsmartcard-vpcd test -e /usr/lib/pcsc/drivers/serial/libifdvpcd.so
[ -n "${ODOO_HOME:-}" ] || need debian-archive-keyring test -e "$keyring"
[ -z "$lint" ] || need docker-compose command -v docker-compose
[ -z "$lint" ] || need git command -v git

# --- install it --------------------------------------------------------------

as_root() {
    if [ "$(id -u)" = 0 ]; then "$@"; else sudo -n "$@"; fi
}

install_missing() {
    local list="${missing[*]}"
    command -v apt-get >/dev/null ||
        die "this machine has no apt-get; install by hand what these Debian packages hold: $list"
    if [ "$(id -u)" != 0 ]; then
        command -v sudo >/dev/null ||
            die "not root and no sudo; ask an administrator for: apt-get install $list"
        sudo -n true 2>/dev/null || sudo -v ||
            die "sudo refused; ask an administrator for: apt-get install $list"
    fi
    say "installing system packages: $list"
    # The servers are the project's own: Debian need not start one beside them.
    if [ ! -e /etc/postgresql-common ]; then
        as_root mkdir -p /etc/postgresql-common/createcluster.d
        echo 'create_main_cluster = false' |
            as_root tee /etc/postgresql-common/createcluster.d/odoo-members.conf >/dev/null
    fi
    local log
    log=$(mktemp)
    if ! as_root env DEBIAN_FRONTEND=noninteractive apt-get update -q >"$log" 2>&1; then
        tail -n 5 "$log" >&2
        die "apt-get update failed: is there a network, and do /etc/apt/sources* name a mirror that answers?"
    fi
    if ! apt-cache show postgresql-15 >/dev/null 2>&1; then
        missing=("${missing[@]/#postgresql-15/postgresql}")
    fi
    if ! as_root env DEBIAN_FRONTEND=noninteractive apt-get install -q -y \
        --no-install-recommends "${missing[@]}" >"$log" 2>&1; then
        tail -n 15 "$log" >&2
        if grep -qi 'no space left' "$log"; then
            die "the disk is full; free some space and run this again"
        fi
        die "apt-get install ${missing[*]} failed (see above; the whole log is $log)"
    fi
    rm -f "$log"
}

if [ ${#missing[@]} -gt 0 ]; then
    install_missing
fi

python=$(find_python) ||
    die "no Python 3.10 or newer with venv was found; install python3 and python3-venv"
export PYTHONUTF8=1 PYTHONDONTWRITEBYTECODE=1
exec "$python" -m "$@"
