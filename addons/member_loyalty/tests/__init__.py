from . import (
    test_member_class_review,
    test_member_class_rule,
    test_member_point_rule,
    test_member_point_simulation,
    test_point_award,
    test_point_expiry,
    test_points_engine,
    test_points_form,
    test_points_properties,
    test_points_when,
    test_pos_points_preview,
    test_pos_redemption,
)
