from . import member_ticket_exception
from . import event_registration_portal
