from odoo import models

from ..refusals import attempts_logged

PAID_STATES = ("paid", "done")
LINE_FIELDS = ("product_id", "qty", "price_unit", "discount")
PAYMENT_FIELDS = ("payment_method_id", "amount")
TOLERANCE = 0.005
"""What storing a figure may round off it."""


class PosOrder(models.Model):
    """A paid order stays as it is, whatever is sent under its uuid.

    Core drops what comes, as it should when an answer was lost and the same order is
    sent again. Other content under that uuid was tried on purpose: the log keeps it, as
    it keeps who would have an order be no longer paid.
    """

    _inherit = "pos.order"

    def write(self, vals):
        if "state" in vals and any(order.state in PAID_STATES for order in self):
            return self._member_try(super().write, vals)
        return super().write(vals)

    @attempts_logged
    def _member_try(self, write, vals):
        return write(vals)

    def _ensure_to_keep_last_preparation_change(self, vals):
        # core calls this with each order that it has already, and what was sent of it
        result = super()._ensure_to_keep_last_preparation_change(vals)
        for order in self:
            if order.state in PAID_STATES and order._member_is_sent_changed(vals):
                order._member_log_sent_changed()
        return result

    def _member_log_sent_changed(self):
        self.env["member.operator.log"]._log_attempt(
            self.env._(
                "This order is paid, and was sent again with other lines or payments. "
                "It stays as it was."
            ),
            **self._member_attempt(),
        )

    def _member_is_sent_changed(self, vals):
        """Whether lines or payments that were sent are not those that were paid."""
        config = self.config_id
        # of restaurants, where a tip is added to what is paid
        if "set_tip_after_payment" in config._fields and config.set_tip_after_payment:
            return False
        return self._member_are_others(
            self.lines, vals.get("lines"), LINE_FIELDS
        ) or self._member_are_others(
            self.payment_ids, vals.get("payment_ids"), PAYMENT_FIELDS
        )

    def _member_are_others(self, records, commands, names):
        by_uuid = {record.uuid: record for record in records}
        by_id = {record.id: record for record in records}
        for command in commands or ():
            if command[0] in (2, 3):
                return True
            values = command[2] if len(command) > 2 else None
            if command[0] not in (0, 1) or not isinstance(values, dict):
                continue
            if command[0] == 1:
                record = by_id.get(command[1])
            else:
                record = by_uuid.get(values.get("uuid"))
            if not record or any(
                name in values and self._member_is_other(record[name], values[name])
                for name in names
            ):
                return True
        return False

    def _member_is_other(self, own, sent):
        if isinstance(own, models.Model):
            return own.id != sent
        # no number is near to what is none
        return not isinstance(sent, (int, float)) or not abs(own - sent) <= TOLERANCE
