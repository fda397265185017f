"""The whole suite in lanes: what its parts are, how they run, when a run has failed."""

import fcntl
import os
import signal
import threading
import time
from functools import partial
from pathlib import Path

import pytest

from tools import cache, config, parts, ports, test_run
from tools.console import Failure
from tools.lanes import Lanes
from tools.test_run import Run, find_failures, summary

#: Seconds after which what must happen counts as not happening.
LIMIT = 60


@pytest.fixture
def suite(tmp_path, monkeypatch):
    """Give a repository with two add-ons and folders of tests, and a cache."""
    monkeypatch.setattr(config, "ROOT", tmp_path)
    monkeypatch.setattr(config, "ADDONS", tmp_path / "addons")
    monkeypatch.setattr(cache, "root", lambda: tmp_path)
    for name, size in {
        "addons/member_a/tests/test_a.py": 10,
        "addons/member_a/tests/deep/test_a.py": 10,
        "addons/member_b/tests/test_b.py": 15,
        "addons/member_b/agent/tests/test_agent.py": 5,
        "addons/member_b/agent/src/test_no.py": 5,
        "addons/member_c/tests/common.py": 50,
        "tests/e2e/test_one.py": 5,
        "tests/e2e/test_two.py": 5,
        "tests/e2e/unlucky/test_net.py": 5,
        "tests/e2e/unlucky/conftest.py": 90,
        "tests/support/help.py": 90,
    }.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("#" * size)
    return tmp_path


# === PARTS === #


def test_a_part_is_an_addon_or_one_folder(suite):
    assert {part.name: (part.kind, *part.targets) for part in parts.all_parts()} == {
        "addons/member_a": (parts.ADDON, "addons/member_a/tests"),
        "addons/member_b": (parts.ADDON, "addons/member_b/tests"),
        "addons/member_b/agent": (parts.AGENT, "addons/member_b/agent/tests"),
        "tests/e2e": (
            parts.SPANNING,
            "tests/e2e/test_one.py",
            "tests/e2e/test_two.py",
        ),
        "tests/e2e/unlucky": (parts.SPANNING, "tests/e2e/unlucky/test_net.py"),
    }


def test_every_test_file_of_this_repository_is_in_one_part():
    found = [
        path
        for part in parts.all_parts()
        for target in part.targets
        for path in [config.ROOT / target, *(config.ROOT / target).rglob("test_*.py")]
        if path.is_file()
    ]
    on_disk = [
        *config.ADDONS.glob("**/tests/**/test_*.py"),
        *(config.ROOT / "tests").rglob("test_*.py"),
    ]
    assert sorted(found) == sorted(on_disk)


def test_unknown_parts_start_first_then_the_longest(suite):
    assert names(parts.all_parts()) == [
        "addons/member_a",
        "addons/member_b",
        "tests/e2e",
        "addons/member_b/agent",
        "tests/e2e/unlucky",
    ]
    parts.remember_seconds({"addons/member_a": 30, "tests/e2e/unlucky": 40})
    parts.remember_seconds({"tests/e2e": 50})
    assert names(parts.all_parts()) == [
        "addons/member_b",
        "addons/member_b/agent",
        "tests/e2e",
        "tests/e2e/unlucky",
        "addons/member_a",
    ]


def test_unreadable_seconds_are_no_seconds(suite):
    parts.seconds_file().write_text("{")
    assert parts.read_seconds() == {}


def names(found):
    return [part.name for part in found]


# === LANES === #


def test_no_more_run_than_there_are_lanes():
    """Two jobs wait for each other; a third finds a lane when one has ended."""
    together, running, most = threading.Barrier(2), [], []

    def job(number, _lanes):
        running.append(number)
        most.append(len(running))
        if number < 2:
            together.wait(LIMIT)
        running.remove(number)
        return number

    told = []
    Lanes(2).run([partial(job, number) for number in range(4)], told.append)

    assert sorted(told) == [0, 1, 2, 3]
    assert max(most) == 2


def test_one_lane_runs_in_order():
    told = []
    Lanes(1).run([lambda _lanes, n=n: n for n in range(5)], told.append)
    assert told == [0, 1, 2, 3, 4]


def test_a_program_prints_to_its_file(tmp_path):
    codes = []
    Lanes(2).run(
        [partial(shell, tmp_path, "echo it; echo is >&2; exit 3")], codes.append
    )
    assert codes == [3]
    assert (tmp_path / "out").read_text() == "it\nis\n"


