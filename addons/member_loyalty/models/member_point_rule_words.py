from odoo import api, fields, models
from odoo.tools import format_date, formatLang

from ..words import listed, sentence
from .member_point_rule import DATES, GOODS, SAME, WEEKDAYS, WHOM

SHOWN_NAMES = 3


class MemberPointRule(models.Model):
    """A rule, and what came of it, as a sentence."""

    _inherit = "member.point.rule"

    summary = fields.Char("In Words", compute="_compute_summary")

    @api.depends(
        *GOODS.values(),
        *WHOM.values(),
        *SAME,
        *DATES,
        *WEEKDAYS,
        "minimum_amount",
        "hour_from",
        "hour_to",
        "rate_points",
        "rate_amount",
        "multiplier",
        "cap_order",
        "cap_day",
        "cap_month",
        "currency_id",
    )
    @api.depends_context("lang")
    def _compute_summary(self):
        for rule in self:
            clauses = (
                rule._what(),
                rule._say_minimum(),
                rule._say_classes(),
                rule._say_tags(),
                rule._say_stores(),
                rule._say_birthday(),
                rule._say_dates(),
                rule._say_weekdays(),
                rule._say_hours(),
                rule._say_paid_part(),
                rule._say_caps(),
                rule._say_expiry(),
                rule._say_stop(),
            )
            rule.summary = sentence(self.env, clauses)

    def _say_condition(self):
        """Return what of a basket this rule takes, where it does not take all."""
        self.ensure_one()
        clauses = [self._say_paid_part(), self._say_minimum()]
        if self._has_goods():
            clauses.insert(0, self.env._("for %(goods)s", goods=self._say_goods()))
        return sentence(self.env, clauses)

    # === CLAUSES === #

    def _what(self):
        values = {
            "points": self._say_points(self.rate_points),
            "goods": self._say_goods(),
            "amount": self._say_money(self.rate_amount),
            "multiplier": self._say_number(self.multiplier),
        }
        if self.effect == "multiplier":
            if self.earn_on == "sale" and not self._has_goods():
                return self.env._("Points ×%(multiplier)s", **values)
            return self.env._("Points ×%(multiplier)s for %(goods)s", **values)
        if self.mode == "amount":
            if self.is_stepwise:
                return self.env._(
                    "%(points)s for every full %(amount)s of %(goods)s", **values
                )
            return self.env._("%(points)s for every %(amount)s of %(goods)s", **values)
        if self.earn_on == "topup":
            return self.env._("%(points)s for each top-up", **values)
        if self.mode == "unit":
            return self.env._("%(points)s for each unit of %(goods)s", **values)
        if self._has_goods():
            return self.env._("%(points)s for each order with %(goods)s", **values)
        return self.env._("%(points)s for each order", **values)

    def _has_goods(self):
        if self.earn_on != "sale":
            return False
        return any(self[name] for name in GOODS.values())

    def _say_goods(self):
        if self.earn_on == "topup":
            return self.env._("top-ups")
        goods = self._names(
            self.product_tmpl_ids, self.categ_ids, self.product_tag_ids
        ) or self.env._("any goods")
        excluded = self._names(
            self.excluded_product_tmpl_ids,
            self.excluded_categ_ids,
            self.excluded_product_tag_ids,
        )
        if excluded:
            return self.env._(
                "%(goods)s except %(excluded)s", goods=goods, excluded=excluded
            )
        return goods

    def _say_minimum(self):
        if not self.minimum_amount:
            return ""
        return self.env._(
            "from %(amount)s on", amount=self._say_money(self.minimum_amount)
        )

    def _say_classes(self):
        names = self._names(self.class_ids)
        return names and self.env._("for members of %(names)s", names=names)

    def _say_tags(self):
        names = self._names(self.partner_tag_ids)
        return names and self.env._("for members tagged %(names)s", names=names)

    def _say_stores(self):
        names = self._names(self.store_ids)
        return names and self.env._("in %(names)s", names=names)

    def _say_birthday(self):
        words = {
            "day": self.env._("on the member's birthday"),
            "week": self.env._("in the week of the member's birthday"),
            "month": self.env._("in the month of the member's birthday"),
        }
        return words.get(self.birthday, "")

    def _say_dates(self):
        first = format_date(self.env, self.date_from)
        last = format_date(self.env, self.date_to)
        if first and last:
            return self.env._("from %(first)s to %(last)s", first=first, last=last)
        if first:
            return self.env._("since %(first)s", first=first)
        return last and self.env._("until %(last)s", last=last)

    def _say_weekdays(self):
        chosen = [name for name in WEEKDAYS if self[name]]
        if not chosen:
            return ""
        labels = self.fields_get(chosen, ["string"])
        days = [labels[name]["string"] for name in chosen]
        return self.env._("on %(days)s", days=listed(self.env, days))

    def _say_hours(self):
        start, end = round(self.hour_from * 60), round(self.hour_to * 60)
        if start == end:
            return ""
        return self.env._(
            "%(start)s to %(end)s",
            start=f"{start // 60:02}:{start % 60:02}",
            end=f"{end // 60:02}:{end % 60:02}",
        )

    def _say_paid_part(self):
        words = {
            "without_wallet": self.env._("of what the wallet does not pay"),
            "wallet": self.env._("of what the wallet pays"),
        }
        return words.get(self.paid_part, "")

    def _say_caps(self):
        if self.effect == "multiplier":
            return ""
        caps = (
            (self.cap_order, self.env._("an order")),
            (self.cap_day, self.env._("a day")),
            (self.cap_month, self.env._("a month")),
        )
        most = listed(
            self.env,
            [
                self.env._(
                    "%(points)s %(period)s", points=self._say_points(cap), period=period
                )
                for cap, period in caps
                if cap
            ],
        )
        return most and self.env._("at most %(most)s", most=most)

    def _say_expiry(self):
        if self.effect == "multiplier":
            return ""
        if self.expiry == "months":
            return self.env._("good for %(months)s months", months=self.expiry_months)
        if self.expiry == "year_end" and self.expiry_years:
            return self.env._(
                "good until the end of the year %(years)s years later",
                years=self.expiry_years,
            )
        if self.expiry == "year_end":
            return self.env._("good until the end of the year")
        if self.expiry == "date":
            return self.env._(
                "good until %(day)s", day=format_date(self.env, self.expiry_date)
            )
        return ""

    def _say_stop(self):
        if self.effect == "points" and self.stops_others:
            return self.env._("and by no later rule")
        if self.effect == "multiplier" and self.is_stacking:
            return self.env._("beside other multipliers")
        return ""

    # === WHAT CAME OF IT === #

    def _say_fired(self, fired):
        """Return a sentence about a rule that counted (`points.Fired`)."""
        self.ensure_one()
        base = self._say_number(fired.base)
        if fired.mode == "amount":
            base = self._say_money(fired.base)
        if fired.effect == "multiplier":
            return self.env._(
                "×%(multiplier)s for goods of %(base)s",
                multiplier=self._say_number(fired.multiplier),
                base=base,
            )
        if fired.mode == "unit":
            base = self.env._("%(base)s units", base=base)
        elif fired.mode == "order":
            base = self._say_this()
        clauses = [base]
        if fired.multiplier != 1:
            multiplier = self._say_number(fired.multiplier)
            clauses = [f"{base} × {multiplier}"]
        limits = {
            "order": self.env._("the most for an order"),
            "day": self.env._("the most for a day"),
            "month": self.env._("the most for a month"),
        }
        if not fired.points and not fired.limited_by:
            clauses.append(self.env._("gives no point"))
        if fired.limited_by:
            clauses.append(limits[fired.limited_by])
        if fired.expires:
            clauses.append(
                self.env._(
                    "good until %(day)s", day=format_date(self.env, fired.expires)
                )
            )
        return sentence(self.env, clauses)

    def _say_this(self):
        """Return what earned once, by a rule that counts for each order."""
        if self.earn_on == "topup":
            return self.env._("this top-up")
        return self.env._("this order")

    def _say_skipped(self, why):
        """Return a sentence why the rule does not count (`points.Skipped`)."""
        self.ensure_one()
        only = {
            "class": self._say_classes(),
            "store": self._say_stores(),
            "tag": self._say_tags(),
            "dates": self._say_dates(),
            "weekday": self._say_weekdays(),
            "hour": self._say_hours(),
            "birthday": self._say_birthday(),
            "products": self.env._("for %(goods)s", goods=self._say_goods()),
            "minimum": self._say_minimum(),
            "payment": self._say_paid_part(),
        }
        if why in only:
            return self.env._("Only %(condition)s", condition=only[why])
        others = {
            "expired": self.env._("Its points would have expired already"),
            "stopped": self.env._("An earlier rule alone counts for these goods"),
            "cap_day": self.env._("The most for a day is reached"),
            "cap_month": self.env._("The most for a month is reached"),
            "too_little": self.env._("Too little for a point"),
        }
        return others[why]

    # === FIGURES === #

    def _names(self, *records):
        names = [name for each in records for name in each.mapped("display_name")]
        shown = listed(self.env, names[:SHOWN_NAMES])
        if len(names) > SHOWN_NAMES:
            return self.env._(
                "%(names)s and %(count)s more",
                names=shown,
                count=len(names) - SHOWN_NAMES,
            )
        return shown

    def _say_points(self, points):
        if points == 1:
            return self.env._("1 point")
        return self.env._("%(points)s points", points=self._say_number(points))

    def _say_number(self, value):
        value = float(value)
        digits = next((each for each in (0, 1) if round(value, each) == value), 2)
        return formatLang(self.env, value, digits=digits)

    def _say_money(self, value):
        return (self.currency_id or self.env.company.currency_id).format(float(value))
