from . import member_point_award
