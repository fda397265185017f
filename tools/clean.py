"""`make clean`: stop our PostgreSQL servers and remove build/.

`ALL=1` removes the cache too: Odoo, the environments and every database, for every
clone that shares it. Somebody who is connected to a server stops all of this
(`FORCE=1` overrules them).
"""

import os
import shutil

from tools import agent, cache, config, postgres
from tools.console import Failure, main, say


def clean():
    clusters = postgres.clusters()
    refuse_if_used(clusters)
    for cluster in clusters:
        cluster.stop()
    for path in (
        config.BUILD,
        config.ROOT / ".pytest_cache",
        config.ROOT / ".ruff_cache",
        agent.METADATA.parent,
    ):
        shutil.rmtree(path, ignore_errors=True)
    (config.ROOT / "node_modules").unlink(missing_ok=True)
    if os.environ.get("ALL") == "1":
        say(f"- removing {cache.root()}")
        shutil.rmtree(cache.root())
    return 0


def refuse_if_used(clusters):
    used = [cluster.name for cluster in clusters if cluster.is_in_use()]
    if used and os.environ.get("FORCE") != "1":
        raise Failure(
            f"somebody is connected to the PostgreSQL server `{used[0]}` in "
            f"{cache.root()}: another clone's run, or a shell. End that first, or say "
            "FORCE=1"
        )


if __name__ == "__main__":
    main(clean)
