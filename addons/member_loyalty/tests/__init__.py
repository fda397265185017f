from . import (
    test_points_engine,
    test_points_properties,
    test_points_when,
)
