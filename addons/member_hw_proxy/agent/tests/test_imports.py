"""The package loads on Windows, and where no driver's library is installed."""

import subprocess
import sys

PREPARE = """
import asyncio, importlib, pkgutil, ssl, subprocess, sys, tempfile
import aiohttp.web, cryptography.hazmat.primitives.asymmetric.x25519
import PIL.Image, platformdirs

def take_away(names):
    for name in names.split():
        sys.modules[name] = None
"""
WITHOUT_LINUX = """
take_away("fcntl termios tty pwd grp evdev")
import member_hw_agent

found = list(pkgutil.walk_packages(member_hw_agent.__path__, "member_hw_agent."))
assert len(found) > 20
for module in found:
    importlib.import_module(module.name)
"""
WITHOUT_LIBRARIES = """
take_away("evdev smartcard serial escpos usb")
from member_hw_agent import cli, drivers

for name in drivers.names():
    try:
        assert drivers.load(name).kind == name
    except drivers.NoDriver as error:
        assert "pip install" in str(error), error
"""


def test_no_module_needs_linux_to_load():
    run(PREPARE + WITHOUT_LINUX)


def test_a_driver_without_its_library_says_what_to_install():
    run(PREPARE + WITHOUT_LIBRARIES)


def run(program):
    done = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
