"""What a check of an order's prices finds."""

from dataclasses import dataclass, field
from typing import Any


@dataclass
class Finding:
    """One line that costs other than it should, or an order whose total is wrong.

    `expected` and `actual` are in the order's currency, with taxes, signed as the line
    is. `line` is empty for the order's total. What the settings or an approval allow is
    only noted; the rest somebody has to look at.
    """

    line: Any
    expected: float
    actual: float
    reason: str
    is_allowed: bool = False
    approval: Any = None


@dataclass
class PriceCheck:
    """The findings of an order, and what the class price saved the member.

    `approvals` are those that were used up, by act and line: the parts of a combo share
    the one of their combo.
    """

    findings: list[Finding] = field(default_factory=list)
    savings: float = 0.0
    approvals: dict = field(default_factory=dict)

    @property
    def to_look_at(self) -> list[Finding]:
        """Return the findings that nothing allows."""
        return [finding for finding in self.findings if not finding.is_allowed]
