from . import pivot, pos_ticket
