from . import base_partner_merge
from . import member_ticket_issue
from . import member_ticket_policy_copy
from . import member_ticket_prolong
from . import member_ticket_reserve
from . import member_ticket_reserve_line
