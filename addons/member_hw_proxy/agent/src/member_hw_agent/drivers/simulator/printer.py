"""`simulator.printer`: a receipt printer that prints into a folder, or nowhere."""

import base64
import binascii
import json
from pathlib import Path

from ...errors import DeviceError
from ...values import CONNECTED, ERROR, PRINT, SETUP, Action, Status
from .device import SimulatedDevice

SENTENCES = {
    "cover_open": "The printer's cover is open. Close it, then print again.",
    "paper_out": "The printer has no paper. Put in a new roll, then print again.",
    "paper_low": "The paper is nearly used up. Have a new roll ready.",
}
KEY = {"type": "string", "maxLength": 100}


class SimulatedPrinter(SimulatedDevice):
    """`simulate {"paper": "ok"|"low"|"out", "cover": "closed"|"open"}`.

    With the option `folder`, each job is a file in it: 0001.jpg or 0001.json.
    """

    kind = "simulator.printer"
    options_schema = {
        "properties": {
            **SimulatedDevice.options_schema["properties"],
            "folder": {"type": "string", "minLength": 1},
        }
    }
    world = {"paper": "ok", "cover": "closed", "jobs": 0, "drawer": 0}
    simulated = {
        "paper": {"type": "string", "enum": ["ok", "low", "out"]},
        "cover": {"type": "string", "enum": ["closed", "open"]},
    }

    def actions(self):
        return {
            **super().actions(),
            "print_image": Action(
                self.print_image,
                PRINT,
                60,
                {
                    "properties": {
                        "image": {"type": "string", "minLength": 1},
                        "key": KEY,
                    },
                    "required": ["image"],
                },
            ),
            "print_text": Action(
                self.print_text,
                PRINT,
                60,
                {
                    "properties": {
                        "lines": {
                            "type": "array",
                            "maxItems": 500,
                            "items": {"type": "object", "additionalProperties": True},
                        },
                        "key": KEY,
                    },
                    "required": ["lines"],
                },
            ),
            "open_drawer": Action(self.open_drawer, PRINT),
            "test": Action(self.test, SETUP),
        }

    def status(self):
        code = self.code()
        state = ERROR if code in ("paper_out", "cover_open") else CONNECTED
        return Status(state, code, SENTENCES.get(code, ""))

    def code(self):
        if self.world["cover"] == "open":
            return "cover_open"
        return {"ok": "", "low": "paper_low", "out": "paper_out"}[self.world["paper"]]

    def print_image(self, params):
        try:
            picture = base64.b64decode(params["image"], validate=True)
        except binascii.Error as error:
            raise DeviceError("bad_request", "This is not a picture.") from error
        return self.print_job("jpg", picture)

    def print_text(self, params):
        lines = json.dumps(params["lines"], ensure_ascii=False, indent=1)
        return self.print_job("json", lines.encode())

    def test(self, _params):
        return self.print_text({"lines": [{"text": self.info.name}, {"cut": True}]})

    def open_drawer(self, _params):
        self.must_work()
        self.change(drawer=self.world["drawer"] + 1)
        return {"opened": True}

    def print_job(self, suffix, content):
        self.must_work()
        if self.status().state == ERROR:
            raise DeviceError(self.code(), SENTENCES[self.code()])
        number = self.world["jobs"] + 1
        if folder := self.info.options.get("folder"):
            path = Path(folder)
            path.mkdir(parents=True, exist_ok=True)
            (path / f"{number:04}.{suffix}").write_bytes(content)
        self.change(jobs=number)
        return {"printed": True, "warning": self.code()}
