from werkzeug.exceptions import NotFound

from odoo.http import Controller, content_disposition, request, route

from ..models.pos_config_collection import PROCESS

MAX_TICKETS = 1000


class MemberTickets(Controller):
    """Paper tickets for the office, many in one file."""

    @route("/member_ticketing/tickets/<string:ids>", type="http", auth="user")
    def tickets(self, ids):
        """Send valid tickets as a PDF to who hands them over.

        Cancelled tickets and those of other legal entities are left out.
        """
        request.env.user._member_require(PROCESS)
        wanted = [int(each) for each in ids.split(",") if each.isdecimal()]
        root = request.env.company._member_root()
        # sudo: the office hands over tickets that others of the entity sold
        tickets = (
            request.env["event.registration"]
            .sudo()
            .search(
                [
                    ("id", "in", wanted[:MAX_TICKETS]),
                    ("state", "in", ("open", "done")),
                    "|",
                    ("company_id", "=", False),
                    ("company_id", "child_of", root.id),
                ]
            )
        )
        if not tickets:
            raise NotFound
        order = {each: place for place, each in enumerate(wanted)}
        tickets = tickets.sorted(lambda each: order[each.id])
        content, kind = tickets._member_tickets_pdf()
        name = request.env._("Tickets") + f".{kind}"
        return request.make_response(
            content,
            [
                ("Content-Type", f"application/{kind}"),
                ("Content-Disposition", content_disposition(name)),
            ],
        )
