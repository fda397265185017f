"""Cards for the virtual readers of private_pcscd.py, put on and taken away by a test.

A card is a process: in the same one as a PC/SC client both would wait for each other.
It keeps what is written on it while it is off the reader, and can be torn away in the
midst of anything. Run as a program it is that process: see `serve`.
"""

import contextlib
import json
import socket
import struct
import subprocess
import sys
import threading
from pathlib import Path

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.simulators.virtual_chips import CHIPS, UPDATES

OFF, ON, RESET, ATR = 0, 1, 2, 4
"""What vpcd says in one byte; all else is a command to the card."""
PATIENCE_S = 20.0
CHANGE_PIN = 0x24
"""A chip with a processor does this wholly or not at all."""


class VirtualCard:
    """A card in the test's hand: `VirtualCard(pcscd, "ntag213", uid="04…").insert()`.

    :param chip: one of virtual_chips.CHIPS; `options` are its parameters.
    """

    def __init__(self, pcscd, chip="mifare_classic_1k", slot=0, reader=0, **options):
        self._port = pcscd.port(slot, reader)
        self._process = subprocess.Popen(
            pcscd.inside([sys.executable, __file__, chip, json.dumps(options)]),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def insert(self):
        """Put the card on the reader."""
        self._ask("insert", port=self._port)
        return self

    def remove(self):
        """Take it away; nothing happens if it is not there."""
        self._ask("remove")

    def tear(self, after, *, how="before", of="all"):
        """Have the card taken away in the midst of the command after the next `after`.

        None: not any more.

        :param how: before the chip hears it; `half`: half of the bytes were written;
            `after`: all was, and nobody heard the answer.
        :param of: count `all` commands, or only `updates`.
        """
        self._ask("tear", after=after, how=how, of=of)

    def freeze(self, after, *, of="all"):
        """Have the command after the next `after` wait for `thaw`; see `tear`."""
        self._ask("freeze", after=after, of=of)

    def wait_frozen(self):
        """Wait until a command came that waits."""
        self._ask("wait_frozen")

    def thaw(self):
        """Go on with the command that waits."""
        self._ask("thaw")

    def dump(self) -> bytes:
        """Return all of the chip's memory."""
        return bytes.fromhex(self._ask("dump")["memory"])

    def commands(self) -> list[bytes]:
        """Return the commands that came to it, the oldest first."""
        return [bytes.fromhex(one) for one in self._ask("dump")["commands"]]

    def get(self, name):
        """Return an attribute of the chip: bytes are hexadecimal."""
        return self._ask("get", name=name)["value"]

    def set(self, name, value):
        """Change an attribute of the chip: of bytes and lists of bytes, give hex."""
        self._ask("set", name=name, value=value)

    def close(self):
        """Take it away for ever; may be called twice."""
        with contextlib.suppress(OSError):
            self._process.stdin.close()
        self._process.wait()
        self._process.stdout.close()

    def __enter__(self):
        return self

    def __exit__(self, *exc_info):
        self.close()

    def _ask(self, do, **parameters):
        print(
            json.dumps({"do": do, **parameters}), file=self._process.stdin, flush=True
        )
        answer = json.loads(self._process.stdout.readline() or '{"error": "it ended"}')
        if "error" in answer:
            raise RuntimeError(f"the virtual card cannot {do}: {answer['error']}")
        return answer


# === THE CARD'S OWN PROCESS === #


class Holder:
    """Holds one chip to a reader's port."""

    def __init__(self, chip):
        self.chip = chip
        self.lock = threading.Lock()
        self.commands = []
        self.tear = self.freeze = None
        self.is_frozen, self.is_thawed = threading.Event(), threading.Event()
        self._socket = None
        self._thread = None

    def insert(self, port):
        self.remove()
        self._socket = socket.create_connection(("127.0.0.1", port))
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._thread = threading.Thread(target=self._serve, args=(self._socket,))
        self._thread.start()

    def remove(self):
        connection, self._socket = self._socket, None
        if connection is None:
            return
        self.is_thawed.set()
        with contextlib.suppress(OSError):
            connection.shutdown(socket.SHUT_RDWR)
        self._thread.join()
        connection.close()

    def _serve(self, connection):
        with contextlib.suppress(OSError, EOFError):
            while True:
                (length,) = struct.unpack(">H", receive(connection, 2))
                message = receive(connection, length)
                if len(message) >= 4 and self._is_due(self.freeze, message):
                    self.freeze = None
                    self.is_frozen.set()
                    self.is_thawed.wait()
                with self.lock:
                    answer = self.hear(message)
                if answer is None:
                    connection.shutdown(socket.SHUT_RDWR)
                    return
                if answer:
                    connection.sendall(struct.pack(">H", len(answer)) + answer)

    def hear(self, message: bytes) -> bytes | None:
        """Return the answer to what vpcd says; None: the card was torn away."""
        if message == bytes([ATR]):
            return self.chip.atr
        if message in (bytes([ON]), bytes([RESET])):
            self.chip.power_on()
        if len(message) < 4:
            return b""
        self.commands.append(message)
        if self._is_due(self.tear, message):
            how, self.tear = self.tear["how"], None
            if how == "half" and message[1] != CHANGE_PIN:
                self.chip.answer(half(message))
            elif how == "after":
                self.chip.answer(message)
            return None
        return self.chip.answer(message)

    @staticmethod
    def _is_due(plan, message):
        """Count a command for a plan; tell whether it is the one that is meant."""
        if plan is None or (plan["of"] == "updates" and message[1] not in UPDATES):
            return False
        plan["after"] -= 1
        return plan["after"] < 0


def half(update: bytes) -> bytes:
    """Return a write of whose bytes the second half are noise, as a torn one leaves."""
    if update[1] not in UPDATES:
        return update
    data = update[5:]
    kept = data[: len(data) // 2]
    return update[:5] + kept + bytes(byte ^ 0xA5 for byte in data[len(kept) :])


def receive(connection, length):
    data = b""
    while len(data) < length:
        # Without it each answer waits 40 ms for the other side's acknowledgement.
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_QUICKACK, 1)
        more = connection.recv(length - len(data))
        if not more:
            raise EOFError
        data += more
    return data


def serve(holder: Holder):
    """Obey the lines of standard input until it ends."""
    for line in sys.stdin:
        order = json.loads(line)
        try:
            answer = obey(holder, order.pop("do"), order)
        except (OSError, ValueError, AttributeError) as error:
            answer = {"error": str(error)}
        sys.stdout.write(f"{json.dumps(answer)}\n")
        sys.stdout.flush()
    holder.remove()


def obey(holder, do, order):
    if do == "insert":
        holder.insert(order["port"])
    elif do == "remove":
        holder.remove()
    elif do == "wait_frozen" and not holder.is_frozen.wait(PATIENCE_S):
        raise ValueError("no such command came")
    elif do == "thaw":
        holder.is_thawed.set()
    with holder.lock:
        if do == "tear":
            holder.tear = None if order["after"] is None else order
        elif do == "freeze":
            holder.is_frozen.clear()
            holder.is_thawed.clear()
            holder.freeze = order
        elif do == "dump":
            return {
                "memory": holder.chip.dump().hex(),
                "commands": [one.hex() for one in holder.commands],
            }
        elif do == "get":
            return {"value": as_json(getattr(holder.chip, order["name"]))}
        elif do == "set":
            setattr(holder.chip, order["name"], as_bytes(order["value"]))
    return {}


def as_json(value):
    if isinstance(value, list):
        return [as_json(one) for one in value]
    if isinstance(value, dict):
        return {key: as_json(one) for key, one in value.items()}
    return value.hex() if isinstance(value, bytes) else value


def as_bytes(value):
    if isinstance(value, list):
        return [as_bytes(one) for one in value]
    return bytes.fromhex(value) if isinstance(value, str) else value


if __name__ == "__main__":
    serve(Holder(CHIPS[sys.argv[1]](**json.loads(sys.argv[2]))))
