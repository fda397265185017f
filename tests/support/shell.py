"""Run Python inside Odoo, in a process beside the servers, to set data up or to look.

A database keeps its process until it is copied or dropped (tests/support/database.py):
to start Odoo takes seconds, and a test may ask often.
"""

import contextlib
import json
import os
import subprocess
import textwrap

from tests.support.settings import setting

#: Takes jobs, one JSON line each, and answers each with one line: a transaction of its
#: own, which sees what servers have changed meanwhile, of the data and of the registry.
LOOP = """\
import json, os, traceback
from odoo import SUPERUSER_ID, api
from odoo.modules.registry import Registry

env.cr.rollback()
database = env.cr.dbname
jobs, answers = os.fdopen({jobs}), os.fdopen({answers}, "w")
for line in jobs:
    job = json.loads(line)
    answer = {{}}
    try:
        registry = Registry(database).check_signaling()
        with registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {{}})
            names = dict(job["arguments"], result=None)
            names["env"] = env(context=env["res.users"].context_get())
            exec(job["script"], names)
            cr.commit()
        registry.signal_changes()
        answer["result"] = names["result"]
        text = json.dumps(answer, default=str)
    except Exception:
        registry.reset_changes()
        text = json.dumps({{"error": traceback.format_exc()}})
    print(text, file=answers, flush=True)
"""


class ShellError(AssertionError):
    """The script raised; the message is what Odoo printed."""


class Shell:
    """One Odoo shell on a database that does jobs until it is closed."""

    def __init__(self, database):
        read_jobs, write_jobs = os.pipe()
        read_answers, write_answers = os.pipe()
        self.process = subprocess.Popen(
            [setting("ODOO_BIN"), "shell", "-c", setting("ODOO_RC"), "-d", database,
             "--no-http", "--log-level=warn", "--shell-interface=python"],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            pass_fds=(read_jobs, write_answers),
            text=True,
        )  # fmt: skip
        os.close(read_jobs)
        os.close(write_answers)
        self.jobs = os.fdopen(write_jobs, "w")
        self.answers = os.fdopen(read_answers)
        self.process.stdin.write(LOOP.format(jobs=read_jobs, answers=write_answers))
        self.process.stdin.close()

    def run(self, script, arguments):
        job = json.dumps({"script": textwrap.dedent(script), "arguments": arguments})
        print(job, file=self.jobs, flush=True)
        line = self.answers.readline()
        if not line:
            raise ShellError(f"the shell ended with {self.process.wait()}")
        answer = json.loads(line)
        if "error" in answer:
            raise ShellError(answer["error"])
        return answer["result"]

    def close(self):
        for end in (self.jobs, self.answers):
            with contextlib.suppress(BrokenPipeError):
                end.close()
        self.process.wait()


_shells = {}


def run_in_odoo(database, script, **arguments):
    """Run `script` in an Odoo shell, commit, and return its `result`.

    `script` is Python source that finds `env` (superuser) and the JSON-able
    `arguments` as names. Post-commit hooks run as in a server.
    """
    if database not in _shells:
        _shells[database] = Shell(database)
    try:
        return _shells[database].run(script, arguments)
    except (BrokenPipeError, ShellError):
        close_shell(database)
        raise


def close_shell(database):
    """End the shell of a database, so that it can be copied or dropped."""
    if shell := _shells.pop(database, None):
        shell.close()
