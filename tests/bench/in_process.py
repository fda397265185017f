"""A client that calls Odoo in its own process: server time without HTTP and JSON."""

from odoo.api import Environment
from odoo.service.model import call_kw


class InProcessClient:
    """One logged-in user; every call is a transaction of its own, as in a server.

    Has the interface of tests/support/rpc.py, so that the same tills run on both.
    """

    def __init__(self, registry, login):
        self.registry = registry
        with registry.cursor() as cr:
            env = Environment(cr, 1, {})
            user = env["res.users"].search([("login", "=", login)])
            self.uid = user.id
            self.context = {"lang": "en_US", "allowed_company_ids": user.company_id.ids}

    def call(self, model, method, *args, **kwargs):
        kwargs.setdefault("context", self.context)
        with self.registry.cursor() as cr:
            env = Environment(cr, self.uid, {})
            return call_kw(env[model], method, args, kwargs)
