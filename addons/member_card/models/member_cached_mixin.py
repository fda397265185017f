from odoo import api, models


class MemberCachedMixin(models.AbstractModel):
    """Records of which facts are kept in memory (`@ormcache`), and let go of here."""

    _name = "member.cached.mixin"
    _description = "Facts Kept in Memory"

    @api.model_create_multi
    def create(self, vals_list):
        records = super().create(vals_list)
        self.env.registry.clear_cache()
        return records

    def write(self, vals):
        result = super().write(vals)
        self.env.registry.clear_cache()
        return result

    def unlink(self):
        result = super().unlink()
        self.env.registry.clear_cache()
        return result
