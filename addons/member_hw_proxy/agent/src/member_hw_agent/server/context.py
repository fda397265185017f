"""What all routes share."""

import asyncio
import time
from dataclasses import dataclass, field

from aiohttp import web

from ..agent import Agent
from ..pairing import Pairings
from .limits import USUAL, Bucket, Buckets, Limits, ReplayGuard


@dataclass
class Context:
    """One running server."""

    agent: Agent
    pairings: Pairings
    limits: Limits = USUAL
    port: int = 0
    """The port that was bound; set before the first request is served."""
    started_at: float = field(default_factory=time.time)
    tokens: ReplayGuard = field(default_factory=ReplayGuard)
    orders: ReplayGuard = field(default_factory=ReplayGuard)
    sessions: set = field(default_factory=set)
    """Open sockets that have shown a token."""
    stopping: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self):
        limits = self.limits
        self.requests = Buckets(limits.rate_per_s, limits.burst)
        self.pairing_attempts = Bucket(limits.pairing_rate_per_s, 1)

    def now(self) -> float:
        return time.time()


CONTEXT = web.AppKey("context", Context)
