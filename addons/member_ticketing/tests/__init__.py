from . import test_check_in
from . import test_hoot
from . import test_policies_choice
from . import test_portal_tickets
from . import test_pos_collection
from . import test_sale_processing
from . import test_ticket_desk
