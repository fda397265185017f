from . import member_ticket_issue
from . import member_ticket_policy_copy
