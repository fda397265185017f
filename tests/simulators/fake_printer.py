"""A receipt printer at a TCP port, as at 9100: it answers, keeps the bytes, prints."""

import contextlib
import socket
import struct
import threading
import time

from tools.ports import free_port

from . import escpos_paper

OK = {1: 0x12, 2: 0x12, 3: 0x12, 4: 0x12}
TROUBLES = {
    "ok": {},
    "paper_low": {4: 0x1E},
    "paper_out": {1: 0x1A, 2: 0x32, 4: 0x7E},
    "cover_open": {1: 0x1A, 2: 0x16},
    "knife": {1: 0x1A, 2: 0x52, 3: 0x1A},
    "offline": {1: 0x1A},
}
"""What DLE EOT 1 to 4 are answered with, where it is not the usual 0x12."""
PATIENCE_S = 10.0


class FakePrinter:
    """A printer on loopback; `state` is one of TROUBLES, or `mute`.

    `close_after` and `out_after`: after so many bytes of a connection it breaks the
    connection, or runs out of paper. `slow_s`: it takes a little, then waits so long.
    `tells_done`: whether it answers GS r.
    """

    def __init__(self, port: int = 0, dots: int = 576):
        self.dots = dots
        self.state = "ok"
        self.close_after = self.out_after = None
        self.slow_s = 0.0
        self.tells_done = True
        self.drawer_open = False
        self.data = b""
        self.commands = []
        self.faults = []
        self.connections = 0
        self._changed = threading.Condition()
        self._open = set()
        # not one of the system's: `reopen` needs it again
        self._server = socket.create_server(("127.0.0.1", port or free_port()))
        self.port = self._server.getsockname()[1]
        self._thread = threading.Thread(target=self._accept, daemon=True)
        self._thread.start()

    # === FOR TESTS === #

    def close(self):
        """Switch it off: connections break, nobody listens."""
        server, self._server = self._server, None
        if server:
            with contextlib.suppress(OSError):
                server.shutdown(socket.SHUT_RDWR)
            server.close()
        with self._changed:
            for connection in self._open:
                with contextlib.suppress(OSError):
                    connection.shutdown(socket.SHUT_RDWR)
        self._thread.join(PATIENCE_S)

    def reopen(self):
        """Switch it on again, at the same port."""
        self._server = socket.create_server(("127.0.0.1", self.port))
        self._thread = threading.Thread(target=self._accept, daemon=True)
        self._thread.start()

    def __enter__(self):
        return self

    def __exit__(self, *_error):
        self.close()

    def wait(self, is_there, what: str):
        """Wait until `is_there(self)`; fail with what was received if it never is."""
        with self._changed:
            if not self._changed.wait_for(lambda: is_there(self), PATIENCE_S):
                raise AssertionError(f"Never printed: {what}; got {self.commands}")

    def wait_for_cuts(self, count: int = 1):
        self.wait(lambda self: self.count("cut") >= count, f"{count} receipts")

    def count(self, name: str) -> int:
        return sum(command.name == name for command in self.commands)

    @property
    def kicks(self) -> int:
        """How often the drawer was opened."""
        return self.count("kick")

    @property
    def is_free(self) -> bool:
        """Tell whether nobody is connected; waits for a moment until it is so."""
        with self._changed:
            return self._changed.wait_for(lambda: not self._open, PATIENCE_S)

    def job(self) -> bytes:
        """Return what was received, without the questions."""
        questions = ("ask", "ask_paper")
        return b"".join(one.raw for one in self.commands if one.name not in questions)

    def picture(self):
        """Return a picture of all that was printed."""
        paper = escpos_paper.Paper(self.dots)
        paper.print(self.commands)
        return paper.picture()

    # === THE PRINTER === #

    def _accept(self):
        server = self._server
        while True:
            try:
                connection, _address = server.accept()
            except OSError:
                return
            with self._changed:
                self.connections += 1
                self._open.add(connection)
            threading.Thread(
                target=self._serve, args=(connection,), daemon=True
            ).start()

    def _serve(self, connection):
        try:
            with connection, contextlib.suppress(OSError):
                self._take(connection)
        finally:
            with self._changed:
                self._open.discard(connection)
                self._changed.notify_all()

    def _take(self, connection):
        taken, rest = 0, b""
        while data := connection.recv(256 if self.slow_s else 65536):
            if self.slow_s:
                time.sleep(self.slow_s)
            taken += len(data)
            if self.close_after is not None and taken > self.close_after:
                self._break(connection)
                return
            if self.out_after is not None and taken > self.out_after:
                self.state = "paper_out"
            with self._changed:
                self.data += data
                try:
                    commands, rest = escpos_paper.read(rest + data)
                except escpos_paper.Unknown as error:
                    self.faults.append(str(error))
                    return
                self.commands += commands
                self._changed.notify_all()
            for command in commands:
                self._answer(connection, command)

    def _break(self, connection):
        """Reset the connection, as a printer that loses its power does."""
        connection.setsockopt(
            socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0)
        )
        connection.close()

    def _answer(self, connection, command):
        if self.state == "mute":
            return
        trouble = TROUBLES[self.state]
        if command.name == "ask":
            byte = trouble.get(command.value, OK[command.value])
            if command.value == 1 and self.drawer_open:
                byte |= 0x04
            connection.sendall(bytes([byte]))
        elif (
            command.name == "ask_paper" and self.tells_done and "out" not in self.state
        ):
            connection.sendall(bytes([0x03 if self.state == "paper_low" else 0x00]))
