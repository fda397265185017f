"""Odoo's own tests with our add-ons installed, compared with plain Odoo.

On a database where everything is installed, plain Odoo has failures of its own. So
what counts is not zero but the baseline, recorded on the level-1 template (no add-on
of ours) by `BASELINE=1 make test-long PART=…` and committed. What fails with our
add-ons and is not in the baseline runs once more, alone: with ours, then on plain Odoo.
That tells a core test that depends on the machine's load (a tour waits ten seconds for
a page) from a defect of ours, and lets a part work before its baseline is recorded.

pytest runs them: Odoo's own runner leaves out what is tagged `at_install`, unless
every module that depends on theirs is updated first.
"""

import json
import os
import xml.etree.ElementTree as ET
from dataclasses import dataclass

from tools import config, environment
from tools.console import Failure, say, step
from tools.process import watch

BASELINES = config.ROOT / "tests" / "long" / "baselines"


@dataclass(frozen=True)
class Part:
    """The tests of one Odoo module, narrowed by pytest's `-k`."""

    module: str
    only: str = ""


#: The tills' tours are most of the time: on two cores about an hour, so they are
#: parts of their own.
PARTS = {
    "pos": Part("point_of_sale", "not TestUi and not TestMobileUi"),
    "pos-tours": Part("point_of_sale", "TestUi or TestMobileUi"),
    "pos-loyalty": Part("pos_loyalty", "not TestUi"),
    "pos-loyalty-tours": Part("pos_loyalty", "TestUi"),
    "loyalty": Part("loyalty"),
    "sale-loyalty": Part("sale_loyalty"),
    "event-sale": Part("event_sale"),
    "website-event-sale": Part("website_event_sale"),
    "pos-event": Part("pos_event"),
}

#: What our add-ons change on purpose, so that a test of core's cannot pass: why.
DELIBERATE = {
    "event-sale": {
        "TestEventSale.test_registration_state_on_so_confirmation": (
            "a confirmed order has its seats at once; core leaves its attendees "
            "unconfirmed, and a seat that is sold free for others"
        ),
        "TestEventSale.test_event_sale_free_confirm": (
            "a ticket with a price is given away by right and with a reason; core lets "
            "any salesperson type the price 0"
        ),
    },
    "pos-event": {
        "TestUi.test_selling_multislot_event_in_pos": (
            "it makes an attendee by hand of a ticket with a price; here somebody who "
            "gives a ticket away says why, by right"
        ),
    },
    "website-event-sale": {
        "TestRoutes.test_check_seats_avail_before_purchase": (
            "its last step confirms an attendee that names the order and no line of "
            "it, after the cart's line has set aside the last seat; attendees of a "
            "sale name their line, and only that line's seats are theirs"
        ),
    },
}


def compare(name):
    """Run one part; return 1 when a test fails that plain Odoo passes."""
    with environment.prepared("test") as env:
        env.databases.drop_leftovers()
        if os.environ.get("BASELINE") == "1":
            return record(env, name)
        known = set(read_baseline(name)["failed"])
        result = run_part(env, name, env.databases.full())
        new = set(result["failed"]) - known
        ours = DELIBERATE.get(name, {})
        for test in sorted(new & set(ours)):
            say(f"    changed on purpose: {test}: {ours[test]}")
        new -= set(ours)
        new = failing(env, name, env.databases.full, new)
        new -= failing(env, name, env.databases.base, new)
    for test in sorted(new):
        say(f"    fails with our add-ons only: {test}")
    mended = sorted(known - set(result["failed"]))
    if mended:
        say(f"    fails in the baseline only: {', '.join(mended)}")
    say(
        f"  {name}: {result['tests']} tests, {len(result['failed'])} failed, "
        f"{len(new)} of them because of us"
    )
    return 1 if new else 0


def failing(env, name, template, tests):
    """Return those of `tests` that fail on a copy of this template, alone."""
    if not tests:
        return set()
    say(f"    not in the baseline, once more: {', '.join(sorted(tests))}")
    return tests & set(run_part(env, name, template(), only=tests)["failed"])


def record(env, name):
    """Write the baseline of a part: plain Odoo on the same set-up."""
    result = run_part(env, name, env.databases.base())
    BASELINES.mkdir(parents=True, exist_ok=True)
    baseline_file(name).write_text(json.dumps(result, indent=2) + "\n")
    say(f"  {name}: {result['tests']} tests, {len(result['failed'])} failed: recorded")
    return 0


def read_baseline(name):
    path = baseline_file(name)
    if not path.exists():
        say(f"    no baseline recorded for {name}: every failure runs on plain Odoo")
        return {"tests": 0, "failed": []}
    return json.loads(path.read_text())


def baseline_file(name):
    return BASELINES / f"{name}.json"


def run_part(env, name, template, only=()):
    """Return how many tests ran and which failed; `only` names them `Class.test`."""
    part = PARTS[name]
    wanted = " or ".join(f"({test.replace('.', ' and ')})" for test in only)
    logs = config.BUILD / "logs"
    logs.mkdir(parents=True, exist_ok=True)
    stem = f"core-{name}-again" if only else f"core-{name}"
    report, log = logs / f"{stem}.xml", logs / f"{stem}.log"
    report.unlink(missing_ok=True)
    log.unlink(missing_ok=True)
    database = f"member_core_{os.getpid()}"
    env.databases.copy(template, database)
    try:
        with step(f"Odoo's own tests: {name} (the log is {log})"):
            watch(
                [env.python, "-m", "pytest", "-q", "--tb=no", "-p", "odoo",
                 "-p", "tests.support.odoo_bundles", f"--junitxml={report}",
                 "--odoo-http", f"--odoo-config={env.rc}",
                 f"--odoo-database={database}", "--odoo-log-level=warn",
                 f"--odoo-extra=logfile={log}", f"--rootdir={config.ROOT}",
                 "-c", config.ROOT / "pytest.ini",
                 *(["-k", narrowed] if (narrowed := wanted or part.only) else []),
                 tests_of(env, part)],
                env=env.server.env,
                cwd=config.ROOT,
            )  # fmt: skip
    finally:
        env.databases.drop(database)
    return read_report(report)


def tests_of(env, part):
    for addons in env.odoo.addons:
        if (addons / part.module / "tests").is_dir():
            return addons / part.module / "tests"
    raise Failure(f"this Odoo has no tests of {part.module}")


def read_report(path):
    """Return the tests and the failed ones of a JUnit report."""
    if not path.exists():
        raise Failure(f"the run ended before it wrote {path.name}")
    ran, failed = set(), set()
    for case in ET.parse(path).iter("testcase"):
        test = f"{case.get('classname').rsplit('.', 1)[-1]}.{case.get('name')}"
        ran.add(test)
        if case.find("failure") is not None or case.find("error") is not None:
            failed.add(test)
    if not ran:
        raise Failure(f"no test ran (see {path})")
    return {"tests": len(ran), "failed": sorted(failed)}
