from odoo import models


class IrModelAccess(models.Model):
    """The operator log names who tries to write cards or money by hand."""

    _inherit = "ir.model.access"

    def _make_access_error(self, model, mode):
        error = super()._make_access_error(model, mode)
        if mode != "read" and self._is_member_record(model):
            self.env["member.operator.log"]._log_attempt(
                error, reference=f"{model} {mode}"
            )
        return error

    def _is_member_record(self, model):
        return model.startswith("member.") and not self.env[model]._transient
