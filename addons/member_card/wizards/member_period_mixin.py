from datetime import datetime, time, timedelta

import pytz
from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import format_date


class MemberPeriodMixin(models.AbstractModel):
    """A report of any period of days, of the whole company or of some stores.

    Days are those of the company's time zone. Who inherits it has the figures of a
    report's model, in fields named for its measures, and lines of them by `group_by`.
    """

    _name = "member.period.mixin"
    _description = "Period of a Report"

    _report_model = ""
    """The model whose figures these are."""
    _report_action = ""
    """XML id of the action that analyses them."""
    _workbook = ""
    """XML id of the report that saves them as a workbook."""
    _measures = ()
    """Names of the figures."""
    _groups = {}
    """By what lines may be: values of `group_by`, and what the model groups by."""

    company_id = fields.Many2one(
        "res.company",
        required=True,
        readonly=True,
        default=lambda self: self.env.company._member_root(),
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    period = fields.Selection(
        [
            ("today", "Today"),
            ("yesterday", "Yesterday"),
            ("month", "This Month"),
            ("last_month", "Last Month"),
            ("year", "This Year"),
            ("other", "From … Until"),
        ],
        required=True,
        default="month",
    )
    date_from = fields.Date(
        "From",
        required=True,
        compute="_compute_dates",
        store=True,
        readonly=False,
        precompute=True,
    )
    date_to = fields.Date(
        "Until",
        required=True,
        compute="_compute_dates",
        store=True,
        readonly=False,
        precompute=True,
        help="The whole day counts.",
    )
    store_ids = fields.Many2many(
        "member.store", string="Stores", help="Leave empty for the whole company."
    )
    can_export = fields.Boolean(compute="_compute_can_export")

    @api.constrains("date_from", "date_to")
    def _check_dates(self):
        for wizard in self:
            if wizard.date_from > wizard.date_to:
                raise UserError(
                    self.env._("The period ends before it begins. Swap the two dates.")
                )

    @api.constrains("company_id")
    def _check_company(self):
        """A report of another company would show sums that nobody here may read."""
        own = {company._member_root().id for company in self.env.user.company_ids}
        if not set(self.company_id.ids) <= own:
            raise AccessError(self.env._("Choose a company of yours."))

    # === COMPUTE === #

    @api.depends("period")
    def _compute_dates(self):
        for wizard in self:
            zone = wizard._zone()
            today = datetime.now(zone).date()
            first = today.replace(day=1)
            yesterday = today - timedelta(days=1)
            periods = {
                "today": (today, today),
                "yesterday": (yesterday, yesterday),
                "month": (first, first + relativedelta(months=1, days=-1)),
                "last_month": (
                    first - relativedelta(months=1),
                    first - timedelta(days=1),
                ),
                "year": (
                    first.replace(month=1),
                    first.replace(month=12) + relativedelta(day=31),
                ),
                "other": (wizard.date_from or first, wizard.date_to or today),
            }
            wizard.date_from, wizard.date_to = periods[wizard.period]

    @api.depends_context("uid")
    def _compute_can_export(self):
        self.can_export = self.env.user.has_group("member_card.group_member_export")

    @api.depends("date_from", "date_to", "store_ids", "company_id")
    def _compute_figures(self):
        """Compute the measures that are fields."""
        for wizard in self:
            sums = wizard._sums() if wizard._has_period() else {}
            for name in self._measures:
                if name in self._fields:
                    wizard[name] = sums.get(name, 0)

    # === ACTIONS === #

    def action_xlsx(self):
        """Save the report as a workbook."""
        self.ensure_one()
        self.env.user._member_require("export")
        return self.env.ref(self._workbook).report_action(self)

    def action_analyse(self):
        """Open the same figures as a pivot table."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(self._report_action)
        action["domain"] = self._domain()
        action["context"] = {
            "pivot_row_groupby": [self._groups[self.group_by]],
            "graph_groupbys": [self._groups[self.group_by]],
        }
        return action

    # === FIGURES === #

    def _report(self):
        """Return the report as this user may see it, in days of the company."""
        return self.env[self._report_model].with_context(tz=self._zone().zone)

    def _sums(self):
        """Return `{measure: figure}` of the period."""
        self.ensure_one()
        [sums] = self._report()._read_group(
            self._domain(), [], [f"{name}:sum" for name in self._measures]
        )
        return dict(zip(self._measures, (figure or 0 for figure in sums), strict=True))

    def _lines(self):
        """Return `[(label, {measure: figure})]`, a line for each group."""
        self.ensure_one()
        group = self._groups[self.group_by]
        return [
            (self._label(key), dict(zip(self._measures, sums, strict=True)))
            for key, *sums in self._report()._read_group(
                self._domain(),
                [group],
                [f"{name}:sum" for name in self._measures],
                order=group,
            )
        ]

    # === PERIOD === #

    def _has_period(self):
        return bool(self.date_from and self.date_to and self.date_from <= self.date_to)

    def _days(self):
        """Return the first day and the last as people read them."""
        return {
            "first": format_date(self.env, self.date_from),
            "last": format_date(self.env, self.date_to),
        }

    def _zone(self):
        # sudo: the time zone of the company is no secret to who works there
        return pytz.timezone(self.company_id.sudo().partner_id.tz or "UTC")

    def _sees_everything(self):
        """Tell whether the report is of the whole company, for this user too."""
        return not self.store_ids and not self.env.user._member_store_domain()

    def _bounds(self):
        """Return the first moment of the period and the first after it, naive UTC."""
        return [
            self._zone()
            .localize(datetime.combine(day, time.min))
            .astimezone(pytz.utc)
            .replace(tzinfo=None)
            for day in (self.date_from, self.date_to + timedelta(days=1))
        ]

    def _domain(self):
        begin, end = self._bounds()
        domain = [
            ("company_id", "=", self.company_id.id),
            ("date", ">=", begin),
            ("date", "<", end),
        ]
        if self.store_ids:
            domain.append(("store_id", "child_of", self.store_ids.ids))
        return domain

    def _label(self, key):
        if isinstance(key, models.BaseModel):
            # sudo: names of tills and operators that the report itself shows
            return key.sudo().display_name or self.env._("None")
        pattern = {"month": "%Y-%m", "year": "%Y"}.get(self.group_by, "%Y-%m-%d")
        return key.strftime(pattern) if key else self.env._("None")
