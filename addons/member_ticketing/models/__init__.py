from . import event_registration_collection
from . import event_registration_portal
from . import member_operator_log
from . import member_ticket_exception
from . import pos_config_collection
from . import sale_order_processing
