from odoo.tests import HttpCase

PATIENCE_S = 120


class PatientHttpCase(HttpCase):
    """Requests that may take as long as a busy machine does; Odoo waits 12 seconds."""

    def url_open(self, url, data=None, files=None, timeout=PATIENCE_S, **options):
        return super().url_open(url, data, files, timeout, **options)

    def make_jsonrpc_request(self, route, params=None, timeout=PATIENCE_S, **options):
        return super().make_jsonrpc_request(route, params, timeout=timeout, **options)
