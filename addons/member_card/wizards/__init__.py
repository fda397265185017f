from . import member_card_issue, member_pin_wizard, member_registration, member_topup
