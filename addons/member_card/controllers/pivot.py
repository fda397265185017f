import json

from werkzeug.datastructures import FileStorage

from odoo import http
from odoo.http import request

from odoo.addons.web.controllers.pivot import TableExporter


class MemberTableExporter(TableExporter):
    """A pivot table is saved as a file by the same right as a list is."""

    def _is_export_readonly(self, rule, args):
        """Say no: the export is noted, so the database is written."""
        return False

    @http.route(readonly=_is_export_readonly)
    def export_xlsx(self, data, **kw):
        text = data.read() if isinstance(data, FileStorage) else data
        table = json.loads(text)
        model = table.get("model") if isinstance(table, dict) else None
        guarded = request.env.registry["member.export.mixin"]
        if model in request.env and isinstance(request.env[model], guarded):
            request.env[model]._member_log_table_export()
        return super().export_xlsx(text, **kw)