def test_a_failure_ends_what_runs_with_all_it_started(tmp_path):
    """As Ctrl-C does: the other lane's program is interrupted, its child is killed."""
    child = tmp_path / "child"
    os.mkfifo(child)
    running = (
        f"trap 'echo interrupted; exit 7' INT; sleep {LIMIT} & echo $! > {child}; wait"
    )
    waiting = partial(shell, tmp_path, running)
    pids, codes = [], []

    def fail(_lanes):
        pids.append(int(child.read_text()))
        raise Failure("no database")

    with pytest.raises(Failure, match="no database"):
        Lanes(2).run([waiting, fail], codes.append)

    assert (tmp_path / "out").read_text() == "interrupted\n"
    assert codes == []
    assert is_gone(pids[0])


def test_what_a_program_leaves_behind_is_ended(tmp_path):
    child = tmp_path / "child"
    leave = f"sleep {LIMIT} & echo $! > {child}"
    Lanes(1).run([partial(shell, tmp_path, leave)], lambda code: None)
    assert is_gone(int(child.read_text()))


def test_nothing_starts_after_the_end(tmp_path):
    lanes = Lanes(1)
    lanes.stop()
    assert shell(tmp_path, "echo late", lanes) == -signal.SIGINT
    assert (tmp_path / "out").read_text() == ""


def shell(tmp_path, script, lanes):
    return lanes.watch(
        ["bash", "-c", script], env={}, cwd=tmp_path, output=tmp_path / "out"
    )


def is_gone(pid):
    """Wait until a process that is killed has ended."""
    deadline = time.monotonic() + LIMIT / 2
    while time.monotonic() < deadline:
        try:
            stat = Path(f"/proc/{pid}/stat").read_text()
        except (FileNotFoundError, ProcessLookupError):
            return True
        if stat.rsplit(")", 1)[1].split()[0] in "ZX":
            return True
    return False


# === THE RUN === #


@pytest.mark.parametrize(
    ("codes", "failed"),
    [
        ({"a": 0, "b": 0}, []),
        ({"a": 0, "b": 1}, ["b"]),
        ({"a": 0, "b": 5}, ["b"]),
        ({"a": -9, "b": 5}, ["a", "b"]),
        ({}, []),
    ],
)
def test_a_run_fails_by_any_part(codes, failed):
    assert list(find_failures(codes, False, False)) == failed


@pytest.mark.parametrize(
    ("codes", "failed"),
    [({"a": 0, "b": 5}, []), ({"a": 5, "b": 5}, ["a", "b"]), ({"a": 5, "b": 2}, ["b"])],
)
def test_a_narrowed_run_needs_a_test_in_some_part(codes, failed):
    assert list(find_failures(codes, True, False)) == failed


def test_a_run_of_long_tests_may_be_empty():
    assert find_failures({"a": 5, "b": 5}, False, True) == {}


@pytest.mark.parametrize("value", ["0", "two", "-1"])
def test_a_wrong_number_of_lanes_is_told(monkeypatch, value):
    monkeypatch.setenv("LANES", value)
    with pytest.raises(Failure, match="not a number of lanes"):
        test_run.count_from_environment()


def test_outputs_of_failed_parts_come_last(suite, capfdbinary):
    run = Run(env=None, template=None, marks=None, arguments=())
    for part in parts.all_parts():
        run.outputs[part] = suite / part.slug
        run.outputs[part].write_text(f"{part.slug} \u00e9\n== 1 passed in 2s ==\n\n")
    part = parts.all_parts()[0]

    run.print_outputs(last={part: "exit code 1"})

    printed = capfdbinary.readouterr().out.decode()
    assert printed.count("passed in") == len(run.outputs)
    assert printed.endswith(f"{part.slug} \u00e9\n== 1 passed in 2s ==\n\n")


@pytest.mark.parametrize(
    ("printed", "told"),
    [
        (
            "= 8 passed, 1 failed in 62.10s (0:01:02) =\n",
            "8 passed, 1 failed in 62.10s",
        ),
        ("== 1 passed in 2.00s ==\nsys:1: Warning: odd\n", "1 passed in 2.00s"),
        ("3 passed in 0.50s\n", "3 passed in 0.50s"),
        ("== no tests ran in 0.01s ==\n", "no tests ran in 0.01s"),
    ],
)
def test_a_part_is_told_by_its_summary(tmp_path, printed, told):
    output = tmp_path / "out"
    output.write_text(f"collected 9 items\n\n{printed}")
    assert summary(output) == told


def test_a_part_without_a_summary_is_told_by_its_file(tmp_path):
    output = tmp_path / "out"
    output.write_text("Killed\n")
    assert summary(output) == f"no summary, see {output}"


# === PORTS === #


def test_a_port_is_given_once():
    given = [ports.free_port() for _number in range(50)]
    assert len(set(given)) == len(given)
    for port in given:
        with pytest.raises(BlockingIOError):
            lock(port)


def lock(port):
    """Ask for the lock of a port as another process would."""
    with (cache.lock_folder() / f"port-{port}").open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
