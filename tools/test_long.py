"""`make test-long`: the long tests, then Odoo's own suites against the baseline.

`PART=` runs one part: `ours`, or a part of tools/core_suites.py.
"""

import os

from tools import core_suites
from tools.console import Failure, main, say
from tools.test import options_from_environment, run_tests

OURS = "ours"


def test_long():
    part = os.environ.get("PART")
    known = [OURS, *core_suites.PARTS]
    if part and part not in known:
        raise Failure(f"PART={part}: choose one of {', '.join(known)}")
    failed = []
    for name in [part] if part else known:
        say(f"- part {name}")
        if name == OURS:
            code = run_tests(
                marks="long", may_be_empty=True, **options_from_environment()
            )
        else:
            code = core_suites.compare(name)
        if code:
            failed.append(name)
    say(f"failed parts: {', '.join(failed)}" if failed else "every part is green")
    return 1 if failed else 0


if __name__ == "__main__":
    main(test_long)
