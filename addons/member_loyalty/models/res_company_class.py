from dateutil.relativedelta import relativedelta

from odoo import api, fields, models

PERIOD_MONTHS = {"month": 1, "quarter": 3, "year": 12}


class ResCompany(models.Model):
    """When the classes of a company's members are reviewed. Of the root company."""

    _inherit = "res.company"

    member_class_review_period = fields.Selection(
        [
            ("month", "Every month"),
            ("quarter", "Every quarter"),
            ("year", "Every year"),
        ],
        string="Class Review",
        help="How often the class rules look at every member, and let those fall who "
        "reach their class no longer. Empty: only when somebody starts a review.",
    )
    member_class_next_review = fields.Date(
        "Next Review",
        compute="_compute_member_class_next_review",
        store=True,
        readonly=False,
        help="The night job carries it out on this day and sets the next one.",
    )

    @api.depends("member_class_review_period")
    def _compute_member_class_next_review(self):
        for company in self:
            period = company.member_class_review_period
            if not period:
                company.member_class_next_review = False
            elif not company.member_class_next_review:
                company.member_class_next_review = company._member_today().replace(
                    day=1
                ) + relativedelta(months=1)

    def _member_class_review_after(self, day):
        """Return the first day of review after `day`, on the usual day of the month.

        False when reviews are not repeated.
        """
        self.ensure_one()
        months = PERIOD_MONTHS.get(self.member_class_review_period)
        if not months:
            return False
        first, count = self.member_class_next_review, 1
        while first + relativedelta(months=count * months) <= day:
            count += 1
        return first + relativedelta(months=count * months)
