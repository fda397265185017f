from . import loyalty_generate_wizard
from . import member_class_change
from . import member_point_award
from . import member_point_simulation
from . import member_points_period
from . import member_points_provision
from . import member_redeem
from . import member_redemption_return
