"""The command `member-hw-agent`.

Exit codes: 0 done; 1 it failed, and the error output says why; 2 the command line or
the configuration is wrong.
"""

import argparse
import asyncio
import json
import sys
import time
from collections.abc import Callable

from . import __version__, config, desk, logs
from .agent import Agent
from .lock import Lock
from .pairing import CODE_VALID_S, REDEEMED, WAITING, PairingError, Pairings
from .state import State, StateError, default_directory
from .values import CONNECTING

FAILED = 1
WRONG = 2
LOOK_S = 0.3
SETTLE_S = 8.0
ANSWER_S = 90.0


class Failed(Exception):
    """The command cannot be done; the sentence goes to the error output."""


def main(arguments: list[str] | None = None) -> int:
    options = parser().parse_args(arguments)
    logs.set_up(logs.level(options.verbose, is_service=options.command is run))
    try:
        return options.command(options) or 0
    except config.ConfigError as error:
        return complain(error, WRONG)
    except (Failed, PairingError, StateError) as error:
        return complain(error, FAILED)
    except KeyboardInterrupt:
        return FAILED


def parser():
    shared = argparse.ArgumentParser(add_help=False)
    shared.add_argument("--config", metavar="FILE", help="the configuration (TOML)")
    shared.add_argument("--state", metavar="FOLDER", help="where pairings are kept")
    shared.add_argument("--verbose", action="store_true", help="log more")
    main_parser = argparse.ArgumentParser(
        prog="member-hw-agent",
        description="Card readers, printers and displays of a till, for Odoo.",
    )
    main_parser.add_argument("--version", action="version", version=__version__)
    commands = main_parser.add_subparsers(required=True, metavar="COMMAND")

    def add(name: str, command: Callable, text: str):
        one = commands.add_parser(name, parents=[shared], help=text, description=text)
        one.set_defaults(command=command)
        return one

    add("run", run, "Serve the devices until stopped.")
    pair_parser = add("pair", pair, "Print a one-time code to be typed in Odoo.")
    pair_parser.add_argument("--origin", metavar="URL", help="accept this Odoo only")
    unpair_parser = add("unpair", unpair, "Trust an Odoo no more.")
    unpair_parser.add_argument("which", nargs="?", help="its address or database")
    list_parser = add("list", list_devices, "Show the devices and how they are.")
    list_parser.add_argument("--json", action="store_true", help="for programs")
    test_parser = add("test", test, "Have a device show that it works.")
    test_parser.add_argument("device", help="its id, as `list` shows it")
    stock_parser = add(
        "stock-url", stock_url, "Print the address for a till without the add-on."
    )
    stock_parser.add_argument("--origin", metavar="URL", required=True)
    return main_parser


# === COMMANDS === #


def run(options):
    from . import run as process

    agent, pairings = parts(options)
    lock = Lock(agent.state.directory)
    if not lock.take():
        raise Failed(
            f"An agent already runs with the state folder {agent.state.directory}."
        )
    try:
        process.run(agent, pairings)
    except process.PortTaken as error:
        raise Failed(str(error)) from error
    finally:
        lock.release()


def pair(options):
    """Print a code and wait until it is typed in Odoo.

    If no agent runs, this process answers Odoo in its place, without devices.
    """
    agent, pairings = parts(options)
    try:
        outcome = wait_for_pairing(agent, pairings, options.origin)
    except KeyboardInterrupt:
        outcome = None
    finally:
        pairings.cancel()
    if outcome is None:
        raise Failed("Given up: the code is good no longer.")
    if outcome != REDEEMED:
        raise Failed(
            "The code was not typed in time, or was typed wrongly too often."
            " Run this again for a new one."
        )
    paired = pairings.all()[-1]
    print(f"Paired with {paired.name} at {paired.origin}.")


