"""What installing and uninstalling the add-on do to a database that is in use."""

from .seats import in_database, tracking


def post_init_hook(env):
    """Count the seats that were sold before, on the days on which they were."""
    tracking.backfill(env.cr)
    date_old_sales(env)


def uninstall_hook(env):
    """Leave no trigger behind that would refuse a registration."""
    tracking.remove(env.cr)
    in_database.remove(env.cr)


def date_old_sales(env):
    """Let what was sold before the add-on came count when the attendee was entered."""
    env["event.registration"].flush_model(["member_sold_at"])
    env.cr.execute(
        "UPDATE event_registration SET member_sold_at = create_date "
        "WHERE member_sold_at IS NOT NULL"
    )
    env["event.registration"].invalidate_model(["member_sold_at"])
