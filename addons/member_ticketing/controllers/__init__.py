from . import event, portal, shop, tickets
