"""What the set-up decides by itself: what to rebuild, and when a run has failed."""

import pytest

from tools import agent, config, core_suites, databases, postgres, test
from tools.console import Failure


@pytest.fixture
def addon(tmp_path, monkeypatch):
    monkeypatch.setattr(config, "ADDONS", tmp_path)
    for name in (
        "models/a.py",
        "tests/test_a.py",
        "static/src/a.js",
        "agent/src/a.py",
        "i18n/zh_CN.po",
    ):
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


@pytest.mark.parametrize(
    "name", ["tests/test_a.py", "static/src/a.js", "agent/src/a.py"]
)
def test_tests_scripts_and_agents_do_not(addon, name):
    before = key()
    (addon / name).write_text("2")
    assert key() == before


def test_digest_tells_parts_apart():
    assert config.digest("ab", "c") != config.digest("a", "bc")


def test_a_target_without_tests_fails():
    with pytest.raises(Failure, match="no test ran"):
        test.exit_code(5, may_be_empty=False)
    assert test.exit_code(5, may_be_empty=True) == 0
    assert test.exit_code(1, may_be_empty=True) == 1


def test_a_target_that_is_not_there_is_told():
    with pytest.raises(Failure, match="there is no"):
        test.is_in("addons/nothing/tests/test_x.py::TestX", config.ADDONS)


@pytest.mark.parametrize(
    ("target", "is_agents"),
    [
        ("addons/member_hw_proxy/agent/pyproject.toml", True),
        ("addons/member_hw_proxy/agent/", True),
        ("addons/member_hw_proxy/__manifest__.py", False),
        ("tests/tools/test_set_up.py::test_x", False),
    ],
)
def test_the_agents_tests_are_told_from_the_addons(target, is_agents):
    assert test.is_in(target, agent.FOLDER) == is_agents


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


REPORT = """<testsuites><testsuite>
<testcase classname="odoo.addons.pos.tests.test_a.TestA" name="test_one" />
<testcase classname="odoo.addons.pos.tests.test_a.TestA" name="test_two">
<failure message="no" /></testcase>
<testcase classname="odoo.addons.pos.tests.test_b.TestB" name="test_one">
<error message="set-up" /></testcase>
</testsuite></testsuites>"""


def test_core_failures_are_read_from_the_report(tmp_path):
    path = tmp_path / "report.xml"
    path.write_text(REPORT)
    assert core_suites.read_report(path) == {
        "tests": 3,
        "failed": ["TestA.test_two", "TestB.test_one"],
    }


def test_core_suites_that_ran_nothing_fail(tmp_path):
    path = tmp_path / "report.xml"
    with pytest.raises(Failure, match="ended before"):
        core_suites.read_report(path)
    path.write_text("<testsuites><testsuite /></testsuites>")
    with pytest.raises(Failure, match="no test ran"):
        core_suites.read_report(path)
