"""Who moves to which class, and moving them: one statement each, for all members.

Both run in short READ COMMITTED transactions of their own or in the caller's; no
member is read one by one, so a million of them are reviewed in one pass.
"""

from odoo.tools import SQL


def plan(rules, root, *, today, at_review, partner_ids=None) -> SQL:
    """Select who would move.

    Columns: partner_id, from_class_id, class_id, rule_id, figure, is_up.

    Rising: to the class of the highest rank that a rule gives. Falling (`at_review`
    only): members of a class that a falling rule gives, who reach no class of that
    rank; to the best one below that they reach, else to the usual class of new members.
    Left alone are cancelled members and those whose class is kept until a later day.

    :param rules: `member.class.rule`, at least one, all of the company `root`.
    :param partner_ids: look at these members only.
    """
    given = _Rules(rules, today, at_review, partner_ids)
    default = root._member_default_class()
    falling = _falling(given, default) if at_review and given.falling else SQL()
    return SQL(
        """
        WITH %(figures)s,
        reached AS (%(reached)s),
        member AS (
            SELECT p.id, p.member_class_id AS class_id, c.sequence AS rank
              FROM res_partner p JOIN member_class c ON c.id = p.member_class_id
             WHERE %(may_move)s %(only)s
        ),
        rising AS (
            SELECT DISTINCT ON (m.id) m.id AS partner_id, m.class_id AS from_class_id,
                   r.class_id, r.rule_id, r.value AS figure, TRUE AS is_up
              FROM reached r JOIN member m ON m.id = r.partner_id
             WHERE r.rank > m.rank
               AND (cardinality(r.from_ids) = 0 OR m.class_id = ANY(r.from_ids))
          ORDER BY m.id, r.rank DESC, r.place
        )
        SELECT * FROM rising %(falling)s
        """,
        figures=given.figures,
        reached=given.reached,
        may_move=_may_move(root, today),
        only=SQL("AND p.id = ANY(%s)", list(partner_ids))
        if partner_ids is not None
        else SQL(),
        falling=falling,
    )


def move(source, rules, root, *, today, user_id=None, review_id=None) -> SQL:
    """Move those that `source` selects as `plan` does; select the ids of who moved.

    Who has another class by now, whose class is kept, or whose rule is deleted, stays:
    the row's own lock decides between two moves. Each move is a row of the member's
    history, in the words of its rule.

    :param rules: those that may have decided; may be none.
    :param user_id: who decided, if a person did.
    """
    words = [rule._notes() for rule in rules]
    return SQL(
        """
        WITH plan AS MATERIALIZED (%(source)s),
        note (rule_id, up, down) AS (
            SELECT * FROM unnest(%(rules)s::int[], %(ups)s::text[], %(downs)s::text[])
        ),
        moved AS (
            UPDATE res_partner p
               SET member_class_id = plan.class_id, write_date = %(now)s
              FROM plan
             WHERE p.id = plan.partner_id AND p.member_class_id = plan.from_class_id
               AND plan.rule_id IN (SELECT rule_id FROM note)
               AND %(may_move)s
         RETURNING p.id AS partner_id, p.member_company_id, plan.class_id,
                   plan.rule_id, plan.figure, plan.is_up
        ),
        closed AS (
            UPDATE member_class_assignment a SET date_to = %(now)s
              FROM moved WHERE a.partner_id = moved.partner_id AND a.date_to IS NULL
         RETURNING a.partner_id
        ),
        opened AS (
            INSERT INTO member_class_assignment (partner_id, class_id, company_id,
                        date_from, reason, user_id, note, rule_id, review_id,
                        create_date, write_date)
            SELECT moved.partner_id, moved.class_id, moved.member_company_id, %(now)s,
                   'rule', %(user)s, replace(
                       CASE WHEN moved.is_up THEN note.up ELSE note.down END,
                       '{figure}', trim_scale(round(moved.figure::numeric, 2))::text),
                   moved.rule_id, %(review)s, %(now)s, %(now)s
              FROM moved
              JOIN note ON note.rule_id = moved.rule_id
             -- a member has one open row: all old ones are closed before a new one
             -- opens. Counted, once; a join by member would compare each with all
             -- where the planner expects few
             WHERE (SELECT count(*) FROM closed) >= 0
        )
        SELECT partner_id FROM moved
        """,
        source=source,
        rules=rules.ids,
        ups=[up for up, _down in words],
        downs=[down for _up, down in words],
        now=SQL("date_trunc('second', now() AT TIME ZONE 'utc')"),
        may_move=_may_move(root, today),
        user=user_id,
        review=review_id,
    )


def _may_move(root, today) -> SQL:
    return SQL(
        """p.is_member AND p.member_state <> 'cancelled' AND p.member_company_id = %s
           AND (p.member_class_locked_until IS NULL
                OR p.member_class_locked_until < %s)""",
        root.id,
        today,
    )


class _Rules:
    """The rules as parts of a statement; what several of them ask is computed once."""

    def __init__(self, rules, today, at_review, partner_ids):
        names, figures, reached = {}, [], []
        self.falling = []
        for place, rule in enumerate(rules):
            key = (rule.metric, rule.window, rule.window_months)
            if key not in names:
                names[key] = SQL.identifier(f"figure_{len(names)}")
                query = rule._values_query(
                    today, at_review=at_review, partner_ids=partner_ids
                )
                figures.append(SQL("%s AS MATERIALIZED (%s)", names[key], query))
            reached.append(
                SQL(
                    """SELECT partner_id, value, %s::int AS rule_id,
                              %s::int AS class_id, %s::int AS rank, %s::int AS place,
                              %s::int[] AS from_ids
                         FROM %s WHERE value >= %s""",
                    rule.id,
                    rule.class_id.id,
                    rule.class_id.sequence,
                    place,
                    rule.from_class_ids.ids,
                    names[key],
                    rule.threshold,
                )
            )
            if rule.demotes:
                self.falling.append((rule, names[key], place))
        self.figures = SQL(", ").join(figures)
        self.reached = SQL(" UNION ALL ").join(reached)


def _falling(given, default) -> SQL:
    """Add those who fall, with what they have of the first rule that keeps them."""
    due = SQL(" UNION ALL ").join(
        SQL(
            """SELECT m.id, m.class_id, m.rank, %s::int AS rule_id, %s::int AS place,
                      coalesce(f.value, 0) AS value
                 FROM member m LEFT JOIN %s f ON f.partner_id = m.id
                WHERE m.class_id = %s""",
            rule.id,
            place,
            figures,
            rule.class_id.id,
        )
        for rule, figures, place in given.falling
    )
    return SQL(
        """
        UNION ALL (
            SELECT DISTINCT ON (due.id) due.id, due.class_id,
                   coalesce(r.class_id, %(default)s), due.rule_id, due.value, FALSE
              FROM (%(due)s) AS due
         LEFT JOIN reached r ON r.partner_id = due.id
                            AND r.rank < due.rank AND r.rank > %(default_rank)s
             WHERE NOT EXISTS (SELECT FROM reached x
                                WHERE x.partner_id = due.id AND x.rank >= due.rank)
               AND (r.class_id IS NOT NULL OR %(default_rank)s < due.rank)
          ORDER BY due.id, r.rank DESC NULLS LAST, r.place, due.place
        )""",
        due=due,
        default=default.id,
        default_rank=default.sequence,
    )
