"""Whether a rule looks at a member, a moment or a line."""

from calendar import isleap, monthrange
from datetime import date, timedelta


def mismatch(rule, basket, member) -> str:
    """Return why the rule does not look at this sale (as in `Skipped`), or ""."""
    day = window_day(rule, basket.when_local)
    checks = {
        "class": not rule.class_ids or member.class_id in rule.class_ids,
        "store": not rule.store_ids or bool(rule.store_ids & basket.store_ids),
        "tag": not rule.partner_tag_ids or bool(rule.partner_tag_ids & member.tag_ids),
        "hour": day is not None,
    }
    if day is not None:
        checks |= {
            "dates": (rule.date_from or day) <= day <= (rule.date_to or day),
            "weekday": not rule.weekdays or day.weekday() in rule.weekdays,
            "birthday": has_birthday(rule.birthday, member.birthdate, day),
        }
    lapses = expires(rule, basket.day_in)
    checks["expired"] = lapses is None or lapses >= basket.day_in
    return next((why for why, is_right in checks.items() if not is_right), "")


def takes(rule, line) -> bool:
    """Tell whether the goods of the line are among those the rule names."""
    if (
        line.template_id in rule.not_template_ids
        or rule.not_category_ids & line.category_ids
        or rule.not_tag_ids & line.tag_ids
    ):
        return False
    if not (rule.template_ids or rule.category_ids or rule.tag_ids):
        return True
    return bool(
        line.template_id in rule.template_ids
        or rule.category_ids & line.category_ids
        or rule.tag_ids & line.tag_ids
    )


# === WHEN === #


def window_day(rule, when):
    """Return the day that a moment belongs to by the rule's hours; None: outside.

    After midnight, a window that crosses it still belongs to the day before.
    """
    start, end = rule.minute_from, rule.minute_to
    minute = when.hour * 60 + when.minute
    if start == end or (start < end and start <= minute < end):
        return when.date()
    if start > end:
        if minute >= start:
            return when.date()
        if minute < end:
            return when.date() - timedelta(days=1)
    return None


def birthday_in(year, birthdate) -> date:
    """Return the birthday of a year; who was born on 29 February has the 28th."""
    if (birthdate.month, birthdate.day) == (2, 29) and not isleap(year):
        return date(year, 2, 28)
    return birthdate.replace(year=year)


def has_birthday(span, birthdate, day) -> bool:
    """Tell whether `day` is the birthday, in its month, or in its week from Monday."""
    if span == "no":
        return True
    if birthdate is None:
        return False
    if span == "month":
        return day.month == birthdate.month
    if span == "day":
        return birthday_in(day.year, birthdate) == day
    # the week of a birthday around New Year lies in two years
    birthdays = (
        birthday_in(year, birthdate)
        for year in range(day.year - 1, day.year + 2)
        if date.min.year <= year <= date.max.year
    )
    return any(each.isocalendar()[:2] == day.isocalendar()[:2] for each in birthdays)


def expires(rule, day):
    """Return the last day on which points earned on `day` are good, None: no own."""
    if rule.expiry == "months":
        years, month = divmod(day.month - 1 + rule.expiry_months, 12)
        year = day.year + years
        last = monthrange(year, month + 1)[1]
        return date(year, month + 1, min(day.day, last))
    if rule.expiry == "year_end":
        return date(day.year + rule.expiry_years, 12, 31)
    if rule.expiry == "date":
        return rule.expiry_date
    return None
