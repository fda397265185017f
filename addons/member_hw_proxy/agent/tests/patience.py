PATIENCE_S = 20.0
"""How long a test waits for what must happen soon, before it says that it did not."""
