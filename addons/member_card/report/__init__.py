from . import member_period_xlsx
