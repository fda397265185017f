from odoo import models

OURS = (
    "member_ticketing.group_member_ticket_process",
    "member_ticketing.group_member_ticket_sell",
)


class ResUsers(models.Model):
    """Rules of our rights add to what people see of orders, and take nothing away."""

    _inherit = "res.users"

    def _member_orders_domain(self, model, domain):
        """Return what a right of ours shows of `model`: `domain`, or all of it.

        A rule of a group limits everybody in the group who has no other rule. Somebody
        whom another right lets read all orders, an accountant for one, still does.
        """
        self.ensure_one()
        # sudo: rights decide here, whoever asks
        env = self.sudo().env
        ours = [env.ref(name).id for name in OURS]
        others = [each for each in self.sudo().all_group_ids.ids if each not in ours]
        of_model = [("model_id.model", "=", model)]
        is_limited = env["ir.rule"].search_count(
            [*of_model, ("groups", "in", others)], limit=1
        )
        may_read = env["ir.model.access"].search_count(
            [*of_model, ("group_id", "in", others), ("perm_read", "=", True)], limit=1
        )
        return [] if may_read and not is_limited else domain
