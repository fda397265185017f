"""`simulator.display`: a customer display that only remembers what it shows."""

from ...values import DISPLAY, SETUP, Action
from .device import SimulatedDevice

LINES = {
    "properties": {
        "lines": {
            "type": "array",
            "maxItems": 8,
            "items": {"type": "string", "maxLength": 80},
        }
    },
    "required": ["lines"],
}


class SimulatedDisplay(SimulatedDevice):
    """`simulate {}` answers with what it shows."""

    kind = "simulator.display"
    world = {"lines": []}

    def actions(self):
        return {
            **super().actions(),
            "show": Action(self.show, DISPLAY, schema=LINES),
            "clear": Action(lambda _params: self.show({"lines": []}), DISPLAY),
            "test": Action(self.test, SETUP),
        }

    def show(self, params):
        self.must_work()
        self.change(lines=params["lines"])
        return {"shown": True}

    def test(self, _params):
        return self.show({"lines": [self.info.name, "0123456789 会员"]})
