from . import event, portal, shop