def wait_for_pairing(agent, pairings, origin):
    """Return what became of a new code; None if somebody stopped waiting."""
    from . import run as process

    async def is_over():
        announce(pairings.begin(origin))
        while (outcome := pairings.outcome()) == WAITING:
            await asyncio.sleep(LOOK_S)
        # The browser is still reading the answer of a server that stops next.
        await asyncio.sleep(LOOK_S)
        return outcome

    lock = Lock(agent.state.directory)
    if not lock.take():
        return process.wait(is_over)
    try:
        return process.run(agent, pairings, is_over, with_devices=False)
    except process.PortTaken as error:
        raise Failed(str(error)) from error
    finally:
        lock.release()


def announce(code):
    print("In the browser of this computer, open Odoo: Membership, Configuration,")
    print("Card Readers and Printers, Pair This Computer. Type there:\n")
    print(f"    {code}\n")
    minutes = CODE_VALID_S // 60
    print(f"It is good for {minutes} minutes, and once. Waiting …", flush=True)


def unpair(options):
    _agent, pairings = parts(options)
    known = pairings.all()
    found = [one for one in known if options.which in (None, one.origin, one.name)]
    if not found:
        raise Failed("There is no such pairing." + listed(known))
    if len(found) > 1:
        raise Failed("Which one? Give its address or its name." + listed(found))
    pairings.remove(found[0].id)
    print(f"{title(found[0])} may not use this agent any more.")


def list_devices(options):
    agent, _pairings = parts(options)
    health = told(agent, {"op": "health"})
    if options.json:
        print(json.dumps(health, indent=2, ensure_ascii=False))
        return
    if not health["devices"]:
        print("No device was found, and the configuration names none.")
    for device in health["devices"]:
        trouble = f": {device['message']}" if device["message"] else ""
        print(f"{device['id']}  {device['name']}  ({device['driver']})")
        print(f"    {device['state']}{trouble}")
    for trouble in health["troubles"]:
        print(trouble)


def test(options):
    agent, _pairings = parts(options)
    answer = told(agent, {"op": "test", "device": options.device})
    if "code" in answer:
        raise Failed(f"{answer['device']}: {answer['message']}")
    print(f"{answer['device']}: {json.dumps(answer['value'], ensure_ascii=False)}")


def stock_url(options):
    agent, pairings = parts(options)
    capability = pairings.add_stock(options.origin).capability
    print("Paste this as the IP address of the till's IoT Box or hardware proxy:\n")
    print(f"    http://localhost:{agent.config.port}/{capability}\n")
    print("Keep it to yourself: who has it may print and open the drawer.")


# === HELP === #


def parts(options):
    """Return the agent that the options describe, nothing of it running."""
    settings = config.load(options.config)
    state = State(options.state or default_directory())
    return Agent.of(settings, state), Pairings(state, settings.name)


def told(agent, question):
    """Ask the agent that runs; if none does, look for ourselves."""
    lock = Lock(agent.state.directory)
    if not lock.take():
        found = desk.ask(agent.state, question, ANSWER_S)
        if found is None:
            raise Failed("The agent runs but does not answer: see its log.")
        return found
    try:
        agent.supervisor.start()
        wait_until_settled(agent)
        return desk.answer(agent, question)
    finally:
        agent.supervisor.stop()
        lock.release()


def wait_until_settled(agent):
    """Wait until each device is found and has been tried, some seconds at most."""
    until = time.monotonic() + SETTLE_S
    agent.supervisor.has_discovered.wait(SETTLE_S)
    while time.monotonic() < until:
        states = {device.state for device in agent.supervisor.devices()}
        if CONNECTING not in states:
            return
        time.sleep(LOOK_S / 3)


def listed(pairings):
    return "".join(f"\n    {title(one)}" for one in pairings)


def title(pairing):
    return f"{pairing.name or 'A till without the add-on'} at {pairing.origin}"


def complain(error, exit_code):
    print(error, file=sys.stderr)
    return exit_code


if __name__ == "__main__":
    sys.exit(main())
