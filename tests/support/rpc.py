"""A JSON-RPC client that behaves like the web client: a session and call_kw."""

import http.client
import itertools
import json


class RpcError(Exception):
    """The server answered with an error.

    `name` is the Python class of the server's exception, `arguments` what it held.
    """

    def __init__(self, error):
        data = error.get("data") or {}
        self.name = data.get("name", "")
        self.arguments = data.get("arguments") or []
        self.debug = data.get("debug", "")
        super().__init__(data.get("message") or error.get("message"))


class Client:
    """One logged-in user on one server; not to be shared between threads."""

    def __init__(self, host, port, database, timeout=60):
        self.address = (host, port)
        self.database = database
        self.timeout = timeout
        self.cookie = None
        self.uid = None
        self._connection = None
        self._ids = itertools.count(1)

    def login(self, login, password):
        info = self.post(
            "/web/session/authenticate",
            {"db": self.database, "login": login, "password": password},
        )
        self.uid = info["uid"]
        return self

    def call(self, model, method, *args, **kwargs):
        """Call a model's method as the browser does and return its answer."""
        return self.post(
            f"/web/dataset/call_kw/{model}/{method}",
            {"model": model, "method": method, "args": args, "kwargs": kwargs},
        )

    def post(self, path, params):
        """Post a JSON-RPC request; raise RpcError when the answer is an error."""
        body = {"jsonrpc": "2.0", "method": "call", "id": next(self._ids),
                "params": params}  # fmt: skip
        headers = {"Content-Type": "application/json"}
        status, answer = self.request("POST", path, json.dumps(body), headers)
        if status != 200:
            raise RpcError({"message": f"HTTP {status}: {answer[:500]}"})
        answer = json.loads(answer)
        if error := answer.get("error"):
            raise RpcError(error)
        return answer.get("result")

    def request(self, verb, path, body=None, headers=()):
        """Send a request on the kept connection; return (status, text).

        A connection that breaks is closed and the error raised: whether the
        server acted is for the caller to find out, as at a real till.
        """
        headers = dict(headers)
        if self.cookie:
            headers["Cookie"] = self.cookie
        if self._connection is None:
            self._connection = http.client.HTTPConnection(
                *self.address, timeout=self.timeout
            )
        try:
            self._connection.request(verb, path, body, headers)
            response = self._connection.getresponse()
            text = response.read().decode()
        except (OSError, http.client.HTTPException):
            self.close()
            raise
        for name, value in response.getheaders():
            if name == "Set-Cookie" and value.startswith("session_id="):
                self.cookie = value.split(";")[0]
        return response.status, text

    def close(self):
        if self._connection:
            self._connection.close()
            self._connection = None
