"""Which log lines a test run may produce: the rule, and the scan of a log file.

A warning or an error that nobody asked for is a defect that waits. So every line
from WARNING up is unexpected unless EXPECTED names it with its reason.
"""

import re
from dataclasses import dataclass

#: (logger, message, reason) of lines that are not ours to mend.
EXPECTED = (
    ("odoo", r"Running as user 'root'", "a container's or CI's user is root"),
    (
        r"odoo\.addons\.base\.models\.ir_actions_report",
        r"wkhtmltopdf",
        "Debian's wkhtmltopdf has an unpatched Qt; reports keep to the body",
    ),
    (
        r"odoo\.addons\.base\.models\.res_currency",
        r"The rounding of the currency",
        "core's own test data",
    ),
    (
        r"odoo\.sql_db",
        r'(?s)bad query: .{0,20}"(discuss|bus|mail|res_device).*not serialize',
        "two requests of core's own pages at once; core replays them",
    ),
    ("py.warnings", r"PyPDF2|pkg_resources", "libraries at the versions Odoo pins"),
    (
        r"odoo\.http",
        r"SessionExpiredException|Session expired",
        "a client of a finished test lets go late",
    ),
)

LINE = re.compile(
    r"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3} \d+ "
    r"(?P<level>[A-Z]+) (?P<database>\S+) (?P<logger>[^\s:]+): (?P<message>.*)$"
)

LEVELS = ("WARNING", "ERROR", "CRITICAL")


@dataclass(frozen=True)
class LogLine:
    """One record of an Odoo log, with the lines that continue it."""

    level: str
    logger: str
    message: str

    @property
    def is_unexpected(self):
        return self.level in LEVELS and not any(
            re.match(logger, self.logger) and re.search(message, self.message)
            for logger, message, _reason in EXPECTED
        )

    def __str__(self):
        return f"{self.level} {self.logger}: {self.message}"


def records(text):
    """Yield the records of a log's text as LogLine."""
    current = None
    for line in text.splitlines():
        if match := LINE.match(line):
            if current:
                yield LogLine(**current)
            current = match.groupdict()
            del current["database"]
        elif current:
            current["message"] += f"\n{line}"
    if current:
        yield LogLine(**current)


def unexpected_lines(path, allowed=(), start=0):
    """Return the unexpected records of a log file, from the byte `start` on.

    `allowed` are regular expressions for lines that this one test provokes.
    """
    with open(path, encoding="utf-8", errors="replace") as handle:
        handle.seek(start)
        return [
            line
            for line in records(handle.read())
            if line.is_unexpected
            and not any(re.search(pattern, str(line)) for pattern in allowed)
        ]
