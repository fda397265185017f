"""Templates that the parts of one run share: built once, gone with the run."""

import os

import pytest

from tests.support import database
from tools import databases


@pytest.fixture
def run(monkeypatch):
    name = f"member_e2e_{os.getpid()}_run"
    monkeypatch.setenv("SHARED_DB", name)
    yield name
    database.drop(f"{name}_thing")


class Builder:
    """Fills a database and counts how often it was asked to."""

    def __init__(self, fails=0):
        self.fails, self.built = fails, []

    def __call__(self, name):
        self.built.append(name)
        database.query(name, "CREATE TABLE thing (id int)")
        if len(self.built) <= self.fails:
            raise ValueError("half built")
        return {"size": 3}


def shared(build):
    return database.shared("thing", build, "template1")


def test_the_second_part_takes_what_the_first_has_built(run):
    build = Builder()
    with shared(build) as first, shared(build) as second:
        assert first == second == (f"{run}_thing", {"size": 3})
        with database.throwaway(second[0]) as copy:
            assert database.query(copy, "SELECT id FROM thing") == []
    assert build.built == [f"{run}_thing"]


def test_what_was_left_half_built_is_built_again(run):
    build = Builder(fails=1)
    with pytest.raises(ValueError, match="half built"), shared(build):
        pass
    with shared(build) as found:
        assert found == (f"{run}_thing", {"size": 3})


def test_a_part_by_itself_drops_its_own(monkeypatch):
    monkeypatch.delenv("SHARED_DB", raising=False)
    with shared(Builder()) as (name, known):
        assert known == {"size": 3}
    known = database.query("postgres", "SELECT datname FROM pg_database")
    assert (name,) not in known


@pytest.mark.parametrize("suffix", ["", "_4", "_shop"])
def test_what_a_killed_run_leaves_is_known_by_its_process(suffix):
    assert databases.COPY_NAME.match(f"member_test_123{suffix}")["pid"] == "123"
