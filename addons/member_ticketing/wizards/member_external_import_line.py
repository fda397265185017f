from odoo import api, fields, models
from odoo.exceptions import UserError

from ..external_file import as_amount, as_count, as_date, as_text
from ..models.member_external_purchase import MAX_SEATS

GOOD, BAD = "good", "bad"


class BadRow(UserError):
    """A row of the table cannot be imported; its words say why."""


class MemberExternalImportLine(models.TransientModel):
    """One row of a table: what it says, and what is wrong with it."""

    _name = "member.external.import.line"
    _description = "Row of an Import"
    _order = "row"

    import_id = fields.Many2one(
        "member.external.import", required=True, ondelete="cascade"
    )
    row = fields.Integer()
    state = fields.Selection([(GOOD, "Good"), (BAD, "Left out")])
    problem = fields.Char("What Is Wrong")
    text = fields.Char("As It Stands")
    partner_id = fields.Many2one("res.partner", "Member")
    seller = fields.Char()
    reference = fields.Char("Seller's Number")
    date = fields.Date("Bought On")
    performance = fields.Char()
    seats = fields.Integer()
    amount = fields.Float("Paid", digits=(16, 2))
    store_id = fields.Many2one("member.store")
    note = fields.Char()

    @api.model
    def _label(self, name):
        """Return the title of a column in the user's language."""
        field = {"member": "partner_id", "store": "store_id"}.get(name, name)
        return self._fields[field]._description_string(self.env)

    def _purchase_vals(self):
        """Return the purchase that this row is."""
        self.ensure_one()
        company = self.import_id.company_id
        sellers = self.env["member.external.seller"]
        event = self.env["event.event"].search(
            [
                ("name", "=", self.performance),
                ("company_id", "in", (False, company.id)),
            ],
            limit=2,
        )
        return {
            "partner_id": self.partner_id.id,
            "company_id": company.id,
            "store_id": self.store_id.id,
            "seller_id": sellers._find_or_create(self.seller, company).id,
            "reference": self.reference,
            "date": self.date,
            "event_id": event.id if len(event) == 1 else False,
            "performance": self.performance,
            "seats": self.seats,
            "amount": self.amount,
            "note": self.note,
        }

    # === CHECKING === #

    @api.model
    def _check_rows(self, rows, job):
        """Return values of lines, one for each row, good or with what is wrong."""
        known = self._known_references(rows, job.company_id)
        result = []
        for row in rows:
            vals = {
                "row": row["row"],
                "state": GOOD,
                "text": " · ".join(
                    filter(None, (as_text(row[name]) for name in row if name != "row"))
                ),
            }
            try:
                found = self._check_row(row, job)
                key = (found["seller"].casefold(), found["reference"].casefold())
                if key in known:
                    raise BadRow(self._say_known(known[key]))
                known[key] = row["row"]
                vals |= found
            except UserError as error:
                vals |= {"state": BAD, "problem": str(error)}
            result.append(vals)
        return result

    @api.model
    def _say_known(self, row):
        if row:
            return self.env._("The same purchase stands in row %s.", row)
        return self.env._("This purchase was entered before.")

    @api.model
    def _known_references(self, rows, company):
        """Return the purchases there are already: {(seller, number): 0}, casefolded."""
        numbers = [as_text(row["reference"]).lower() for row in rows]
        self.env["member.external.purchase"].flush_model()
        self.env.cr.execute(
            """SELECT s.name, p.reference FROM member_external_purchase p
                 JOIN member_external_seller s ON s.id = p.seller_id
                WHERE p.company_id = %s AND p.state <> 'cancelled'
                  AND lower(p.reference) = ANY(%s)""",
            [company.id, numbers],
        )
        return {
            (seller.casefold(), number.casefold()): 0
            for seller, number in self.env.cr.fetchall()
        }

    @api.model
    def _check_row(self, row, job):
        """Return what the row says.

        :raise UserError: what is wrong with it, the first thing that is.
        """
        member = self._check_member(as_text(row["member"]), job.company_id)
        texts = {
            name: as_text(row[name]) for name in ("seller", "reference", "performance")
        }
        for name, text in texts.items():
            if not text:
                raise BadRow(
                    self.env._("%(column)s is empty.", column=self._label(name))
                )
        day = as_date(row["date"])
        if not day:
            raise BadRow(
                self.env._(
                    "“%(text)s” is no date. Write it as 2026-05-31.",
                    text=as_text(row["date"]),
                )
            )
        purchases = self.env["member.external.purchase"]
        if purchases._is_to_come(day, job.company_id):
            raise BadRow(self.env._("The day of the purchase lies in the future."))
        seats = as_count(row["seats"])
        if seats is None or not 1 <= seats <= MAX_SEATS:
            raise BadRow(
                self.env._("Seats: a whole number from 1 to %(most)s.", most=MAX_SEATS)
            )
        amount = as_amount(row["amount"])
        currency = job.company_id.currency_id
        if amount is None or amount < 0:
            raise BadRow(
                self.env._("“%(text)s” is no amount.", text=as_text(row["amount"]))
            )
        if amount != round(amount, currency.decimal_places):
            raise BadRow(self.env._("The amount is finer than the currency's cents."))
        self.env.user._member_check_own(member)
        return {
            **texts,
            "partner_id": member.id,
            "date": day,
            "seats": seats,
            "amount": float(amount),
            "store_id": self._check_store(as_text(row.get("store")), job),
            "note": as_text(row.get("note")),
        }

    @api.model
    def _check_member(self, text, company):
        if not text:
            raise BadRow(
                self.env._("%(column)s is empty.", column=self._label("member"))
            )
        found = self.env["res.partner"]._member_lookup(text, company)
        # sudo: whoever enters purchases may tell members by their names
        members = {member.sudo(): how for member, how, _card in found}
        exact = [
            member
            for member, how in members.items()
            if how != "name" or member.name.casefold() == text.casefold()
        ]
        if len(exact) > 1:
            raise BadRow(
                self.env._(
                    "Several members are found for “%(text)s”. Write the member "
                    "number.",
                    text=text,
                )
            )
        if not exact:
            raise BadRow(self.env._("No member is found for “%(text)s”.", text=text))
        return exact[0]

    @api.model
    def _check_store(self, text, job):
        if not text:
            return job.store_id.id
        store = self.env["member.store"].search(
            [
                "|",
                ("code", "=ilike", text),
                ("name", "=ilike", text),
                ("company_id", "child_of", job.company_id.id),
            ],
            limit=2,
        )
        if len(store) != 1:
            raise BadRow(self.env._("There is no store “%(text)s”.", text=text))
        return store.id
