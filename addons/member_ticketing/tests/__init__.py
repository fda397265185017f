from . import test_portal_tickets
from . import test_pos_collection
