from . import member_period_workbook
from . import member_period_xlsx
