from odoo import api, models


class AccountChartTemplate(models.AbstractModel):
    """A company that gets a chart of accounts gets the members' accounts with it."""

    _inherit = "account.chart.template"

    def _load(self, template_code, company, install_demo, force_create=True):
        if (
            not company.parent_id
            and company.chart_template
            and company.chart_template != template_code
            and not company.root_id._existing_accounting()
        ):
            # core is about to delete the accounts of the old chart
            company._member_forget_accounts()
        return super()._load(template_code, company, install_demo, force_create)

    @api.model
    def _post_load_data(self, template_code, company, template_data):
        result = super()._post_load_data(template_code, company, template_data)
        (company or self.env.company)._member_setup()
        return result
