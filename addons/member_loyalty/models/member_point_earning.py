from dataclasses import replace
from decimal import Decimal

from psycopg2.extras import Json

from odoo import api, fields, models
from odoo.tools import SQL

from odoo.addons.member_card import ledger

from ..points import Basket, Member, Rule, compute, kept

POINTS = (16, 2)


class MemberPointEarning(models.Model):
    """What one document earned one member, with the rules and facts as they were.

    A refund computes what is left of the basket with this very snapshot, and takes back
    the difference: in whatever order parts come back, the points end where the
    remaining goods alone would have been. Written by documents only.
    """

    _name = "member.point.earning"
    _description = "Points Earned by a Document"
    _inherit = ["member.export.mixin"]
    _log_access = False
    _order = "id desc"
    _rec_name = "reference"

    partner_id = fields.Many2one(
        "res.partner",
        "Member",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, help="The legal entity."
    )
    store_id = fields.Many2one("member.store", readonly=True, ondelete="restrict")
    class_id = fields.Many2one(
        "member.class",
        readonly=True,
        ondelete="restrict",
        help="Which the member had when the points were earned.",
    )
    date = fields.Datetime(required=True, readonly=True, index=True)
    kind = fields.Selection(
        [("sale", "Sale"), ("topup", "Top-up")], required=True, readonly=True
    )
    res_model = fields.Char("Document Model", required=True, readonly=True)
    res_id = fields.Many2oneReference(
        "Document ID", model_field="res_model", required=True, readonly=True
    )
    pos_order_id = fields.Many2one(
        "pos.order", readonly=True, index="btree_not_null", ondelete="restrict"
    )
    sale_order_id = fields.Many2one(
        "sale.order", readonly=True, index="btree_not_null", ondelete="restrict"
    )
    reference = fields.Char(readonly=True, help="Number of the document, as printed.")
    points = fields.Float(
        required=True, readonly=True, digits=POINTS, help="As earned at first."
    )
    clawed_back = fields.Float(
        "Taken Back",
        required=True,
        readonly=True,
        digits=POINTS,
        help="Of these points, when goods were given back.",
    )
    multiplier = fields.Float(
        readonly=True, digits=(6, 2), help="The highest that any of the goods got."
    )
    rules_json = fields.Json(
        "Rules and Facts",
        required=True,
        readonly=True,
        help="The rules, the basket and the member as they were.",
    )
    posting_id = fields.Many2one(
        "member.posting",
        required=True,
        readonly=True,
        ondelete="restrict",
        help="Of points that expire at different times, the first.",
    )
    line_ids = fields.One2many(
        "member.point.earning.line", "earning_id", "Explanation", readonly=True
    )

    _document_unique = models.Constraint(
        "UNIQUE (res_model, res_id, partner_id)",
        "This document has earned its points already.",
    )
    _taken_back_in_range = models.Constraint(
        "CHECK (clawed_back >= 0 AND clawed_back <= points)",
        "No more points are taken back than were earned.",
    )

    # === ACTIONS === #

    def action_open_document(self):
        """Open the document that earned the points, if the reader may see it."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": self.res_model,
            "res_id": self.res_id,
            "views": [(False, "form")],
        }

    # === EARNING === #

    @api.model
    def _may_earn(self, partner, company):
        """Tell whether a contact earns points of the legal entity of `company`."""
        # sudo: whether somebody earns points is no secret to who serves them
        member = partner.sudo()
        return (
            member.is_member
            and member.member_company_id == company._member_root()
            and member.member_state == "active"
            and bool(company._member_asset("points"))
            and self.env["member.point.rule"]._may_earn(member.member_class_id.id)
        )

    @api.model
    def _rules(self, company, kind):
        """Return the rules of a company for sales, or for top-ups."""
        rules = self.env["member.point.rule"]._active_rules(company)
        return [rule for rule in rules if rule.earn_on == kind]

    @api.model
    def _earn(
        self, partner, document, basket, rules, *, request_key, context, facts=None
    ):
        """Insert what a document earns in its transaction; return `Decimal` points.

        :param partner: the member, in sudo mode; may earn.
        :param document: the order or payment; has a `company_id`.
        :param basket: `points.Basket`; `rules` as the engine has them.
        :param context: `ledger.Context` of the document.
        :param facts: what the document wants to know again when goods come back.
        """
        member = self.env["member.point.rule"]._for_member(
            partner, rules, basket.when_local
        )
        earned = compute(rules, basket, member)
        if not earned.points:
            return earned.points
        postings = self._post(partner, document, earned, request_key, context)
        is_new = self._insert(
            {
                "partner_id": partner.id,
                "company_id": document.company_id._member_root().id,
                "store_id": context.store_id or None,
                "class_id": member.class_id or None,
                "date": fields.Datetime.now(),
                "kind": basket.kind,
                "res_model": document._name,
                "res_id": document.id,
                "pos_order_id": document.id if document._name == "pos.order" else None,
                "sale_order_id": (
                    document.id if document._name == "sale.order" else None
                ),
                "reference": context.reference or None,
                "points": earned.points,
                "clawed_back": 0,
                "multiplier": earned.multiplier,
                "rules_json": Json(
                    {
                        "rules": [rule.to_json() for rule in kept(rules, earned)],
                        "basket": basket.to_json(),
                        "member": member.to_json(),
                        "facts": facts or {},
                    }
                ),
                "posting_id": next(iter(postings.values())),
            },
            earned,
            postings,
        )
        if is_new:
            # sudo: nobody may read or write what is counted
            self.env["member.point.cap"].sudo()._count(
                partner.id, rules, earned.by_rule, basket.when_local.date()
            )
        return earned.points

    @api.model
    def _post(self, partner, document, earned, request_key, context):
        """Insert one posting for each time of expiry; return their ids by last day."""
        asset = document.company_id._member_asset("points")
        days = dict(earned.by_expiry)
        posted = ledger.post(
            self.env,
            [
                ledger.Intent(
                    partner_id=partner.id,
                    asset_id=asset.id,
                    amount=points,
                    kind="earn",
                    request_key=f"{request_key}/{number}" if number else request_key,
                    expires_at=day and asset._end_of_day(day),
                    context=context,
                )
                for number, (day, points) in enumerate(days.items())
            ],
        )
        return dict(zip(days, posted.ids, strict=True))

    @api.model
    def _insert(self, values, earned, postings):
        """Write the earning and its explanation in one statement.

        :return: whether the document had not earned before.
        """
        lines = [
            SQL(
                "(%s, %s, %s, %s, %s, %s, %s)",
                number,
                each.rule_id,
                each.name,
                each.base,
                each.multiplier,
                each.points,
                postings[each.expires] if each.points else None,
            )
            for number, each in enumerate(earned.fired)
        ]
        rows = self.env.execute_query(
            SQL(
                """WITH earning AS (
                       INSERT INTO member_point_earning (%(names)s) VALUES (%(values)s)
                           ON CONFLICT (res_model, res_id, partner_id) DO NOTHING
                    RETURNING id)
                   INSERT INTO member_point_earning_line (earning_id, sequence, rule_id,
                          rule_name, base, multiplier, points, posting_id, clawed_back)
                   SELECT earning.id, l.sequence, l.rule_id, l.rule_name, l.base,
                          l.multiplier, l.points, l.posting_id::integer, 0
                     FROM earning, (VALUES %(lines)s)
                       AS l (sequence, rule_id, rule_name, base, multiplier, points,
                             posting_id)
                RETURNING id""",
                names=SQL(", ").join(map(SQL.identifier, values)),
                values=SQL(", ").join(SQL("%s", value) for value in values.values()),
                lines=SQL(", ").join(lines),
            )
        )
        return bool(rows)

    # === TAKING BACK === #

    def _lock(self):
        """Let one refund of these documents be paid at a time; the later starts afresh.

        An UPDATE, since a lock alone would let the later one go on with what it saw
        before (REPEATABLE READ).
        """
        self.env.cr.execute(
            "UPDATE member_point_earning SET clawed_back = clawed_back "
            "WHERE id = ANY(%s)",
            [sorted(self.ids)],
            log_exceptions=False,  # the loser of the race is replayed
        )

    def _follow(self, left, *, request_key, context) -> Decimal:
        """Take back what the goods that are left would not have earned alone.

        Counts what was taken back before; gives some of that again when more is left
        now, as after a credit note that was cancelled: as much as the caps leave room
        for by now, since another document may have earned it meanwhile.

        :param left: which part of each line is left, 0 to 1, by the line's key; lines
            that are not named are left whole.
        :param request_key: unique among what moves this earning.
        :return: how much was taken; negative when some was given again.
        """
        self.ensure_one()
        remaining = self._recompute(left)
        rules = [Rule.from_json(rule) for rule in self.rules_json["rules"]]
        basket = Basket.from_json(self.rules_json["basket"])
        day = basket.when_local.date()
        # sudo: nobody may read or write what is counted
        caps = self.env["member.point.cap"].sudo()
        room = caps._room(self.partner_id.id, rules, day)
        changes, by_posting = {}, {}
        for line in self.line_ids.filtered("posting_id"):
            part = _exact(line.points) - _exact(line.clawed_back)
            part -= remaining.get(line.rule_id.id, 0)
            free, period = room.get(line.rule_id.id, (-part, False))
            line.limited_by = -part > free and period
            if line.limited_by:
                part = -(free // basket.unit * basket.unit)
            if part:
                changes[line.rule_id.id] = part
                by_posting[line.posting_id] = by_posting.get(line.posting_id, 0) + part
                line.clawed_back += float(part)
        total = sum(changes.values(), Decimal(0))
        if not changes:
            return total
        self.clawed_back += float(total)
        number = 0
        for posting, change in by_posting.items():
            for each, part in posting._member_shares(change):
                key = f"{request_key}:{self.id}"
                ledger.reverse(
                    self.env,
                    each,
                    amount=part,
                    request_key=f"{key}/{number}" if number else key,
                    kind="clawback" if change > 0 else "earn",
                    allow_owed=True,
                    context=context,
                )
                number += 1
        taken = {rule: part for rule, part in changes.items() if part > 0}
        again = {rule: -part for rule, part in changes.items() if part < 0}
        caps._give_back(self.partner_id.id, taken, day)
        caps._count(self.partner_id.id, rules, again, day)
        return total

    def _recompute(self, left):
        """Return what the remaining basket earns alone, by rule id."""
        snapshot = self.rules_json
        basket = Basket.from_json(snapshot["basket"])
        lines = []
        for line in basket.lines:
            part = left.get(line.key, Decimal(1))
            if part > 0:
                lines.append(
                    replace(
                        line, amount=line.amount * part, quantity=line.quantity * part
                    )
                )
        return compute(
            [Rule.from_json(rule) for rule in snapshot["rules"]],
            replace(basket, lines=tuple(lines)),
            Member.from_json(snapshot["member"]),
        ).by_rule


class MemberPointEarningLine(models.Model):
    """What one rule gave for a document: the explanation, and the report by rule."""

    _name = "member.point.earning.line"
    _description = "Points Earned by a Rule"
    _inherit = ["member.export.mixin"]
    _log_access = False
    _order = "earning_id desc, sequence"
    _rec_name = "rule_name"

    earning_id = fields.Many2one(
        "member.point.earning",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    sequence = fields.Integer(required=True, readonly=True)
    rule_id = fields.Many2one(
        "member.point.rule",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    rule_name = fields.Char(
        "Rule as It Was Called", required=True, readonly=True, help="At that time."
    )
    base = fields.Float(
        readonly=True,
        digits=(16, 4),
        help="What the rule counted: money, units or 1 for the order.",
    )
    multiplier = fields.Float(readonly=True, digits=(16, 4))
    points = fields.Float(required=True, readonly=True, digits=POINTS)
    clawed_back = fields.Float(
        "Taken Back", required=True, readonly=True, digits=POINTS
    )
    limited_by = fields.Selection(
        [
            ("day", "The most for a day is reached"),
            ("month", "The most for a month is reached"),
        ],
        "Not Given Again",
        readonly=True,
        help="Why less was given again than had been taken back: other purchases have "
        "earned it meanwhile.",
    )
    posting_id = fields.Many2one(
        "member.posting",
        readonly=True,
        index=True,
        ondelete="restrict",
        help="Empty for a rule that multiplies what others gave.",
    )


def _exact(points) -> Decimal:
    """Return points of a float field as they stand in the database."""
    return Decimal(str(round(points, POINTS[1])))
