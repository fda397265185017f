from . import member_ticket_period_xlsx
