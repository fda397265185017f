from datetime import timedelta

from odoo import api, fields, models

from .member_pin import KEEP_FAILURES_DAYS


class MemberPinFailure(models.Model):
    """One wrong PIN: whose, at which till, when. What was typed is never kept."""

    _name = "member.pin.failure"
    _description = "Wrong PIN"
    _log_access = False

    partner_id = fields.Many2one("res.partner", required=True, ondelete="cascade")
    pos_config_id = fields.Many2one("pos.config", ondelete="cascade")
    at = fields.Datetime(required=True)

    _till = models.Index("(pos_config_id, at)")
    _partner = models.Index("(partner_id)")

    @api.autovacuum
    def _gc_failures(self):
        limit = fields.Datetime.now() - timedelta(days=KEEP_FAILURES_DAYS)
        self.sudo().search([("at", "<", limit)]).unlink()
