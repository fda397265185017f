from odoo import models


class MemberExportMixin(models.AbstractModel):
    """Records whose export is a right of its own: it takes lists out of the house.

    Reading is another matter: what people may see they can also copy, line by line.
    """

    _name = "member.export.mixin"
    _description = "Records Exported by Right"

    def export_data(self, fields_to_export):
        """Export for who has the right; each export is a line of the operator log.

        :raise AccessError: without the right.
        """
        self.env["member.operator.log"]._log_export(self)
        return super().export_data(fields_to_export)

    def _member_log_table_export(self):
        """Let a pivot table of these records be saved by who has the right.

        :raise AccessError: without the right.
        """
        self.env["member.operator.log"]._log_export(self, self.env._("pivot table"))
