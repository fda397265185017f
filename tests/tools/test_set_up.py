"""What the set-up decides by itself: what to rebuild, and when a run has failed."""

import pytest

from tools import config, core_suites, databases, postgres, test
from tools.console import Failure


@pytest.fixture
def addon(tmp_path, monkeypatch):
    monkeypatch.setattr(config, "ADDONS", tmp_path)
    for name in ("models/a.py", "tests/test_a.py", "static/src/a.js", "i18n/zh_CN.po"):
        path = tmp_path / "member_x" / name
        path.parent.mkdir(parents=True)
        path.write_text("1")
    return tmp_path / "member_x"


def key():
    return config.digest(*databases.addon_parts())


@pytest.mark.parametrize("name", ["models/a.py", "i18n/zh_CN.po"])
def test_installed_content_asks_for_a_new_template(addon, name):
    before = key()
    (addon / name).write_text("2")
    assert key() != before


@pytest.mark.parametrize("name", ["tests/test_a.py", "static/src/a.js"])
def test_tests_and_scripts_do_not(addon, name):
    before = key()
    (addon / name).write_text("2")
    assert key() == before


def test_digest_tells_parts_apart():
    assert config.digest("ab", "c") != config.digest("a", "bc")


@pytest.mark.parametrize(
    ("results", "code"), [([0], 0), ([0, 5], 0), ([0, 1], 1), ([5, 2], 2)]
)
def test_a_failed_part_fails_the_run(results, code):
    assert test.exit_code(results, may_be_empty=False) == code


@pytest.mark.parametrize("results", [[], [5], [5, 5]])
def test_a_run_without_tests_fails(results):
    with pytest.raises(Failure, match="no test ran"):
        test.exit_code(results, may_be_empty=False)


def test_a_target_that_is_not_there_is_told():
    with pytest.raises(Failure, match="there is no"):
        test.addon_targets("addons/nothing/tests/test_x.py::TestX")


@pytest.mark.parametrize("url", ["mysql://u@h", "postgresql://host:5432", "nonsense"])
def test_a_wrong_database_url_is_told(url):
    with pytest.raises(Failure, match="must look like"):
        postgres.from_url(url)


def test_a_database_url_is_read():
    server = postgres.from_url("postgresql://ann:p%40ss@db.example:6543")
    assert server.env == {
        "PGHOST": "db.example",
        "PGPORT": "6543",
        "PGUSER": "ann",
        "PGPASSWORD": "p@ss",
    }


def test_core_failures_are_read_from_the_log():
    log = (
        "2026-03-01 10:00:00,1 7 ERROR db odoo.addons.point_of_sale.tests.test_a: "
        "FAIL: TestA.test_one\n"
        "2026-03-01 10:00:00,2 7 ERROR db odoo.addons.pos_hr.tests.test_b: "
        "ERROR: Subtest TestB.test_two (x=1)\n"
        "2026-03-01 10:00:00,3 7 ERROR db odoo.tests.result: "
        "1 failed, 1 error(s) of 12 tests when loading database 'db'\n"
    )
    assert core_suites.parse(log, "the log") == {
        "tests": 12,
        "failed": ["TestA.test_one", "TestB.test_two"],
    }


def test_core_suites_that_ran_nothing_fail():
    with pytest.raises(Failure, match="no test ran"):
        core_suites.parse("0 failed, 0 error(s) of 0 tests when loading", "the log")
