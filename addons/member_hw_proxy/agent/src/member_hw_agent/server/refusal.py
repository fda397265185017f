"""How the server says no: a status, a code for programs, a sentence for people."""

from aiohttp import web

from ..wire import strict_json

_NAME = "member_hw"


class Refusal(Exception):
    """A request is refused. Nothing of the request is quoted in the sentence."""

    def __init__(self, status: int, code: str, message: str):
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message


def json_response(value, status: int = 200) -> web.Response:
    return web.Response(
        body=strict_json.dumps(value),
        status=status,
        content_type="application/json",
        charset="utf-8",
    )


def refusal_response(refusal: Refusal, rpc_id=None, *, is_rpc=False) -> web.Response:
    """Return the answer; on stock routes as a JSON-RPC error too, which `rpc` reads."""
    body = {"code": refusal.code, "message": refusal.message}
    if is_rpc:
        body |= rpc_error(refusal.code, refusal.message, rpc_id)
    return json_response(body, refusal.status)


def rpc_error(code: str, message: str, rpc_id=None) -> dict:
    """Return a JSON-RPC 2.0 error as Odoo's `makeErrorFromResponse` understands it."""
    return {
        "jsonrpc": "2.0",
        "id": rpc_id,
        "error": {
            "code": 200,
            "message": message,
            "data": {"name": f"{_NAME}.{code}", "message": message},
        },
    }
