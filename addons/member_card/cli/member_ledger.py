"""`odoo member_ledger`: check and mend the member ledger from the command line."""

import sys

from odoo import SUPERUSER_ID
from odoo.api import Environment
from odoo.cli.command import Command
from odoo.modules.registry import Registry
from odoo.tools import config

# Odoo loads this file as `odoo.cli.member_ledger`: there is no package around it
# pylint: disable=odoo-addons-relative-import


class MemberLedger(Command):
    """Check the member ledger, export its heads, or apply what a crash left behind."""

    name = "member_ledger"
    epilog = """
        verify   check every entry, balance, lot and hold, and the exported heads;
                 the exit code is 1 when anything does not add up
        heads    write the newest entry of each balance to a file outside the database
        recover  apply pending postings, expire what is due
    """

    def run(self, args):
        self.parser.add_argument("-c", "--config", help="Odoo's configuration file")
        self.parser.add_argument("-d", "--database", required=True)
        self.parser.add_argument("action", choices=["verify", "heads", "recover"])
        options = self.parser.parse_args(args)
        config.parse_config(
            [
                "--no-http",
                *(["-c", options.config] if options.config else []),
                *("-d", options.database),
            ],
            setup_logging=True,
        )
        registry = Registry(options.database)
        if "member.entry" not in registry:
            sys.exit(f"{options.database}: the add-on member_card is not installed")
        with registry.cursor() as cr:
            env = Environment(cr, SUPERUSER_ID, {})
            sys.exit(getattr(self, options.action)(env))

    def verify(self, env):
        """Print what does not add up; return the exit code."""
        from odoo.addons.member_card import ledger

        problems = ledger.verify(env)
        for problem in problems:
            self._print(
                f"balance {problem.balance_id} entry {problem.seq}: "
                f"{problem.code}: {problem.message}"
            )
        balances, entries = env["member.ledger.check"]._count()
        self._print(f"{balances} balances, {entries} entries, {len(problems)} problems")
        return 1 if problems else 0

    def heads(self, env):
        """Print where the heads were written."""
        from odoo.addons.member_card import ledger

        self._print(str(ledger.export_heads(env)))
        return 0

    def recover(self, env):
        """Print how many postings were applied and how much expired."""
        from odoo.addons.member_card import ledger

        self._print(f"{ledger.recover(env)} applied, {ledger.expire(env)} expired")
        return 0

    def _print(self, line):
        sys.stdout.write(line + "\n")
