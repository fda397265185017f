"""One till of the demo on one day, as its browser would use it."""

from uuid import uuid4

from odoo import Command, fields

from tools import demo_data as data


class Till:
    """Opens a session, sells, tops up and refunds, and closes it again.

    A wallet's money moves in transactions of its own, so every step commits.
    """

    def __init__(self, demo, code, login):
        """Take the till of a store for somebody's shift."""
        self.demo = demo
        self.env = demo.as_user(login)
        self.currency = demo.company.currency_id
        self.till = demo.tills[code].with_env(self.env)
        self.by_type = {
            method.type: method.id for method in self.till.payment_method_ids.sudo()
        }
        # people who share a till say who sells
        employee = demo.users[login].sudo().employee_id
        self.salesperson = employee.id if self.till.module_pos_hr else False
        self.till.open_ui()
        self.session = self.till.current_session_id
        self.session.set_opening_control(0, "")

    def close(self):
        """Count the cash as expected and close."""
        cash = self.session.get_closing_control_data()["default_cash_details"]
        self.session.post_closing_cash_details(cash["amount"])
        result = self.session.close_session_from_ui()
        if not result["successful"]:
            raise RuntimeError(result["message"])
        self.env.cr.commit()

    # === WHAT HAPPENS AT A TILL === #

    def sell(self, running, names, paid, discount=0):
        """Sell products to a member (or to nobody); return the order.

        :param paid: "cash", "card", "wallet", or "wallet and cash": what is short.
        :param discount: percent, given by hand.
        """
        partner = self.partner(running)
        pricelist = partner.property_product_pricelist if partner else None
        lines = [
            self.line(self.demo.products[name], pricelist, discount) for name in names
        ]
        total = self.currency.round(sum(line["price_subtotal_incl"] for line in lines))
        payments = self.payments(partner, total, paid)
        return self.send(partner, lines, payments, pricelist=pricelist)

    def top_up(self, running, amount, paid):
        """Top a member up, paid in cash or by card; return the order."""
        partner = self.partner(running)
        product = self.demo.company.member_topup_product_id
        line = self.priced(product, 1, amount)
        self.checked(self.till.member_topup_reserve(partner.id, amount, line["uuid"]))
        method = self.by_type["bank" if paid == "card" else "cash"]
        return self.send(partner, [line], [(method, amount, str(uuid4()))])

    def refund(self, order):
        """Take everything back; each means of payment gets its own again."""
        lines = [
            self.priced(line.product_id, -line.qty, line.price_unit, line.discount)
            | {"refunded_orderline_id": line.id}
            for line in order.lines
        ]
        plan = self.checked(
            self.till.member_refund_plan(order.lines.ids, order.amount_total)
        )
        payments = [
            (part["payment_method_id"], -part["amount"], str(uuid4()))
            for part in plan["parts"]
        ]
        return self.send(
            order.partner_id,
            lines,
            payments,
            pricelist=order.pricelist_id,
            is_refund=True,
        )

    def redeem(self, running, name):
        """Spend a member's points on a gift of the demo; return the order, if any.

        A thing is handed over with the order that it stands on; money off is for the
        first product of this till. Nothing happens where the member has too few points.
        """
        partner, gift = self.partner(running), self.demo.gifts[name]
        pricelist = partner.property_product_pricelist
        good = self.first_product()
        line = self.line(good, pricelist)
        total = line["price_subtotal_incl"]
        offers = self.checked(self.till.member_rewards(partner.id, total))["rewards"]
        offer = next(each for each in offers if each["id"] == gift.id)
        if offer["reason_not"]:
            return None
        key = str(uuid4())
        answer = self.checked(
            self.till.member_redeem(
                partner.id, gift.id, offer["points"], key, pin=data.PIN
            )
        )
        self.env.cr.commit()
        if answer["is_done"]:
            return None
        product = self.env["product.product"].browse(answer["product_id"])
        if gift.kind == "discount":
            taken = self.priced(
                product, 1, -answer["value"], taxes=good.sudo().taxes_id
            )
            lines = [line, taken]
        else:
            taken = self.priced(product, answer["product_qty"], 0)
            lines = [taken]
        taken["member_redemption_key"] = key
        total = self.currency.round(sum(each["price_subtotal_incl"] for each in lines))
        payments = self.payments(partner, total, "cash") if total else []
        return self.send(partner, lines, payments, pricelist=pricelist)

    def sell_tickets(self, running, event, wanted, paid="cash", free=""):
        """Sell seats of a performance by its sales policies; return the order.

        :param wanted: `{place of the ticket in the performance: seats}`.
        :param free: why they are given away.
        """
        partner = self.partner(running)
        slot = event.sudo().event_slot_ids[:1]
        order_uuid = str(uuid4())
        asked = [
            {
                "uuid": str(uuid4()),
                "ticket_id": event.sudo().event_ticket_ids[place].id,
                "slot_id": slot.id or False,
                "quantity": seats,
                "free_reason": free,
            }
            for place, seats in wanted.items()
        ]
        held = self.checked(
            self.till.member_seats_hold(
                order_uuid, asked, partner.id if partner else False
            )
        )
        prices = {line["uuid"]: line["price"] for line in held["lines"]}
        lines = [
            self.priced(self.demo.ticket, line["quantity"], prices[line["uuid"]])
            | {
                "uuid": line["uuid"],
                "event_ticket_id": line["ticket_id"],
                "event_slot_id": line["slot_id"],
            }
            for line in asked
        ]
        total = self.currency.round(sum(line["price_subtotal_incl"] for line in lines))
        payments = self.payments(partner, total, paid) if total else []
        return self.send(partner, lines, payments, uuid=order_uuid)

    def give_back_tickets(self, order, seats):
        """Take some seats of the first line back, paid back as they were paid."""
        line = order.lines[0]
        price = line.price_subtotal_incl / line.qty
        back = self.priced(line.product_id, -seats, price) | {
            "refunded_orderline_id": line.id
        }
        plan = self.checked(self.till.member_refund_plan(line.ids, price * seats))
        payments = [
            (part["payment_method_id"], -part["amount"], str(uuid4()))
            for part in plan["parts"]
        ]
        return self.send(order.partner_id, [back], payments, is_refund=True)

    # === WHAT THE BROWSER SENDS === #

    def partner(self, running):
        return self.demo.members[running].with_env(self.env) if running else None

    def send(
        self, partner, lines, payments, pricelist=None, is_refund=False, uuid=None
    ):
        """Send an order as the till's browser does and return it."""
        # holding and paying are two requests of the till, hence two transactions
        self.env.cr.commit()
        now = fields.Datetime.to_string(fields.Datetime.now())
        total = self.currency.round(sum(line["price_subtotal_incl"] for line in lines))
        net = sum(line["price_subtotal"] for line in lines)
        answer = (
            self.env["pos.order"]
            .with_context(generate_pdf=False)
            .sync_from_ui(
                [
                    {
                        "access_token": False,
                        "amount_paid": total,
                        "amount_return": 0,
                        "amount_tax": total - net,
                        "amount_total": total,
                        "date_order": now,
                        "employee_id": self.salesperson,
                        "fiscal_position_id": False,
                        "is_refund": is_refund,
                        "last_order_preparation_change": "{}",
                        "lines": [Command.create(line) for line in lines],
                        "name": "Order",
                        "partner_id": partner.id if partner else False,
                        "payment_ids": [
                            Command.create(
                                {
                                    "name": now,
                                    "amount": amount,
                                    "payment_method_id": method,
                                    "uuid": uuid,
                                }
                            )
                            for method, amount, uuid in payments
                        ],
                        "pricelist_id": pricelist.id if pricelist else False,
                        "session_id": self.session.id,
                        "state": "paid",
                        "to_invoice": False,
                        "user_id": self.env.uid,
                        "uuid": uuid or str(uuid4()),
                    }
                ]
            )
        )
        # what the order moves is applied at this commit, and a member may rise by it
        self.env.cr.commit()
        # a till's next request is a transaction that sees all of that
        self.env.cr.commit()
        return self.env["pos.order"].browse(answer["pos.order"][-1]["id"])

    def line(self, product, pricelist, discount=0):
        price = product.list_price
        if pricelist:
            price = pricelist._get_product_price(product, 1, currency=self.currency)
        return self.priced(product, 1, self.currency.round(price), discount)

    def first_product(self):
        """Return the first product of this till's categories."""
        return next(
            product
            for product in self.demo.products.values()
            if product.pos_categ_ids & self.till.sudo().iface_available_categ_ids
        ).with_env(self.env)

    def priced(self, product, quantity, price, discount=0, taxes=None):
        """Return an order line at this price, with the product's taxes or others."""
        taxes = taxes or product.sudo().taxes_id
        sums = taxes.compute_all(price * (1 - discount / 100), self.currency, quantity)
        return {
            "product_id": product.id,
            "qty": quantity,
            "price_unit": price,
            "discount": discount,
            "price_subtotal": sums["total_excluded"],
            "price_subtotal_incl": sums["total_included"],
            "tax_ids": [Command.set(taxes.ids)],
            "pack_lot_ids": [],
            "uuid": str(uuid4()),
        }

    def payments(self, partner, total, paid):
        """Return (method, amount, uuid) of each payment; a wallet asks for the PIN."""
        if "wallet" not in paid:
            method = self.by_type["bank" if paid == "card" else "cash"]
            return [(method, total, str(uuid4()))]
        available = self.till.member_info(partner.id)["available"]
        amount = min(total, available)
        if not amount:
            return [(self.by_type["cash"], total, str(uuid4()))]
        answer = self.checked(
            self.till.member_hold(partner.id, amount, data.PIN, str(uuid4()))
        )
        lines = [
            (line["payment_method_id"], line["amount"], line["key"])
            for line in answer["lines"]
        ]
        rest = self.currency.round(total - amount)
        return [*lines, (self.by_type["cash"], rest, str(uuid4()))] if rest else lines

    def checked(self, answer):
        """Return what a verb answered; the demo asks for nothing that is refused."""
        if answer["status"] != "ok":
            raise RuntimeError(answer["message"])
        return answer
