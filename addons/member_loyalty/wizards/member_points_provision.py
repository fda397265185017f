from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from odoo import Command, api, fields, models
from odoo.exceptions import AccessError
from odoo.tools import SQL, format_date

DIMENSIONS = ("class", "store", "year")


class MemberPointsProvision(models.TransientModel):
    """What the points that members have at the end of a day will cost.

    Provision = points × value of a point × expected redemption: the stand-alone price
    of the customers' option to get something for points (IFRS 15 B39–B43, where B42
    names its two factors; CAS 14, article 35). Nothing is booked by it.

    Points are those of the ledger as it stood then, without those that could not be
    spent any more: what expires at the end of a day is gone at its end, even where the
    entry of the expiry is some minutes younger.
    """

    _name = "member.points.provision"
    _description = "Provision for Points"

    company_id = fields.Many2one(
        "res.company",
        required=True,
        readonly=True,
        default=lambda self: self.env.company._member_root(),
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    date = fields.Date(
        "At the End Of",
        required=True,
        default=lambda self: self.env.company._member_today(),
        help="In the company's time zone.",
    )
    point_value = fields.Float(
        "Value of a Point",
        required=True,
        digits=(16, 4),
        default=lambda self: self.env.company._member_root().member_point_value,
        help="What one point buys. Try another one here; the settings keep it.",
    )
    redemption_rate = fields.Float(
        "Expected Redemption (%)",
        required=True,
        digits=(5, 2),
        default=lambda self: (
            self.env.company._member_root().member_point_redemption_rate
        ),
        help="Of 100 points, how many will be spent before they expire. Try another "
        "one here; the settings keep it.",
    )
    ledger_points = fields.Float("In the Ledger", readonly=True, digits="Member Points")
    lapsed_points = fields.Float(
        "Expired by Then",
        readonly=True,
        digits="Member Points",
        help="Could not be spent any more; the entry of the expiry is younger.",
    )
    points = fields.Float("Outstanding", readonly=True, digits="Member Points")
    owed_points = fields.Float(
        "Owed by Members",
        readonly=True,
        digits="Member Points",
        help="Taken back after they were spent. Not set against the provision: the "
        "next points settle it.",
    )
    amount = fields.Monetary("Provision", readonly=True)
    class_line_ids = fields.One2many(
        "member.points.provision.line",
        "provision_id",
        domain=[("dimension", "=", "class")],
    )
    store_line_ids = fields.One2many(
        "member.points.provision.line",
        "provision_id",
        domain=[("dimension", "=", "store")],
    )
    year_line_ids = fields.One2many(
        "member.points.provision.line",
        "provision_id",
        domain=[("dimension", "=", "year")],
    )
    line_ids = fields.One2many("member.points.provision.line", "provision_id")
    can_export = fields.Boolean(compute="_compute_can_export")

    _sane = models.Constraint(
        "CHECK (point_value >= 0 AND redemption_rate BETWEEN 0 AND 100)",
        "The value cannot be negative, and redemption is between 0 and 100 %.",
    )

    @api.depends("date")
    def _compute_display_name(self):
        for wizard in self:
            wizard.display_name = self.env._(
                "Provision for Points, %s", format_date(self.env, wizard.date)
            )

    @api.depends_context("uid")
    def _compute_can_export(self):
        self.can_export = self.env.user.has_group("member_card.group_member_export")

    # === ACTIONS === #

    @api.model
    def action_open(self):
        """Reckon as of today and show the result."""
        self._check_right()
        return self.create({}).action_reckon()

    def action_reckon(self):
        """Reckon again, for what is set."""
        self.ensure_one()
        self._check_right()
        self.write(self._reckoned())
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Provision for Points"),
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
        }

    def action_xlsx(self):
        """Save the provision as a workbook."""
        self.ensure_one()
        self.env.user._member_require("export")
        self.action_reckon()
        return self.env.ref(
            "member_loyalty.member_points_provision_xlsx"
        ).report_action(self)

    # === FIGURES === #

    def _check_right(self):
        """Let those see the company's sums who may read reports of all its stores.

        :raise AccessError: others.
        """
        user = self.env.user
        user._member_require("reports")
        own = {company._member_root().id for company in user.company_ids}
        if not set(self.company_id.ids) <= own:
            raise AccessError(self.env._("Choose a company of yours."))
        if user._member_store_domain():
            raise AccessError(
                self.env._(
                    "The provision is of the whole company, and you see some stores "
                    "only. Ask somebody who sees every store."
                )
            )

    def _reckoned(self):
        """Return the figures and the lines as they are written."""
        rows = self._rows()
        sums = {
            (dimension, key): (ledger, lapsed)
            for dimension, key, ledger, lapsed in rows
        }
        ledger, lapsed = sums.pop(("all", None), (0.0, 0.0))
        lines = [Command.clear()]
        for dimension in DIMENSIONS:
            groups = [
                (key, total - gone)
                for (each, key), (total, gone) in sums.items()
                if each == dimension and total != gone
            ]
            lines += self._prepare_lines(dimension, groups)
        return {
            "ledger_points": ledger,
            "lapsed_points": lapsed,
            "points": ledger - lapsed,
            "owed_points": self._owed(),
            "amount": self._worth(ledger - lapsed),
            "line_ids": lines,
        }

    def _worth(self, points):
        return self.currency_id.round(
            points * self.point_value * self.redemption_rate / 100
        )

    def _prepare_lines(self, dimension, groups):
        """Return commands; rounded so that the amounts add up to the provision."""
        named = [(self._label(dimension, key), key, points) for key, points in groups]
        commands, before = [], 0.0
        for sequence, (name, _key, points) in enumerate(
            sorted(named, key=_in_order(dimension))
        ):
            commands.append(
                Command.create(
                    {
                        "dimension": dimension,
                        "sequence": sequence,
                        "name": name,
                        "points": points,
                        "amount": self.currency_id.round(
                            self._worth(before + points) - self._worth(before)
                        ),
                    }
                )
            )
            before += points
        return commands

    def _label(self, dimension, key):
        if dimension == "year":
            return str(key) if key else self.env._("Never")
        model = "member.class" if dimension == "class" else "member.store"
        # sudo: names of classes and stores are no secret
        record = self.env[model].sudo().browse(key)
        return record.display_name if key else self.env._("None")

    def _cutoff(self):
        """Return the first moment after the day, UTC without a zone."""
        # sudo: the time zone of the company is no secret to who works there
        zone = ZoneInfo(self.company_id.sudo().partner_id.tz or "UTC")
        midnight = datetime.combine(self.date + timedelta(days=1), time(), zone)
        return midnight.astimezone(UTC).replace(tzinfo=None)

    def _rows(self):
        """Return `[(dimension, key, points in the ledger, of them expired by then)]`.

        What a lot held then is what came in less what later entries had not used yet.
        """
        self.env["member.entry"].flush_model()
        cutoff = self._cutoff()
        uses = SQL(
            """LEFT JOIN LATERAL (
                      SELECT sum(u.amount) AS amount FROM member_lot_use u
                        JOIN member_entry used ON used.id = u.entry_id
                       WHERE u.lot_id = l.id AND used.date >= %s) later ON true""",
            cutoff,
        )
        if cutoff > fields.Datetime.now():
            uses = SQL("CROSS JOIN (SELECT 0 AS amount) later")
        return [
            (
                dimension,
                int(key) if key is not None else None,
                float(ledger),
                float(lapsed),
            )
            for dimension, key, ledger, lapsed in self.env.execute_query(
                SQL(
                    """
                    WITH lot AS (
                    SELECT coalesce(h.class_id, p.member_class_id) AS class_id,
                           p.member_store_id AS store_id,
                           extract(year FROM l.expires_at AT TIME ZONE 'utc'
                               AT TIME ZONE %(zone)s - interval '1 second') AS year,
                           coalesce(l.expires_at <= %(cutoff)s, false) AS is_lapsed,
                           l.remaining - coalesce(later.amount, 0) AS points
                      FROM member_lot l
                      JOIN member_entry e ON e.id = l.entry_id AND e.date < %(cutoff)s
                      JOIN member_balance b ON b.id = l.balance_id
                      JOIN member_asset a ON a.id = b.asset_id AND a.kind = 'points'
                      JOIN res_partner p ON p.id = b.partner_id
                 LEFT JOIN member_class_assignment h
                        ON h.partner_id = b.partner_id AND h.date_from < %(cutoff)s
                       AND (h.date_to IS NULL OR h.date_to >= %(cutoff)s)
                           %(uses)s
                     WHERE b.company_id = %(company)s)
                    SELECT CASE WHEN grouping(class_id) = 0 THEN 'class'
                                WHEN grouping(store_id) = 0 THEN 'store'
                                WHEN grouping(year) = 0 THEN 'year'
                                ELSE 'all' END,
                           coalesce(class_id, store_id, year), sum(points),
                           coalesce(sum(points) FILTER (WHERE is_lapsed), 0)
                      FROM lot
                     WHERE points <> 0
                  GROUP BY GROUPING SETS ((class_id), (store_id), (year), ())
                    HAVING sum(points) IS NOT NULL
                    """,
                    zone=self.company_id.sudo().partner_id.tz or "UTC",
                    cutoff=cutoff,
                    uses=uses,
                    company=self.company_id.id,
                )
            )
        ]

    def _owed(self):
        [(owed,)] = self.env.execute_query(
            SQL(
                """SELECT coalesce(sum(e.owed_change), 0)
                     FROM member_entry e
                     JOIN member_balance b ON b.id = e.balance_id
                     JOIN member_asset a ON a.id = b.asset_id AND a.kind = 'points'
                    WHERE b.company_id = %s AND e.date < %s AND e.owed_change <> 0""",
                self.company_id.id,
                self._cutoff(),
            )
        )
        return float(owed)


class MemberPointsProvisionLine(models.TransientModel):
    """The provision of one class, home store or year of expiry."""

    _name = "member.points.provision.line"
    _description = "Provision for Points: Line"
    _order = "dimension, sequence, id"

    provision_id = fields.Many2one(
        "member.points.provision", "Reckoning", required=True, ondelete="cascade"
    )
    currency_id = fields.Many2one(related="provision_id.currency_id")
    dimension = fields.Selection(
        [("class", "Class"), ("store", "Home Store"), ("year", "Year of Expiry")],
        required=True,
        readonly=True,
    )
    sequence = fields.Integer(readonly=True)
    name = fields.Char(readonly=True)
    points = fields.Float(readonly=True, digits="Member Points")
    amount = fields.Monetary("Provision", readonly=True)


def _in_order(dimension):
    """Return how lines are sorted: years in their order, never last; others by points.

    A line is (name, key, points).
    """
    if dimension == "year":
        return lambda line: (line[1] is None, line[1] or 0)
    return lambda line: (-line[2], line[0])
