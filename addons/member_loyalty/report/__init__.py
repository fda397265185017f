from . import member_points_period_xlsx
from . import member_points_provision_xlsx
