"""SQL: which rules earned the points of a lot, and what each has of them.

The queries that use it name the asset `asset`, the lot `lot` and the entry that laid it
down `source`, and join `EARNED_BY`, which has a row for each rule that earned the lot:
`line` is the rule's part, missing where no rule did (given by hand, brought along).
"""

from odoo.tools import SQL

MOST_LINES = 1024
"""Ids of rows are made of a lot's or a use's and the line's place; there are fewer."""

EARNED_BY = SQL(
    """LEFT JOIN member_point_earning_line line
              ON line.posting_id = source.posting_id AND source.kind = 'earn'"""
)

PLACE = SQL("coalesce(line.sequence + 1, 0)")
"""Tells the rows of one lot apart."""

IS_WHOLE = SQL("(line.points IS NULL OR line.points = lot.amount)")
"""Whether a lot is all of one rule's, or of none: as nearly every lot is."""


def share(left):
    """Return what the rule of `line` has of a lot in which `left` points are left.

    In proportion to what the rules gave, in whole units of the asset. What the rules up
    to this one have together is rounded, and each has what it adds to that: so shares
    add up to `left`, and what a rule loses in many steps is in the end what it had.
    What the rules gave up to this one is looked for only where there are several.

    :param left: SQL of a number between 0 and `lot.amount`.
    """
    return SQL(
        """CASE WHEN %(is_whole)s THEN %(left)s
                ELSE (SELECT round(%(left)s * upto.points / lot.amount,
                                   asset.decimal_places)
                           - round(%(left)s * (upto.points - line.points) / lot.amount,
                                   asset.decimal_places)
                        FROM (SELECT sum(own.points) AS points
                                FROM member_point_earning_line own
                               WHERE own.posting_id = line.posting_id
                                 AND own.id <= line.id) upto) END""",
        left=left,
        is_whole=IS_WHOLE,
    )
