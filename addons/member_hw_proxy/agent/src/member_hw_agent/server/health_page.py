"""`/health`: how the agent and its devices are, for people and for monitoring."""

import html
import time
from importlib import resources

from aiohttp import web

from ..health import health
from .context import CONTEXT
from .refusal import json_response


async def health_page(request: web.Request) -> web.Response:
    """Answer in JSON where that is asked for, else with a page that reloads itself."""
    found = health(request.app[CONTEXT].agent)
    if "application/json" in request.headers.get("Accept", ""):
        return json_response(found)
    return web.Response(text=page(found), content_type="text/html")


def page(found: dict) -> str:
    """Return the page for what `health` found."""
    template = (resources.files(__package__) / "health.html").read_text("utf-8")
    rows = "".join(_row(device) for device in found["devices"])
    return template.format(
        name=html.escape(found["name"]),
        version=html.escape(found["version"]),
        uptime=_duration(found["uptime_s"]),
        troubles="".join(f"<p>{html.escape(one)}</p>\n" for one in found["troubles"]),
        rows=rows or '<tr><td colspan="5">No device was found.</td></tr>',
    )


def _row(device):
    last = device["last_event"]
    cells = (
        device["name"],
        f"{device['id']}, {device['driver']}",
        " ".join([device["message"] or device["state"], *_stuck(device)]),
        f"{last['kind']}, {_duration(time.time() - last['at'])} ago" if last else "–",
        f"{device['queue']} / {device['restarts']}",
    )
    text = "".join(f"<td>{html.escape(str(cell))}</td>" for cell in cells)
    return f'<tr class="{html.escape(device["state"])}">{text}</tr>\n'


def _stuck(device):
    return [f"Hangs: {', '.join(device['stuck'])}."] if device["stuck"] else []


def _duration(seconds):
    minutes, seconds = divmod(max(0, int(seconds)), 60)
    hours, minutes = divmod(minutes, 60)
    days, hours = divmod(hours, 24)
    if days:
        return f"{days} d {hours} h"
    if hours:
        return f"{hours} h {minutes} min"
    return f"{minutes} min {seconds} s" if minutes else f"{seconds} s"
