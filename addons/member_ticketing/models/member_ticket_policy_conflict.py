from collections import namedtuple
from decimal import Decimal
from itertools import combinations

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import format_amount

from ..policies import can_win, meet, overlaps, price, window

Conflict = namedtuple("Conflict", "severity sentence policy_ids")
"""Something odd: "danger" (some sell nothing), "warning", or "info" (good to know)."""


class MemberTicketPolicy(models.Model):
    """What is odd about the policies of one performance, said while they are edited."""

    _inherit = "member.ticket.policy"

    conflict_note = fields.Text(
        compute="_compute_conflict_note",
        help="What is odd about this policy beside the others of the performance.",
    )

    @api.depends(
        "event_id",
        "event_type_id",
        "slot_id",
        "ticket_id",
        "type_ticket_id",
        "class_id",
        "channel",
        "user_ids",
        "price_kind",
        "price",
        "percent",
        "quota",
        "window",
        "start_date",
        "end_date",
        "days_before_start",
        "days_before_end",
    )
    def _compute_conflict_note(self):
        for policy in self:
            sentences = [
                each.sentence
                for each in policy._with_siblings()._conflicts()
                if policy._origin.id in each.policy_ids
            ]
            policy.conflict_note = "\n".join(sentences) or False

    def _with_siblings(self):
        """Return this policy, as it is on the form, and the others beside it."""
        self.ensure_one()
        place = self.event_id or self.event_type_id
        others = place._origin.member_ticket_policy_ids.filtered("active")
        return self | (others - self._origin)

    @api.constrains(
        "active",
        "event_id",
        "event_type_id",
        "slot_id",
        "ticket_id",
        "type_ticket_id",
        "class_id",
        "channel",
        "user_ids",
        "window",
        "start_date",
        "end_date",
        "days_before_start",
        "days_before_end",
    )
    def _check_overlap(self):
        """Refuse two policies between which only their age would decide."""
        for policy in self.filtered("active"):
            begins = policy.event_id.date_begin
            for other in policy._with_siblings() - policy:
                if policy._overlaps(other, begins):
                    raise ValidationError(
                        self.env._(
                            "“%(policy)s” and “%(other)s” are for the same buyers, "
                            "tickets and channel at the same time. Change when one of "
                            "them sells, or archive it.",
                            policy=policy.name,
                            other=other.name,
                        )
                    )

    def _overlaps(self, other, begins):
        """Tell whether two policies of one place overlap.

        Of a template nobody knows yet how moments and days before it will lie.
        """
        if not begins and {self.window, other.window} == {"dates", "days"}:
            return False
        return overlaps(self._to_rule(), other._to_rule(), begins or _SOME_TIME)

    # === WHAT IS ODD === #

    def _conflicts(self):
        """Return the `Conflict`s of these policies, all of one place; worst first."""
        place = (self[:1].event_id or self[:1].event_type_id)._origin
        if not place:
            return []
        facts = place._member_policy_facts()
        rules = {policy: policy._to_rule() for policy in self.filtered("active")}
        found = [
            *self._conflicts_of_overlaps(rules, facts),
            *self._conflicts_of_windows(rules, facts),
            *self._conflicts_of_chances(rules, facts),
            *self._conflicts_of_quotas(rules, facts),
            *self._conflicts_of_prices(rules, facts),
            *self._conflicts_of_public(rules, facts),
        ]
        order = ("danger", "warning", "info")
        return sorted(found, key=lambda each: order.index(each.severity))

    def _conflict(self, severity, sentence, *policies):
        ids = tuple(policy._origin.id for policy in policies)
        return Conflict(severity, sentence, ids)

    def _conflicts_of_overlaps(self, rules, facts):
        """Say what only the dates of the performance, moved since, have brought."""
        begins = facts["begins"] if facts["is_dated"] else None
        for policy, other in combinations(rules, 2):
            if policy._overlaps(other, begins):
                sentence = self.env._(
                    "“%(policy)s” and “%(other)s” are for the same buyers at the same "
                    "time: only the first of them sells.",
                    policy=policy.name,
                    other=other.name,
                )
                yield self._conflict("danger", sentence, policy, other)

    def _conflicts_of_windows(self, rules, facts):
        if not facts["is_dated"]:
            return
        for policy, rule in rules.items():
            start, end = window(rule, facts["begins"])
            if start and start >= facts["over"]:
                sentence = self.env._(
                    "“%(policy)s” opens when the performance is over.",
                    policy=policy.name,
                )
                yield self._conflict("danger", sentence, policy)
            elif end and end > facts["over"]:
                sentence = self.env._(
                    "“%(policy)s” closes after the performance is over.",
                    policy=policy.name,
                )
                yield self._conflict("warning", sentence, policy)

    def _conflicts_of_chances(self, rules, facts):
        # an archived class still has members; there are a handful of classes
        classes = self.env["member.class"].with_context(active_test=False)
        classes = classes.search([]).ids  # pylint: disable=no-search-all
        for policy, rule in rules.items():
            start = window(rule, facts["begins"])[0]
            if start and start >= facts["over"]:
                continue
            if not can_win(
                rule,
                list(rules.values()),
                tickets=tuple(facts["tickets"]),
                slots=facts["slots"],
                classes=classes,
                begins=facts["begins"],
                over=facts["over"],
            ):
                sentence = self.env._(
                    "“%(policy)s” sells nothing: others always go before it, or what "
                    "it names does not exist together.",
                    policy=policy.name,
                )
                yield self._conflict("danger", sentence, policy)

    def _conflicts_of_quotas(self, rules, facts):
        together = {}
        for policy, rule in rules.items():
            if not rule.quota:
                continue
            together.setdefault((rule.ticket_id, rule.slot_id), []).append(policy)
            capacity = _capacity(facts, rule)
            if capacity and rule.quota > capacity:
                sentence = self.env._(
                    "“%(policy)s” may sell %(quota)s tickets, and there are only "
                    "%(capacity)s seats.",
                    policy=policy.name,
                    quota=rule.quota,
                    capacity=capacity,
                )
                yield self._conflict("warning", sentence, policy)
        for policies in together.values():
            quotas = sum(rules[policy].quota for policy in policies)
            capacity = _capacity(facts, rules[policies[0]])
            if len(policies) > 1 and capacity and quotas > capacity:
                sentence = self.env._(
                    "%(policies)s may sell %(quota)s tickets together, and there are "
                    "%(capacity)s seats: who comes first gets them.",
                    policies=_names(policies),
                    quota=quotas,
                    capacity=capacity,
                )
                yield self._conflict("info", sentence, *policies)

    def _conflicts_of_prices(self, rules, facts):
        """Say which members pay more than the public does at the same time."""
        for policy, rule in rules.items():
            if not rule.class_id or rule.price_kind not in ("fixed", "percent"):
                continue
            for ticket_id, ticket in facts["tickets"].items():
                if rule.ticket_id not in (0, ticket_id):
                    continue
                worse = self._dearer_than(rule, rules, ticket, facts["begins"])
                if worse is not None:
                    other, public = worse
                    sentence = self.env._(
                        "“%(policy)s”: %(ticket)s costs members %(price)s, and the "
                        "public %(public)s.",
                        policy=policy.name,
                        ticket=ticket.name,
                        price=self._money(price(rule, _decimal(ticket.price))),
                        public=self._money(public),
                    )
                    yield self._conflict("warning", sentence, policy, *other)
                    break

    def _dearer_than(self, rule, rules, ticket, begins):
        """Return the public's policy and lower price beside this one, or None."""
        own = _decimal(ticket.price)
        theirs = price(rule, own)
        others = [
            (other, each)
            for other, each in rules.items()
            if not each.class_id
            and each.price_kind != "pricelist"
            and each.ticket_id in (0, ticket._origin.id)
            and (not each.slot_id or each.slot_id == rule.slot_id)
            and (not each.channel or each.channel == rule.channel)
            and meet(rule, each, begins)
        ]
        for other, each in others:
            if price(each, own) < theirs:
                return other, price(each, own)
        if not others and own < theirs:
            return self.browse(), own
        return None

    def _conflicts_of_public(self, rules, facts):
        """Say when a presale is none, since nothing keeps the public from buying."""
        if facts["is_required"]:
            return
        presales = self.browse()
        for policy, rule in rules.items():
            is_presale = rule.class_id and any(window(rule, facts["begins"]))
            if is_presale and not any(
                _is_public_beside(each, rule) for each in rules.values()
            ):
                presales |= policy
        if presales:
            sentence = self.env._(
                "Whenever one of these is closed, its members buy at the ticket's own "
                "price, and so does the public at any time: %(policies)s. Add a policy "
                "for the public, or sell only by a policy.",
                policies=_names(presales),
            )
            yield self._conflict("info", sentence, *presales)

    def _money(self, amount):
        currency = self.currency_id[:1] or self.env.company.currency_id
        return format_amount(self.env, float(amount), currency)


_SOME_TIME = fields.Datetime.from_string("2000-01-01 12:00:00")
"""When a template's performance begins, to compare days before it with each other."""


def _is_public_beside(other, rule):
    """Tell whether a rule is for the public, of all that another one names or more."""
    return not other.class_id and all(
        getattr(other, axis) in ("", 0, getattr(rule, axis))
        for axis in ("ticket_id", "slot_id", "channel")
    )


def _names(policies):
    return ", ".join(f"“{policy.name}”" for policy in policies)


def _decimal(amount):
    return Decimal(str(amount))


def _capacity(facts, rule):
    """Return how many seats there are for what a policy names, 0: no limit."""
    ticket = facts["tickets"].get(rule.ticket_id)
    seats = [facts["capacity"], ticket.seats_max if ticket else 0]
    slots = 1 if rule.slot_id else len(facts["slots"]) or 1
    return slots * min((each for each in seats if each), default=0)
