from . import member_asset
from . import member_lot
from . import member_operator_log
from . import member_point_warning
from . import res_company
from . import res_company_points
from . import res_config_settings
from . import res_partner_points
