"""The bytes that Odoo, the browser and the agent exchange: pure functions, no state.

Everything that comes from outside is read by a strict parser that either returns what
it promises or raises WireError with a code and a sentence; nothing else escapes. The
Odoo half is `hw_crypto.py` of the add-on; both run `agent/tests/vectors.json`.
"""
