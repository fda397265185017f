"""What installing and uninstalling the add-on do to a database that is in use."""

from .seats import tracking


def post_init_hook(env):
    """Count the seats that were sold before."""
    tracking.backfill(env.cr)


def uninstall_hook(env):
    """Leave no trigger behind that would refuse a registration."""
    tracking.remove(env.cr)
