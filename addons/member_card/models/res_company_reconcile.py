from datetime import datetime, time

import pytz

from odoo import api, fields, models
from odoo.tools import SQL

from .. import ledger

EXCEPTIONS_SHOWN = 500
"""How many exceptions of a kind a comparison lists; `count` always says how many."""


class ResCompany(models.Model):
    """Comparing the wallets with the books.

    For every member and any date: what the ledger says = what the deposits account says
    + what sessions that are not closed yet will book + what drafts will book.
    """

    _inherit = "res.company"

    def _member_reconcile(self, date=None):
        """Compare principal and deposits at the end of a day, member by member.

        Reads only. Amounts are the members' claims: positive is what the company owes.

        :param date: today by default. The day is the one of the company's time zone.
        :return: dict with `date`, `company`, `currency`, `totals`, `members` (who have
            any figure: `{partner_id, ledger, books, open, draft, difference}`) and
            `exceptions` (`[{kind, count, amount, records}]`, those that occur).
        """
        self.ensure_one()
        root = self._member_root()
        date = fields.Date.to_date(date) or root._member_today()
        members = root._member_reconcile_members(date)
        return {
            "date": date,
            "company": root,
            "currency": root.currency_id,
            "totals": root._member_sum(members),
            "members": members,
            "exceptions": root._member_exceptions(date),
        }

    def _member_reconcile_totals(self, date):
        """Return the totals of `_member_reconcile` alone."""
        root = self._member_root()
        return root._member_sum(root._member_reconcile_members(date))

    def _member_sum(self, members):
        return {
            source: self.currency_id.round(sum(member[source] for member in members))
            for source in ("ledger", "books", "open", "draft", "difference")
        }

    def _member_reconcile_members(self, date):
        """Return the figures of each member who has any, at the end of a day."""
        self.env.flush_all()
        figures = {}
        for source, rows in (
            ("ledger", self._member_ledger_by_partner(date)),
            ("books", self._member_books_by_partner(date, "posted")),
            ("draft", self._member_books_by_partner(date, "draft")),
            ("open", self._member_open_by_partner(date)),
        ):
            for partner_id, amount in rows:
                own = figures.setdefault(
                    partner_id, dict.fromkeys(("ledger", "books", "open", "draft"), 0.0)
                )
                own[source] += float(amount)
        currency = self.currency_id
        members = []
        for partner_id, own in sorted(figures.items(), key=lambda item: item[0] or 0):
            rounded = {source: currency.round(amount) for source, amount in own.items()}
            rounded["difference"] = currency.round(
                own["ledger"] - own["books"] - own["open"] - own["draft"]
            )
            if any(rounded.values()):
                members.append({"partner_id": partner_id or False, **rounded})
        return members

    def _member_relink(self):
        """Link what a crash right after booking left without its journal item.

        :return: how many links were made.
        """
        self.ensure_one()
        root = self._member_root()
        asset = root._member_asset("principal")
        entries = self.env["member.entry"].browse(
            root._member_unlinked(asset, fields.Datetime.now())
        )
        documents = {
            model: self.env[model].browse(
                {entry.res_id for entry in entries if entry.res_model == model}
            )
            for model in ("pos.order", "account.payment")
        }
        pairs = documents["pos.order"].exists().session_id._member_pairs()
        for payment in documents["account.payment"].exists():
            pairs += payment._member_pairs()
        return ledger.link(self.env, pairs)

    # === FIGURES === #

    def _member_day_end(self, date):
        """Return the last moment of a day of the company, in naive UTC."""
        zone = pytz.timezone(self.partner_id.tz or "UTC")
        return (
            zone.localize(datetime.combine(date, time.max))
            .astimezone(pytz.utc)
            .replace(tzinfo=None)
        )

    def _member_ledger_by_partner(self, date):
        return self.env.execute_query(
            SQL(
                """SELECT b.partner_id, sum(e.amount)
                     FROM member_entry e JOIN member_balance b ON b.id = e.balance_id
                    WHERE b.asset_id = %s AND e.date <= %s
                 GROUP BY b.partner_id""",
                self._member_asset("principal").id,
                self._member_day_end(date),
            )
        )

    def _member_books_by_partner(self, date, state):
        return self.env.execute_query(
            SQL(
                """SELECT l.partner_id, -sum(l.balance)
                     FROM account_move_line l
                    WHERE l.account_id = %s AND l.company_id = ANY(%s)
                      AND l.parent_state = %s AND l.date <= %s
                 GROUP BY l.partner_id""",
                self.member_deposit_account_id.id,
                self._member_companies().ids,
                state,
                date,
            )
        )

    def _member_open_by_partner(self, date):
        """Sum what orders moved whose session has no closing entry at that date."""
        return self.env.execute_query(
            SQL(
                """SELECT b.partner_id, sum(e.amount)
                     FROM member_entry e
                     JOIN member_balance b ON b.id = e.balance_id
                     JOIN pos_order o ON e.res_model = 'pos.order' AND o.id = e.res_id
                     JOIN pos_session s ON s.id = o.session_id
                LEFT JOIN account_move m ON m.id = s.move_id
                    WHERE b.asset_id = %s AND e.date <= %s
                      AND (s.state <> 'closed' OR m.date > %s)
                 GROUP BY b.partner_id""",
                self._member_asset("principal").id,
                self._member_day_end(date),
                date,
            )
        )

    def _member_companies(self):
        """Return this legal entity: the root and its branches, archived ones too."""
        return (
            self.env["res.company"]
            .with_context(active_test=False)
            .search([("id", "child_of", self._member_root().id)])
        )

    # === EXCEPTIONS === #

    @api.model
    def _member_exception_kinds(self):
        """Return what can be wrong: kind → (label, what to do)."""
        return {
            "unlinked_entry": (
                self.env._("Entries without a journal item"),
                self.env._(
                    "The wallet changed and no journal entry says why. Entries of open "
                    "sessions are not listed."
                ),
            ),
            "manual_item": (
                self.env._("Journal items without an entry"),
                self.env._(
                    "Somebody booked on the deposits account by hand. Reverse the "
                    "journal entry, or adjust the member's wallet."
                ),
            ),
            "no_partner": (
                self.env._("Journal items without a member"),
                self.env._("A deposit belongs to somebody: name the member."),
            ),
            "owed": (
                self.env._("Members who owe"),
                self.env._(
                    "More was taken back than was left; next credits settle it."
                ),
            ),
            "pending_posting": (
                self.env._("Postings not applied yet"),
                self.env._("The recovery job applies them within minutes."),
            ),
            "failed_posting": (
                self.env._("Postings that failed"),
                self.env._("Look at the reason, then have them applied again."),
            ),
            "open_exception": (
                self.env._("Wallet exceptions to settle"),
                self.env._("Settle them with the member."),
            ),
        }

    def _member_exceptions(self, date):
        """List what needs a human, each kind with its records and their sum."""
        asset = self._member_asset("principal")
        end = self._member_day_end(date)
        domains = {
            "owed": (
                "member.balance",
                [("company_id", "=", self.id), ("owed", "!=", 0)],
                "owed",
            ),
            "pending_posting": (
                "member.posting",
                [("asset_id.company_id", "=", self.id), ("state", "=", "pending")],
                "amount",
            ),
            "failed_posting": (
                "member.posting",
                [("asset_id.company_id", "=", self.id), ("state", "=", "failed")],
                "amount",
            ),
            "open_exception": (
                "member.exception",
                [("company_id", "child_of", self.id), ("state", "=", "open")],
                "amount",
            ),
            "no_partner": (
                "account.move.line",
                [
                    ("account_id", "=", self.member_deposit_account_id.id),
                    ("partner_id", "=", False),
                    ("parent_state", "=", "posted"),
                    ("date", "<=", date),
                ],
                "balance",
            ),
        }
        found = []
        for kind, records, field in (
            (
                "unlinked_entry",
                self.env["member.entry"].browse(self._member_unlinked(asset, end)),
                "amount",
            ),
            (
                "manual_item",
                self.env["account.move.line"].browse(self._member_manual_items(date)),
                "balance",
            ),
            *(
                (kind, self.env[model].search(domain), field)
                for kind, (model, domain, field) in domains.items()
            ),
        ):
            if records:
                found.append(
                    {
                        "kind": kind,
                        "count": len(records),
                        "amount": self.currency_id.round(sum(records.mapped(field))),
                        "records": records[:EXCEPTIONS_SHOWN],
                    }
                )
        return found

    def _member_unlinked(self, asset, end, partner=None):
        """Return ids of entries that neither a journal item nor an open session backs.

        Of one member or of all. Transfers between members are left out: they change no
        total.
        """
        return [
            entry_id
            for (entry_id,) in self.env.execute_query(
                SQL(
                    """SELECT e.id
                         FROM member_entry e
                         JOIN member_balance b ON b.id = e.balance_id
                    LEFT JOIN pos_order o
                           ON e.res_model = 'pos.order' AND o.id = e.res_id
                    LEFT JOIN pos_session s ON s.id = o.session_id
                        WHERE b.asset_id = %s AND e.date <= %s AND e.amount <> 0 %s
                          AND e.kind NOT IN ('transfer_in', 'transfer_out')
                          AND coalesce(s.state, 'closed') = 'closed'
                          AND NOT EXISTS (SELECT 1 FROM member_entry_link k
                                           WHERE k.entry_id = e.id)
                     ORDER BY e.id""",
                    asset.id,
                    end,
                    SQL("AND b.partner_id = %s", partner.id) if partner else SQL(),
                )
            )
        ]

    def _member_manual_items(self, date, partner=None):
        """Return ids of posted items of the deposits account that book no entry.

        Of one member or of all.
        """
        return [
            line_id
            for (line_id,) in self.env.execute_query(
                SQL(
                    """SELECT l.id
                         FROM account_move_line l
                        WHERE l.account_id = %s AND l.company_id = ANY(%s)
                          AND l.parent_state = 'posted' AND l.date <= %s
                          AND l.balance <> 0 %s
                          AND NOT EXISTS (SELECT 1 FROM member_entry_link k
                                           WHERE k.move_line_id = l.id)
                     ORDER BY l.id""",
                    self.member_deposit_account_id.id,
                    self._member_companies().ids,
                    date,
                    SQL("AND l.partner_id = %s", partner.id) if partner else SQL(),
                )
            )
        ]
