from . import member_ticket_exception
