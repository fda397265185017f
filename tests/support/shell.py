"""Run Python inside Odoo, in a process of its own, to set data up or look at it."""

import json
import subprocess
import textwrap

from tests.support.settings import setting

#: Separates what the script returns from whatever else is printed.
MARK = "---answer---"

#: The script sees `env` and the keyword arguments, and answers in `result`.
WRAPPER = """\
import json as _json
result = None
globals().update(_json.loads({arguments!r}))
{script}
env.cr.commit()
print({mark!r} + _json.dumps(result, default=str))
"""


class ShellError(AssertionError):
    """The script raised; the message is what Odoo printed."""


def run_in_odoo(database, script, **arguments):
    """Run `script` in an Odoo shell, commit, and return its `result`.

    `script` is Python source that finds `env` (superuser) and the JSON-able
    `arguments` as names. Post-commit hooks run as in a server.
    """
    source = WRAPPER.format(
        arguments=json.dumps(arguments), script=textwrap.dedent(script), mark=MARK
    )
    process = subprocess.run(
        [setting("ODOO_BIN"), "shell", "-c", setting("ODOO_RC"), "-d", database,
         "--no-http", "--log-level=warn", "--shell-interface=python"],
        input=source,
        capture_output=True,
        text=True,
        check=False,
    )  # fmt: skip
    answers = [line for line in process.stdout.splitlines() if line.startswith(MARK)]
    if process.returncode or not answers:
        raise ShellError(process.stderr[-4000:] or process.stdout[-4000:])
    return json.loads(answers[-1].removeprefix(MARK))
