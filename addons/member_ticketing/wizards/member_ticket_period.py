from odoo import api, fields, models
from odoo.tools import format_date

from ..models.member_ticket_report import MEASURES

GROUPS = {
    "event": "event_id",
    "day": "date:day",
    "month": "date:month",
    "ticket": "ticket_id",
    "class": "class_id",
    "channel": "channel",
    "policy": "policy_id",
    "store": "store_id",
    "till": "pos_config_id",
    "operator": "operator_id",
}


class MemberTicketPeriod(models.TransientModel):
    """A7, D12: the box office's statement of any period, as a screen and a workbook.

    The figures are those of `member.ticket.report`, of the days on which tickets were
    sold and returned.
    """

    _name = "member.ticket.period"
    _description = "Tickets of a Period"
    _inherit = ["member.period.mixin"]

    event_ids = fields.Many2many(
        "event.event", string="Performances", help="Leave empty for all of them."
    )
    group_by = fields.Selection(
        [
            ("event", "Performance"),
            ("day", "Day"),
            ("month", "Month"),
            ("ticket", "Ticket"),
            ("class", "Class"),
            ("channel", "Channel"),
            ("policy", "Sales Policy"),
            ("store", "Store"),
            ("till", "Till"),
            ("operator", "Operator"),
        ],
        "Lines By",
        required=True,
        default="event",
    )
    sold = fields.Integer(compute="_compute_figures")
    complimentary = fields.Integer(compute="_compute_figures")
    returned = fields.Integer(compute="_compute_figures")
    tickets = fields.Integer("Tickets Out", compute="_compute_figures")
    revenue = fields.Monetary(compute="_compute_figures")
    wallet = fields.Monetary("Paid by Wallet", compute="_compute_figures")
    points = fields.Float(
        "Points Earned", digits="Member Points", compute="_compute_figures"
    )
    attended = fields.Integer(compute="_compute_figures")

    # === COMPUTE === #

    @api.depends("date_from", "date_to")
    def _compute_display_name(self):
        for wizard in self:
            wizard.display_name = self.env._(
                "Tickets, %(first)s – %(last)s",
                first=format_date(self.env, wizard.date_from),
                last=format_date(self.env, wizard.date_to),
            )

    @api.depends("date_from", "date_to", "event_ids", "store_ids", "company_id")
    def _compute_figures(self):
        for wizard in self:
            sums = wizard._sums() if wizard._has_period() else {}
            for name in MEASURES:
                wizard[name] = sums.get(name, 0)

    # === ACTIONS === #

    def action_xlsx(self):
        """Save the statement as a workbook."""
        self.ensure_one()
        self.env.user._member_require("export")
        return self.env.ref("member_ticketing.member_ticket_period_xlsx").report_action(
            self
        )

    def action_analyse(self):
        """Open the same figures as a pivot table."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "member_ticketing.member_ticket_report_action"
        )
        action["domain"] = self._domain()
        action["context"] = {
            "pivot_row_groupby": [GROUPS[self.group_by]],
            "graph_groupbys": [GROUPS[self.group_by]],
        }
        return action

    # === FIGURES === #

    def _report(self):
        """Return the report as this user may see it, in days of the company."""
        return self.env["member.ticket.report"].with_context(tz=self._zone().zone)

    def _domain(self):
        domain = super()._domain()
        if self.event_ids:
            domain.append(("event_id", "in", self.event_ids.ids))
        return domain

    def _sums(self):
        """Return `{measure: figure}` of the period."""
        self.ensure_one()
        [sums] = self._report()._read_group(
            self._domain(), [], [f"{name}:sum" for name in MEASURES]
        )
        return dict(zip(MEASURES, (figure or 0 for figure in sums), strict=True))

    def _lines(self):
        """Return `[(label, {measure: figure})]`, a line for each group."""
        self.ensure_one()
        group = GROUPS[self.group_by]
        return [
            (self._label(key), dict(zip(MEASURES, sums, strict=True)))
            for key, *sums in self._report()._read_group(
                self._domain(),
                [group],
                [f"{name}:sum" for name in MEASURES],
                order=group,
            )
        ]

    def _label(self, key):
        if self.group_by == "channel":
            channels = self._report()._fields["channel"]
            return dict(channels._description_selection(self.env)).get(key, "")
        if self.group_by == "class" and not key:
            return self.env._("Public")
        return super()._label(key)
