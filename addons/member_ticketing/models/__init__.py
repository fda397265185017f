from . import member_ticket_policy_place  # the others inherit it

from . import event_event
from . import event_event_ticket
from . import event_event_ticket_till
from . import event_event_ticket_words
from . import event_event_till
from . import event_mail_registration
from . import event_registration_checkin
from . import event_registration_collection
from . import event_registration_desk
from . import event_registration_portal
from . import event_registration_slip
from . import event_type
from . import event_slot
from . import member_operator_log
from . import member_ticket_exception
from . import member_ticket_policy
from . import pos_config_collection
from . import pos_config_ticket_slips
from . import member_ticket_policy_conflict
from . import member_ticket_policy_copying
from . import member_ticket_policy_words
from . import res_partner_ticket
from . import res_partner_tickets
from . import sale_order_issuing
from . import sale_order_processing
from . import sale_order_reserved
