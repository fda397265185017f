"""Run the whole suite: its parts (tools/parts.py) side by side in lanes.

pytest-xdist was no help here: it would copy the add-ons' database by itself, lose the
log rule's verdict in its workers, and build a folder's shop again in each of them.

While parts run, a line tells how each one ended. Then what they printed is shown whole,
that of failed parts last, so that the last line is pytest's.
"""

import itertools
import os
import re
import sys
import time
from functools import partial

from tools import agent, config, parts, pytest_command
from tools.console import Failure, say, step
from tools.lanes import Lanes, default_count
from tools.pytest_command import NOTHING_RAN

SUMMARY = re.compile(r"^=* ?(\S.* in [\d.]+s)\b.*$", re.MULTILINE)

MAKE_BUNDLES = f"""\
import sys
sys.path.insert(0, {str(config.ROOT)!r})
from tools.bundles import make_bundles
make_bundles(env)
env.cr.commit()
"""


def run_all(env, marks, arguments, may_be_empty):
    """Run every part and print what they said; return 1 when the run failed.

    It failed when a part did, or ran none of its tests. With arguments for pytest a
    part may run none, but some part must; with `may_be_empty` none need.
    """
    lanes = Lanes(count_from_environment())
    wanted = parts.all_parts()
    with env.databases.temporary("member_test") as template:
        with step("making the browser's bundles, once for all parts"):
            env.databases.shell(template, MAKE_BUNDLES)
        run = Run(env, template, marks, arguments)
        say(f"- {len(wanted)} parts, {lanes.count} at a time")
        try:
            lanes.run([partial(run.part, part) for part in wanted], run.tell)
        finally:
            env.databases.drop_beside(template)
    if not arguments and not may_be_empty:
        parts.remember_seconds(run.seconds)
    failures = find_failures(run.codes, bool(arguments), may_be_empty)
    for part, reason in failures.items():
        say(f"- {part.name} failed: {reason}")
    run.print_outputs(last=failures)
    return 1 if failures else 0


def find_failures(codes, may_part_be_empty, may_be_empty):
    """Return why parts failed, `{part: reason}`, from their exit codes."""
    empty = [part for part, code in codes.items() if code == NOTHING_RAN]
    failures = {
        part: f"exit code {code}"
        for part, code in codes.items()
        if code not in (0, NOTHING_RAN)
    }
    if not may_be_empty and (not may_part_be_empty or len(empty) == len(codes)):
        failures |= dict.fromkeys(empty, "it has test files, and none ran")
    return failures


def count_from_environment():
    value = os.environ.get("LANES") or str(default_count())
    if not value.isdigit() or int(value) < 1:
        raise Failure(f"LANES={value} is not a number of lanes")
    return int(value)


class Run:
    """One run of the parts: what each printed, and how it ended."""

    def __init__(self, env, template, marks, arguments):
        self.env, self.template = env, template
        self.marks, self.arguments = marks, arguments
        self.outputs, self.codes, self.seconds = {}, {}, {}
        self.numbers = itertools.count(1)

    def part(self, part, lanes):
        """Run a part and return it; each lane is a thread."""
        start = time.monotonic()
        self.outputs[part] = pytest_command.log_file(f"part-{part.slug}")
        run = {
            parts.ADDON: self.addon_part,
            parts.AGENT: self.agent_part,
            parts.SPANNING: self.spanning_part,
        }[part.kind]
        self.codes[part] = run(part, lanes)
        self.seconds[part.name] = round(time.monotonic() - start)
        return part

    def addon_part(self, part, lanes):
        name = f"member_test_{os.getpid()}_{next(self.numbers)}"
        with self.env.databases.copied(self.template, name):
            command = pytest_command.inside_odoo(
                self.env, name, part.slug, part.targets, self.marks, self.arguments
            )
            return self.watch(part, lanes, command, self.env.server.env)

    def agent_part(self, part, lanes):
        command = pytest_command.of_the_agent(part.targets, self.marks, self.arguments)
        return self.watch(part, lanes, command, agent.test_variables())

    def spanning_part(self, part, lanes):
        variables = {
            **self.env.variables,
            "TEMPLATE_DB": self.template,
            "SHARED_DB": self.template,
        }
        command = pytest_command.spanning(
            self.env, part.targets, self.marks, self.arguments
        )
        return self.watch(part, lanes, command, variables)

    def watch(self, part, lanes, command, variables):
        return lanes.watch(
            command, env=variables, cwd=config.ROOT, output=self.outputs[part]
        )

    def tell(self, part):
        say(f"- {part.name}: {summary(self.outputs[part])}")

    def print_outputs(self, last):
        """Print what the parts printed, that of those in `last` in the end."""
        for part in sorted(self.outputs, key=lambda part: part in last):
            print(f"\n{part.name}\n", flush=True)
            with self.outputs[part].open("rb") as handle:
                sys.stdout.buffer.write(handle.read())
            sys.stdout.flush()


def summary(output):
    """Return what pytest says at the end, without its frame."""
    found = SUMMARY.findall(output.read_text(errors="replace"))
    return found[-1] if found else f"no summary, see {output}"
