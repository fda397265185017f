"""Odoo's own tests with our add-ons installed, compared with plain Odoo.

On a database where everything is installed, plain Odoo has failures of its own. So
what counts is not zero but the baseline, recorded on the level-1 template (no add-on
of ours) by `BASELINE=1 make test-long PART=…` and committed: a test that fails with
our add-ons and not without them is a defect of ours.
"""

import json
import os
import re
import subprocess

from tools import config, environment, ports
from tools.console import Failure, say, step

BASELINES = config.ROOT / "tests" / "long" / "baselines"

#: Part → what `--test-tags` gets. The tills' tours are most of the time: on two cores
#: about an hour, so they are parts of their own.
PARTS = {
    "pos": "/point_of_sale,-/point_of_sale:TestUi,-/point_of_sale:TestMobileUi",
    "pos-tours": "/point_of_sale:TestUi",
    "pos-loyalty": "/pos_loyalty,-/pos_loyalty:TestUi",
    "pos-loyalty-tours": "/pos_loyalty:TestUi",
    "event-sale": "/event_sale",
    "website-event-sale": "/website_event_sale",
    "pos-event": "/pos_event",
}

#: Seconds after which a part has hung.
LIMIT = 2 * 3600

FAILED = re.compile(
    r" (?:ERROR|FAIL)[A-Z]* \S+ odoo\.addons\.\S+: "
    r"(?:ERROR|FAIL): (?:Subtest )?(?P<test>\w+\.\w+)"
)
TOTAL = re.compile(r"(\d+) failed, (\d+) error\(s\) of (\d+) tests")


def compare(part):
    """Run one part; return 1 when a test fails that plain Odoo passes."""
    with environment.prepared("test") as env:
        if os.environ.get("BASELINE") == "1":
            return record(env, part)
        baseline = read_baseline(part)
        result = run_part(env, part, env.databases.full())
    new = sorted(set(result["failed"]) - set(baseline["failed"]))
    for test in new:
        say(f"    fails with our add-ons only: {test}")
    mended = sorted(set(baseline["failed"]) - set(result["failed"]))
    if mended:
        say(f"    fails in the baseline only: {', '.join(mended)}")
    say(
        f"  {part}: {result['tests']} tests, {len(result['failed'])} failed, "
        f"{len(new)} of them because of us"
    )
    return 1 if new else 0


def record(env, part):
    """Write the baseline of a part: plain Odoo on the same set-up."""
    result = run_part(env, part, env.databases.base())
    BASELINES.mkdir(parents=True, exist_ok=True)
    baseline_file(part).write_text(json.dumps(result, indent=2) + "\n")
    say(f"  {part}: {result['tests']} tests, {len(result['failed'])} failed: recorded")
    return 0


def read_baseline(part):
    path = baseline_file(part)
    if not path.exists():
        raise Failure(
            f"no baseline for {part} yet; record it: "
            f"BASELINE=1 make test-long PART={part}"
        )
    return json.loads(path.read_text())


def baseline_file(part):
    return BASELINES / f"{part}.json"


def run_part(env, part, template):
    """Return how many tests ran and which failed, from Odoo's own log."""
    log = config.BUILD / "logs" / f"core-{part}.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    log.unlink(missing_ok=True)
    name = f"member_core_{os.getpid()}"
    env.databases.drop(name)
    env.databases.copy(template, name)
    try:
        with step(f"Odoo's own tests: {part} (the log is {log})"):
            # Post-install tests run at the end of any load; -u of nothing reloads.
            subprocess.run(
                [env.odoo_bin, "-c", env.rc, "-d", name, "--stop-after-init",
                 f"--test-tags={PARTS[part]}", f"--logfile={log}",
                 f"--http-port={ports.free_port()}"],
                env={**os.environ, **env.server.env},
                timeout=LIMIT,
                check=False,
            )  # fmt: skip
    except subprocess.TimeoutExpired as error:
        raise Failure(f"{part} hung for {LIMIT} s; see {log}") from error
    finally:
        env.databases.drop(name)
    return parse(log.read_text(errors="replace"), log)


def parse(text, log):
    totals = TOTAL.findall(text)
    if not totals or not int(totals[-1][2]):
        raise Failure(f"no test ran; see {log}")
    return {
        "tests": int(totals[-1][2]),
        "failed": sorted({match["test"] for match in FAILED.finditer(text)}),
    }
