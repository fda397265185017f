"""The thread of a device, of which one at a time is the current one."""


class Life:
    """One thread of a device, and how far its driver may go before it is given up."""

    def __init__(self, name):
        self.name = name
        self.thread = None
        self.current = True
        self.driver = None
        self.actions = {}
        self.step = 0
        self.overdue = False
