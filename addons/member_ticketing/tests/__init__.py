from . import test_portal_tickets
from . import test_pos_collection
from . import test_policies_choice
