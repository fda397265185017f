"""The agent's server on loopback: HTTP and WebSocket, for paired pages only."""

from .app import Running, start
