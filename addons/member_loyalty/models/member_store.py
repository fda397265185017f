from odoo import models
from odoo.tools import ormcache


class MemberStore(models.Model):
    """What a store is to a points rule: its clock, and the stores above it."""

    _inherit = "member.store"

    def write(self, vals):
        result = super().write(vals)
        if {"tz", "parent_id"} & vals.keys():
            self.env.registry.clear_cache()
        return result

    @ormcache("self.id")
    def _point_facts(self):
        """Return (time zone, ids of the store and of all above it)."""
        # sudo: a till tells its own store's time
        store = self.sudo()
        path = store.parent_path.strip("/").split("/")
        return store.tz, frozenset(int(each) for each in path)
