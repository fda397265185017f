from . import member_ticket_issue
