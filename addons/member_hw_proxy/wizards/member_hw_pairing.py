from odoo import fields, models


class MemberHwPairing(models.TransientModel):
    """One attempt to pair a computer: the server's half, which no browser sees."""

    _name = "member.hw.pairing"
    _description = "Pairing of a Computer"

    code = fields.Char(required=True, groups=fields.NO_ACCESS)
    private_key = fields.Char(required=True, groups=fields.NO_ACCESS)
    origin = fields.Char(required=True)
    url = fields.Char(required=True)
    company_id = fields.Many2one("res.company", required=True)
