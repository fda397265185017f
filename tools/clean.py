"""`make clean`: stop our PostgreSQL servers and remove build/.

`ALL=1` removes the cache too: Odoo, the environments and every database.
"""

import os
import shutil

from tools import cache, config, postgres
from tools.console import main, say


def clean():
    for cluster in postgres.clusters():
        cluster.stop()
    for path in (
        config.BUILD,
        config.ROOT / ".pytest_cache",
        config.ROOT / ".ruff_cache",
    ):
        shutil.rmtree(path, ignore_errors=True)
    (config.ROOT / "node_modules").unlink(missing_ok=True)
    if os.environ.get("ALL") == "1":
        say(f"- removing {cache.root()}")
        shutil.rmtree(cache.root())
    return 0


if __name__ == "__main__":
    main(clean)
