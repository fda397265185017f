from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

KEPT_DAYS = 7
"""How long a till is held to what it was told; an order may wait for the network."""


class MemberTillTicket(models.Model):
    """What a till was told about the tickets of one order line: policy and price.

    Seats are held at the same time. When the order arrives it is held to this, so that
    a window that closed or a price that changed between the two does not matter, and
    nothing of it comes from the browser. A sale uses it up; giving the seats back
    removes it.
    """

    _name = "member.till.ticket"
    _description = "Tickets Agreed at a Till"
    _log_access = False
    _rec_name = "line_uuid"

    line_uuid = fields.Char(required=True, readonly=True)
    order_uuid = fields.Char(required=True, readonly=True, index=True)
    config_id = fields.Many2one(
        "pos.config", "Till", required=True, readonly=True, ondelete="cascade"
    )
    user_id = fields.Many2one(
        "res.users", "Operator", required=True, readonly=True, ondelete="cascade"
    )
    partner_id = fields.Many2one(
        "res.partner", "Customer", readonly=True, ondelete="cascade", index=True
    )
    ticket_id = fields.Many2one(
        "event.event.ticket", required=True, readonly=True, ondelete="cascade"
    )
    slot_id = fields.Many2one("event.slot", readonly=True, ondelete="cascade")
    quantity = fields.Integer(required=True, readonly=True)
    policy_id = fields.Many2one(
        "member.ticket.policy", readonly=True, ondelete="cascade"
    )
    price = fields.Float(
        required=True,
        readonly=True,
        digits="Product Price",
        help="Of one ticket, in the currency of its company.",
    )
    list_price = fields.Float(
        "Price without Policy", required=True, readonly=True, digits="Product Price"
    )
    why = fields.Char(readonly=True)
    free_reason = fields.Char("Complimentary because", readonly=True)
    is_policy_asked = fields.Boolean(
        "Other Policy", readonly=True, help="Somebody chose the policy by hand."
    )
    approval_id = fields.Many2one("member.approval", readonly=True)
    instead = fields.Char(
        "Stands For",
        readonly=True,
        help="Tickets that the same order gives back, whose seats these take: their "
        "ids with commas between.",
    )
    seat_key = fields.Char(required=True, readonly=True)
    agreed_at = fields.Datetime(required=True, readonly=True)
    expires_at = fields.Datetime(
        required=True, readonly=True, help="Until then the seats are held."
    )

    _line_unique = models.Constraint("UNIQUE (line_uuid)", "A line is agreed once.")

    @api.model
    def _of_lines(self, line_uuids):
        """Return what was agreed, by the uuid of the order line."""
        # sudo: a till is told by its verbs what it needs
        found = self.sudo().search([("line_uuid", "in", list(line_uuids))])
        return {each.line_uuid: each for each in found}

    @api.model
    def _agree(self, values):
        """Put down what was agreed for a line, in place of what was before."""
        self.flush_model()
        names = list(values)
        self.env.execute_query(
            SQL(
                """INSERT INTO member_till_ticket (%(names)s) VALUES (%(values)s)
                   ON CONFLICT (line_uuid) DO UPDATE SET %(updates)s RETURNING id""",
                names=SQL(", ").join(map(SQL.identifier, names)),
                values=SQL(", ").join(SQL("%s", values[name]) for name in names),
                updates=SQL(", ").join(
                    SQL("%s = EXCLUDED.%s", SQL.identifier(name), SQL.identifier(name))
                    for name in names
                ),
            )
        )
        self.invalidate_model(flush=False)

    def _forget(self):
        """Remove what was kept or given back.

        Nothing refers to it; `unlink` would look for what does and empty the cache of
        the whole sale.
        """
        if self:
            self.flush_model()
            self.env.execute_query(
                SQL(
                    "DELETE FROM member_till_ticket WHERE id IN %s RETURNING id",
                    self._ids,
                )
            )
            self.invalidate_model(flush=False)

    def _instead(self):
        """Return the tickets that these stand for (in sudo mode)."""
        ids = ",".join(filter(None, self.mapped("instead"))).split(",")
        # sudo: they were compared with what was sold when this was agreed
        return self.env["event.registration"].sudo().browse(map(int, filter(None, ids)))

    def _is_for(self, line, instead):
        """Tell whether the order line sells just what was agreed, to the same buyer.

        :param instead: the tickets that come back with the order for this line: no
            fewer than its hold counts on.
        """
        self.ensure_one()
        return (
            len(self._instead()) <= len(instead)
            and self.order_uuid == line.order_id.uuid
            and self.partner_id == line.order_id.partner_id
            and self.ticket_id == line.event_ticket_id
            and self.slot_id == line.event_slot_id
            and self.quantity == line.qty
            and self.config_id
            in line.order_id.config_id | line.order_id.config_id.trusted_config_ids
        )

    @api.autovacuum
    def _gc_agreed(self):
        limit = fields.Datetime.now() - timedelta(days=KEPT_DAYS)
        # sudo: the job cleans up for everybody
        self.sudo().search([("agreed_at", "<", limit)]).unlink()
