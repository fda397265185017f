"""Who may do what with which model, as each add-on says in its `rights_matrix.py`."""

import importlib
from dataclasses import dataclass

OPERATIONS = ("read", "write", "create", "unlink")


@dataclass(frozen=True)
class Access:
    """What is expected of one model.

    People are named by what they hold, several apart by spaces: a right (`award` for
    the group `group_member_award`), a role (`manager`), a group of `GROUPS`, `user` for
    everybody who works here, nothing for nobody.

    :param read, write, create, unlink: who may do this with records.
    :param change: who may do the last three.
    :param company: the field, or path, with the company whose people alone see the
        record; those of its branches do too.
    :param is_of_one: its branches do not.
    :param is_shared: a record without a company is everybody's.
    :param store: the field, or path, with the store: operators of other stores do not
        see the record.
    :param anywhere: why a model that has a company or a store has no such rule.
    """

    read: str = ""
    write: str = ""
    create: str = ""
    unlink: str = ""
    change: str = ""
    company: str = ""
    is_of_one: bool = False
    is_shared: bool = False
    store: str = ""
    anywhere: str = ""

    def allowed(self, operation):
        """Return the names of which one is enough for an operation."""
        named = getattr(self, operation)
        if operation != "read":
            named = f"{named} {self.change}"
        return set(named.split())


class Expectations:
    """What the installed add-ons expect, put together.

    :ivar access: `{model: Access}`, of `MATRIX`.
    :ivar roles: `{right: the roles that bring it}`, of `RIGHTS`; an add-on may name
        more roles for the right of another one.
    :ivar groups: `{name: XML id}` of groups of Odoo's that open models of ours.
    """

    def __init__(self, env):
        self.access, self.roles, self.groups = {}, {}, {}
        self.modules = (
            env["ir.module.module"]
            .search([("name", "=like", "member_%"), ("state", "=", "installed")])
            .mapped("name")
        )
        for module in self.modules:
            matrix = rights_matrix(module)
            self.access |= getattr(matrix, "MATRIX", {})
            self.groups |= getattr(matrix, "GROUPS", {})
            for right, roles in getattr(matrix, "RIGHTS", {}).items():
                self.roles[right] = self.roles.get(right, set()) | set(roles.split())


def rights_matrix(module):
    """Return what an add-on says in `tests/rights_matrix.py`, None if it has none."""
    name = f"odoo.addons.{module}.tests.rights_matrix"
    try:
        return importlib.import_module(name)
    except ModuleNotFoundError as error:
        if error.name != name:
            raise
        return None


def place(module):
    """Say where the expectation of a model or a right of an add-on is added."""
    return (
        f"add it to addons/{module}/tests/rights_matrix.py (like "
        "addons/member_card/tests/rights_matrix.py)"
    )
